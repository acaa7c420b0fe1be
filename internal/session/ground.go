package session

import (
	"context"
	"fmt"
	"time"
)

// loaded is the ground a bot turn starts from.
type loaded struct {
	in      *Integration
	session *Session
	chain   *Chain
	client  *Client
	talk    *Conversation
	doc     Document
	vars    *Vars
	at      time.Time
	read    time.Time // after which it is as it was read
}

// load reads the ground of a turn on one snapshot. It returns nil when a
// waiting message needs its successor opened first, which it then did.
func (c runner) load(ctx context.Context, handle ID, m *Message) (*loaded, error) {
	l := &loaded{}
	open := false
	at := c.cfg.Now()
	err := c.snapshot(ctx, func(w *Work) (err error) {
		open, err = l.look(w, handle)
		return err
	})
	if err != nil {
		return nil, err
	}
	l.read = c.cfg.Now()
	if err := l.enter(c, at, open); err != nil || open {
		return l, err
	}
	if m == nil {
		return nil, nil
	}
	return nil, ignoreGone(c.commit(ctx, "open successor", &openHead{scope: c.scope(l.in), message: m.ID}))
}

// ground is load for a message whose ground may have come with it.
func (c runner) ground(ctx context.Context, m *Message, l *loaded) (*loaded, error) {
	if l == nil {
		return c.load(ctx, m.Handle, m)
	}
	return l, l.enter(c, c.cfg.Now(), true)
}

// enter checks the lane's lease on what was read at a moment, and finds its integration.
func (l *loaded) enter(c runner, at time.Time, open bool) error {
	if open && !c.holds(l.client) {
		c.hold.Lease = Lease{}
		return errFenced
	}
	in, ok := c.cfg.Integration(l.session.Integration)
	if !ok {
		return fmt.Errorf("session %s: integration %s is unknown", l.session.ID, l.session.Integration)
	}
	l.in, l.at = in, at
	return nil
}

// look reads the newest session of a handle's chain, and where that is open what
// hangs on it.
func (l *loaded) look(w *Work, handle ID) (open bool, err error) {
	named, err := w.session(handle)
	if err != nil {
		return false, err
	}
	if l.chain, err = w.chain(named.Chain); err != nil {
		return false, err
	}
	if l.session, err = w.session(l.chain.Head); err != nil || !l.session.Open() {
		return false, err
	}
	if l.client, err = w.client(l.session.Client); err != nil {
		return false, err
	}
	if l.talk, err = w.conversation(l.session.ID); err != nil {
		return false, err
	}
	if l.vars, err = w.varsOf(l.session.ID); err != nil {
		return false, err
	}
	l.doc, err = w.document(l.session.ID)
	return err == nil, err
}

// readAhead gives a wake the ground of its message as the commit left it, where
// accepting it has read all of that: the turn that begins now need not ask the store.
// On the only node the cache does that.
func (c *Core) readAhead(b *Batch, wake Wake) Wake {
	if !c.cfg.Shared || wake.Message == nil {
		return wake
	}
	w := &Work{tables: b.work.tables}
	w.rows = missing{} // the transaction is over
	l := &loaded{read: c.cfg.Now()}
	if open, err := l.look(w, wake.Message.Handle); err == nil && open {
		wake.ground = l
	}
	return wake
}
