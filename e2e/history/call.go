package history

// Kind of a call.
type Kind string

// What callers do over REST and sockets.
const (
	Create            Kind = "create"
	Merge             Kind = "merge"
	Message           Kind = "message"
	Close             Kind = "close"
	CloseConversation Kind = "close conversation"
	Reopen            Kind = "reopen"
	Handover          Kind = "handover"
	Claim             Kind = "claim"
	Resolve           Kind = "resolve"
	AgentMessage      Kind = "agent message"
	Transfer          Kind = "transfer"
	Return            Kind = "return"
	View              Kind = "view"
)

// Outcome of a call as its caller saw it.
type Outcome int

const (
	Unknown Outcome = iota // no answer, or one that says nothing: done once or not at all
	Done                   // confirmed
	Refused                // answered with an error: not done
)

// Call is one request with its answer. Times are Unix nanoseconds on one clock
// that never goes back; Answered is 0 without an answer.
type Call struct {
	Kind     Kind
	Caller   string
	Sent     int64
	Answered int64
	Outcome  Outcome
	Code     string // of a refusal

	Session   string // the handle that was named; "" of a create
	Token     string // finds its write in the facts; repeats of one id share it
	Repeat    int    // 0 for the first call under an id
	Patch     bool   // it carries a patch of the context; the values are its token
	IfVersion int64  // 0: no precondition
	Agent     string // who gets the conversation by a claim, a message or a transfer; "" of one to the queue
	Force     bool   // of a claim: also from another agent

	Acting   string         // the session acted on, as answered
	Message  string         // message id, where the answer has one
	Version  int64          // of the context, where the answer has one; else 0
	Document map[string]any // of the context, where the answer has one
}

// before reports whether the call was answered before another was sent.
func (c *Call) before(d *Call) bool { return c.Answered > 0 && c.Answered < d.Sent }
