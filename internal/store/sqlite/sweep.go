package sqlite

import (
	"context"
	"errors"
	"time"

	"parley/internal/session"
)

// sweepStep is how many rows one transaction of a sweep touches, so that
// changes never wait long behind it.
const sweepStep = 500

// Sweep is session.Store's. It goes in steps, each a write among the others,
// and ends early, with what it has done, when ctx ends.
func (s *Store) Sweep(ctx context.Context, nowMs int64, keep session.Retention) (int64, error) {
	var total int64
	for _, step := range []func(*conn) (int64, bool, error){
		func(c *conn) (int64, bool, error) { return sweepRemembered(c, nowMs) },
		func(c *conn) (int64, bool, error) { return sweepRepeats(c, nowMs) },
		func(c *conn) (int64, bool, error) { return sweepEvents(c, nowMs-keep.EventsMs) },
	} {
		for more := true; more; {
			var n int64
			err := s.do(ctx, func(c *conn) (err error) {
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
	n, err = c.exec(`DELETE FROM remembered WHERE (integration, route, key) IN
		(SELECT integration, route, key FROM remembered WHERE expires_ms <= ? ORDER BY expires_ms LIMIT ?)`, nowMs, int64(sweepStep))
	return n, n == sweepStep, err
}

// sweepRepeats forgets message ids that clients gave. Ids grow with time, so a
// mark of how far it has come spares it an index that every message would pay.
func sweepRepeats(c *conn, nowMs int64) (n int64, more bool, err error) {
	mark, err := markOf(c, "repeats")
	if err != nil {
		return 0, false, err
	}
	until := firstID(nowMs - session.RepeatMemory.Milliseconds())
	list, err := all(c, `SELECT id FROM messages WHERE id > ? AND id < ? ORDER BY id LIMIT ?`, scanID, mark[:], until[:], int64(sweepStep))
	if err != nil || len(list) == 0 {
		return 0, false, err
	}
	last := list[len(list)-1]
	n, err = c.exec(`UPDATE messages SET repeatable = 0 WHERE id > ? AND id <= ? AND repeatable = 1`, mark[:], last[:])
	if err != nil {
		return 0, false, err
	}
	_, err = c.exec(`INSERT INTO marks (name, value) VALUES ('repeats', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, last[:])
	return n, len(list) == sweepStep, err
}

func markOf(c *conn, name string) (session.ID, error) {
	id, err := one(c, `SELECT value FROM marks WHERE name = ?`, scanID, name)
	if errors.Is(err, session.ErrNoRow) {
		return session.ID{}, nil
	}
	if err != nil {
		return session.ID{}, err
	}
	return *id, nil
}

// firstID returns an id below every id made at or after a moment.
func firstID(ms int64) session.ID {
	id := session.NewID(time.UnixMilli(max(0, ms)))
	clear(id[6:])
	return id
}

// sweepEvents deletes the events of one chain that ended before a moment, a
// step at a time, and marks the chain when none is left.
func sweepEvents(c *conn, endedMs int64) (n int64, more bool, err error) {
	chain, err := one(c, `SELECT id FROM chains WHERE ended_ms > 0 AND swept = 0 AND ended_ms <= ? ORDER BY ended_ms LIMIT 1`, scanID, endedMs)
	if errors.Is(err, session.ErrNoRow) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	n, err = c.exec(`DELETE FROM events WHERE chain = ?1 AND sequence IN
		(SELECT sequence FROM events WHERE chain = ?1 ORDER BY sequence LIMIT ?2)`, chain[:], int64(sweepStep))
	if err == nil && n < sweepStep {
		_, err = c.exec(`UPDATE chains SET swept = 1 WHERE id = ?`, chain[:])
	}
	return n, true, err
}
