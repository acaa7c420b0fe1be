package sqlite

import (
	"cmp"
	"context"
	"errors"

	"parley/internal/desk"
	"parley/internal/session"
)

// Queue is a desk.Queue.
type Queue struct{ store *Store }

// Queue returns the port of the desk's router.
func (s *Store) Queue() *Queue { return &Queue{store: s} }

// inLine are the conversations of conversations_line. The literals let the
// partial index serve.
const inLine = `owner = 'queue' AND closed_ms = 0 AND snoozed_ms = 0`

// Lines is desk.Queue's. It jumps from line to line, however long each is.
func (q *Queue) Lines(ctx context.Context) (list []desk.Line, err error) {
	err = q.store.readers.view(ctx, func(r *rows) error {
		var last desk.Line
		for {
			next, err := read(r, `SELECT integration, department FROM conversations WHERE `+inLine+`
				AND (integration, department) > (?, ?) ORDER BY integration, department LIMIT 1`, func(r *row) *desk.Line {
				return &desk.Line{Integration: r.text(), Department: r.text()}
			}, last.Integration, last.Department)
			if errors.Is(err, session.ErrNoRow) {
				return nil
			}
			if err != nil {
				return err
			}
			last = *next
			list = append(list, last)
		}
	})
	return list, err
}

// Waiting is desk.Queue's. Who had the client last is looked for in his last
// sessions only: a client may stand for a crowd. What an agent has transferred
// does not come back to him by being his last.
func (q *Queue) Waiting(ctx context.Context, line desk.Line, after desk.Place, limit int) (list []*desk.Waiting, err error) {
	err = q.store.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, `SELECT c.id, c.waiting_ms, c.session, c.reason, c.last_agent_id, (
				SELECT h.last_agent_id FROM (
					SELECT id FROM sessions WHERE client = (SELECT client FROM sessions WHERE id = c.session) ORDER BY id DESC LIMIT 20
				) s JOIN conversations h ON h.session = s.id WHERE h.last_agent_id <> '' ORDER BY s.id DESC, h.opened_ms DESC LIMIT 1
			) FROM conversations c WHERE `+inLine+`
			AND integration = ? AND department = ? AND (waiting_ms, id) > (?, ?) ORDER BY waiting_ms, id LIMIT ?`,
			scanWaiting, line.Integration, line.Department, after.SinceMs, after.ID[:], int64(limit))
		return err
	})
	return list, err
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
func (q *Queue) Held(ctx context.Context) (list []*desk.Held, err error) {
	err = q.store.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, `SELECT integration, department, session, agent_id, waiting_ms FROM conversations
			WHERE owner = 'agent' AND closed_ms = 0 AND snoozed_ms = 0 AND waiting_ms > 0 ORDER BY waiting_ms, id`, func(r *row) *desk.Held {
			return &desk.Held{
				Line: desk.Line{Integration: r.text(), Department: r.text()}, Session: r.id(), Agent: r.text(), SinceMs: r.int(),
			}
		})
		return err
	})
	return list, err
}

// Load is desk.Queue's.
func (q *Queue) Load(ctx context.Context) (map[string]int, error) {
	load := map[string]int{}
	err := q.store.readers.view(ctx, func(r *rows) error {
		return r.note(r.conn.each(`SELECT agent_id, count(*) FROM conversations
			WHERE owner = 'agent' AND closed_ms = 0 AND snoozed_ms = 0 GROUP BY agent_id`, func(r *row) {
			load[r.text()] = int(r.int())
		}))
	})
	return load, err
}
