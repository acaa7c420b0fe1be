package inbox

import (
	"context"

	"parley/internal/session"
)

// Index keeps the rows and their full text. It holds no rules: what a row says
// is decided by this package. Every engine passes the suite of package
// inboxtest.
type Index interface {
	// Rows returns the rows of threads, in no order; those without one are left out.
	Rows(ctx context.Context, ids []session.ID) ([]*Row, error)
	// Stale looks at chains of the given integrations after an id, at most limit,
	// and returns those whose row is missing or behind, with the last id it looked
	// at, zero after the end.
	Stale(ctx context.Context, integrations []string, after session.ID, limit int) ([]session.ID, session.ID, error)
	// Orphans returns rows among those of threads, nil for all, whose chain is not in
	// the store, at most limit: it was erased while they were on their way.
	Orphans(ctx context.Context, among []session.ID, limit int) ([]session.ID, error)
	// Changed returns in short the rows that were written at or after a moment of the
	// store's own clock, in milliseconds since 1970. A row appears when its writer is
	// done, which may be later than its moment by as much as a transaction takes: who
	// asks again and again asks for a time that overlaps.
	Changed(ctx context.Context, sinceMs int64) ([]Line, error)
	// Put writes entries of different threads in one transaction, whole or not at
	// all. Nodes may write the same thread: a row never gives way to one with an older
	// sequence, a text of a sequence is written once, and a person gives way to
	// what was seen later.
	Put(ctx context.Context, entries []*Entry) error
	// List returns the rows of a checked filter, at most Limit, in order of
	// Row.Key and id, after its position.
	List(ctx context.Context, f Filter) ([]*Row, error)
	// Lines returns all rows of a checked filter in short, in no order.
	Lines(ctx context.Context, f Filter) ([]Line, error)
	// Totals counts the rows of an integration, "" for all, that are neither
	// resolved nor ended.
	Totals(ctx context.Context, integration string) ([]Total, error)
	// Messages finds messages, newest entry first; People finds people by the
	// words of their name, e-mail and user id, who was seen last first, of the
	// newest QueryDepth. hidden leaves aside what the integration masks.
	Messages(ctx context.Context, q Query, limit int) ([]*Hit, error)
	People(ctx context.Context, q Query, hidden bool, limit int) ([]*Person, error)
	// Conversations reads what a report counts.
	Conversations(ctx context.Context, p Period, read func(Fact)) error
	// Erase removes the rows of threads, their texts, and the people whose newest
	// thread is among them. What the engine can take off the disk, it does.
	Erase(ctx context.Context, threads []session.ID) error
}

// Entry is what one chain gives the index: its row as it is now and what was
// said since the row was written last.
type Entry struct {
	Row    *Row
	Texts  []Text
	Person *Person
}

// Text is the searchable text of one message.
type Text struct {
	Message  session.ID
	Sequence int64
	AtMs     int64
	Author   string
	Text     string
}

// Person is a client as the search finds it. Shown and Masked are the words it
// is found by, the latter not by roles that see them as ***.
type Person struct {
	Client      session.ID `json:"client_id"`
	Integration string     `json:"integration_id"`
	Thread      session.ID `json:"thread_id"` // the newest
	Name        string     `json:"name"`
	Email       string     `json:"email"`
	LastMs      int64      `json:"last_at"`
	Shown       string     `json:"-"`
	Masked      string     `json:"-"`
}

// Hit is a message that was found.
type Hit struct {
	Thread   session.ID
	Sequence int64
	AtMs     int64
	Author   string // AuthorUser, …
	Text     string
	Row      *Row
}

// Line is a row as its checksum sees it.
type Line struct {
	ID       session.ID
	Sequence int64
	Status   Status
}

// Total is a number of threads.
type Total struct {
	Status Status
	Agent  string // id of who has them
	Count  int
}
