package postgres

import (
	"context"
	"testing"

	"parley/internal/account"
	"parley/internal/desk"
)

// TestWrites_BumpTheirRevision: other nodes learn of what they keep in memory, and
// are not bothered with the rest.
func TestWrites_BumpTheirRevision(t *testing.T) {
	store := openStore(t, fresh(t))
	people, accounts := store.Desk(), store.Accounts()
	n := func(name string) string {
		list := asked(t, store, `SELECT n FROM revisions WHERE name = '`+name+`'`)
		if len(list) == 0 {
			return "0"
		}
		return list[0]
	}
	hash := account.Hash{1}
	for _, c := range []struct {
		what             string
		people, accounts string // revisions afterwards
		write            func(context.Context) error
	}{
		{"an agent", "1", "0", func(ctx context.Context) error { return people.SaveAgent(ctx, &desk.Agent{ID: "a", Email: "a@x"}) }},
		{"a refused agent", "1", "0", func(ctx context.Context) error {
			if people.SaveAgent(ctx, &desk.Agent{ID: "b", Email: "A@x"}) == nil {
				t.Error("not refused")
			}
			return nil
		}},
		{"a department", "2", "0", func(ctx context.Context) error { return people.SaveDepartment(ctx, &desk.Department{ID: "d"}) }},
		{"its end", "3", "0", func(ctx context.Context) error { return people.DeleteDepartment(ctx, "d") }},
		{"a canned reply", "3", "0", func(ctx context.Context) error { return people.SaveCannedReply(ctx, &desk.CannedReply{ID: "c"}) }},
		{"a password", "3", "1", func(ctx context.Context) error { return accounts.SetPassword(ctx, "a", "hash") }},
		{"a login", "3", "1", func(ctx context.Context) error {
			return accounts.AddLogin(ctx, &account.Login{Hash: hash, Agent: "a"}, 0)
		}},
		{"a request", "3", "1", func(ctx context.Context) error { return accounts.SeeLogin(ctx, hash, 1) }},
		{"the end of a login", "3", "2", func(ctx context.Context) error { return accounts.EndLogin(ctx, hash) }},
		{"the end of all", "3", "3", func(ctx context.Context) error { return accounts.EndLogins(ctx, "a", account.Hash{}) }},
	} {
		if err := c.write(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n("people") != c.people || n("accounts") != c.accounts {
			t.Errorf("%s: people %s, accounts %s; want %s, %s", c.what, n("people"), n("accounts"), c.people, c.accounts)
		}
	}
}
