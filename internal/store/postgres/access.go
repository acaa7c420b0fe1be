package postgres

import (
	"context"

	"parley/internal/session"
)

// How the ports beside the core read and write: one pipeline each, which is whole
// or nothing.

// reading lends a connection for reads that need no common snapshot.
func (d *database) reading(ctx context.Context, use func(*conn) error) error {
	return refusal(d.readers.with(ctx, use))
}

// selected reads the rows of a query.
func selected[T any](ctx context.Context, s *Store, query string, scan func(*row) *T, args ...any) (list []*T, err error) {
	err = s.reading(ctx, func(c *conn) error {
		list, err = all(c, query, scan, args...)
		return err
	})
	return list, err
}

// found reads the one row of a query, session.ErrNoRow where there is none.
func found[T any](ctx context.Context, s *Store, query string, scan func(*row) *T, args ...any) (v *T, err error) {
	err = s.reading(ctx, func(c *conn) error {
		v, err = one(c, query, scan, args...)
		return err
	})
	return v, err
}

// write runs steps in one transaction and one round trip. A step that reads needs
// within.
func (d *database) write(ctx context.Context, steps ...*step) error {
	return d.within(ctx, func(c *conn) error {
		c.ahead = append(c.ahead, steps...)
		return nil
	})
}

// scanID reads a lone id.
func scanID(r *row) *session.ID {
	id := r.id()
	return &id
}

// scanInt reads a lone number.
func scanInt(r *row) *int64 {
	n := r.int()
	return &n
}
