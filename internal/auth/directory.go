package auth

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/session"
)

// Directory knows the integrations and their keys. It holds an immutable
// snapshot; Reload replaces it. Safe for concurrent use.
type Directory struct {
	registry session.Registry
	others   session.Alone // keeps other nodes out of a change of keys; nil: there are none
	writing  sync.Mutex    // one reload or change of keys at a time
	now      atomic.Pointer[snapshot]
}

type snapshot struct {
	integrations map[string]*entry
	ordered      []*session.Integration // by name, then id
	keys         map[[sha256.Size]byte]*session.Key
}

// entry is an integration with what is costly to parse.
type entry struct {
	integration *session.Integration
	allowed     Networks
	open        bool           // no allowlist: everyone
	identity    *rsa.PublicKey // nil: takes no identity tokens
}

// NewDirectory returns an empty directory; Reload fills it.
func NewDirectory(registry session.Registry) *Directory {
	d := &Directory{registry: registry}
	d.now.Store(&snapshot{})
	return d
}

// Share makes the directory one of several on the same registry: keys are changed
// alone among all nodes. It is called before any use.
func (d *Directory) Share(alone session.Alone) { d.others = alone }

// Alone runs a change of the registry alone among all writers; it has to read the
// registry itself, and must not call the directory but for its answers.
func (d *Directory) Alone(ctx context.Context, change func(context.Context) error) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	if err := d.others.Run(ctx, "registry", change); err != nil {
		return err
	}
	return d.reload(ctx)
}

// Reload reads the registry. An integration whose stored settings do not
// parse stays listed but admits nobody through the part that is broken; the
// error names it, and the rest is in force. On a registry error the old
// snapshot stays.
func (d *Directory) Reload(ctx context.Context) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	return d.reload(ctx)
}

func (d *Directory) reload(ctx context.Context) error {
	integrations, err := d.registry.Integrations(ctx)
	if err != nil {
		return fmt.Errorf("read the integrations: %w", err)
	}
	keys, err := d.registry.Keys(ctx)
	if err != nil {
		return fmt.Errorf("read the keys: %w", err)
	}
	next, broken := newSnapshot(integrations, keys)
	d.now.Store(next)
	return broken
}

func newSnapshot(integrations []*session.Integration, keys []*session.Key) (*snapshot, error) {
	s := &snapshot{
		integrations: make(map[string]*entry, len(integrations)),
		keys:         make(map[[sha256.Size]byte]*session.Key, len(keys)),
		ordered:      slices.Clone(integrations),
	}
	var broken []error
	for _, in := range integrations {
		e, err := newEntry(in)
		if err != nil {
			broken = append(broken, fmt.Errorf("integration %s: %w", in.ID, err))
		}
		s.integrations[in.ID] = e
	}
	for _, key := range keys {
		if key.RevokedMs == 0 {
			s.keys[key.Hash] = key
		}
	}
	slices.SortFunc(s.ordered, func(a, b *session.Integration) int {
		return strings.Compare(a.Name+"\x00"+a.ID, b.Name+"\x00"+b.ID)
	})
	return s, errors.Join(broken...)
}

// newEntry prepares an integration for use. What is stored are the settings as
// given; the defaults of its kind are filled in here.
func newEntry(stored *session.Integration) (*entry, error) {
	filled := *stored
	filled.Settings = stored.Settings.WithDefaults(stored.Kind)
	in := &filled
	e := &entry{integration: in, open: len(in.Settings.AllowedIPs) == 0}
	allowed, broken := ParseNetworks("allowed_ips", in.Settings.AllowedIPs)
	e.allowed = allowed
	identity, err := parseIdentityKey(in.Settings.IdentityKey)
	e.identity = identity
	return e, errors.Join(broken, err)
}

// CheckSettings refuses settings that this package could not use later; the
// error is a [session.Error] naming the field.
func CheckSettings(s *session.Settings) error {
	if _, err := ParseNetworks("allowed_ips", s.AllowedIPs); err != nil {
		return err
	}
	for i, domain := range s.Domains {
		if !isDomain(domain) {
			return session.Invalid(fmt.Sprintf("domains[%d]", i), "must be a host, with or without scheme and port, such as https://shop.example")
		}
	}
	_, err := parseIdentityKey(s.IdentityKey)
	if err == nil && s.IdentityRequired && s.IdentityKey == "" {
		return session.Invalid("identity_public_key", "is needed when identity_required is set")
	}
	return err
}

// isDomain reports whether a text can stand in a list of origins: one that could
// not would be left out without a word where the list is used.
func isDomain(text string) bool {
	if text == "" || strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune(`;,'"`, c) }) {
		return false
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	at, err := url.Parse(text)
	return err == nil && at.Host != "" && at.Path == "" && at.RawQuery == "" && at.Fragment == "" && at.User == nil
}

// Integration returns an integration by id, active or not.
func (d *Directory) Integration(id string) (*session.Integration, bool) {
	e, ok := d.now.Load().integrations[id]
	if !ok {
		return nil, false
	}
	return e.integration, true
}

// Integrations returns all integrations, by name. The slice is shared.
func (d *Directory) Integrations() []*session.Integration { return d.now.Load().ordered }

// Check admits a request to an integration by its Authorization header and the
// caller's address. Every refusal is the same error, so that nothing is
// learned about which integrations, keys and addresses exist (contract a.0).
func (d *Directory) Check(header, integrationID string, remote netip.Addr) (*session.Integration, error) {
	text, ok := keyOf(header)
	if !ok {
		return nil, unauthorized()
	}
	return d.admit(text, remote, func(owner string) bool {
		return subtle.ConstantTimeCompare([]byte(owner), []byte(integrationID)) == 1
	})
}

// CheckKey admits a request to the integration that owns a key, by the key and
// the caller's address alone (script-api 6.1). The refusals are those of Check.
func (d *Directory) CheckKey(key string, remote netip.Addr) (*session.Integration, error) {
	if key == "" || len(key) > maxKeyChars {
		return nil, unauthorized()
	}
	return d.admit(key, remote, func(string) bool { return true })
}

// admit finds the integration of a key. wanted decides whether it may be this
// owner.
func (d *Directory) admit(text string, remote netip.Addr, wanted func(owner string) bool) (*session.Integration, error) {
	s, hash := d.now.Load(), hashKey(text)
	key, known := s.keys[hash]
	if !known {
		return nil, unauthorized()
	}
	// The map found it by an ordinary compare of hashes; what grants access
	// does not depend on how far that compare got.
	same := subtle.ConstantTimeCompare(hash[:], key.Hash[:]) == 1
	same = wanted(key.Integration) && same
	e := s.integrations[key.Integration]
	if !same || e == nil || !e.integration.Active || !e.open && !e.allowed.Contains(remote) {
		return nil, unauthorized()
	}
	return e.integration, nil
}

func unauthorized() error {
	return &session.Error{Code: session.CodeUnauthorized, Message: "wrong or missing API key, or an address that is not allowed"}
}

// IssueKey gives the integration one more key and returns its text, which is
// shown once. A third live key is refused with session.CodeConflict.
func (d *Directory) IssueKey(ctx context.Context, integrationID string, at time.Time) (text string, key *session.Key, err error) {
	err = d.Alone(ctx, func(ctx context.Context) error {
		text, key, err = d.issueKey(ctx, integrationID, at)
		return err
	})
	return text, key, err
}

func (d *Directory) issueKey(ctx context.Context, integrationID string, at time.Time) (string, *session.Key, error) {
	live, err := d.liveKeys(ctx, integrationID)
	if err != nil {
		return "", nil, err
	}
	if len(live) >= LiveKeys {
		return "", nil, &session.Error{
			Code: session.CodeConflict, Field: "key",
			Message: fmt.Sprintf("the integration already has %d live keys; revoke one first", len(live)),
		}
	}
	text, key := NewKey(integrationID, at)
	if err := d.registry.SaveKey(ctx, key); err != nil {
		return "", nil, fmt.Errorf("save the key: %w", err)
	}
	return text, key, nil
}

// RevokeKey ends a key at once. An unknown key is session.CodeNotFound; one
// that is revoked already stays as it is.
func (d *Directory) RevokeKey(ctx context.Context, id session.ID, at time.Time) error {
	return d.Alone(ctx, func(ctx context.Context) error { return d.revokeKey(ctx, id, at) })
}

func (d *Directory) revokeKey(ctx context.Context, id session.ID, at time.Time) error {
	keys, err := d.registry.Keys(ctx)
	if err != nil {
		return fmt.Errorf("read the keys: %w", err)
	}
	i := slices.IndexFunc(keys, func(k *session.Key) bool { return k.ID == id })
	if i < 0 {
		return &session.Error{Code: session.CodeNotFound, Field: "key", Message: "no such key"}
	}
	if keys[i].RevokedMs != 0 {
		return nil
	}
	revoked := *keys[i]
	revoked.RevokedMs = at.UnixMilli()
	if err := d.registry.SaveKey(ctx, &revoked); err != nil {
		return fmt.Errorf("save the key: %w", err)
	}
	return nil
}

// liveKeys reads the store, not the snapshot: another process may have
// written since.
func (d *Directory) liveKeys(ctx context.Context, integrationID string) ([]*session.Key, error) {
	integrations, err := d.registry.Integrations(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the integrations: %w", err)
	}
	if !slices.ContainsFunc(integrations, func(in *session.Integration) bool { return in.ID == integrationID }) {
		return nil, &session.Error{Code: session.CodeIntegrationNotFound, Message: "no such integration"}
	}
	keys, err := d.registry.Keys(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	return slices.DeleteFunc(slices.Clone(keys), func(k *session.Key) bool {
		return k.Integration != integrationID || k.RevokedMs != 0
	}), nil
}
