package account

import (
	"context"
	"errors"
	"strings"

	"parley/internal/desk"
	"parley/internal/session"
)

// Invited is whom a one-time link is for. The one of the first start is for
// nobody yet (Setup): it makes an admin.
type Invited struct {
	Agent *desk.Agent // of Setup: only Role is set
	Setup bool
}

// Acceptance is what somebody types who follows a one-time link.
type Acceptance struct {
	Name     string // "" = as it is
	Email    string // of the first admin
	Password string
}

// Invited looks at a link without using it. session.CodeNotFound for one that is
// unknown, used or too old.
func (m Members) Invited(ctx context.Context, token string) (*Invited, error) {
	hash, ok := tokenHash(token)
	if !ok {
		return nil, errLink()
	}
	link, err := m.cfg.Store.Invitation(ctx, hash)
	if errors.Is(err, session.ErrNoRow) || err == nil && link.ExpiresMs <= m.cfg.Now().UnixMilli() {
		return nil, errLink()
	}
	if err != nil {
		return nil, err
	}
	if link.Agent == "" {
		needed, err := m.NeedsSetup(ctx)
		if err == nil && !needed {
			err = errLink()
		}
		return &Invited{Agent: &desk.Agent{Role: desk.RoleAdmin}, Setup: true}, err
	}
	agent, ok := m.cfg.People.Agent(link.Agent)
	if !ok || !agent.Active {
		return nil, errLink()
	}
	return &Invited{Agent: agent}, nil
}

func errLink() error { return notFound("invitation, or it was used or has expired; ask for a new one") }

// Accept uses a link: it sets the password, switches an old second factor off,
// ends older logins, and signs in.
func (m Members) Accept(ctx context.Context, token string, typed Acceptance, from From) (cookie string, caller *Caller, err error) {
	err = m.changing.run(ctx, func(ctx context.Context) error {
		cookie, caller, err = m.accept(ctx, token, typed, from)
		return err
	})
	return cookie, caller, err
}

func (m Members) accept(ctx context.Context, token string, typed Acceptance, from From) (string, *Caller, error) {
	invited, err := m.Invited(ctx, token)
	if err != nil {
		return "", nil, err
	}
	agent := m.accepting(invited, typed)
	if err := CheckPassword("password", typed.Password, agent.Email, agent.Name); err != nil {
		return "", nil, err
	}
	if err := agent.Check(); err != nil {
		return "", nil, err
	}
	hash, err := m.passwords.Hash(ctx, typed.Password)
	if err != nil {
		return "", nil, err
	}
	link, _ := tokenHash(token)
	used, err := m.cfg.Store.UseInvitation(ctx, link, m.cfg.Now().UnixMilli())
	if err == nil && !used {
		err = errLink()
	}
	if err != nil {
		return "", nil, err
	}
	if err := m.settle(ctx, agent, hash); err != nil {
		return "", nil, err
	}
	m.gate.accounts.Right(agent.ID)
	return m.enter(ctx, agent, from, "invitation_used")
}

// accepting returns the agent as the acceptance makes him. The first admin may
// be one who was there and cannot sign in.
func (m Members) accepting(invited *Invited, typed Acceptance) *desk.Agent {
	agent := *invited.Agent
	if invited.Setup {
		at := m.cfg.Now()
		agent = desk.Agent{ID: session.NewID(at).String(), Departments: []string{}, Capacity: session.DefaultCapacity, CreatedMs: at.UnixMilli()}
		if known, ok := m.cfg.People.AgentByEmail(strings.TrimSpace(typed.Email)); ok {
			agent = *known
		}
		agent.Email, agent.Role, agent.Active, agent.Presence = strings.TrimSpace(typed.Email), desk.RoleAdmin, true, desk.PresenceOffline
	}
	if name := strings.TrimSpace(typed.Name); name != "" {
		agent.Name = name
	}
	return &agent
}

func (m Members) settle(ctx context.Context, agent *desk.Agent, password string) error {
	if err := m.keep(ctx, agent); err != nil {
		return err
	}
	if err := m.cfg.Store.SetPassword(ctx, agent.ID, password); err != nil {
		return err
	}
	if err := m.cfg.Store.SetFactor(ctx, agent.ID, Factor{}, nil); err != nil {
		return err
	}
	return m.endLogins(ctx, agent.ID, Hash{})
}

// keep stores what an acceptance changes of an agent, and nothing else.
func (m Members) keep(ctx context.Context, agent *desk.Agent) error {
	if _, known := m.cfg.People.Agent(agent.ID); !known {
		return m.cfg.People.SaveAgent(ctx, agent)
	}
	_, err := m.cfg.People.EditAgent(ctx, agent.ID, func(now *desk.Agent) error {
		now.Name, now.Role, now.Active = agent.Name, agent.Role, agent.Active
		return nil
	})
	return err
}
