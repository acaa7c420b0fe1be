package history

// Facts are what is stored, read in one transaction. Ids are in their text
// form, "" for none; times are Unix milliseconds.
type Facts struct {
	ReadMs        int64
	Clients       []*Client
	Chains        []*Chain
	Sessions      []*Session
	Conversations []*Conversation
	Messages      []*Stored
	Events        []*Event // by chain and sequence
	Timers        []*Timer
	Deliveries    []*Delivery // the outbox and the dead letters
}

// Client is a stored client. N is $client.n.
type Client struct {
	ID, Integration, Key string
	N                    int64
	InboxNumber, Pending int64
}

// Chain is a stored chain.
type Chain struct {
	ID, Client, Head         string
	Sequence, Version, Epoch int64
}

// Session is a stored session with its context. N is $session.n, -1 where no
// script has run.
type Session struct {
	ID, Integration, Client, Chain, Predecessor, Successor string
	Status, Reason, External                               string
	CreatedMs, EndedMs                                     int64
	Document                                               map[string]any
	N                                                      int64
}

// Open reports whether the session has not ended.
func (s *Session) Open() bool { return s.Status == "active" }

// Conversation is a stored conversation.
type Conversation struct {
	ID, Session, Owner, Agent string
	OpenedMs, ClosedMs        int64
}

// Stored is a stored message. Of a user's, Verb and Token are its text; of a
// bot's, Replies are what it said.
type Stored struct {
	ID, Client, Author, Chain, Session, Handle, AcceptedIn string
	ClientMessageID, Outcome, Why                          string
	AtMs, Sequence, Number                                 int64
	Verb, Token                                            string
	Replies                                                []Reply
}

// User reports whether a client wrote the message.
func (m *Stored) User() bool { return m.Author == "user" }

// Bot reports whether the message is a bot's that clients may see.
func (m *Stored) Bot() bool { return m.Author == "bot" && m.Outcome != "suppressed" }

// Reply is one text of a bot. S and C are its counters, 0 where it names none.
type Reply struct {
	Verb, Token string
	S, C        int64
}

// Event is a stored event.
type Event struct {
	Chain    string
	Sequence int64
	Session  string
	AtMs     int64
	Kind     string
	Body     map[string]any
	Message  string
}

// shown is the kind that a socket sees: what is the desk's alone is a number there.
func (e *Event) shown() string {
	switch e.Kind {
	case "message:suppressed", "message:note", "conversation:snoozed", "conversation:woken", "conversation:transferred":
		return "session:sequence"
	}
	return e.Kind
}

func (e *Event) text(key string) string {
	s, _ := e.Body[key].(string)
	return s
}

// Timer is a stored timer.
type Timer struct {
	ID, Session, Kind string
	DueMs             int64
}

// Delivery is a webhook in the outbox, or a dead letter.
type Delivery struct {
	ID, Chain, Session, Kind string
	Sequence, DueMs          int64
	Dead                     bool
}
