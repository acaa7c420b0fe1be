package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"

	"modernc.org/sqlite"

	"parley/internal/session"
)

// conn is one connection with its prepared statements. It works on the
// driver's own interfaces: database/sql would add a lock, a pool and a
// conversion to each of the few million statements a minute that a busy
// writer runs. One goroutine at a time uses it.
type conn struct {
	raw        driver.Conn
	statements map[string]statement // by their text
	args       []driver.NamedValue
	dest       []driver.Value
}

type statement interface {
	driver.StmtExecContext
	driver.StmtQueryContext
	Close() error
}

// dial opens the database file with the given pragmas, each as "name(value)".
func dial(path string, pragmas []string) (*conn, error) {
	connector, err := sqlite.NewConnector(dataSource(path, pragmas))
	if err != nil {
		return nil, err
	}
	raw, err := connector.Connect(context.Background())
	if err != nil {
		return nil, err
	}
	return &conn{raw: raw, statements: map[string]statement{}}, nil
}

func dataSource(path string, pragmas []string) string {
	u := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"_pragma": pragmas}.Encode()}
	return u.String()
}

func (c *conn) close() error {
	var all []error
	for _, s := range c.statements {
		all = append(all, s.Close())
	}
	return errors.Join(append(all, c.raw.Close())...)
}

// prepared returns the statement of a text, prepared on first use.
func (c *conn) prepared(text string) (statement, error) {
	if s, ok := c.statements[text]; ok {
		return s, nil
	}
	made, err := c.raw.Prepare(text)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60q: %w", text, err)
	}
	s, ok := made.(statement)
	if !ok {
		return nil, fmt.Errorf("the driver's statement %T takes no context", made)
	}
	c.statements[text] = s
	return s, nil
}

// exec runs a statement and returns the number of rows it changed. Arguments
// are int64, string, []byte, bool or nil.
func (c *conn) exec(text string, args ...any) (int64, error) {
	s, err := c.prepared(text)
	if err != nil {
		return 0, err
	}
	// A context that cannot end spares the driver a goroutine per statement.
	res, err := s.ExecContext(context.Background(), c.named(args))
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (c *conn) named(args []any) []driver.NamedValue {
	c.args = c.args[:0]
	for i, a := range args {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return c.args
}

// each calls read with every row of a query. read must not use the connection.
func (c *conn) each(text string, read func(*row), args ...any) (err error) {
	s, err := c.prepared(text)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(context.Background(), c.named(args))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	n := len(rows.Columns())
	if cap(c.dest) < n {
		c.dest = make([]driver.Value, n)
	}
	r := row{values: c.dest[:n]}
	for {
		switch err := rows.Next(r.values); {
		case err == nil:
			r.at = 0
			read(&r)
		case errors.Is(err, io.EOF):
			return nil
		default:
			return err
		}
	}
}

// one returns the row of a query, session.ErrNoRow where there is none.
func one[T any](c *conn, text string, read func(*row) *T, args ...any) (*T, error) {
	var found *T
	if err := c.each(text, func(r *row) { found = read(r) }, args...); err != nil {
		return nil, err
	}
	if found == nil {
		return nil, session.ErrNoRow
	}
	return found, nil
}

// all returns the rows of a query.
func all[T any](c *conn, text string, read func(*row) *T, args ...any) ([]*T, error) {
	var list []*T
	err := c.each(text, func(r *row) { list = append(list, read(r)) }, args...)
	return list, err
}
