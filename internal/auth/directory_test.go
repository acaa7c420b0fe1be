package auth_test

import (
	"crypto/sha256"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/session"
)

func moment() time.Time { return time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC) }

func issue(t *testing.T, d *auth.Directory, integrationID string) (string, *session.Key) {
	t.Helper()
	text, key, err := d.IssueKey(t.Context(), integrationID, moment())
	if err != nil {
		t.Fatal(err)
	}
	return text, key
}

func TestNewKey(t *testing.T) {
	text, key := auth.NewKey("shop", moment())
	if !strings.HasPrefix(text, "prl_") || len(text) != len("prl_")+52 {
		t.Errorf("key %q is not prl_ and 52 characters", text)
	}
	if key.Hash != sha256.Sum256([]byte(text)) {
		t.Error("the stored hash is not the SHA-256 of the text")
	}
	if other, _ := auth.NewKey("shop", moment()); other == text {
		t.Error("two keys are the same")
	}
}

func TestDirectory_Check(t *testing.T) {
	asleep := integration("asleep", session.Settings{})
	asleep.Active = false
	d := directory(t, newRegistry(
		integration("shop", session.Settings{}),
		integration("bank", session.Settings{AllowedIPs: []string{"192.0.2.7", "10.1.0.0/16", "2001:db8::/32"}}),
		asleep,
	))
	shop, _ := issue(t, d, "shop")
	bank, _ := issue(t, d, "bank")
	sleeping, _ := issue(t, d, "asleep")

	tests := []struct {
		name, header, integration, remote string
		ok                                bool
	}{
		{"the key", "apikey " + shop, "shop", "198.51.100.1", true},
		{"scheme in capitals", "ApiKey " + shop, "shop", "198.51.100.1", true},
		{"no address known", "apikey " + shop, "shop", "", true},
		{"no header", "", "shop", "198.51.100.1", false},
		{"no scheme", shop, "shop", "198.51.100.1", false},
		{"other scheme", "Bearer " + shop, "shop", "198.51.100.1", false},
		{"two spaces", "apikey  " + shop, "shop", "198.51.100.1", false},
		{"empty key", "apikey ", "shop", "198.51.100.1", false},
		{"key cut short", "apikey " + shop[:len(shop)-1], "shop", "198.51.100.1", false},
		{"key in capitals", "apikey " + strings.ToUpper(shop), "shop", "198.51.100.1", false},
		{"huge key", "apikey " + strings.Repeat("x", 1<<20), "shop", "198.51.100.1", false},
		{"unknown integration", "apikey " + shop, "nowhere", "198.51.100.1", false},
		{"key of another integration", "apikey " + bank, "shop", "198.51.100.1", false},
		{"inactive integration", "apikey " + sleeping, "asleep", "198.51.100.1", false},
		{"allowed address", "apikey " + bank, "bank", "192.0.2.7", true},
		{"allowed block", "apikey " + bank, "bank", "10.1.255.3", true},
		{"allowed block, mapped", "apikey " + bank, "bank", "::ffff:10.1.2.3", true},
		{"allowed IPv6 block", "apikey " + bank, "bank", "2001:db8::9", true},
		{"address outside", "apikey " + bank, "bank", "192.0.2.8", false},
		{"block outside", "apikey " + bank, "bank", "10.2.0.1", false},
		{"address not known, list set", "apikey " + bank, "bank", "", false},
	}
	texts := map[string]bool{}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var remote netip.Addr
			if test.remote != "" {
				remote = netip.MustParseAddr(test.remote)
			}
			in, err := d.Check(test.header, test.integration, remote)
			if test.ok {
				if err != nil || in.ID != test.integration {
					t.Fatalf("got %v, %v", in, err)
				}
				return
			}
			wantCode(t, err, session.CodeUnauthorized)
			texts[err.Error()] = true
		})
	}
	if len(texts) != 1 {
		t.Errorf("refusals can be told apart: %v", texts)
	}
}

// Rotation: a second key is issued, both work, the first is revoked.
func TestDirectory_Rotation(t *testing.T) {
	r := newRegistry(integration("shop", session.Settings{}), integration("bank", session.Settings{}))
	d := directory(t, r)
	admits := func(text string) bool {
		_, err := d.Check("apikey "+text, "shop", netip.Addr{})
		return err == nil
	}
	first, firstKey := issue(t, d, "shop")
	second, _ := issue(t, d, "shop")
	if !admits(first) || !admits(second) {
		t.Fatal("both keys of a rotation must work")
	}
	_, _, err := d.IssueKey(t.Context(), "shop", moment())
	wantCode(t, err, session.CodeConflict)
	issue(t, d, "bank") // the bound is per integration

	if err := d.RevokeKey(t.Context(), firstKey.ID, moment()); err != nil {
		t.Fatal(err)
	}
	if admits(first) || !admits(second) {
		t.Fatal("exactly the revoked key must be refused")
	}
	if got := r.keys[firstKey.ID].RevokedMs; got != moment().UnixMilli() {
		t.Errorf("revoked at %d", got)
	}
	if err := d.RevokeKey(t.Context(), firstKey.ID, moment().Add(time.Hour)); err != nil {
		t.Errorf("revoking twice: %v", err)
	}
	if got := r.keys[firstKey.ID].RevokedMs; got != moment().UnixMilli() {
		t.Error("a second revocation moved the moment of the first")
	}
	third, _ := issue(t, d, "shop")
	if !admits(third) {
		t.Error("a revoked key still counts against the bound")
	}
	wantCode(t, d.RevokeKey(t.Context(), session.NewID(moment()), moment()), session.CodeNotFound)
	_, _, err = d.IssueKey(t.Context(), "nowhere", moment())
	wantCode(t, err, session.CodeIntegrationNotFound)
}

func TestDirectory_Reload(t *testing.T) {
	r := newRegistry(integration("shop", session.Settings{}))
	d := directory(t, r)
	text, key := auth.NewKey("shop", moment())
	if err := r.SaveKey(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	_, err := d.Check("apikey "+text, "shop", netip.Addr{})
	wantCode(t, err, session.CodeUnauthorized)
	if err := d.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err = d.Check("apikey "+text, "shop", netip.Addr{}); err != nil {
		t.Fatal("a reload must bring the key in")
	}

	r.err = errors.New("disk gone")
	if err := d.Reload(t.Context()); !errors.Is(err, r.err) {
		t.Errorf("got %v", err)
	}
	if _, err = d.Check("apikey "+text, "shop", netip.Addr{}); err != nil {
		t.Error("a failed reload must leave the old snapshot in force")
	}
}

func TestDirectory_Reload_BrokenSettings(t *testing.T) {
	r := newRegistry(
		integration("shop", session.Settings{}),
		integration("torn", session.Settings{AllowedIPs: []string{"192.0.2.7", "not an address"}}),
	)
	d := auth.NewDirectory(r)
	err := d.Reload(t.Context())
	if err == nil || !strings.Contains(err.Error(), "torn") || !strings.Contains(err.Error(), "allowed_ips[1]") {
		t.Fatalf("the error does not name the place: %v", err)
	}
	text, key := auth.NewKey("torn", moment())
	healthy, healthyKey := auth.NewKey("shop", moment())
	r.keys[key.ID], r.keys[healthyKey.ID] = key, healthyKey
	_ = d.Reload(t.Context())
	_, err = d.Check("apikey "+text, "torn", netip.MustParseAddr("192.0.2.7"))
	wantCode(t, err, session.CodeUnauthorized)
	if _, err := d.Check("apikey "+healthy, "shop", netip.MustParseAddr("192.0.2.7")); err != nil {
		t.Errorf("one broken integration shut another out: %v", err)
	}
}

func TestDirectory_Integrations(t *testing.T) {
	b, a := integration("1", session.Settings{}), integration("2", session.Settings{})
	b.Name, a.Name = "bank", "arcade"
	d := directory(t, newRegistry(b, a))
	if got := d.Integrations(); len(got) != 2 || got[0].ID != a.ID || got[1].ID != b.ID {
		t.Errorf("not sorted by name: %v", got)
	}
	if in, ok := d.Integration("1"); !ok || in.ID != b.ID || in.Settings.SessionTimeout != session.Duration(session.DefaultSessionTimeout) {
		t.Errorf("got %v, %v", in, ok)
	}
	if _, ok := d.Integration("3"); ok {
		t.Error("found an integration that does not exist")
	}
}

// Readers see one snapshot or the other while keys are issued (run with -race).
func TestDirectory_ConcurrentUse(t *testing.T) {
	d := directory(t, newRegistry(integration("shop", session.Settings{})))
	text, _ := issue(t, d, "shop")
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 500 {
				if _, err := d.Check("apikey "+text, "shop", netip.Addr{}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 20 {
		_, key := issue(t, d, "shop")
		if err := d.RevokeKey(t.Context(), key.ID, moment()); err != nil {
			t.Error(err)
		}
	}
	readers.Wait()
}

func TestCheckSettings(t *testing.T) {
	tests := []struct {
		name     string
		settings session.Settings
		field    string
	}{
		{"empty", session.Settings{}, ""},
		{"addresses", session.Settings{AllowedIPs: []string{"192.0.2.1", "2001:db8::/48", "::ffff:10.0.0.0/104"}}, ""},
		{"bad address", session.Settings{AllowedIPs: []string{"192.0.2.1", "192.0.2.300"}}, "allowed_ips[1]"},
		{"bad block", session.Settings{AllowedIPs: []string{"192.0.2.0/33"}}, "allowed_ips[0]"},
		{"domains", session.Settings{Domains: []string{"shop.example", "https://shop.example:8443", "http://localhost:3000", "*"}}, ""},
		{"a policy for a domain", session.Settings{Domains: []string{"shop.example", "https://a.example; script-src *"}}, "domains[1]"},
		{"a page for a domain", session.Settings{Domains: []string{"https://a.example/page"}}, "domains[0]"},
		{"no domain", session.Settings{Domains: []string{""}}, "domains[0]"},
		{"bad identity key", session.Settings{IdentityKey: "no PEM"}, "identity_public_key"},
		{"identity required, no key", session.Settings{IdentityRequired: true}, "identity_public_key"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := auth.CheckSettings(&test.settings)
			if test.field == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			refusal, ok := errors.AsType[*session.Error](err)
			if !ok || refusal.Field != test.field || refusal.Code != session.CodeInvalidPayload {
				t.Errorf("got %v", err)
			}
		})
	}
}
