package inbox

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"parley/internal/session"
)

// Config of an inbox. Every field but Others is required.
type Config struct {
	Index        Index
	Store        session.Store // its read side
	Integration  func(id string) (*session.Integration, bool)
	Integrations func() []*session.Integration
	Now          func() time.Time
	Log          *slog.Logger
	Others       *Others // nil: the only node
}

// Inbox keeps the rows as the store is and answers the desk. Its methods may
// be called from any goroutine.
type Inbox struct {
	projector
	sums   sync.Map      // the last Checksum by tab
	behind chan struct{} // holds one when the index is to be compared with the store
	stop   context.CancelFunc
	done   sync.WaitGroup
}

// New returns an inbox that does not run yet. Marks are kept from the start.
func New(cfg Config) *Inbox {
	x := &Inbox{behind: make(chan struct{}, 1), projector: projector{cfg: cfg, wake: make(chan struct{}, 1), dirty: map[session.ID]bool{}}}
	x.feed = NewFeed(session.NewID(cfg.Now()).String(), x.redact)
	x.neighbour = newNeighbour(&x.projector)
	return x
}

// Feed returns the feed of the rows.
func (x *Inbox) Feed() *Feed { return x.feed }

// Start counts what the index holds, then keeps it up to date until Stop. What
// a crash left out, or what a desk that was set up meanwhile has not seen, is
// found in the background.
func (x *Inbox) Start(ctx context.Context) error {
	totals, err := x.cfg.Index.Totals(ctx, "")
	if err != nil {
		return err
	}
	x.tally.load(totals)
	ctx, x.stop = context.WithCancel(context.WithoutCancel(ctx))
	x.done.Go(func() { x.run(ctx) })
	if x.neighbour != nil {
		x.done.Go(func() { x.neighbour.tend(ctx) })
	} else {
		x.CatchUp()
	}
	x.done.Go(func() { x.compare(ctx) })
	return nil
}

// CatchUp has what a node that is there no more has left out found in the
// background. Among many nodes one does it, when another one dies and when it begins
// to lead; a single node does it by itself when it starts.
func (x *Inbox) CatchUp() {
	select {
	case x.behind <- struct{}{}:
	default: // it is about to begin
	}
}

func (x *Inbox) compare(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-x.behind:
			x.catchUp(ctx)
		}
	}
}

// Stop ends the work. What is still marked is found at the next start.
func (x *Inbox) Stop() {
	if x.stop != nil {
		x.stop()
		x.done.Wait()
	}
}

func (x *Inbox) redact(r *Row) *Row {
	in, ok := x.cfg.Integration(r.Integration)
	if !ok {
		in = &session.Integration{}
	}
	return r.Redact(&in.Settings)
}

// shown names the integrations as they are called now, and redacts.
func (x *Inbox) shown(rows []*Row, hidden bool) []*Row {
	list := slices.Clone(rows)
	for i, r := range list {
		if in, ok := x.cfg.Integration(r.Integration); ok {
			r.IntegrationName = in.Name
		}
		if hidden {
			list[i] = x.redact(r)
		}
	}
	return list
}
