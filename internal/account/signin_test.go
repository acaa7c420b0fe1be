package account_test

import (
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"parley/internal/account"
	"parley/internal/desk"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
)

// house is the accounts on the real store.
type house struct {
	store    *sqlite.Store
	people   *desk.Directory
	accounts *account.Accounts
}

func open(t *testing.T, cost account.Cost) *house {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlitetest.Dir(t, sqlite.Open), sqlite.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	h := &house{store: store, people: desk.NewDirectory(store.Desk(), time.Now)}
	must(t, h.people.Reload(t.Context()))
	h.accounts = h.with(cost)
	return h
}

// with returns the accounts as a later version of the program would have them.
func (h *house) with(cost account.Cost) *account.Accounts {
	return account.New(account.Config{Store: h.store.Accounts(), People: h.people, Now: time.Now, Log: slog.New(slog.DiscardHandler), Cost: cost})
}

const password = "correct mule battery"

func (h *house) admin(t *testing.T) *account.Caller {
	t.Helper()
	token, err := h.accounts.Members().Setup(t.Context())
	must(t, err)
	_, caller, err := h.accounts.Members().Accept(t.Context(), token,
		account.Acceptance{Name: "Ada", Email: "ada@desk.example", Password: password}, account.From{})
	must(t, err)
	return caller
}

// TestSignIn_RaisesTheCost: a hash from cheaper times is made anew when its
// password comes by, and only then.
func TestSignIn_RaisesTheCost(t *testing.T) {
	h := open(t, account.Cost{Memory: 64, Passes: 1, Lanes: 1})
	ada := h.admin(t).Agent.ID
	later := h.with(account.DefaultCost())
	stored := func() string {
		held, err := h.store.Accounts().Credentials(t.Context(), ada)
		must(t, err)
		return held.Password
	}
	before := stored()
	if _, _, err := later.SignIn(t.Context(), account.Attempt{Email: "ada@desk.example", Password: "wrong"}, account.From{}); err == nil || stored() != before {
		t.Errorf("a wrong password raised it: %v", err)
	}
	for range 2 {
		_, _, err := later.SignIn(t.Context(), account.Attempt{Email: "ada@desk.example", Password: password}, account.From{})
		must(t, err)
		if !strings.Contains(stored(), "$m=19456,t=2,p=1$") {
			t.Errorf("it is %s", stored())
		}
	}
}

// TestSecrets_AreNotStored looks for a cookie, a link's token and a recovery
// code in the rows.
func TestSecrets_AreNotStored(t *testing.T) {
	h := open(t, account.Cost{Memory: 64, Passes: 1, Lanes: 1})
	h.admin(t)
	cookie, caller, err := h.accounts.SignIn(t.Context(), account.Attempt{Email: "ada@desk.example", Password: password}, account.From{Address: netip.MustParseAddr("192.0.2.1")})
	must(t, err)
	if strings.Contains(string(caller.Login.Hash[:]), cookie) {
		t.Error("the cookie is stored as it is")
	}
	if _, err := h.accounts.Caller(t.Context(), string(caller.Login.Hash[:]), account.From{}); err == nil {
		t.Error("what is stored opens the door")
	}
	secret, err := h.accounts.StartFactor(t.Context(), caller)
	must(t, err)
	codes, err := h.accounts.ConfirmFactor(t.Context(), caller, account.Code(secret, time.Now()))
	must(t, err)
	if used, err := h.store.Accounts().UseRecovery(t.Context(), caller.Agent.ID, account.Hash([]byte(strings.Repeat(codes[0], 2)[:32]))); used || err != nil {
		t.Errorf("a code is stored as it is: %v", err)
	}
}
