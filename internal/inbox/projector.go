package inbox

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"parley/internal/session"
)

const (
	pace       = 20 * time.Millisecond  // between two groups of rows
	retryAfter = 500 * time.Millisecond // after an error of the store
	groupLimit = 128                    // rows of one group
	eventPage  = 1000                   // events of a chain folded at once
	textLimit  = 1000                   // texts of one transaction, so that no commit waits long behind it
	stalePage  = 2000                   // chains compared at once
)

// projector writes the rows of what was committed.
type projector struct {
	cfg       Config
	feed      *Feed
	tally     tally
	neighbour *neighbour // what other nodes write; nil: there are none

	wake  chan struct{}
	mu    sync.Mutex
	dirty map[session.ID]bool // chains
	gone  []session.ID        // chains that were erased

	// Held from the reading of facts until their rows are written and told: there
	// is one writer, and who holds it for reading sees the index as the feed's
	// cursor says.
	writing sync.RWMutex
}

// Mark hears of a committed batch: [session.Config.Committed]. It only notes
// the chains, so that no commit waits for it. What no desk answers is left
// aside where the batch says so.
func (x *projector) Mark(b *session.Batch) {
	for _, e := range b.Erasures {
		x.mu.Lock()
		x.gone = append(x.gone, e.Chains...)
		x.mu.Unlock()
		x.rouse()
	}
	if len(b.Events) == 0 {
		return
	}
	aside := map[session.ID]bool{}
	for _, s := range b.Sessions {
		if in, ok := x.cfg.Integration(s.Integration); ok && !in.Settings.Desk {
			aside[s.Chain] = true
		}
	}
	marked := false
	x.mu.Lock()
	for _, ev := range b.Events {
		if !aside[ev.Chain] {
			x.dirty[ev.Chain], marked = true, true
		}
	}
	x.mu.Unlock()
	if marked {
		x.rouse()
	}
}

func (x *projector) mark(chains []session.ID) {
	x.mu.Lock()
	for _, id := range chains {
		x.dirty[id] = true
	}
	x.mu.Unlock()
	if len(chains) > 0 {
		x.rouse()
	}
}

func (x *projector) rouse() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// take returns at most a group of the dirty chains, and rouses again for the
// rest.
func (x *projector) take() []session.ID {
	x.mu.Lock()
	defer x.mu.Unlock()
	group := make([]session.ID, 0, min(len(x.dirty), groupLimit))
	for id := range maps.Keys(x.dirty) {
		if len(group) == groupLimit {
			x.rouse()
			break
		}
		group = append(group, id)
		delete(x.dirty, id)
	}
	return group
}

func (x *projector) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-x.wake:
		}
		wait := pace
		group := x.take()
		err := x.write(ctx, group)
		if err == nil {
			err = x.forget(ctx)
		}
		if err == nil {
			err = x.neighbour.overhear(ctx)
		}
		if err != nil && ctx.Err() == nil {
			x.cfg.Log.ErrorContext(ctx, "the desk's list is behind", "threads", len(group), "error", err)
			x.mark(group)
			x.rouse()
			wait = retryAfter
		}
		if !sleep(ctx, wait) {
			return
		}
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// write brings the rows of chains up to date and tells the feed.
func (x *projector) write(ctx context.Context, chains []session.ID) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	found, err := x.read(ctx, chains)
	if err != nil {
		return err
	}
	for len(found) > 0 {
		n, texts := 0, 0
		for n < len(found) && (n == 0 || texts+len(found[n].events) <= textLimit) {
			texts += len(found[n].events)
			n++
		}
		if err := x.put(ctx, found[:n]); err != nil {
			return err
		}
		found = found[n:]
	}
	return x.neighbour.doubt(ctx)
}

// put writes rows in one transaction, then tells of them.
func (x *projector) put(ctx context.Context, found []*facts) error {
	entries, rows := make([]*Entry, len(found)), make([]*Row, len(found))
	for i, f := range found {
		entries[i] = f.entry()
		rows[i] = entries[i].Row
	}
	if err := x.cfg.Index.Put(ctx, entries); err != nil {
		return err
	}
	var behind []session.ID
	for i, f := range found {
		x.tally.move(f.old, rows[i])
		if f.more {
			behind = append(behind, f.chain.ID)
		}
	}
	x.neighbour.unsure(rows)
	x.feed.publish(x.neighbour.wrote(rows), nil)
	x.mark(behind)
	return nil
}

// forget takes erased threads out. A row that was on its way while its chain was
// erased has been written by now; after it no row can be made of the chain.
func (x *projector) forget(ctx context.Context) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	gone := slices.Clone(x.gone)
	x.mu.Unlock()
	if len(gone) == 0 {
		return nil
	}
	if err := x.cfg.Index.Erase(ctx, gone); err != nil {
		return err
	}
	totals, err := x.cfg.Index.Totals(ctx, "")
	if err != nil {
		return err
	}
	x.mu.Lock()
	x.gone = slices.Delete(x.gone, 0, len(gone))
	x.mu.Unlock()
	x.tally.load(totals)
	x.feed.publish(nil, gone)
	x.neighbour.erased(gone)
	return nil
}

// catchUp finds rows without a chain, then compares every chain of a desk with
// its row and marks those that differ.
func (x *projector) catchUp(ctx context.Context) {
	if orphans, err := x.cfg.Index.Orphans(ctx, nil, stalePage); err == nil && len(orphans) > 0 {
		x.mu.Lock()
		x.gone = append(x.gone, orphans...)
		x.mu.Unlock()
		x.rouse()
	}
	var after session.ID
	for {
		stale, next, err := x.cfg.Index.Stale(ctx, x.desks(), after, stalePage)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			x.cfg.Log.ErrorContext(ctx, "the desk's list cannot be compared", "error", err)
			if !sleep(ctx, retryAfter) {
				return
			}
			continue
		}
		x.mark(stale)
		if next.IsZero() || len(stale) > 0 && !x.settled(ctx) {
			return
		}
		after = next
	}
}

// settled waits until the rows that are marked are written, so that a rebuild
// of many does not fill the memory. It reports whether ctx goes on.
func (x *projector) settled(ctx context.Context) bool {
	for {
		x.mu.Lock()
		left := len(x.dirty)
		x.mu.Unlock()
		if left < stalePage {
			return ctx.Err() == nil
		}
		if !sleep(ctx, pace) {
			return false
		}
	}
}

// desks returns the integrations that people answer.
func (x *projector) desks() (ids []string) {
	for _, in := range x.cfg.Integrations() {
		if in.Settings.Desk {
			ids = append(ids, in.ID)
		}
	}
	return ids
}
