package session

import (
	"context"
	"errors"
)

// leasing are the rules of leases, as a node applies them.
type leasing struct {
	Cluster
	leaving bool // it takes no more
}

func (c *Core) leasing() leasing {
	return leasing{c.cfg.Cluster, c.cfg.Cluster != nil && c.lanes.draining()}
}

// take gives the lease of a client's lane to this node where nobody living has
// it: taken is false when another node keeps it. from is the dead node that had
// it, zero for none.
func (l leasing) take(w *Work, client ID) (from ID, taken bool, err error) {
	cl, err := w.client(client)
	if err != nil {
		return ID{}, false, err
	}
	self := l.Self()
	if cl.Holder == self {
		return ID{}, true, nil
	}
	if !l.free(cl) {
		return ID{}, false, nil
	}
	from = cl.Holder
	cl = w.clients.edit(client)
	cl.Holder = self
	cl.Fence++
	return from, true, nil
}

// free reports whether this node may take the lease. One that is not sure to be
// alive itself, or that goes, takes nothing.
func (l leasing) free(cl *Client) bool {
	return !guardLease || !l.leaving && l.Alive(l.Self()) && (cl.Holder.IsZero() || !l.Alive(cl.Holder))
}

// hold is what a running lane knows of its lease. One goroutine uses it, the
// lane's.
type hold struct {
	leasing
	client ID
	Lease  // zero: it has to be taken, or looked at
}

// errFenced: the lease went to another node, or had never come; what the lane
// does is no longer its business.
var errFenced = errors.New("the lease of the lane is gone")

// fenced is an operation of a lane: it stands only while the lane's lease does,
// and gives it back where nothing waits any more.
type fenced struct {
	operation
	hold
	back bool
}

func (op *fenced) apply(w *Work) error {
	op.back = false
	cl, err := w.client(op.client)
	if errors.Is(err, ErrNoRow) {
		return errCauseGone // erased
	}
	if err != nil {
		return err
	}
	held := cl.Holder == op.Holder && cl.Fence == op.Fence
	if !held && guardFence {
		return errFenced
	}
	if err := op.operation.apply(w); err != nil {
		return err
	}
	if cl, err = w.client(op.client); err == nil && held && cl.Pending == 0 {
		w.clients.edit(op.client).Holder, op.back = ID{}, true
	}
	return err
}

// acting is an operation that knows on what it acts beside the client: sessions and
// messages.
type acting interface{ actsOn() []ID }

// submit commits an operation of the lane and returns the id of its change.
func (c runner) submit(ctx context.Context, name string, op operation) (ID, error) {
	subject := []ID{c.client}
	if known, ok := op.(acting); ok {
		subject = append(subject, known.actsOn()...)
	}
	if c.hold == nil {
		return c.Core.submit(ctx, name, op, subject...)
	}
	f := &fenced{operation: op, hold: *c.hold}
	id, err := c.Core.submit(ctx, name, f, subject...)
	if err == nil && f.back || errors.Is(err, errFenced) {
		c.hold.Lease = Lease{}
	}
	return id, err
}

func (c runner) commit(ctx context.Context, name string, op operation) error {
	_, err := c.submit(ctx, name, op)
	return err
}

// holds reports whether the client is as the lane's lease has it.
func (c runner) holds(cl *Client) bool {
	return c.hold == nil || !guardFence || c.hold.Lease == Lease{cl.Holder, cl.Fence}
}

// acquire makes sure of the lane's lease. ok is false when another node has it,
// when this one may not have any, or when there is nothing to do: a client has
// something to do when a message waits or wanted says so. recovered says that the
// lease came from a dead node, which may have run the first message.
func (c runner) acquire(ctx context.Context, wanted bool) (ok, recovered bool, err error) {
	if c.hold == nil || !c.hold.Holder.IsZero() {
		return c.hold == nil || c.hold.Alive(c.hold.Self()), false, nil
	}
	var cl *Client
	err = c.cfg.Store.View(ctx, func(rows Rows) (err error) {
		cl, err = rows.Client(c.client)
		return err
	})
	switch {
	case errors.Is(err, ErrNoRow):
		return false, false, nil
	case err != nil:
		return false, false, err
	case cl.Holder == c.hold.Self():
		c.hold.Lease = Lease{cl.Holder, cl.Fence}
		return c.hold.Alive(cl.Holder), false, nil
	case !c.hold.free(cl), cl.Pending == 0 && !wanted:
		return false, false, nil
	}
	op := &takeLease{hold: *c.hold, wanted: wanted}
	if _, err := c.Core.submit(ctx, "take lease", op, c.client); err != nil {
		return false, false, err
	}
	c.hold.Lease = op.got
	if recovered = !op.from.IsZero(); recovered && c.cfg.Metrics.Takeover != nil {
		c.cfg.Metrics.Takeover()
	}
	return !op.got.Holder.IsZero(), recovered && op.waits, nil
}

// takeLease takes the lease for a lane that has something to do.
type takeLease struct {
	hold
	wanted bool
	got    Lease // zero when it was not to be had
	from   ID
	waits  bool // a message does
}

func (op *takeLease) apply(w *Work) error {
	op.got, op.from = Lease{}, ID{}
	cl, err := w.client(op.client)
	if errors.Is(err, ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	if op.waits = cl.Pending > 0; !op.waits && !op.wanted {
		return nil
	}
	from, taken, err := op.take(w, op.client)
	if err != nil || !taken {
		return err
	}
	cl, err = w.client(op.client)
	if err == nil {
		op.got, op.from = Lease{cl.Holder, cl.Fence}, from
	}
	return err
}

// release gives the lease back when nothing waits, and when the node goes: then
// the others are told what waits. more says that something does.
func (c runner) release(ctx context.Context, leaving bool) (more bool, err error) {
	if c.hold == nil || c.hold.Holder.IsZero() {
		return false, nil
	}
	op := &giveLease{hold: *c.hold, leaving: leaving}
	if _, err := c.Core.submit(ctx, "give lease back", op, c.client); err != nil {
		return false, err
	}
	if op.waits && !leaving {
		return true, nil
	}
	c.hold.Lease = Lease{}
	return false, nil
}

type giveLease struct {
	hold
	leaving bool
	waits   bool
}

func (op *giveLease) apply(w *Work) error {
	op.waits = false
	cl, err := w.client(op.client)
	if errors.Is(err, ErrNoRow) {
		return nil
	}
	if err != nil || op.Lease != (Lease{cl.Holder, cl.Fence}) {
		return err
	}
	op.waits = cl.Pending > 0
	if op.waits && !op.leaving {
		return nil
	}
	w.clients.edit(op.client).Holder = ID{}
	if op.waits {
		w.now.woken = append(w.now.woken, Wake{Client: op.client})
	}
	return nil
}
