package desk

import (
	"slices"
	"strings"

	"parley/internal/session"
)

// Strategy says which of the free agents gets a conversation. Under every
// strategy the conversation that has waited longest goes first.
type Strategy string

const (
	// StrategyLongestWaiting takes the agent who has been given nothing for longest.
	StrategyLongestWaiting Strategy = "longest_waiting"
	// StrategyRoundRobin takes the agents in turn, whatever else they got.
	StrategyRoundRobin Strategy = "round_robin"
	// StrategyLeastBusy takes the agent with the fewest open conversations.
	StrategyLeastBusy Strategy = "least_busy"
)

// Department is a group of agents with a queue. Values are immutable once
// handed out.
type Department struct {
	ID       string   `json:"id"` // UUID
	Name     string   `json:"name"`
	Strategy Strategy `json:"strategy"`
	// Sticky gives a client to the agent he had last, while that agent is
	// available and has room.
	Sticky bool   `json:"sticky"`
	Hours  *Hours `json:"hours"` // nil: always open
	// Integrations the department serves, by id; empty: all.
	Integrations []string `json:"integrations"`
	// Default takes the conversations of its integrations that name no
	// department, or none that is known.
	Default bool `json:"default"`
	// RequeueAfter is how long, in seconds, a client waits for an agent who is away
	// before his conversation goes back to the queue; 0 = for ever.
	RequeueAfter int64 `json:"requeue_after"`
	CreatedMs    int64 `json:"created_at"`
}

// Serves reports whether conversations of an integration may come here.
func (d *Department) Serves(integration string) bool {
	return len(d.Integrations) == 0 || slices.Contains(d.Integrations, integration)
}

// Check refuses a department that cannot be stored, naming the field.
func (d *Department) Check() error {
	if err := checkName("name", d.Name); err != nil {
		return err
	}
	switch d.Strategy {
	case StrategyLongestWaiting, StrategyRoundRobin, StrategyLeastBusy:
	default:
		return session.Invalid("strategy", "must be longest_waiting, round_robin or least_busy, not %q", d.Strategy)
	}
	if d.RequeueAfter < 0 || d.RequeueAfter > int64(session.MaxRequeueAfter.Seconds()) {
		return session.Invalid("requeue_after", "must be 0 to %d seconds", int(session.MaxRequeueAfter.Seconds()))
	}
	if len(d.Integrations) > session.MaxDepartmentIntegrations {
		return session.Invalid("integrations", "must be at most %d", session.MaxDepartmentIntegrations)
	}
	_, err := d.Hours.Schedule()
	return err
}

// named reports whether a handover means this department: by id, or by name
// whatever its case.
func (d *Department) named(name string) bool {
	return d.ID == name || strings.EqualFold(d.Name, strings.TrimSpace(name))
}
