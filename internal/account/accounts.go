package account

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"time"

	"parley/internal/desk"
	"parley/internal/session"
)

// Config of the accounts. Cost, SignOn, Alone and SealKey may be left out.
type Config struct {
	Store  Store
	People People
	Now    func() time.Time
	Log    *slog.Logger
	SignOn *SignOn // single sign-on; nil: none
	// Alone keeps other nodes out of a change of who is admin, with the people as
	// the store has them; nil: there are no other nodes. SealKey, of SealKeyBytes,
	// seals what a browser keeps of a sign-on; nil: one of this process. Nodes have
	// the same one.
	Alone   session.Alone
	SealKey []byte
	Cost    Cost // of password hashes; zero: DefaultCost
}

// Accounts are the one entrance to everything that is about signing in. Safe
// for concurrent use.
type Accounts struct {
	cfg       Config
	passwords *Passwords
	gate      *gate
	provider  *provider // nil: no single sign-on
	watchers  watchers
	changing  single
}

// New returns the accounts.
func New(cfg Config) *Accounts {
	a := &Accounts{
		cfg: cfg, changing: single{others: cfg.Alone}, passwords: NewPasswords(cfg.Cost),
		gate: &gate{NewGuesses(FreeGuessesOfAccount), NewGuesses(FreeGuessesOfAddress), cfg.Now},
	}
	if cfg.SignOn != nil {
		a.provider = newProvider(cfg.SignOn, cfg.SealKey, cfg.Now)
	}
	return a
}

// From says where a request comes from.
type From struct {
	Address netip.Addr // zero: unknown
	Browser string     // User-Agent
}

// text returns the address for the log, "" for an unknown one.
func (f From) text() string {
	if !f.Address.IsValid() {
		return ""
	}
	return f.Address.String()
}

// network is what guesses are counted by: one person has a whole /64 of IPv6.
func (f From) network() string {
	const ownBits = 64
	if f.Address.Is6() {
		if p, err := f.Address.Prefix(ownBits); err == nil {
			return p.String()
		}
	}
	return f.text()
}

// Caller is somebody who is signed in.
type Caller struct {
	Agent *desk.Agent
	Login Login
	From  From
}

// May returns session.CodeForbidden unless the caller's role has a permission.
func (c *Caller) May(p desk.Permission) error {
	if c.Agent.Role.Allows(p) {
		return nil
	}
	return refused(CodeForbidden, "the role "+string(c.Agent.Role)+" does not have the permission "+string(p))
}

// Caller returns who holds a cookie, as he is now: a change of his role counts
// from the next request on. session.CodeUnauthorized when nobody does.
func (a *Accounts) Caller(ctx context.Context, cookie string, from From) (*Caller, error) {
	hash, ok := tokenHash(cookie)
	if !ok {
		return nil, errUnauthorized()
	}
	c, err := a.holder(ctx, hash, from)
	if err != nil {
		return nil, err
	}
	if at := a.cfg.Now(); at.Sub(time.UnixMilli(c.Login.SeenMs)) >= LoginNoted {
		c.Login.SeenMs = at.UnixMilli()
		err = a.cfg.Store.SeeLogin(ctx, hash, c.Login.SeenMs)
	}
	return c, err
}

// Still returns session.CodeUnauthorized when a caller's login is over, and the
// caller as he is now otherwise. It is for connections that outlive their first
// request; asking does not count as activity.
func (a *Accounts) Still(ctx context.Context, c *Caller) (*Caller, error) {
	return a.holder(ctx, c.Login.Hash, c.From)
}

// Ended returns a channel that is closed when the caller's login is ended by
// somebody; one that runs out is told by Still. release must be called.
func (a *Accounts) Ended(c *Caller) (ended <-chan struct{}, release func()) {
	return a.watchers.add(c.Agent.ID, c.Login.Hash)
}

func (a *Accounts) holder(ctx context.Context, hash Hash, from From) (*Caller, error) {
	login, err := a.cfg.Store.Login(ctx, hash)
	if errors.Is(err, session.ErrNoRow) {
		return nil, errUnauthorized()
	}
	if err != nil {
		return nil, err
	}
	at := a.cfg.Now()
	agent, ok := a.cfg.People.Agent(login.Agent)
	over := at.Sub(time.UnixMilli(login.SeenMs)) >= LoginIdle || at.Sub(time.UnixMilli(login.CreatedMs)) >= LoginLife
	if !ok || !agent.Active || over {
		return nil, errUnauthorized()
	}
	return &Caller{Agent: agent, Login: *login, From: from}, nil
}

// enter makes a login and returns its cookie.
func (a *Accounts) enter(ctx context.Context, agent *desk.Agent, from From, action string) (string, *Caller, error) {
	cookie, hash := newToken()
	now := a.cfg.Now()
	browser := []rune(from.Browser)
	login := Login{
		Hash: hash, Agent: agent.ID, CreatedMs: now.UnixMilli(), SeenMs: now.UnixMilli(),
		Address: from.text(), Browser: string(browser[:min(len(browser), MaxBrowserChars)]),
	}
	if err := a.cfg.Store.AddLogin(ctx, &login, now.Add(-LoginLife).UnixMilli()); err != nil {
		return "", nil, err
	}
	caller := &Caller{Agent: agent, Login: login, From: from}
	return cookie, caller, a.Note(ctx, caller, action, agent.ID, "")
}

// SignOut ends the caller's login.
func (a *Accounts) SignOut(ctx context.Context, c *Caller) error {
	if err := a.cfg.Store.EndLogin(ctx, c.Login.Hash); err != nil {
		return err
	}
	a.watchers.end(func(w *watcher) bool { return w.login == c.Login.Hash })
	return a.Note(ctx, c, "signed_out", c.Agent.ID, "")
}

// SignOutEverywhere ends all logins of the caller, this one too.
func (a *Accounts) SignOutEverywhere(ctx context.Context, c *Caller) error {
	if err := a.endLogins(ctx, c.Agent.ID, Hash{}); err != nil {
		return err
	}
	return a.Note(ctx, c, "signed_out_everywhere", c.Agent.ID, "")
}

func (a *Accounts) endLogins(ctx context.Context, agent string, but Hash) error {
	if err := a.cfg.Store.EndLogins(ctx, agent, but); err != nil {
		return err
	}
	a.watchers.end(func(w *watcher) bool { return w.agent == agent && w.login != but })
	return nil
}

// credentials returns what an agent signs in with, empty for one who cannot.
func (a *Accounts) credentials(ctx context.Context, agent string) (*Credentials, error) {
	c, err := a.cfg.Store.Credentials(ctx, agent)
	if errors.Is(err, session.ErrNoRow) {
		return &Credentials{Agent: agent}, nil
	}
	return c, err
}
