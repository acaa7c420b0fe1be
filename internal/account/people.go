package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/session"
)

// Members are the accounts as those who run the desk work with them: who may
// come in, and as what.
type Members struct{ *Accounts }

// Members returns the side of the accounts for those who run the desk.
func (a *Accounts) Members() Members { return Members{a} }

// NewAgent is who is invited.
type NewAgent struct {
	Email       string
	Name        string // "" = the part of the e-mail before the @
	Role        desk.Role
	Departments []string
	Capacity    int
}

// Invite adds an agent and returns the token of his one-time link. by is nil
// for the command line; otherwise only admins may.
func (m Members) Invite(ctx context.Context, by *Caller, who NewAgent) (*desk.Agent, string, error) {
	if err := mayAdminister(by); err != nil {
		return nil, "", err
	}
	at := m.cfg.Now()
	agent := &desk.Agent{
		ID: session.NewID(at).String(), Email: strings.TrimSpace(who.Email), Name: who.Name, Role: who.Role, Departments: append([]string{}, who.Departments...),
		Capacity: who.Capacity, Presence: desk.PresenceOffline, Active: true, CreatedMs: at.UnixMilli(),
	}
	if agent.Name == "" {
		agent.Name, _, _ = strings.Cut(agent.Email, "@")
	}
	if err := m.cfg.People.SaveAgent(ctx, agent); err != nil {
		return nil, "", err
	}
	token, err := m.link(ctx, agent.ID, InvitationLife)
	if err != nil {
		return nil, "", err
	}
	return agent, token, m.Note(ctx, by, "agent_invited", agent.ID, fmt.Sprintf("%s as %s", agent.Email, agent.Role))
}

func mayAdminister(by *Caller) error {
	if by == nil {
		return nil
	}
	return by.May(desk.PermissionAdmin)
}

// Reinvite returns the token of a new one-time link for an agent, who sets a
// new password with it. What he has works until then, an older link no more.
func (m Members) Reinvite(ctx context.Context, by *Caller, id string) (*desk.Agent, string, error) {
	if err := mayAdminister(by); err != nil {
		return nil, "", err
	}
	agent, ok := m.cfg.People.Agent(id)
	if !ok {
		return nil, "", notFound("agent")
	}
	if !agent.Active {
		return nil, "", conflict("id", "the agent is disabled")
	}
	token, err := m.link(ctx, id, InvitationLife)
	if err != nil {
		return nil, "", err
	}
	return agent, token, m.Note(ctx, by, "link_made", id, "")
}

func (m Members) link(ctx context.Context, agent string, life time.Duration) (string, error) {
	token, hash := newToken()
	at := m.cfg.Now()
	return token, m.cfg.Store.SaveInvitation(ctx, &Invitation{
		Hash: hash, Agent: agent, CreatedMs: at.UnixMilli(), ExpiresMs: at.Add(life).UnixMilli(),
	})
}

// Edit changes an agent for an admin, or for the command line (by is nil). The
// last admin who can sign in stays one: session.CodeConflict. Who is disabled
// is signed out at once.
func (m Members) Edit(ctx context.Context, by *Caller, id string, edit func(*desk.Agent) error) (*desk.Agent, error) {
	if err := mayAdminister(by); err != nil {
		return nil, err
	}
	var before desk.Agent
	var after *desk.Agent
	err := m.changing.run(ctx, func(ctx context.Context) (err error) {
		after, err = m.edit(ctx, id, &before, edit)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !after.Active {
		err = errors.Join(m.endLogins(ctx, id, Hash{}), m.cfg.Store.DropInvitations(ctx, id))
	}
	return after, errors.Join(err, m.Note(ctx, by, "agent_changed", id, difference(&before, after)))
}

func (m Members) edit(ctx context.Context, id string, before *desk.Agent, edit func(*desk.Agent) error) (*desk.Agent, error) {
	others, err := m.admins(ctx, id)
	if err != nil {
		return nil, err
	}
	return m.cfg.People.EditAgent(ctx, id, func(agent *desk.Agent) error {
		*before = *agent
		if err := edit(agent); err != nil {
			return err
		}
		if isAdmin(before) && !isAdmin(agent) && others == 0 {
			return conflict("role", "the last admin stays an active admin; make somebody else one first")
		}
		return nil
	})
}

func isAdmin(agent *desk.Agent) bool {
	return agent.Active && agent.Role.Allows(desk.PermissionAdmin)
}

// admins counts the admins who can sign in, but one.
func (m Members) admins(ctx context.Context, but string) (int, error) {
	list, err := m.cfg.Store.AllCredentials(ctx)
	n := 0
	for _, held := range list {
		agent, ok := m.cfg.People.Agent(held.Agent)
		if ok && held.usable() && isAdmin(agent) && agent.ID != but {
			n++
		}
	}
	return n, err
}

// difference names what an edit changed, for the audit log.
func difference(before, after *desk.Agent) string {
	var all []string
	note := func(name string, from, to any) {
		if from, to := fmt.Sprint(from), fmt.Sprint(to); from != to {
			all = append(all, fmt.Sprintf("%s: %s -> %s", name, from, to))
		}
	}
	note("email", before.Email, after.Email)
	note("name", before.Name, after.Name)
	note("role", before.Role, after.Role)
	note("active", before.Active, after.Active)
	note("capacity", before.Capacity, after.Capacity)
	note("departments", before.Departments, after.Departments)
	return strings.Join(all, "; ")
}

// Waiting returns the agents who cannot sign in yet: they have not used their
// link.
func (m Members) Waiting(ctx context.Context) (map[string]bool, error) {
	list, err := m.cfg.Store.AllCredentials(ctx)
	if err != nil {
		return nil, err
	}
	waiting := map[string]bool{}
	for _, agent := range m.cfg.People.Agents() {
		held := slices.IndexFunc(list, func(c *Credentials) bool { return c.Agent == agent.ID && c.usable() })
		waiting[agent.ID] = held < 0
	}
	return waiting, nil
}

// NeedsSetup reports whether nobody can sign in as an admin.
func (m Members) NeedsSetup(ctx context.Context) (bool, error) {
	n, err := m.admins(ctx, "")
	return n == 0 && err == nil, err
}

// Setup returns the token of a one-time link that makes the first admin, "" when
// there is one. An older such link works no more.
func (m Members) Setup(ctx context.Context) (string, error) {
	needed, err := m.NeedsSetup(ctx)
	if err != nil || !needed {
		return "", err
	}
	return m.link(ctx, "", SetupLife)
}

// Recheck tells the connections whose login is over: another node may have ended
// it. Asking the store for each of them, it is for a change of logins elsewhere.
func (m Members) Recheck(ctx context.Context) error {
	for _, hash := range m.watchers.logins() {
		if _, err := m.cfg.Store.Login(ctx, hash); errors.Is(err, session.ErrNoRow) {
			m.watchers.end(func(w *watcher) bool { return w.login == hash })
		} else if err != nil {
			return err
		}
	}
	return nil
}
