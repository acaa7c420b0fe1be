package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"parley/internal/session"
)

// Outbox is a session.Outbox. Claims and settlements go through the writer's
// queue and share its commits.
type Outbox struct{ store *Store }

const deliveryColumns = `id, integration, chain, session, sequence, kind, body, created_ms, due_ms, attempts, token, lease_ms, last_error, trace`

func scanDelivery(r *row) *session.Delivery {
	return &session.Delivery{
		ID: r.id(), Integration: r.text(), Chain: r.id(), Session: r.id(), Sequence: r.int(), Kind: r.text(), Body: r.json(),
		CreatedMs: r.int(), DueMs: r.int(), Attempts: int(r.int()), Token: r.id(), LeaseMs: r.int(), LastError: r.text(), Trace: r.text(),
	}
}

// Claim is session.Outbox's. leaseMs is the length of the lease in
// milliseconds, counted from nowMs. The row's due time becomes the end of the
// lease: a sender that dies gives it back by silence.
func (o *Outbox) Claim(ctx context.Context, nowMs, leaseMs int64, limit int, except ...string) (claimed []*session.Delivery, err error) {
	due, bounds := `head = 1 AND due_ms <= ? ORDER BY due_ms LIMIT ?`, []any{nowMs, bounded(limit)}
	if len(except) > 0 {
		ids, err := o.others(ctx, nowMs, limit, except)
		if err != nil || ids == "" {
			return nil, err
		}
		due, bounds = `id IN (SELECT unhex(replace(value, '-', '')) FROM json_each(?)) AND head = 1 AND due_ms <= ?`, []any{ids, nowMs}
	}
	var list []*session.Delivery // of the last run of the write
	err = o.store.do(ctx, func(c *conn) (err error) {
		list, err = all(c, `SELECT `+deliveryColumns+` FROM outbox WHERE `+due, scanDelivery, bounds...)
		for _, d := range list {
			if err != nil {
				return err
			}
			d.Token, d.LeaseMs = session.NewID(time.UnixMilli(nowMs)), nowMs+leaseMs
			_, err = c.exec(`UPDATE outbox SET token = ?, lease_ms = ?, due_ms = ? WHERE id = ?`, d.Token[:], d.LeaseMs, d.LeaseMs, d.ID[:])
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// others returns the ids of due rows that are not of some integrations, as a
// list in JSON; "" is none. It looks outside the writer's queue, which must not
// wait for the walk over all that is passed over.
func (o *Outbox) others(ctx context.Context, nowMs int64, limit int, except []string) (ids string, err error) {
	names, err := json.Marshal(except)
	if err != nil {
		return "", err
	}
	err = o.store.readers.view(ctx, func(r *rows) error {
		found, err := readAll(r, `SELECT id FROM outbox WHERE head = 1 AND due_ms <= ? AND integration NOT IN (SELECT value FROM json_each(?))
			ORDER BY due_ms LIMIT ?`, scanID, nowMs, text(names), bounded(limit))
		if err != nil || len(found) == 0 {
			return err
		}
		list, err := json.Marshal(values(found))
		ids = text(list)
		return err
	})
	return ids, err
}

// Settle is session.Outbox's. Every outcome but a delivery counts an attempt.
func (o *Outbox) Settle(ctx context.Context, settled []session.Settlement) error {
	return o.store.do(ctx, func(c *conn) error {
		for i := range settled {
			if err := settle(c, &settled[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func settle(c *conn, s *session.Settlement) error {
	if !s.Delivered && !s.Dead {
		_, err := c.exec(`UPDATE outbox SET attempts = attempts + 1, due_ms = ?, last_error = ?, token = NULL, lease_ms = 0
			WHERE id = ? AND token = ?`, s.DueMs, s.LastError, s.ID[:], s.Token[:])
		return err
	}
	if s.Dead {
		_, err := c.exec(`INSERT INTO outbox_dead (id, integration, chain, session, sequence, kind, body, created_ms, due_ms,
			attempts, token, lease_ms, last_error, died_ms) SELECT id, integration, chain, session, sequence, kind, body,
			created_ms, due_ms, attempts + 1, NULL, 0, ?, ? FROM outbox WHERE id = ? AND token = ?`,
			s.LastError, s.AtMs, s.ID[:], s.Token[:])
		if err != nil {
			return err
		}
	}
	return finish(c, s)
}

// finish deletes a row that is over and makes the next of its chain the head.
func finish(c *conn, s *session.Settlement) error {
	d, err := one(c, `DELETE FROM outbox WHERE id = ? AND token = ? RETURNING `+deliveryColumns, scanDelivery, s.ID[:], s.Token[:])
	if errors.Is(err, session.ErrNoRow) {
		return nil // claimed by another since
	}
	if err != nil {
		return err
	}
	_, err = c.exec(`UPDATE outbox SET head = 1 WHERE id = (SELECT id FROM outbox WHERE integration = ? AND chain = ?
		ORDER BY sequence LIMIT 1)`, d.Integration, d.Chain[:])
	return err
}

// NextDue is session.Outbox's. A claimed row counts with the end of its lease.
func (o *Outbox) NextDue(ctx context.Context) (due int64, err error) {
	err = o.store.readers.view(ctx, func(r *rows) error {
		found, err := read(r, `SELECT due_ms FROM outbox WHERE head = 1 ORDER BY due_ms LIMIT 1`, scanInt)
		if errors.Is(err, session.ErrNoRow) {
			return nil
		}
		if err == nil {
			due = *found
		}
		return err
	})
	return due, err
}

func scanInt(r *row) *int64 {
	n := r.int()
	return &n
}

// Backlog is session.Outbox's. Ids grow with time, so the smallest is the
// oldest.
func (o *Outbox) Backlog(ctx context.Context, nowMs int64) (waiting, dead, oldestMs int64, err error) {
	err = o.store.readers.view(ctx, func(r *rows) error {
		_, err := read(r, `SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM outbox_dead),
			(SELECT created_ms FROM outbox ORDER BY id LIMIT 1)`, func(r *row) *int64 {
			waiting, dead, oldestMs = r.int(), r.int(), r.int()
			return &waiting
		})
		if waiting > 0 {
			oldestMs = max(0, nowMs-oldestMs)
		}
		return err
	})
	return waiting, dead, oldestMs, err
}
