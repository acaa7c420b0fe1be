package session

import (
	"bytes"
	"context"
	"encoding/json"
	"time"
)

// Bot answers while it owns the conversation. Run decides and changes
// nothing: its Decision is applied by the commit of the turn. A returned error
// means the bot could not be reached or broke its contract; an error inside
// the script is a Decision with Failure set.
type Bot interface {
	Run(ctx context.Context, turn *Turn) (*Decision, error)
}

// Vars is the script's side of a session, written whole by the lane alone.
type Vars struct {
	Session  ID
	Data     []byte // $session as a JSON object; nil is {}
	Position string // context path; "" is "/"
	Extra    []byte // JSON of the runtime: history, offered buttons; nil is {}
}

func (v *Vars) same(other *Vars) bool {
	return v.Position == other.Position && bytes.Equal(v.Data, other.Data) && bytes.Equal(v.Extra, other.Extra)
}

// Turn is what a bot turn starts from.
type Turn struct {
	Integration *Integration
	Session     *Session
	Client      *Client
	Version     int64
	Document    Document
	Vars        *Vars
	First       bool // no message placed and no bot turn committed in this session yet
	Message     *Message
	Input       Input
	Raw         json.RawMessage // the message body as received
	TargetState string          // of a script timeout
	Attempt     int             // 1, 2, 3
	Now         func() time.Time
	RequestID   ID // names the turn: Idempotency-Key prefix of outgoing calls
	NewSession  ID // the id a successor gets if this turn starts one (chatId after it)
	ExpiresAtMs int64
	Transcript  func(ctx context.Context, limit int) ([]*Message, error)
	// HumanParts tells where in the session people had the dialog, as far as events
	// after a sequence of the chain say; nil: nowhere.
	HumanParts   func(ctx context.Context, after int64) ([]HumanPart, error)
	HumanOnline  func(department string) bool // nil: nobody
	Conversation *Conversation
	// Webhook calls a dialog webhook of the integration (contract b.2); nil when it
	// has none. The error ends the turn.
	Webhook func(ctx context.Context, call *WebhookCall) (*WebhookAnswer, error)
}

// Switch says what a turn does to its session: dialog-language 7.2.
type Switch string

const (
	SwitchNone    Switch = ""
	SwitchStart   Switch = "start"   // startSession: all replies go to the new session
	SwitchRestart Switch = "restart" // newSession: Before stays in the old session
	SwitchStop    Switch = "stop"    // stopSession: replies stay, then the session closes
)

// Decision is what a bot turn decided.
type Decision struct {
	Before  []Reply // replies before a restart; they stay in the old session
	Replies []Reply
	Switch  Switch
	// StopAfter closes the session that Start or Restart opened (stopSession
	// after startSession).
	StopAfter bool

	Vars   Vars   // $session, position: of the session that is newest after the turn; with SwitchStop the successor's start values
	Client []byte // $client; nil = unchanged

	Timeout           *Timeout  // arms the script timeout
	Pushes            []Push    // events to the client, each at its time
	CancelPushes      []ID      // earlier ones of this client; unknown ids are ignored
	Patches           []Patch   // context merges, in order
	Handover          *Handover // gives the conversation to people
	CloseConversation bool
	SessionResult     string
	Facts             []Fact   // extension events of the turn
	Failure           *Failure // an error turn: vars and client are kept as before, and of the rest only replies and handover count
	State             string   // last state, for logs and debug
	// Heard is what the bot understood, for a post message webhook; nil is nothing.
	Heard *Heard
	// Release is the one of the bot that ran, 0 for a bot without releases. The
	// session keeps it; a successor takes the newest.
	Release int
}

// Timeout is a script timeout: one per session.
type Timeout struct {
	After       time.Duration
	TargetState string
}

// Patch is one context merge of a script.
type Patch struct{ Context Document }

// Handover options of a script or face (script-api 5.1).
type Handover struct {
	Reason       string
	Department   string
	FirstMessage string
	Attributes   map[string]string
	Theme        string
	// Hidden attributes and Custom, a JSON value or nil, are for programs of
	// people's desks. Neither reaches the client.
	Hidden map[string]string
	Custom json.RawMessage
	// History is what was said before, oldest first.
	History []HandoverLine
	// OnlyOnline gives the dialog away only while somebody of the department is
	// online; else the bot gets the event EventNobodyOnline.
	OnlyOnline bool
	// Once tells people of the first message; the dialog stays with the bot.
	Once bool
}

// HandoverLine is a message that people read when they take a dialog over.
type HandoverLine struct {
	Author Author `json:"author"`
	Text   string `json:"text"`
	AtMs   int64  `json:"timestamp"` // Unix milliseconds
}

// Fact is an event a turn reports beside its replies.
type Fact struct {
	Kind string
	Body json.RawMessage
}

// Failure describes an error turn.
type Failure struct {
	Code    string // one of FailureCodes
	State   string
	Where   string // file:line:column
	Message string
}

// Reply is one response object on the wire: contract (e). It has type and
// action_id.
type Reply = json.RawMessage

// FailureCode is the code of an error turn, as an error without its message.
type FailureCode string

func (c FailureCode) Error() string { return string(c) }

// FailureCodes are the codes of error turns.
func FailureCodes() []string {
	return []string{"script", "dialog", FailureLoop, "deadline", "webhook", FailureAnswer, FailureUnreachable}
}
