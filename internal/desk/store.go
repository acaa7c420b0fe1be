package desk

import (
	"context"

	"parley/internal/session"
)

// Store is the port of the desk's people. Saving is an upsert by id; deleting
// what is not there does nothing. Agents and departments come in order of
// creation, canned replies by shortcut, views by name, both by code points. Every
// engine passes the suite of package desktest.
type Store interface {
	Agents(ctx context.Context) ([]*Agent, error)
	// SaveAgent returns EmailTaken for an address that another agent has.
	SaveAgent(ctx context.Context, a *Agent) error
	Departments(ctx context.Context) ([]*Department, error)
	SaveDepartment(ctx context.Context, d *Department) error
	DeleteDepartment(ctx context.Context, id string) error
	CannedReplies(ctx context.Context) ([]*CannedReply, error)
	SaveCannedReply(ctx context.Context, c *CannedReply) error
	DeleteCannedReply(ctx context.Context, id string) error
	Views(ctx context.Context) ([]*View, error)
	SaveView(ctx context.Context, v *View) error
	DeleteView(ctx context.Context, id string) error
}

// EmailTaken is the refusal of an address that another agent has, whatever its case.
func EmailTaken() error {
	return &session.Error{Code: session.CodeConflict, Field: "email", Message: "another agent has this address"}
}

// Queue is the port through which the router sees conversations. It reads what
// is committed.
type Queue interface {
	// Lines returns the lines in which conversations wait.
	Lines(ctx context.Context) ([]Line, error)
	// Waiting returns conversations of a line, those that have waited longest
	// first, after a place in that order.
	Waiting(ctx context.Context, line Line, after Place, limit int) ([]*Waiting, error)
	// Load counts the open conversations of each agent by id. Snoozed and
	// resolved ones do not count.
	Load(ctx context.Context) (map[string]int, error)
	// Held returns the conversations that agents have and whose clients wait for an
	// answer, the longest waiting first. Snoozed ones are left out.
	Held(ctx context.Context) ([]*Held, error)
}

// Line is where conversations of one integration wait for one department, as
// the handover named it; "" is for any.
type Line struct{ Integration, Department string }

// Place is a place in the order of waiting; the zero place is before all.
type Place struct {
	SinceMs int64
	ID      session.ID // of the conversation
}

// Waiting is a conversation that waits for an agent.
type Waiting struct {
	Place
	Session   session.ID
	LastAgent string // id of who had the client last, "" for nobody
}
