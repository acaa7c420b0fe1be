package session

import "time"

// Change is one turn's decision on its way into the store. Its operation runs
// inside the transaction, against the rows as they are then: guards first,
// then writes. Writes to what others write too are operations, not images: a
// merge onto the current document, the next sequence, a compare-and-set of the
// owner. Only what the lane alone writes (Vars, Client.Data, the dialog
// position) is written whole.
type Change struct {
	ID   ID
	Name string // of the operation, for the debug log
	// Trace is the traceparent of what the change is part of, "" where nobody asks.
	// What it makes for later, messages and webhooks, keeps it.
	Trace string

	// Alone asks for a transaction that no other change shares: a row that is erased
	// must not be written by a neighbour that read it before.
	Alone bool

	// Subject names the clients, sessions and messages that it acts on, so that a store
	// can lock and read them ahead. Person is one known by its key, who may not be there
	// yet. Where all of it is zero nobody knows before, unless Fresh says that it
	// acts on nobody there is.
	Subject []ID
	Person  PersonKey
	Fresh   bool

	do    operation
	cache *cache // rows as the last commits left them; nil reads them anew
}

// operation is what a turn does, with the rule of how.
type operation interface {
	apply(w *Work) error
}

// scope is what every operation knows.
type scope struct {
	in     *Integration
	at     time.Time
	line   Line
	leases leasing
}

func (s scope) ms() int64 { return s.at.UnixMilli() }

func (s scope) newID() ID { return NewID(s.at) }

// NewChange makes a change of a function that runs inside the transaction.
// The core makes its own; this one is for tests of a store.
func NewChange(name string, at time.Time, do func(*Work) error) *Change {
	return &Change{ID: NewID(at), Name: name, do: operationFunc(do)}
}

type operationFunc func(*Work) error

func (f operationFunc) apply(w *Work) error { return f(w) }
