package postgres

import (
	"context"
	"errors"

	"parley/internal/session"
)

// mode is what a transaction does with the clients whose rows it reads.
type mode int

const (
	reading mode = iota // nothing: it sees one state of the database
	grouped             // locks them, and leaves those that others have
	alone               // locks them, and waits
)

// view runs read in a transaction that sees one state of the database. An error of
// the database wins over what read made of it.
func (d *database) view(ctx context.Context, read func(*rows) error) error {
	err := d.views.with(ctx, func(c *conn) error {
		r := newRows(c, reading, nil)
		c.ahead = []*step{{name: "BeginSnapshot"}}
		err := read(r)
		if r.err != nil {
			err = r.err
		}
		_ = c.rollback() // a connection on which that fails is closed
		return err
	})
	return refusal(err)
}

// rows is session.Rows on one connection, inside a transaction that the
// connection is in. It keeps the first error of the database apart from the
// refusals of the rules that read through it.
type rows struct {
	conn  *conn
	mode  mode
	kin   *kin // nil: of nobody
	known ground
	met   bool // a client that another transaction has
	err   error
}

func newRows(c *conn, m mode, k *kin) *rows {
	return &rows{conn: c, mode: m, kin: k, known: newGround()}
}

// read is one with the database's errors noted.
func read[T any](r *rows, name string, scan func(*row) *T, args ...any) (*T, error) {
	v, err := one(r.conn, name, scan, args...)
	return v, r.note(err)
}

func readAll[T any](r *rows, name string, scan func(*row) *T, args ...any) ([]*T, error) {
	list, err := all(r.conn, name, scan, args...)
	return list, r.note(err)
}

func (r *rows) note(err error) error {
	if err != nil && r.err == nil && !errors.Is(err, session.ErrNoRow) {
		r.err = err
	}
	return err
}

// present returns a row that was looked for.
func present[T any](v *T) (*T, error) {
	if v == nil {
		return nil, session.ErrNoRow
	}
	return v, nil
}

// held reads a row twice where its client was not locked: only then it is current.
func held[T any](r *rows, get func() (*T, error), owner func(*T) session.ID) (*T, error) {
	v, err := get()
	if err != nil {
		return nil, err
	}
	if fresh, err := r.lock(owner(v)); err != nil || !fresh {
		return v, err
	}
	return get()
}

// look reads the ground of an id unless that was done.
func (r *rows) look(id session.ID) error {
	if r.known.looked[id] {
		return nil
	}
	return r.ground([]session.ID{id}, nil)
}

// mine returns a row that was looked for, where its client is this transaction's.
func mine[T any](r *rows, v *T, client session.ID) (*T, error) {
	if err := r.own(client); err != nil {
		return nil, err
	}
	return v, nil
}

func (r *rows) Client(id session.ID) (*session.Client, error) {
	if c := r.known.clients[id]; c != nil {
		return c, nil
	}
	if r.known.looked[id] && r.mode != grouped { // which may have left it to another
		return nil, session.ErrNoRow
	}
	if r.mode == reading {
		return read(r, "GetClient", scanClient, id)
	}
	if _, err := r.lock(id); err != nil {
		return nil, err
	}
	return present(r.known.clients[id])
}

func (r *rows) ClientByKey(integration, key string) (*session.Client, error) {
	if id, ok := r.known.keys[session.PersonKey{Integration: integration, Key: key}]; ok {
		return r.Client(id)
	}
	return held(r, func() (*session.Client, error) { return read(r, "ClientByKey", scanClient, integration, key) },
		func(c *session.Client) session.ID { return c.ID })
}

func (r *rows) Chain(id session.ID) (*session.Chain, error) {
	if c := r.known.chains[id]; c != nil {
		return mine(r, c, c.Client)
	}
	return held(r, func() (*session.Chain, error) { return read(r, "GetChain", scanChain, id) },
		func(c *session.Chain) session.ID { return c.Client })
}

func (r *rows) Session(id session.ID) (*session.Session, error) {
	if err := r.hang(id); err != nil {
		return nil, err
	}
	return present(r.known.sessions[id])
}

// hang reads a session and what hangs on it, unless that was done.
func (r *rows) hang(id session.ID) error {
	if r.known.sessions[id] == nil {
		if err := r.look(id); err != nil {
			return err
		}
	}
	if s := r.known.sessions[id]; s != nil {
		return r.own(s.Client)
	}
	return nil
}

func (r *rows) Document(id session.ID) ([]byte, error) {
	if err := r.hang(id); err != nil {
		return nil, err
	}
	if doc, ok := r.known.documents[id]; ok {
		return doc, nil
	}
	return nil, session.ErrNoRow
}

func (r *rows) Vars(id session.ID) (*session.Vars, error) {
	if err := r.hang(id); err != nil {
		return nil, err
	}
	return present(r.known.vars[id])
}

func (r *rows) Conversation(id session.ID) (*session.Conversation, error) {
	if err := r.hang(id); err != nil {
		return nil, err
	}
	return present(r.known.talks[id])
}

func (r *rows) Message(id session.ID) (*session.Message, error) {
	if m := r.known.messages[id]; m != nil {
		return mine(r, m, m.Client)
	}
	if r.known.looked[id] && r.mode != reading {
		return nil, session.ErrNoRow
	}
	get := func() (*session.Message, error) { return read(r, "GroundMessages", scanMessage, []session.ID{id}) }
	return held(r, get, func(m *session.Message) session.ID { return m.Client })
}

func (r *rows) MessageByClientID(client session.ID, clientMessageID string) (*session.Message, error) {
	if _, err := r.lock(client); err != nil {
		return nil, err
	}
	return read(r, "MessageByClientID", scanMessage, client, clientMessageID)
}

func (r *rows) Pending(client session.ID) ([]*session.Message, error) {
	if _, err := r.lock(client); err != nil {
		return nil, err
	}
	return readAll(r, "Pending", scanMessage, client)
}

// Timers: nobody else arms one of a session whose client is locked, which it is
// where the session was read.
func (r *rows) Timers(id session.ID) ([]*session.Timer, error) {
	list, err := readAll(r, "Timers", scanTimer, id)
	for _, t := range list {
		fresh, err := r.lock(t.Client)
		if err != nil {
			return nil, err
		}
		if fresh {
			return readAll(r, "Timers", scanTimer, id)
		}
	}
	return list, err
}

func (r *rows) NextPush(client session.ID, byMs int64) (*session.Timer, error) {
	if _, err := r.lock(client); err != nil {
		return nil, err
	}
	return read(r, "NextPush", scanTimer, client, byMs)
}

// Remembered locks nothing: the key of a new row decides between two who found none.
func (r *rows) Remembered(integration, route, key string) (*session.Remembered, error) {
	return read(r, "Remembered", scanRemembered, integration, route, key)
}
