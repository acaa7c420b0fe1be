package session

import (
	"context"
	"encoding/json"
	"time"
)

// Rows reads single rows, as one transaction sees them. Every method returns
// ErrNoRow (Pending and Timers: an empty slice) where there is none. The
// caller owns what it gets; row slices such as Client.Data are never written
// to in place.
type Rows interface {
	Inbox
	Client(id ID) (*Client, error)
	ClientByKey(integration, key string) (*Client, error)
	Chain(id ID) (*Chain, error)
	Session(id ID) (*Session, error)
	Document(session ID) ([]byte, error)
	Vars(session ID) (*Vars, error)
	// Conversation returns the newest conversation of a session.
	Conversation(session ID) (*Conversation, error)
	Message(id ID) (*Message, error)
	MessageByClientID(client ID, clientMessageID string) (*Message, error)
	Timers(session ID) ([]*Timer, error)
	Remembered(integration, route, key string) (*Remembered, error)
}

// Inbox reads what waits for a client's lane.
type Inbox interface {
	// Pending returns the messages, lowest number first.
	Pending(client ID) ([]*Message, error)
	// NextPush returns the earliest pushed event that is due by a moment, in Unix milliseconds.
	NextPush(client ID, byMs int64) (*Timer, error)
}

// Batch is what a group of changes decided: rows to write in one transaction.
// Every row is an upsert by its key, except where noted.
type Batch struct {
	Clients       []*Client
	Chains        []*Chain
	Sessions      []*Session
	Documents     []DocumentRow
	Vars          []*Vars
	Conversations []*Conversation
	NewMessages   []*Message // insert
	Messages      []*Message // update of everything but client, author, body and ids
	Events        []*Event   // insert, in commit order
	Timers        []*Timer
	DeadTimers    []ID // delete
	Outbox        []*Delivery
	Remembered    []*Remembered
	Erasures      []*Erasure // carried out after all other writes, their counts filled in
	Woken         []Wake     // lanes that have something to do; nothing to write

	work *Work
}

// Wake names a client with pending messages. Message is set when it is the
// only one.
type Wake struct {
	Client  ID
	Message *Message
	Lease   Lease // of the client's lane; zero when nobody has it, and on the only node
	ground  *loaded

	Recovered bool // the lease was taken from a dead node, which may have run the first message
}

// DocumentRow is the context document of a session as stored.
type DocumentRow struct {
	Session ID
	JSON    []byte
}

// Store keeps the facts. It holds no rules: it runs each Change's own rules
// inside the transaction that commits it. Every engine passes the suite of
// package sessiontest.
type Store interface {
	// Commit applies the change and makes it durable, whole or not at all. It
	// returns after the commit. Changes that arrive together are committed in
	// one group, in order; a change that fails leaves its neighbours alone and
	// its own error is returned as it is. Unavailable is returned when the
	// queue or the disk is full. A caller whose ctx ends while its change is
	// queued gets ctx.Err(); the change is then committed or not, but whole.
	Commit(ctx context.Context, change *Change) error
	// OnCommit registers the one listener of committed batches, called in
	// commit order from one goroutine at a time before the callers of Commit
	// are answered. It must be called before the first Commit.
	OnCommit(func(*Batch))
	// View runs read on one consistent snapshot.
	View(ctx context.Context, read func(Rows) error) error

	Sessions(ctx context.Context, filter SessionFilter) ([]*Session, error)
	Messages(ctx context.Context, filter MessageFilter) ([]*Message, error)
	// Events returns the events of a chain after a sequence, in order, with
	// the messages they name.
	Events(ctx context.Context, chain ID, after int64, limit int) ([]*Event, error)
	// Line is the port of the queues.
	Line() Line
	// Releases counts the open sessions of each release of a bot.
	Releases(ctx context.Context) ([]ReleaseCount, error)
	// Heads returns the sequence of the last event of each chain; a chain that is not
	// there is left out.
	Heads(ctx context.Context, chains []ID) (map[ID]int64, error)
	Agenda
	Close() error
}

// Agenda is what waits to be done.
type Agenda interface {
	// Waiting returns clients with pending messages, oldest message first, without
	// those that one of besides holds. A limit of 0 stands for all.
	Waiting(ctx context.Context, besides []ID, limit int) ([]Waiting, error)
	// Due returns the timers and sessions whose time has come, at most limit of each.
	Due(ctx context.Context, nowMs int64, limit int) (timers []*Timer, sessions []ID, err error)
	// Sweep deletes what retention has passed and returns the number of rows.
	Sweep(ctx context.Context, nowMs int64, retention Retention) (int64, error)
}

// Waiting is a client with pending messages, and who may run its lane.
type Waiting struct {
	Client ID
	Holder ID // of its lease; zero for nobody
}

// Line reads the queues, as the last commit left them.
type Line interface {
	// Ahead counts those that wait in the line of c for longer than it does: InLine,
	// of its integration and department, by WaitingMs and id. It is called from
	// inside a commit.
	Ahead(c *Conversation) (int, error)
}

// Retention says how long what is over is kept, in milliseconds.
type Retention struct {
	EventsMs int64 // events of a chain after its end
}

// SessionFilter selects sessions, newest first. Zero fields select all.
type SessionFilter struct {
	Integration string
	Client      ID
	Status      Status
	ExternalID  string
	Before      ID // keyset: only sessions with a smaller id
	Endless     Endless
	Limit       int
}

// Endless selects open sessions that were created before a moment and that
// nothing will end: the next look at them was due before that moment or comes after
// every timer there is, or they are of an integration that nobody keeps, whose
// settings have their timers. The zero value selects all sessions. Unix milliseconds.
type Endless struct {
	CreatedBefore int64
	LookAfter     int64
}

// EndlessSince selects what is older than an age and has no timer: guarantees 2,
// row 18.
func EndlessSince(now time.Time, age time.Duration) Endless {
	return Endless{CreatedBefore: now.Add(-age).UnixMilli(), LookAfter: now.Add(MaxSnooze + MaxSessionTimeout).UnixMilli()}
}

// ReleaseCount is how many open sessions of an integration are on a release of
// its bot.
type ReleaseCount struct {
	Integration string
	Release     int
	Open        int64
}

// MessageFilter selects messages. With Session set: the transcript in order
// of sequence, after After; with Last, the last Limit of it (still ascending).
// With Outcome set: messages with that outcome, newest first.
type MessageFilter struct {
	Session ID
	After   int64
	Last    bool
	Outcome Outcome
	Notes   bool // also what agents wrote to each other
	Limit   int
}

// Delivery is one webhook waiting in the outbox. Deliveries of one chain go
// out in order of sequence; the body is serialised once and never changes.
type Delivery struct {
	ID          ID // also request_id and webhook-id
	Integration string
	Chain       ID
	Session     ID
	Sequence    int64
	Kind        string // event_type
	Body        json.RawMessage
	CreatedMs   int64
	DueMs       int64
	Attempts    int
	Token       ID // of the claim; zero when free
	LeaseMs     int64
	LastError   string
	DiedMs      int64  // dead letters only
	Trace       string // traceparent of the change that made it, "" for none; a dead letter has none
}

// Outbox is the port of the webhook sender.
type Outbox interface {
	// Claim takes due head rows, at most one of each (integration, chain):
	// the row with the lowest sequence, whatever its state. A row is free when
	// its lease has run out. Rows of the integrations named in except are passed over.
	Claim(ctx context.Context, nowMs, leaseMs int64, limit int, except ...string) ([]*Delivery, error)
	// Settle writes the outcomes. A settlement whose token is no longer the
	// row's is dropped.
	Settle(ctx context.Context, settled []Settlement) error
	// NextDue returns when the earliest waiting row is due, 0 when none waits.
	NextDue(ctx context.Context) (int64, error)
	DeadLetters(ctx context.Context, integration string, before ID, limit int) ([]*Delivery, error)
	DeadLetter(ctx context.Context, id ID) (*Delivery, error)
	// Revive settles a re-driven dead letter: delivered deletes it.
	Revive(ctx context.Context, id ID, delivered bool, lastError string) error
	// Backlog counts waiting and dead rows and the age of the oldest waiting one.
	Backlog(ctx context.Context, nowMs int64) (waiting, dead, oldestMs int64, err error)
}

// Settlement is the outcome of one attempt.
type Settlement struct {
	ID        ID
	Token     ID
	Delivered bool
	Dead      bool
	DueMs     int64 // of the next attempt, when neither delivered nor dead
	LastError string
	AtMs      int64
}

// Key is an API key of an integration. Only its SHA-256 is stored.
type Key struct {
	ID          ID
	Integration string
	Hash        [32]byte
	CreatedMs   int64
	RevokedMs   int64
}

// Registry is the port of integrations and their keys.
type Registry interface {
	Integrations(ctx context.Context) ([]*Integration, error)
	SaveIntegration(ctx context.Context, in *Integration) error
	Keys(ctx context.Context) ([]*Key, error)
	SaveKey(ctx context.Context, key *Key) error
}
