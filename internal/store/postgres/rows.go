package postgres

import (
	"context"
	"errors"

	"parley/internal/session"
)

// view runs read in a transaction that sees one state of the database. An error of
// the database wins over what read made of it.
func (s *Store) view(ctx context.Context, read func(*rows) error) error {
	err := s.readers.with(ctx, func(c *conn) error {
		r := &rows{conn: c}
		c.ahead = []*step{{name: "BeginSnapshot"}}
		err := read(r)
		if r.err != nil {
			err = r.err
		}
		_ = c.rollback() // a connection on which that fails is closed
		return err
	})
	return refusal(err)
}

// rows is session.Rows on one connection, inside a transaction that the
// connection is in. It keeps the first error of the database apart from the
// refusals of the rules that read through it.
type rows struct {
	conn *conn
	err  error
}

// read is one with the database's errors noted.
func read[T any](r *rows, name string, scan func(*row) *T, args ...any) (*T, error) {
	v, err := one(r.conn, name, scan, args...)
	return v, r.note(err)
}

func readAll[T any](r *rows, name string, scan func(*row) *T, args ...any) ([]*T, error) {
	list, err := all(r.conn, name, scan, args...)
	return list, r.note(err)
}

func (r *rows) note(err error) error {
	if err != nil && r.err == nil && !errors.Is(err, session.ErrNoRow) {
		r.err = err
	}
	return err
}
