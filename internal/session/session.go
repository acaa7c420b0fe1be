package session

import "time"

// Status of a session. Only an open one can change.
type Status string

const (
	StatusOpen    Status = "active"
	StatusClosed  Status = "closed"
	StatusExpired Status = "expired"
)

// Reason says why a session ended. Every end carries one.
type Reason string

const (
	ReasonAPI      Reason = "api"
	ReasonUser     Reason = "user"
	ReasonAgent    Reason = "agent"
	ReasonResolved Reason = "resolved"
	ReasonTimeout  Reason = "timeout"
	ReasonScript   Reason = "script"
)

// Session is a sequence of requests and answers with one context. It has one
// id and one life: open, then closed or expired.
type Session struct {
	ID            ID
	Integration   string
	Client        ID
	Chain         ID
	Predecessor   ID // zero for the first of a chain
	Successor     ID // set once, where there was none
	Status        Status
	Reason        Reason // empty while open
	Channel       string // kind of the face that created it: "custom" or "web"
	ExternalID    string
	ChannelUserID string
	IsTest        bool
	OptOut        bool
	Result        string // label set by sessionResult
	Started       bool   // a message was placed or a bot turn committed
	UserMessages  int64
	CreatedMs     int64
	EndedMs       int64
	LastUserMs    int64 // creation, user message, reopened conversation
	LastAgentMs   int64
	CheckMs       int64 // "look again then": never later than the next deadline
	WarnedMs      int64 // the deadline an expiry warning was sent for
	Armed         int   // bit set of the kinds of timers that are armed
	Release       int   // of the bot whose turns it runs; 0 before its first bot turn, and for a bot without releases
}

// Open reports whether the session can still change.
func (s *Session) Open() bool { return s.Status == StatusOpen }

// Handle reports whether the id still stands for the newest successor: the
// session is open, or a script ended it (architecture, Session life 4).
func (s *Session) Handle() bool { return s.Open() || s.Reason == ReasonScript }

// heard notes the user's last sign. It never goes back: another node's clock may
// be a little behind.
func (s *Session) heard(ms int64) { s.LastUserMs = max(s.LastUserMs, ms) }

// Deadline returns when the session expires if nothing pushes it: contract (f),
// session timer. While people own its conversation it uses theirs; one that
// sleeps has all of it after its sleep, and until a reply the longest there is.
func (s *Session) Deadline(set *Settings, talk *Conversation) int64 {
	last, timeout := s.LastUserMs, set.SessionTimeout.Milliseconds()
	if talk.Human() {
		last, timeout = max(last, s.LastAgentMs, talk.SnoozedMs), set.HumanTimeout.Milliseconds()
		if talk.SnoozedMs == SnoozedUntilReply {
			timeout = max(timeout, MaxSessionTimeout.Milliseconds())
		}
	}
	due := last + timeout
	if set.MaxSession > 0 {
		due = min(due, s.CreatedMs+set.MaxSession.Milliseconds())
	}
	return due
}

// nextCheck returns when the worker has to look at the session again.
func (s *Session) nextCheck(set *Settings, talk *Conversation) int64 {
	due := s.Deadline(set, talk)
	if warn := due - set.ExpiryWarning.Milliseconds(); set.ExpiryWarning > 0 && s.WarnedMs != due {
		return warn
	}
	return due
}

// transitions is the lifecycle table: from open to either end, and nowhere
// from there.
func mayEnd(from, to Status) bool {
	return from == StatusOpen && (to == StatusClosed || to == StatusExpired)
}

func statusOf(r Reason) Status {
	if r == ReasonTimeout {
		return StatusExpired
	}
	return StatusClosed
}

func ms(t time.Time) int64 { return t.UnixMilli() }
