package postgres

import (
	"cmp"
	"context"

	"parley/internal/desk"
	"parley/internal/session"
)

// Queue is a desk.Queue.
type Queue struct{ store *Store }

// Queue returns the port of the desk's router.
func (s *Store) Queue() *Queue { return &Queue{store: s} }

// Lines is desk.Queue's.
func (q *Queue) Lines(ctx context.Context) ([]desk.Line, error) {
	list, err := selected(ctx, q.store, "QueueLines", func(r *row) *desk.Line {
		return &desk.Line{Integration: r.text(), Department: r.text()}
	})
	return values(list), err
}

// Waiting is desk.Queue's. What an agent has transferred does not come back to
// him by being his last.
func (q *Queue) Waiting(ctx context.Context, line desk.Line, after desk.Place, limit int) ([]*desk.Waiting, error) {
	return selected(ctx, q.store, "QueueWaiting", scanWaiting, line.Integration, line.Department, after.SinceMs, after.ID, limit)
}

func scanWaiting(r *row) *desk.Waiting {
	w := &desk.Waiting{Place: desk.Place{ID: r.id(), SinceMs: r.int()}, Session: r.id()}
	reason, here, before := r.text(), r.text(), r.text()
	if reason != session.ReasonTransferred {
		w.LastAgent = cmp.Or(here, before)
	}
	return w
}

// Held is desk.Queue's.
func (q *Queue) Held(ctx context.Context) ([]*desk.Held, error) {
	return selected(ctx, q.store, "QueueHeld", func(r *row) *desk.Held {
		return &desk.Held{
			Line: desk.Line{Integration: r.text(), Department: r.text()}, Session: r.id(), Agent: r.text(), SinceMs: r.int(),
		}
	})
}

// Load is desk.Queue's.
func (q *Queue) Load(ctx context.Context) (map[string]int, error) {
	load := map[string]int{}
	err := q.store.reading(ctx, func(c *conn) error {
		return c.each("QueueLoad", func(r *row) { load[r.text()] = int(r.int()) })
	})
	return load, err
}
