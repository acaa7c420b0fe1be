package session

import "bytes"

// OwnerKind says who answers in a conversation.
type OwnerKind string

const (
	OwnerBot   OwnerKind = "bot"
	OwnerQueue OwnerKind = "queue"
	OwnerAgent OwnerKind = "agent"
)

// Agent is a human who answers. Only ID is required.
type Agent struct {
	ID     string `json:"agent_id"`
	Name   string `json:"agent_name,omitempty"`
	Avatar string `json:"agent_avatar,omitempty"`
}

// Owner is who answers in a conversation; Agent is set when it is an agent.
type Owner struct {
	Kind  OwnerKind `json:"kind"`
	Agent *Agent    `json:"agent,omitempty"`
}

// Why a conversation left the bot. Scripts and desks name others.
const (
	ReasonRequested   = "requested"   // a face asked for people
	ReasonBotFailed   = "bot_failed"  // the bot could not be reached, or failed too often in a row
	ReasonTransferred = "transferred" // somebody gave it to an agent or a department
	ReasonTakenOver   = "agent"       // an agent took it from the bot
	ReasonAgentAway   = "agent_away"  // the agent who had it left while the user waited
)

// SnoozedUntilReply is the SnoozedMs of a conversation that sleeps until its
// user writes.
const SnoozedUntilReply int64 = -1

// Conversation is the open question inside a session: opened by the first
// message or a handover, closed when resolved, reopenable.
type Conversation struct {
	ID          ID
	Session     ID
	Integration string
	Owner       OwnerKind
	Agent       Agent // set when Owner is OwnerAgent
	OpenedMs    int64
	ClosedMs    int64  // 0 while open
	Department  string // whose queue it is or was in; "" is nobody's in particular
	Reason      string // why it left the bot; "" while it has not
	QueuedMs    int64  // when it last entered the queue; 0 = never
	WaitingMs   int64  // since when the user waits for a person's answer; 0 = does not
	AnsweredMs  int64  // a person's first answer; 0 = none yet
	SnoozedMs   int64  // until when it sleeps; SnoozedUntilReply; 0 = is awake
	LastAgent   Agent  // who had it last; it survives a resolve, and new conversations of the chain begin with it
	RatedMs     int64  // 0 = not rated
	Rating      int    // what the user thinks of it: MinRating to MaxRating, 0 for nothing
	Feedback    string
}

// Open reports whether the conversation is not resolved.
func (c *Conversation) Open() bool { return c != nil && c.ClosedMs == 0 }

// Human reports whether an open conversation has left the bot.
func (c *Conversation) Human() bool { return c.Open() && c.Owner != OwnerBot }

// InLine reports whether the conversation waits in a queue for an agent; one
// that sleeps does not.
func (c *Conversation) InLine() bool {
	return c.Open() && c.Owner == OwnerQueue && c.SnoozedMs == 0
}

// before reports whether c is served before another of its line: the longest
// waiting first.
func (c *Conversation) before(other *Conversation) bool {
	if c.WaitingMs != other.WaitingMs {
		return c.WaitingMs < other.WaitingMs
	}
	return bytes.Compare(c.ID[:], other.ID[:]) < 0
}

// owner tells who has the conversation; nil when none is open.
func (c *Conversation) owner() *Owner {
	if !c.Open() {
		return nil
	}
	o := &Owner{Kind: c.Owner}
	if c.Owner == OwnerAgent {
		agent := c.Agent
		o.Agent = &agent
	}
	return o
}
