package session

// Availability says whether people take conversations of a department now.
type Availability string

const (
	AvailabilityQueued       Availability = "queued"    // somebody is online; the conversation waits its turn
	AvailabilityNoAgents     Availability = "no_agents" // nobody is
	AvailabilityOutsideHours Availability = "outside_hours"
)

// Desk is what the core asks the people's side. It answers from memory: it is
// asked inside transactions.
type Desk interface {
	// Availability tells whether people of a department of the integration, as a
	// handover names it, "" for any, take conversations now.
	Availability(in *Integration, department string) Availability
	// Available tells whether one agent takes conversations of the department
	// now: he is online, works for it, and its hours are open.
	Available(in *Integration, department, agent string) bool
}
