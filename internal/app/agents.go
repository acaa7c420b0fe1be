package app

import (
	"context"

	"parley/internal/account"
	"parley/internal/desk"
	deskface "parley/internal/face/desk"
	"parley/internal/session"
)

// agentRecord is an agent as the command line shows him.
type agentRecord struct {
	ID      string    `json:"agent_id"`
	Email   string    `json:"email"`
	Name    string    `json:"name"`
	Role    desk.Role `json:"role"`
	Active  bool      `json:"active"`
	Invited bool      `json:"invited"`                  // has not used his link yet
	URL     string    `json:"invitation_url,omitempty"` // only in the answer that makes it
}

func showAgent(a *desk.Agent, invited bool) agentRecord {
	return agentRecord{ID: a.ID, Email: a.Email, Name: a.Name, Role: a.Role, Active: a.Active, Invited: invited}
}

// invitation are the arguments of `parley agent invite`.
type invitation struct {
	Email string    `json:"email"`
	Name  string    `json:"name,omitempty"`
	Role  desk.Role `json:"role"`
}

func inviteAgent(ctx context.Context, n *Node, args invitation) (any, error) {
	agent, token, err := n.accounts.Members().Invite(ctx, nil, account.NewAgent{
		Email: args.Email, Name: args.Name, Role: args.Role, Capacity: session.DefaultCapacity,
	})
	if err != nil {
		return nil, err
	}
	return n.linked(agent, token, true), nil
}

// linked shows an agent with his link.
func (n *Node) linked(agent *desk.Agent, token string, invited bool) agentRecord {
	base := n.base
	if base == "" { // no server runs here
		base = n.baseOf(Addresses{Public: n.cfg.Listen})
	}
	r := showAgent(agent, invited)
	r.URL = base + deskface.InvitationPath + token
	return r
}

func listAgents(ctx context.Context, n *Node, _ struct{}) (any, error) {
	waiting, err := n.accounts.Members().Waiting(ctx)
	list := []agentRecord{}
	for _, agent := range n.people.Agents() {
		list = append(list, showAgent(agent, waiting[agent.ID]))
	}
	return list, err
}

// agentNamed finds an agent by id or e-mail.
func (n *Node) agentNamed(name string) (*desk.Agent, error) {
	if agent, ok := n.people.Agent(name); ok {
		return agent, nil
	}
	if agent, ok := n.people.AgentByEmail(name); ok {
		return agent, nil
	}
	return nil, &session.Error{Code: session.CodeNotFound, Field: "agent", Message: "no agent has this id or e-mail"}
}

func disableAgent(ctx context.Context, n *Node, args named) (any, error) {
	return n.setActive(ctx, args.ID, false)
}

func enableAgent(ctx context.Context, n *Node, args named) (any, error) {
	return n.setActive(ctx, args.ID, true)
}

func (n *Node) setActive(ctx context.Context, name string, active bool) (any, error) {
	agent, err := n.agentNamed(name)
	if err != nil {
		return nil, err
	}
	agent, err = n.accounts.Members().Edit(ctx, nil, agent.ID, func(a *desk.Agent) error {
		a.Active = active
		return nil
	})
	if err != nil {
		return nil, err
	}
	waiting, err := n.accounts.Members().Waiting(ctx)
	return showAgent(agent, waiting[agent.ID]), err
}

func resetAgent(ctx context.Context, n *Node, args named) (any, error) {
	agent, err := n.agentNamed(args.ID)
	if err != nil {
		return nil, err
	}
	agent, token, err := n.accounts.Members().Reinvite(ctx, nil, agent.ID)
	if err != nil {
		return nil, err
	}
	waiting, err := n.accounts.Members().Waiting(ctx)
	return n.linked(agent, token, waiting[agent.ID]), err
}
