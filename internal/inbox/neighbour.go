package inbox

import (
	"context"
	"maps"
	"time"

	"parley/internal/session"
)

// Others are the nodes beside this one, which write the same index.
type Others struct {
	Cluster string      // id that all of them have
	Bus     session.Bus // nil: they are asked for in the index, each second
	Heard   func()      // called after rows that others wrote were told; may be nil
}

const (
	askEvery = time.Second // how often the index is asked without a bus
	askLax   = 5           // with a bus: every so many times
	// lookBack is how far back the index is asked each time: a row appears when its
	// writer's transaction ends, which takes less.
	lookBack = 10 * time.Second
)

// neighbour takes in the rows that other nodes write, and tells them of ours. A
// nil neighbour does nothing: there are no other nodes.
type neighbour struct {
	x *projector

	heard map[session.ID]int64 // what others say they wrote, 0 for erased; guarded by x.mu

	// Guarded by x.writing.
	late    []session.ID        // written, and not yet known to have a chain
	known   map[session.ID]told // what was told lately
	since   time.Time           // from when on the index is asked
	counted time.Time           // when the totals were read last
	stale   bool                // the totals are not those of the index
}

// told is a row as the feed had it last.
type told struct {
	sequence int64
	at       time.Time
}

func newNeighbour(x *projector) *neighbour {
	o := x.cfg.Others
	if o == nil {
		return nil
	}
	n := &neighbour{x: x, heard: map[session.ID]int64{}, known: map[session.ID]told{}, since: x.cfg.Now().Add(-lookBack)}
	x.feed.boot = o.Cluster
	x.feed.shareClock(x.cfg.Now)
	if o.Bus != nil {
		o.Bus.Subscribe(n.hear)
	}
	return n
}

// wrote notes rows of this node and tells the others. It returns those that are
// news: of one that another node has already brought further, nobody hears.
func (n *neighbour) wrote(rows []*Row) []*Row {
	if n == nil {
		return rows
	}
	fresh := n.note(rows)
	for _, r := range fresh {
		n.publish(r.ID, r.Sequence)
	}
	return fresh
}

// note keeps of rows those that are further than what is known. x.writing is held.
func (n *neighbour) note(rows []*Row) (fresh []*Row) {
	at := n.x.cfg.Now()
	for _, r := range rows {
		if n.known[r.ID].sequence < r.Sequence {
			n.known[r.ID] = told{r.Sequence, at}
			fresh = append(fresh, r)
		}
	}
	return fresh
}

// unsure notes rows that this node wrote.
func (n *neighbour) unsure(rows []*Row) {
	if n == nil {
		return
	}
	for _, r := range rows {
		n.late = append(n.late, r.ID)
	}
}

// doubt marks rows as erased whose chain another node erased while they were on
// their way: that node's erasure may have come before the row. Who erases does it
// twice, so one of the two sees the other. x.writing is held.
func (n *neighbour) doubt(ctx context.Context) error {
	if n == nil || len(n.late) == 0 {
		return nil
	}
	orphans, err := n.x.cfg.Index.Orphans(ctx, n.late, len(n.late))
	if err != nil {
		return err
	}
	n.late = nil
	if len(orphans) > 0 {
		n.x.mu.Lock()
		n.x.gone = append(n.x.gone, orphans...)
		n.x.mu.Unlock()
		n.x.rouse()
	}
	return nil
}

func (n *neighbour) erased(gone []session.ID) {
	if n == nil {
		return
	}
	for _, id := range gone {
		n.publish(id, 0)
	}
}

func (n *neighbour) publish(id session.ID, sequence int64) {
	if bus := n.x.cfg.Others.Bus; bus != nil {
		bus.Publish(session.Hint{Kind: session.HintThread, Chain: id, Sequence: sequence})
	}
}

// hear notes what another node wrote.
func (n *neighbour) hear(h session.Hint) {
	if h.Kind != session.HintThread {
		return
	}
	n.x.mu.Lock()
	if before, waits := n.heard[h.Chain]; !waits || before != 0 && h.Sequence > before || h.Sequence == 0 {
		n.heard[h.Chain] = h.Sequence
	}
	n.x.mu.Unlock()
	n.x.rouse()
}

// overhear reads what was heard of.
func (n *neighbour) overhear(ctx context.Context) error {
	if n == nil {
		return nil
	}
	n.x.mu.Lock()
	heard := n.heard
	n.heard = map[session.ID]int64{}
	n.x.mu.Unlock()
	if len(heard) == 0 {
		return nil
	}
	n.x.writing.Lock()
	defer n.x.writing.Unlock()
	var ids []session.ID
	for id, sequence := range heard {
		if sequence == 0 || n.known[id].sequence < sequence {
			ids = append(ids, id)
		}
	}
	_, err := n.adopt(ctx, ids)
	if err != nil {
		n.x.mu.Lock()
		maps.Copy(heard, n.heard) // what came meanwhile is newer
		n.heard = heard
		n.x.mu.Unlock()
	}
	return err
}

// follow asks the index what was written since the last time, by whomever, and
// reports whether that was news. x.writing is held.
func (n *neighbour) follow(ctx context.Context) (moved bool, err error) {
	at := n.x.cfg.Now()
	lines, err := n.x.cfg.Index.Changed(ctx, n.since.UnixMilli())
	if err != nil {
		return false, err
	}
	var ids []session.ID
	for _, line := range lines {
		if n.known[line.ID].sequence < line.Sequence {
			ids = append(ids, line.ID)
		}
	}
	if moved, err = n.adopt(ctx, ids); err != nil {
		return false, err
	}
	n.since = at.Add(-lookBack)
	maps.DeleteFunc(n.known, func(_ session.ID, t told) bool { return at.Sub(t.at) > 2*lookBack })
	return moved, nil
}

// adopt reads rows and tells of those that are news. A thread without a row was
// erased. x.writing is held.
func (n *neighbour) adopt(ctx context.Context, ids []session.ID) (moved bool, err error) {
	if len(ids) == 0 {
		return false, nil
	}
	rows, err := n.x.cfg.Index.Rows(ctx, ids)
	if err != nil {
		return false, err
	}
	here := map[session.ID]bool{}
	for _, r := range rows {
		here[r.ID] = true
	}
	var gone []session.ID
	for _, id := range ids {
		if !here[id] {
			gone = append(gone, id)
		}
	}
	fresh := n.note(rows)
	if len(fresh)+len(gone) == 0 {
		return false, nil
	}
	n.stale = true
	if n.x.cfg.Now().Sub(n.counted) >= askEvery {
		if err := n.count(ctx); err != nil {
			return false, err
		}
	}
	n.x.feed.publish(fresh, gone)
	if heard := n.x.cfg.Others.Heard; heard != nil {
		heard()
	}
	return true, nil
}

// count reads the numbers beside the tabs anew. x.writing is held.
func (n *neighbour) count(ctx context.Context) error {
	totals, err := n.x.cfg.Index.Totals(ctx, "")
	if err != nil {
		return err
	}
	n.x.tally.load(totals)
	n.stale, n.counted = false, n.x.cfg.Now()
	return nil
}

// settled makes a sum that holds for what the feed has told: nothing was written
// while it was read. nil when that does not come about. x.writing is held.
func (n *neighbour) settled(ctx context.Context, sum func() (*Checksum, error)) (*Checksum, error) {
	const tries = 3
	for range tries {
		made, err := sum()
		if err != nil {
			return nil, err
		}
		moved, err := n.follow(ctx)
		if err != nil {
			return nil, err
		}
		if !moved {
			return made, nil
		}
	}
	return nil, nil
}

// tend asks the index now and then, and at once when the bus goes or comes.
func (n *neighbour) tend(ctx context.Context) {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	connected := false
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		before := connected
		bus := n.x.cfg.Others.Bus
		connected = bus != nil && bus.Connected()
		if err := n.look(ctx, !connected || !before || i%askLax == 0); err != nil && ctx.Err() == nil {
			n.x.cfg.Log.ErrorContext(ctx, "the desk's list of other nodes cannot be read", "error", err.Error())
		}
	}
}

// look asks, and brings the counts up to date where they are stale.
func (n *neighbour) look(ctx context.Context, ask bool) error {
	n.x.writing.Lock()
	defer n.x.writing.Unlock()
	if ask {
		if _, err := n.follow(ctx); err != nil {
			return err
		}
	}
	if !n.stale {
		return nil
	}
	if err := n.count(ctx); err != nil {
		return err
	}
	n.x.feed.nudge(nil, nil)
	return nil
}
