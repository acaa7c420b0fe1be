package postgres

import (
	"errors"
	"maps"
	"time"

	"parley/internal/session"
)

// group is one write transaction and the tasks that share it.
type group struct {
	committer *committer
	rows      *rows
	kept      []*task // committed with the batch
	refused   []*task // by their own rules; each has its error
	left      []*task // have to wait for another transaction
	batch     *session.Batch
	turn      *turn
	id        session.ID // of the transaction
	unknown   bool       // whether it stands
}

// errSwallowed is a rule that went on without rows that it could not read.
var errSwallowed = errors.New("a client that another transaction has was passed over")

// commit runs the tasks and commits what they decided. A change that is refused leaves
// the rest alone; a returned error is one of the database or a breakdown, and nothing
// of the group may stand.
func (g *group) commit(tasks []*task) error {
	if err := g.readAhead(tasks); err != nil {
		return err
	}
	work := session.NewWork(g.rows)
	for _, t := range tasks {
		if err := g.apply(work, t); err != nil {
			return err
		}
	}
	if len(g.kept) == 0 {
		return g.rows.conn.rollback()
	}
	b := work.Batch()
	steps, err := g.write(b)
	if err != nil {
		return err
	}
	clients := maps.Clone(g.rows.known.locked)
	for _, c := range b.Clients {
		clients[c.ID] = true
	}
	g.turn = g.committer.order.enter(clients)
	g.id = session.NewID(time.Now())
	if g.unknown, err = g.rows.conn.commit(g.id, steps...); err == nil || g.unknown {
		g.batch = b
	}
	return err
}

// write returns the statements that go out with COMMIT. What is erased goes before,
// after all other writes: its rows are counted.
func (g *group) write(b *session.Batch) ([]*step, error) {
	steps := writes(b, &g.rows.known)
	if len(b.Erasures) == 0 {
		return steps, nil
	}
	if err := g.rows.conn.run(steps...); err != nil {
		return nil, err
	}
	for _, e := range b.Erasures {
		if err := erase(g.rows.conn, e); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// readAhead locks the clients that the tasks act on and reads their rows.
func (g *group) readAhead(tasks []*task) error {
	var ids []session.ID
	var persons []session.PersonKey
	for _, t := range tasks {
		ids = append(ids, t.change.Subject...)
		if t.change.Person != (session.PersonKey{}) {
			persons = append(persons, t.change.Person)
		}
	}
	if len(ids)+len(persons) == 0 {
		return nil
	}
	return g.rows.ground(ids, persons)
}

func (g *group) apply(work *session.Work, t *task) error {
	if g.rows.mode == grouped && g.rows.busy(t.change) {
		g.left = append(g.left, t)
		return nil
	}
	g.rows.met = false
	t.err = t.run(work)
	if g.rows.err != nil {
		return g.rows.err
	}
	if _, broke := errors.AsType[*panicked](t.err); broke {
		return t.err
	}
	switch {
	case g.rows.met && t.err == nil:
		return errSwallowed
	case g.rows.met:
		g.left = append(g.left, t)
	case t.err != nil:
		g.refused = append(g.refused, t)
	default:
		g.kept = append(g.kept, t)
	}
	return nil
}
