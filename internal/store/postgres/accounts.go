package postgres

import (
	"context"

	"parley/internal/account"
)

// Accounts is an account.Store. A write that may end somebody's login, or changes
// how he signs in, bumps the revision of the accounts.
type Accounts struct{ store *Store }

// Accounts returns the port of what agents sign in with.
func (s *Store) Accounts() *Accounts { return &Accounts{store: s} }

func scanCredentials(r *row) *account.Credentials {
	return &account.Credentials{
		Agent: r.text(), Password: r.text(), Issuer: r.text(), Subject: r.text(),
		Factor: account.Factor{Secret: r.blob(), Pending: r.blob(), Used: r.int()},
	}
}

// AllCredentials is account.Store's.
func (a *Accounts) AllCredentials(ctx context.Context) ([]*account.Credentials, error) {
	return selected(ctx, a.store, "ListCredentials", scanCredentials)
}

// Credentials is account.Store's.
func (a *Accounts) Credentials(ctx context.Context, agent string) (*account.Credentials, error) {
	return found(ctx, a.store, "GetCredentials", scanCredentials, agent)
}

// put runs one statement that writes.
func (a *Accounts) put(ctx context.Context, query string, args ...any) error {
	return a.store.write(ctx, &step{name: query, args: args})
}

// tell runs one statement that writes, and tells the other nodes.
func (a *Accounts) tell(ctx context.Context, query string, args ...any) error {
	return a.store.write(ctx, &step{name: query, args: args}, bump(revisionAccounts))
}

// changes runs one statement and reports whether it changed a row.
func (a *Accounts) changes(ctx context.Context, query string, args ...any) (bool, error) {
	s := &step{name: query, args: args}
	err := a.store.write(ctx, s)
	return err == nil && s.rows > 0, err
}

// SetPassword is account.Store's.
func (a *Accounts) SetPassword(ctx context.Context, agent, password string) error {
	return a.tell(ctx, "SetPassword", agent, password)
}

// Rehash is account.Store's.
func (a *Accounts) Rehash(ctx context.Context, agent, from, to string) error {
	return a.put(ctx, "Rehash", agent, from, to)
}

// SetSubject is account.Store's.
func (a *Accounts) SetSubject(ctx context.Context, agent, issuer, subject string) error {
	return a.tell(ctx, "SetSubject", agent, issuer, subject)
}

// SetFactor is account.Store's. The credentials' row is locked first, so two
// writers do not mix their recovery codes.
func (a *Accounts) SetFactor(ctx context.Context, agent string, f account.Factor, recovery []account.Hash) error {
	codes := columnsOf(recovery, func(c *columns, h account.Hash) { c.blob(h[:]) })
	return a.store.write(ctx,
		&step{name: "SetFactor", args: []any{agent, bytesOf(f.Secret), bytesOf(f.Pending), f.Used}},
		&step{name: "DropRecoveryCodes", args: []any{agent}},
		&step{name: "AddRecoveryCodes", args: []any{agent, encoded(codes.array(0, typeBytea))}},
		bump(revisionAccounts))
}

// UseStep is account.Store's.
func (a *Accounts) UseStep(ctx context.Context, agent string, step int64) (bool, error) {
	return a.changes(ctx, "UseStep", agent, step)
}

// UseRecovery is account.Store's.
func (a *Accounts) UseRecovery(ctx context.Context, agent string, code account.Hash) (bool, error) {
	return a.changes(ctx, "UseRecoveryCode", agent, code[:])
}

func scanLogin(r *row) *account.Login {
	l := &account.Login{}
	copy(l.Hash[:], r.next())
	l.Agent, l.CreatedMs, l.SeenMs, l.Address, l.Browser = r.text(), r.int(), r.int(), r.text(), r.text()
	return l
}

// Login is account.Store's.
func (a *Accounts) Login(ctx context.Context, hash account.Hash) (*account.Login, error) {
	return found(ctx, a.store, "GetLogin", scanLogin, hash[:])
}

// AddLogin is account.Store's.
func (a *Accounts) AddLogin(ctx context.Context, l *account.Login, beforeMs int64) error {
	return a.store.write(ctx,
		&step{name: "AddLogin", args: []any{l.Hash[:], l.Agent, l.CreatedMs, l.SeenMs, l.Address, l.Browser}},
		&step{name: "DropLoginsBefore", args: []any{beforeMs}},
		&step{name: "DropLoginsBeyond", args: []any{l.Agent, l.Hash[:], account.MaxLogins}})
}

// SeeLogin is account.Store's.
func (a *Accounts) SeeLogin(ctx context.Context, hash account.Hash, atMs int64) error {
	return a.put(ctx, "SeeLogin", hash[:], atMs)
}

// EndLogin is account.Store's.
func (a *Accounts) EndLogin(ctx context.Context, hash account.Hash) error {
	return a.tell(ctx, "EndLogin", hash[:])
}

// EndLogins is account.Store's.
func (a *Accounts) EndLogins(ctx context.Context, agent string, but account.Hash) error {
	return a.tell(ctx, "EndLogins", agent, but[:])
}

func scanInvitation(r *row) *account.Invitation {
	i := &account.Invitation{}
	copy(i.Hash[:], r.next())
	i.Agent, i.CreatedMs, i.ExpiresMs = r.text(), r.int(), r.int()
	return i
}

// Invitation is account.Store's.
func (a *Accounts) Invitation(ctx context.Context, hash account.Hash) (*account.Invitation, error) {
	return found(ctx, a.store, "GetInvitation", scanInvitation, hash[:])
}

// SaveInvitation is account.Store's.
func (a *Accounts) SaveInvitation(ctx context.Context, i *account.Invitation) error {
	return a.put(ctx, "SaveInvitation", i.Hash[:], i.Agent, i.CreatedMs, i.ExpiresMs)
}

// UseInvitation is account.Store's.
func (a *Accounts) UseInvitation(ctx context.Context, hash account.Hash, atMs int64) (bool, error) {
	return a.changes(ctx, "UseInvitation", hash[:], atMs)
}

// DropInvitations is account.Store's.
func (a *Accounts) DropInvitations(ctx context.Context, agent string) error {
	return a.put(ctx, "DropInvitations", agent)
}

// AddEntry is account.Store's.
func (a *Accounts) AddEntry(ctx context.Context, e *account.Entry) error {
	return a.put(ctx, "AddEntry", e.AtMs, e.Agent, e.Action, e.Subject, e.Detail, e.Address)
}

func scanEntry(r *row) *account.Entry {
	return &account.Entry{
		ID: r.int(), AtMs: r.int(), Agent: r.text(), Action: r.text(), Subject: r.text(), Detail: r.text(), Address: r.text(),
	}
}

// Entries is account.Store's.
func (a *Accounts) Entries(ctx context.Context, before int64, limit int) ([]*account.Entry, error) {
	return selected(ctx, a.store, "ListEntries", scanEntry, before, limit)
}
