package history

// History is what was observed of one run, crashes included.
type History struct {
	Calls    []*Call
	Stays    []*Stay
	Hooks    []Hook
	Turns    []Turn
	Downs    []Span // in order of their starts
	Facts    *Facts
	Settings map[string]Settings // by integration
	// SlackMs is how late the machine itself was at worst, in milliseconds:
	// what is due within a second may be that much later.
	SlackMs int64
	// SkewMs is how far the clocks of two nodes may be apart at worst, in
	// milliseconds; 0 with one node.
	SkewMs int64
}

// Settings of an integration that the invariants depend on.
type Settings struct {
	TimeoutMs  int64 // session timeout, also while people own the conversation
	MaxPending int
	Subscribed []string // webhook names
}

// Span is a time in which the program was not there, in Unix milliseconds.
type Span struct{ From, To int64 }

// Stay is one socket's time on one chain: from session:create or
// session:reconnect to the cut.
type Stay struct {
	Socket   string
	Session  string          // the id that was named or created
	After    int64           // last_sequence that was given; -1 when none was
	Attached bool            // session:created or session:reconnected came
	Resumed  bool            // it said so
	Base     int64           // the sequence it said
	Seen     []Seen          // in order of arrival, replayed ones included
	Own      map[string]bool // tokens of the messages sent on it
	Whole    bool            // still connected when everything had come to rest
}

// Seen is an event with a sequence as a socket got it.
type Seen struct {
	Kind     string
	Session  string
	Sequence int64
	Message  string
	At       int64 // Unix nanoseconds
}

// Hook is one request to the webhook receiver.
type Hook struct {
	ID       string // request_id
	Kind     string
	Session  string
	Sequence int64
	Status   int    // what the receiver answered
	Body     string // digest
	At       int64  // Unix nanoseconds
}

// Turn is one line of a node's debug log. Times are Unix nanoseconds: when its
// ground was asked for, and when its commit was applied, shortly before it stood.
type Turn struct {
	Node    string // the process; "" of the only one
	Fence   int64  // of the lease under which it ran
	Change  string
	Client  string
	Session string
	Cause   string
	Load    int64
	Commit  int64
	Err     string
}
