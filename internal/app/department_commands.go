package app

import (
	"encoding/json"

	"parley/internal/desk"
	"parley/internal/session"
)

type departmentGroup struct {
	Create departmentCreate `cmd:"" help:"Make a department of the desk."`
	List   departmentList   `cmd:"" help:"List departments."`
	Delete departmentDelete `cmd:"" help:"Delete a department; what waits for it goes to the general queue."`
}

type departmentCreate struct {
	store
	Name         string   `name:"name" required:"" help:"Name, by which handovers may ask for it."`
	Strategy     string   `name:"strategy" enum:"longest_waiting,round_robin,least_busy" default:"longest_waiting" help:"longest_waiting, round_robin or least_busy."`
	Sticky       bool     `name:"sticky" default:"true" negatable:"" help:"Give a client to the agent he had last, while that agent is available."`
	RequeueAfter int64    `name:"requeue-after" default:"300" placeholder:"SECONDS" help:"Back to the queue from an agent who is away, when a client has waited so long; 0 is never."`
	Default      bool     `name:"default" help:"Take conversations that name no department."`
	Hours        string   `name:"hours" placeholder:"JSON" help:"Business hours; see docs/routing.md. Default: always open."`
	Integrations []string `name:"integration" placeholder:"ID" help:"Integration that it serves; may be repeated. Default: all."`
	Agents       []string `name:"agent" placeholder:"EMAIL" help:"Agent who works for it, by id or e-mail; may be repeated."`
}

// Help shows an example.
func (departmentCreate) Help() string {
	return "Works while the server runs, too.\n\nExample:\n\n" +
		"  parley department create --name Sales --strategy least_busy --agent bob@example.com \\\n" +
		"    --hours '{\"time_zone\":\"Europe/Berlin\",\"weekly\":[{\"days\":[\"mon\",\"fri\"],\"from\":\"09:00\",\"to\":\"18:00\"}]}'"
}

// Run makes the department.
func (c *departmentCreate) Run(p *process) error {
	args := newDepartment{
		Name: c.Name, Strategy: desk.Strategy(c.Strategy), Sticky: c.Sticky, Default: c.Default, RequeueAfter: c.RequeueAfter,
		Integrations: c.Integrations, Agents: c.Agents,
	}
	if c.Hours != "" {
		if !json.Valid([]byte(c.Hours)) {
			return session.Invalid("hours", "must be a JSON object; see docs/routing.md")
		}
		args.Hours = json.RawMessage(c.Hours)
	}
	return p.ask(c.store, "department.create", args, nil)
}

type departmentList struct{ store }

// Help shows an example.
func (departmentList) Help() string { return "Example:\n\n  parley department list" }

// Run lists departments.
func (c *departmentList) Run(p *process) error {
	return p.ask(c.store, "department.list", struct{}{}, table("ID\tNAME\tSTRATEGY\tSTICKY\tDEFAULT", columns("id", "name", "strategy", "sticky", "default")))
}

type departmentDelete struct {
	store
	ID string `arg:"" help:"Id or name of the department."`
}

// Help shows an example.
func (departmentDelete) Help() string { return "Example:\n\n  parley department delete Sales" }

// Run deletes the department.
func (c *departmentDelete) Run(p *process) error {
	return p.ask(c.store, "department.delete", named{ID: c.ID}, nil)
}
