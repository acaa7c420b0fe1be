package sqlite

import (
	"context"

	"parley/internal/session"
)

const selectDead = `SELECT ` + deliveryColumns + `, died_ms FROM (SELECT *, '' AS trace FROM outbox_dead) `

func scanDead(r *row) *session.Delivery {
	d := scanDelivery(r)
	d.DiedMs = r.int()
	return d
}

// DeadLetters is session.Outbox's: newest first, those with an id below
// before. An empty integration stands for all, a zero id for the newest. A
// page has at most 1,000.
func (o *Outbox) DeadLetters(ctx context.Context, integration string, before session.ID, limit int) (list []*session.Delivery, err error) {
	where, args := `WHERE 1`, []any{}
	if integration != "" {
		where, args = where+` AND integration = ?`, append(args, integration)
	}
	if !before.IsZero() {
		where, args = where+` AND id < ?`, append(args, before[:])
	}
	args = append(args, bounded(limit))
	err = o.store.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, selectDead+where+` ORDER BY id DESC LIMIT ?`, scanDead, args...)
		return err
	})
	return list, err
}

// DeadLetter is session.Outbox's. It returns session.ErrNoRow where there is none.
func (o *Outbox) DeadLetter(ctx context.Context, id session.ID) (d *session.Delivery, err error) {
	err = o.store.readers.view(ctx, func(r *rows) error {
		d, err = read(r, selectDead+`WHERE id = ?`, scanDead, id[:])
		return err
	})
	return d, err
}

// Revive is session.Outbox's. It returns session.ErrNoRow where there is no
// such dead letter.
func (o *Outbox) Revive(ctx context.Context, id session.ID, delivered bool, lastError string) error {
	var changed int64
	err := o.store.do(ctx, func(c *conn) (err error) {
		if delivered {
			changed, err = c.exec(`DELETE FROM outbox_dead WHERE id = ?`, id[:])
			return err
		}
		changed, err = c.exec(`UPDATE outbox_dead SET attempts = attempts + 1, last_error = ? WHERE id = ?`, lastError, id[:])
		return err
	})
	if err == nil && changed == 0 {
		return session.ErrNoRow
	}
	return err
}
