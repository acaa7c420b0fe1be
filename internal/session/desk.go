package session

// Availability says whether people take the dialogs of a department now.
type Availability string

const (
	Queued       Availability = "queued"    // an agent is there, and the conversation waits for one
	NoAgents     Availability = "no_agents" // nobody is there
	OutsideHours Availability = "outside_hours"
	Attended     Availability = "open" // an agent has the conversation already
)

// Desk is what the core asks the people's side. Its methods answer from memory
// and never wait for the core.
type Desk interface {
	// Availability tells whether people of a department, "" for any, take dialogs
	// of the integration now: Queued, NoAgents or OutsideHours.
	Availability(in *Integration, department string) Availability
	// Available tells whether an agent takes a dialog of a department now.
	Available(in *Integration, agent, department string) bool
}
