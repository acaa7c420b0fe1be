package sqlite

import (
	"errors"

	"parley/internal/session"
)

// group is one write transaction and the tasks that share it.
type group struct {
	conn *conn
	rows rows
	made *session.Work // nil until a change needs it
	kept int           // changes that were not refused
}

func (g *group) work() *session.Work {
	if g.made == nil {
		g.rows.conn = g.conn
		g.made = session.NewWork(&g.rows)
	}
	return g.made
}

// apply runs the tasks and writes what they decided. A change that is refused
// has its error noted and leaves the rest alone; a returned error is one of
// the database or a breakdown, and nothing of the group may stand.
func (g *group) apply(tasks []*task) (*session.Batch, error) {
	for _, t := range tasks {
		t.err = t.run(g)
		if fatal := g.fatal(t); fatal != nil {
			return nil, fatal
		}
		if t.change != nil && t.err == nil {
			g.kept++
		}
	}
	if g.kept == 0 {
		return nil, nil
	}
	b := g.made.Batch()
	return b, write(g.conn, b)
}

func (g *group) fatal(t *task) error {
	if g.rows.err != nil {
		return g.rows.err
	}
	if _, broke := errors.AsType[*panicked](t.err); broke || t.write != nil {
		return t.err
	}
	return nil
}
