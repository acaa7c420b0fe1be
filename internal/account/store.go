package account

import (
	"context"

	"parley/internal/desk"
)

// Store keeps what accounts know. A method that reads one row returns
// session.ErrNoRow where there is none. Those that return a bool decide in the
// transaction that writes, so that of two callers at most one is told true.
type Store interface {
	CredentialStore
	LoginStore
	InvitationStore
	AuditStore
}

// CredentialStore keeps what agents sign in with.
type CredentialStore interface {
	AllCredentials(ctx context.Context) ([]*Credentials, error)
	Credentials(ctx context.Context, agent string) (*Credentials, error)
	SetPassword(ctx context.Context, agent, password string) error
	// Rehash replaces a password's hash by another one of the same password; it
	// leaves one that was changed in between alone.
	Rehash(ctx context.Context, agent, from, to string) error
	SetSubject(ctx context.Context, agent, issuer, subject string) error
	// SetFactor replaces the second factor with its recovery codes.
	SetFactor(ctx context.Context, agent string, factor Factor, recovery []Hash) error
	// UseStep notes that the code of a step was used; false if that or a later one was.
	UseStep(ctx context.Context, agent string, step int64) (bool, error)
	// UseRecovery takes a recovery code away; false if there is no such one.
	UseRecovery(ctx context.Context, agent string, code Hash) (bool, error)
}

// LoginStore keeps logins, by the hash of their cookie.
type LoginStore interface {
	Login(ctx context.Context, hash Hash) (*Login, error)
	// AddLogin stores one more login. It drops those of the agent that began
	// before the last MaxLogins, and all that began before a moment.
	AddLogin(ctx context.Context, login *Login, beforeMs int64) error
	SeeLogin(ctx context.Context, hash Hash, atMs int64) error
	EndLogin(ctx context.Context, hash Hash) error
	// EndLogins ends all logins of an agent but one (the zero Hash: all).
	EndLogins(ctx context.Context, agent string, but Hash) error
}

// InvitationStore keeps one-time links, by the hash of their token.
type InvitationStore interface {
	Invitation(ctx context.Context, hash Hash) (*Invitation, error)
	// SaveInvitation stores a link in the place of any other one for the agent.
	SaveInvitation(ctx context.Context, invitation *Invitation) error
	// UseInvitation takes the link away; false if it is gone or has expired.
	UseInvitation(ctx context.Context, hash Hash, atMs int64) (bool, error)
	// DropInvitations takes the links of an agent away.
	DropInvitations(ctx context.Context, agent string) error
}

// AuditStore keeps the audit log. Nothing in it is changed or removed.
type AuditStore interface {
	AddEntry(ctx context.Context, entry *Entry) error
	// Entries returns the newest entries with an id below before, newest first.
	Entries(ctx context.Context, before int64, limit int) ([]*Entry, error)
}

// People is the list of agents: desk.Directory.
type People interface {
	Agent(id string) (*desk.Agent, bool)
	Agents() []*desk.Agent
	AgentByEmail(email string) (*desk.Agent, bool)
	// SaveAgent adds or replaces an agent; a second one with the same e-mail is
	// session.CodeConflict.
	SaveAgent(ctx context.Context, agent *desk.Agent) error
	// EditAgent changes an agent, one change at a time; an error of change leaves
	// him as he is.
	EditAgent(ctx context.Context, id string, change func(*desk.Agent) error) (*desk.Agent, error)
}

// Credentials are what one agent signs in with.
type Credentials struct {
	Agent    string
	Password string // PHC; "" = none
	Issuer   string // of single sign-on; "" = none
	Subject  string
	Factor   Factor
}

// usable reports whether an agent can sign in with them.
func (c *Credentials) usable() bool { return c.Password != "" || c.Subject != "" }

// Factor is a second factor (RFC 6238).
type Factor struct {
	Secret  []byte // nil = off
	Pending []byte // a secret that no code has confirmed yet
	Used    int64  // step of the last code that was used
}

// Login is one sign-in, kept by a cookie.
type Login struct {
	Hash      Hash
	Agent     string
	CreatedMs int64
	SeenMs    int64 // of the last request, LoginNoted exactly
	Address   string
	Browser   string // User-Agent, cut
}

// Invitation is a one-time link. The one of a first start has no agent.
type Invitation struct {
	Hash      Hash
	Agent     string
	CreatedMs int64
	ExpiresMs int64
}

// Entry is a line of the audit log.
type Entry struct {
	ID      int64
	AtMs    int64
	Agent   string // who; "" = the command line, or nobody who signed in
	Action  string // such as agent.changed
	Subject string // what it was done to: an id, or ""
	Detail  string
	Address string // from where
}
