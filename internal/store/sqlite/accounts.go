package sqlite

import (
	"bytes"
	"context"

	"parley/internal/account"
)

// Accounts is an account.Store.
type Accounts struct{ store *Store }

// Accounts returns the port of what agents sign in with.
func (s *Store) Accounts() *Accounts { return &Accounts{store: s} }

const selectCredentials = `SELECT agent, password, issuer, subject, factor, factor_pending, factor_used FROM credentials `

func scanCredentials(r *row) *account.Credentials {
	return &account.Credentials{
		Agent: r.text(), Password: r.text(), Issuer: r.text(), Subject: r.text(),
		Factor: account.Factor{Secret: bytes.Clone(r.blob()), Pending: bytes.Clone(r.blob()), Used: r.int()},
	}
}

// AllCredentials is account.Store's.
func (a *Accounts) AllCredentials(ctx context.Context) (list []*account.Credentials, err error) {
	err = a.store.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, selectCredentials+`ORDER BY agent`, scanCredentials)
		return err
	})
	return list, err
}

// Credentials is account.Store's.
func (a *Accounts) Credentials(ctx context.Context, agent string) (*account.Credentials, error) {
	return view(ctx, a.store, selectCredentials+`WHERE agent = ?`, scanCredentials, agent)
}

// view reads one row in a transaction of its own.
func view[T any](ctx context.Context, s *Store, text string, scan func(*row) *T, args ...any) (found *T, err error) {
	err = s.readers.view(ctx, func(r *rows) error {
		found, err = read(r, text, scan, args...)
		return err
	})
	return found, err
}

// put runs one statement that writes.
func (a *Accounts) put(ctx context.Context, text string, args ...any) error {
	_, err := a.changes(ctx, text, args...)
	return err
}

// changes runs one statement and reports whether it changed a row.
func (a *Accounts) changes(ctx context.Context, text string, args ...any) (changed bool, err error) {
	err = a.store.do(ctx, func(c *conn) error {
		n, err := c.exec(text, args...)
		changed = n > 0
		return err
	})
	return changed && err == nil, err
}

// SetPassword is account.Store's.
func (a *Accounts) SetPassword(ctx context.Context, agent, password string) error {
	return a.put(ctx, `INSERT INTO credentials (agent, password) VALUES (?, ?)
		ON CONFLICT (agent) DO UPDATE SET password = excluded.password`, agent, password)
}

// Rehash is account.Store's.
func (a *Accounts) Rehash(ctx context.Context, agent, from, to string) error {
	return a.put(ctx, `UPDATE credentials SET password = ? WHERE agent = ? AND password = ?`, to, agent, from)
}

// SetSubject is account.Store's.
func (a *Accounts) SetSubject(ctx context.Context, agent, issuer, subject string) error {
	return a.put(ctx, `INSERT INTO credentials (agent, issuer, subject) VALUES (?, ?, ?)
		ON CONFLICT (agent) DO UPDATE SET issuer = excluded.issuer, subject = excluded.subject`, agent, issuer, subject)
}

// SetFactor is account.Store's.
func (a *Accounts) SetFactor(ctx context.Context, agent string, f account.Factor, recovery []account.Hash) error {
	return a.store.do(ctx, func(c *conn) error {
		if _, err := c.exec(`UPDATE credentials SET factor = ?, factor_pending = ?, factor_used = max(factor_used, ?) WHERE agent = ?`,
			bytesOf(f.Secret), bytesOf(f.Pending), f.Used, agent); err != nil {
			return err
		}
		if _, err := c.exec(`DELETE FROM recovery_codes WHERE agent = ?`, agent); err != nil {
			return err
		}
		for _, hash := range recovery {
			if _, err := c.exec(`INSERT INTO recovery_codes (agent, hash) VALUES (?, ?)`, agent, hash[:]); err != nil {
				return err
			}
		}
		return nil
	})
}

// UseStep is account.Store's.
func (a *Accounts) UseStep(ctx context.Context, agent string, step int64) (bool, error) {
	return a.changes(ctx, `UPDATE credentials SET factor_used = ? WHERE agent = ? AND factor_used < ?`, step, agent, step)
}

// UseRecovery is account.Store's.
func (a *Accounts) UseRecovery(ctx context.Context, agent string, code account.Hash) (bool, error) {
	return a.changes(ctx, `DELETE FROM recovery_codes WHERE agent = ? AND hash = ?`, agent, code[:])
}

func scanLogin(r *row) *account.Login {
	l := &account.Login{}
	copy(l.Hash[:], r.blob())
	l.Agent, l.CreatedMs, l.SeenMs, l.Address, l.Browser = r.text(), r.int(), r.int(), r.text(), r.text()
	return l
}

// Login is account.Store's.
func (a *Accounts) Login(ctx context.Context, hash account.Hash) (*account.Login, error) {
	return view(ctx, a.store, `SELECT hash, agent, created_ms, seen_ms, address, browser FROM logins WHERE hash = ?`, scanLogin, hash[:])
}

// AddLogin is account.Store's.
func (a *Accounts) AddLogin(ctx context.Context, l *account.Login, beforeMs int64) error {
	return a.store.do(ctx, func(c *conn) error {
		if _, err := c.exec(`INSERT INTO logins (hash, agent, created_ms, seen_ms, address, browser) VALUES (?, ?, ?, ?, ?, ?)`,
			l.Hash[:], l.Agent, l.CreatedMs, l.SeenMs, l.Address, l.Browser); err != nil {
			return err
		}
		if _, err := c.exec(`DELETE FROM logins WHERE created_ms < ?`, beforeMs); err != nil {
			return err
		}
		_, err := c.exec(`DELETE FROM logins WHERE agent = ? AND hash <> ? AND hash NOT IN
			(SELECT hash FROM logins WHERE agent = ? ORDER BY created_ms DESC LIMIT ?)`, l.Agent, l.Hash[:], l.Agent, int64(account.MaxLogins))
		return err
	})
}

// SeeLogin is account.Store's.
func (a *Accounts) SeeLogin(ctx context.Context, hash account.Hash, atMs int64) error {
	return a.put(ctx, `UPDATE logins SET seen_ms = max(seen_ms, ?) WHERE hash = ?`, atMs, hash[:])
}

// EndLogin is account.Store's.
func (a *Accounts) EndLogin(ctx context.Context, hash account.Hash) error {
	return a.put(ctx, `DELETE FROM logins WHERE hash = ?`, hash[:])
}

// EndLogins is account.Store's.
func (a *Accounts) EndLogins(ctx context.Context, agent string, but account.Hash) error {
	return a.put(ctx, `DELETE FROM logins WHERE agent = ? AND hash <> ?`, agent, but[:])
}

func scanInvitation(r *row) *account.Invitation {
	i := &account.Invitation{}
	copy(i.Hash[:], r.blob())
	i.Agent, i.CreatedMs, i.ExpiresMs = r.text(), r.int(), r.int()
	return i
}

// Invitation is account.Store's.
func (a *Accounts) Invitation(ctx context.Context, hash account.Hash) (*account.Invitation, error) {
	return view(ctx, a.store, `SELECT hash, agent, created_ms, expires_ms FROM invitations WHERE hash = ?`, scanInvitation, hash[:])
}

// SaveInvitation is account.Store's.
func (a *Accounts) SaveInvitation(ctx context.Context, i *account.Invitation) error {
	return a.put(ctx, `INSERT INTO invitations (hash, agent, created_ms, expires_ms) VALUES (?, ?, ?, ?)
		ON CONFLICT (agent) DO UPDATE SET hash = excluded.hash, created_ms = excluded.created_ms, expires_ms = excluded.expires_ms`,
		i.Hash[:], i.Agent, i.CreatedMs, i.ExpiresMs)
}

// UseInvitation is account.Store's.
func (a *Accounts) UseInvitation(ctx context.Context, hash account.Hash, atMs int64) (bool, error) {
	return a.changes(ctx, `DELETE FROM invitations WHERE hash = ? AND expires_ms > ?`, hash[:], atMs)
}

// DropInvitations is account.Store's.
func (a *Accounts) DropInvitations(ctx context.Context, agent string) error {
	return a.put(ctx, `DELETE FROM invitations WHERE agent = ?`, agent)
}

// AddEntry is account.Store's.
func (a *Accounts) AddEntry(ctx context.Context, e *account.Entry) error {
	return a.put(ctx, `INSERT INTO audit (at_ms, agent, action, subject, detail, address) VALUES (?, ?, ?, ?, ?, ?)`,
		e.AtMs, e.Agent, e.Action, e.Subject, e.Detail, e.Address)
}

func scanEntry(r *row) *account.Entry {
	return &account.Entry{
		ID: r.int(), AtMs: r.int(), Agent: r.text(), Action: r.text(), Subject: r.text(), Detail: r.text(), Address: r.text(),
	}
}

// Entries is account.Store's.
func (a *Accounts) Entries(ctx context.Context, before int64, limit int) (list []*account.Entry, err error) {
	err = a.store.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, `SELECT id, at_ms, agent, action, subject, detail, address FROM audit
			WHERE id < ? ORDER BY id DESC LIMIT ?`, scanEntry, before, int64(limit))
		return err
	})
	return list, err
}
