package app

import "parley/internal/desk"

type agentGroup struct {
	Invite  agentInvite  `cmd:"" help:"Add an agent of the desk and print his one-time link."`
	List    agentList    `cmd:"" help:"List agents."`
	Disable agentDisable `cmd:"" help:"Sign an agent out and keep him out."`
	Enable  agentEnable  `cmd:"" help:"Let a disabled agent in again."`
	Reset   agentReset   `cmd:"" help:"Print a one-time link with which an agent sets a new password."`
}

type agentInvite struct {
	store
	Email string `name:"email" required:"" help:"E-mail address, with which the agent signs in."`
	Name  string `name:"name" help:"Name that clients see. Default: the e-mail before the @."`
	Role  string `name:"role" enum:"viewer,agent,manager,admin" default:"agent" help:"viewer, agent, manager or admin."`
}

// Help shows an example.
func (agentInvite) Help() string {
	return "Works while the server runs, too. The link is shown this once and works for a week.\n\nExample:\n\n" +
		"  parley agent invite --email bob@example.com --role agent"
}

// Run invites the agent.
func (c *agentInvite) Run(p *process) error {
	return p.ask(c.store, "agent.invite", invitation{Email: c.Email, Name: c.Name, Role: desk.Role(c.Role)}, nil)
}

type agentList struct{ store }

// Help shows an example.
func (agentList) Help() string { return "Example:\n\n  parley agent list" }

// Run lists agents.
func (c *agentList) Run(p *process) error {
	return p.ask(c.store, "agent.list", struct{}{}, table("ID\tEMAIL\tNAME\tROLE\tACTIVE\tINVITED", columns("agent_id", "email", "name", "role", "active", "invited")))
}

type agentDisable struct {
	store
	ID string `arg:"" help:"Id or e-mail of the agent."`
}

// Help shows an example.
func (agentDisable) Help() string {
	return "The last admin cannot be disabled.\n\nExample:\n\n  parley agent disable bob@example.com"
}

// Run disables the agent.
func (c *agentDisable) Run(p *process) error {
	return p.ask(c.store, "agent.disable", named{ID: c.ID}, nil)
}

type agentEnable struct {
	store
	ID string `arg:"" help:"Id or e-mail of the agent."`
}

// Help shows an example.
func (agentEnable) Help() string { return "Example:\n\n  parley agent enable bob@example.com" }

// Run enables the agent.
func (c *agentEnable) Run(p *process) error {
	return p.ask(c.store, "agent.enable", named{ID: c.ID}, nil)
}

type agentReset struct {
	store
	ID string `arg:"" help:"Id or e-mail of the agent."`
}

// Help shows an example.
func (agentReset) Help() string {
	return "Until the link is used the agent signs in as before. Using it also switches his second factor off.\n\n" +
		"Example:\n\n  parley agent reset bob@example.com"
}

// Run makes the link.
func (c *agentReset) Run(p *process) error {
	return p.ask(c.store, "agent.reset", named{ID: c.ID}, nil)
}
