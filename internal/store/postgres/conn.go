package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/session"
)

// conn is one connection for as long as somebody has it. It speaks the protocol's
// own pipelines with prepared statements: what is known to be needed goes out at
// once and costs one round trip. One goroutine at a time uses it.
type conn struct {
	ctx      context.Context // ends the use, and the connection when that is late
	raw      *pgconn.PgConn
	prepared map[string]bool // names of statements
	ahead    []*step         // go out with the next pipeline, before it
}

// step is a statement of a pipeline.
type step struct {
	name    string
	args    []any
	planned bool       // anew with its values each time: lists with optional terms
	read    func(*row) // gets every row; may be nil; must not use the connection
	rows    int64      // read or changed; set by run
	done    bool       // answered without an error; set by run
}

// run sends the steps in one pipeline and reads their answers. The first error
// ends it; the steps after that one have not run.
func (c *conn) run(steps ...*step) error {
	steps, c.ahead = append(c.ahead, steps...), nil
	err := c.pipeline(steps)
	if _, answered := errors.AsType[*pgconn.PgError](err); err != nil && !answered {
		return &unreachable{err}
	}
	return err
}

func (c *conn) pipeline(steps []*step) (err error) {
	p := c.raw.StartPipeline(c.ctx)
	defer func() {
		if late := p.Close(); err == nil {
			err = late
		}
	}()
	fresh := make([]bool, len(steps)) // prepared in this pipeline
	asked := map[string]bool{}
	for i, s := range steps {
		if s.planned {
			p.SendQueryParams(sql(s.name), encodeAll(s.args), nil, binaryFormat, binaryFormat)
			continue
		}
		if !c.prepared[s.name] && !asked[s.name] {
			fresh[i], asked[s.name] = true, true
			p.SendPrepare(s.name, sql(s.name), nil)
		}
		p.SendQueryPrepared(s.name, encodeAll(s.args), binaryFormat, binaryFormat)
	}
	if err := p.Sync(); err != nil {
		return err
	}
	for i, s := range steps {
		if err := c.answer(p, s, fresh[i]); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// binaryFormat asks for one format of all columns.
var binaryFormat = []int16{1}

// sql returns the text of a query of the lists.
func sql(name string) string {
	text, ok := queries()[name]
	if !ok {
		panic("no query " + name) // a test knows them all
	}
	return text
}

func encodeAll(args []any) [][]byte {
	values := make([][]byte, len(args))
	for i, a := range args {
		values[i] = encode(a)
	}
	return values
}

var errPipeline = errors.New("the server's answers do not fit the questions")

func (c *conn) answer(p *pgconn.Pipeline, s *step, fresh bool) error {
	if fresh {
		got, err := p.GetResults()
		if err != nil {
			return err
		}
		if _, ok := got.(*pgconn.StatementDescription); !ok {
			return errPipeline
		}
		c.prepared[s.name] = true
	}
	got, err := p.GetResults()
	if err != nil {
		return err
	}
	result, ok := got.(*pgconn.ResultReader)
	if !ok {
		return errPipeline
	}
	for result.NextRow() {
		if s.read != nil {
			s.read(&row{values: result.Values(), fields: result.FieldDescriptions()})
		}
	}
	tag, err := result.Close()
	s.rows, s.done = tag.RowsAffected(), err == nil
	return err
}

// exec runs a query of the lists and returns the number of rows it changed.
func (c *conn) exec(name string, args ...any) (int64, error) {
	s := &step{name: name, args: args}
	err := c.run(s)
	return s.rows, err
}

// each calls read with every row of a query. read must not use the connection.
func (c *conn) each(name string, read func(*row), args ...any) error {
	return c.run(&step{name: name, args: args, read: read})
}

// one returns the row of a query, session.ErrNoRow where there is none.
func one[T any](c *conn, name string, read func(*row) *T, args ...any) (*T, error) {
	var found *T
	if err := c.each(name, func(r *row) { found = read(r) }, args...); err != nil {
		return nil, err
	}
	if found == nil {
		return nil, session.ErrNoRow
	}
	return found, nil
}

// all returns the rows of a query.
func all[T any](c *conn, name string, read func(*row) *T, args ...any) ([]*T, error) {
	var list []*T
	err := c.each(name, func(r *row) { list = append(list, read(r)) }, args...)
	return list, err
}

// values are the rows of a list of pointers.
func values[T any](list []*T) []T {
	plain := make([]T, len(list))
	for i, v := range list {
		plain[i] = *v
	}
	return plain
}
