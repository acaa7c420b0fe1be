package postgres

import (
	"context"
	"errors"
	"time"

	"parley/internal/session"
)

// sweepStep is how many rows one transaction of a sweep touches, so that
// changes never wait long behind it.
const sweepStep = 500

// commitMemory is how long a transaction can be asked for: far longer than any
// connection outlives its server.
const commitMemory = time.Hour

// Sweep is session.Store's. It goes in steps, each a transaction, and ends early, with
// what it has done, when ctx ends. What it forgets of transactions is not counted.
func (s *Store) Sweep(ctx context.Context, nowMs int64, keep session.Retention) (int64, error) {
	var total int64
	for _, step := range []func(*conn) (int64, bool, error){
		func(c *conn) (int64, bool, error) { return sweepRemembered(c, nowMs) },
		func(c *conn) (int64, bool, error) { return sweepRepeats(c, nowMs) },
		func(c *conn) (int64, bool, error) { return sweepEvents(c, nowMs-keep.EventsMs) },
		sweepCommits,
	} {
		for more := true; more; {
			var n int64
			err := s.within(ctx, func(c *conn) (err error) {
				n, more, err = step(c)
				return err
			})
			if err != nil {
				return total, err
			}
			total += n
		}
	}
	return total, nil
}

func sweepRemembered(c *conn, nowMs int64) (n int64, more bool, err error) {
	n, err = c.exec("SweepRemembered", nowMs, sweepStep)
	return n, n == sweepStep, err
}

func sweepCommits(c *conn) (n int64, more bool, err error) {
	n, err = c.exec("SweepCommits", commitMemory.Milliseconds(), sweepStep)
	return 0, n == sweepStep, err
}

// sweepRepeats forgets message ids that clients gave. Ids grow with time, so a
// mark of how far it has come spares it an index that every message would pay.
func sweepRepeats(c *conn, nowMs int64) (n int64, more bool, err error) {
	var mark session.ID
	if err := c.each("GetMark", func(r *row) { copy(mark[:], r.blob()) }, "repeats"); err != nil {
		return 0, false, err
	}
	until := firstID(nowMs - session.RepeatMemory.Milliseconds())
	list, err := all(c, "RepeatsAfter", scanID, mark, until, sweepStep)
	if err != nil || len(list) == 0 {
		return 0, false, err
	}
	last := list[len(list)-1]
	n, err = c.exec("ForgetRepeats", mark, *last)
	if err != nil {
		return 0, false, err
	}
	_, err = c.exec("PutMark", "repeats", last[:])
	return n, len(list) == sweepStep, err
}

// sweepEvents deletes the events of one chain that ended before a moment, a
// step at a time, and marks the chain when none is left.
func sweepEvents(c *conn, endedMs int64) (n int64, more bool, err error) {
	chain, err := one(c, "NextSwept", scanID, endedMs)
	if errors.Is(err, session.ErrNoRow) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	n, err = c.exec("SweepEvents", *chain, sweepStep)
	if err == nil && n < sweepStep {
		_, err = c.exec("MarkSwept", *chain)
	}
	return n, true, err
}
