package session

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

// Conversation is the open question inside a session: opened by the first
// message or a handover, closed when resolved, reopenable.
type Conversation struct {
	ID       ID
	Session  ID
	Owner    OwnerKind
	Agent    Agent // set when Owner is OwnerAgent
	OpenedMs int64
	ClosedMs int64 // 0 while open
	Rating   int   // what the user thinks of it: MinRating to MaxRating, 0 for nothing
	Feedback string
	RatedMs  int64
}

// Open reports whether the conversation is not resolved.
func (c *Conversation) Open() bool { return c != nil && c.ClosedMs == 0 }

// Human reports whether an open conversation has left the bot.
func (c *Conversation) Human() bool { return c.Open() && c.Owner != OwnerBot }
