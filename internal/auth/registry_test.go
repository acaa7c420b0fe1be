package auth_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"parley/internal/auth"
	"parley/internal/session"
)

// registry keeps rows in memory, by the contract of session.Registry.
type registry struct {
	mu           sync.Mutex
	integrations map[string]*session.Integration
	keys         map[session.ID]*session.Key
	err          error // answered by every call while set
}

func newRegistry(list ...*session.Integration) *registry {
	r := &registry{integrations: map[string]*session.Integration{}, keys: map[session.ID]*session.Key{}}
	for _, in := range list {
		r.integrations[in.ID] = in
	}
	return r
}

func (r *registry) Integrations(context.Context) ([]*session.Integration, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []*session.Integration
	for _, in := range r.integrations {
		list = append(list, in)
	}
	return list, r.err
}

func (r *registry) SaveIntegration(_ context.Context, in *session.Integration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.integrations[in.ID] = in
	return r.err
}

func (r *registry) Keys(context.Context) ([]*session.Key, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []*session.Key
	for _, key := range r.keys {
		list = append(list, key)
	}
	slices.SortFunc(list, func(a, b *session.Key) int { return slices.Compare(a.ID[:], b.ID[:]) })
	return list, r.err
}

func (r *registry) SaveKey(_ context.Context, key *session.Key) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys[key.ID] = key
	return r.err
}

func integration(id string, settings session.Settings) *session.Integration {
	return &session.Integration{ID: id, Name: "name of " + id, Kind: session.KindCustom, Active: true, Settings: settings}
}

func directory(t *testing.T, r *registry) *auth.Directory {
	t.Helper()
	d := auth.NewDirectory(r)
	if err := d.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

func wantCode(t *testing.T, err error, code session.Code) {
	t.Helper()
	if err == nil || session.CodeOf(err) != code {
		t.Fatalf("error %v has code %q, want %q", err, session.CodeOf(err), code)
	}
}
