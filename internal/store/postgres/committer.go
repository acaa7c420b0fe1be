package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"parley/internal/session"
)

// aloneLimit is how many transactions of a single change run at one time: of changes
// of which nobody knows what they act on, and of those that wait for another node.
const aloneLimit = 8

// committer turns groups of changes into transactions.
type committer struct {
	*database
	kin     kin
	order   order
	listen  func(*session.Batch)
	observe func(changes int, took time.Duration)
	leave   func(*task) // runs a task of a group alone, later
	stats   struct{ commits, tasks, retries atomic.Int64 }
}

// run commits the tasks in one transaction and answers them. Those whose clients
// another transaction has leave the group; if all of it fails, each runs alone.
func (c *committer) run(tasks []*task) {
	for n := 0; ; n++ {
		err := c.attempt(c.groups, tasks, grouped)
		switch {
		case err == nil:
			return
		case isUnsettled(err):
			for _, t := range tasks {
				t.answer(err) // to run them again could do twice what stands
			}
			return
		case !isAway(err):
			for _, t := range tasks {
				c.leave(t)
			}
			return
		}
		if tasks = refuseLate(tasks, err); len(tasks) == 0 {
			return
		}
		c.pause(n)
	}
}

// runAlone commits one task, however often others are in its way.
func (c *committer) runAlone(t *task) {
	tasks := []*task{t}
	for n := 0; ; n++ {
		err := c.attempt(c.singles, tasks, alone)
		switch {
		case err == nil:
			return
		case isAway(err):
			if len(refuseLate(tasks, err)) == 0 {
				return
			}
		case isConflict(err) && n < attempts:
		case isConflict(err):
			t.answer(session.Unavailable(fmt.Sprintf("the store is too busy: %v", err)))
			return
		default:
			t.answer(err)
			return
		}
		c.pause(n)
	}
}

func (c *committer) pause(n int) {
	c.stats.retries.Add(1)
	time.Sleep(time.Millisecond + jitter(n))
}

// refuseLate answers the tasks that have waited long enough and returns the others.
func refuseLate(tasks []*task, err error) (kept []*task) {
	for _, t := range tasks {
		if t.late() {
			t.answer(unavailable(err))
		} else {
			kept = append(kept, t)
		}
	}
	return kept
}

// attempt is one transaction, from begin to the answers. On an error nothing of it
// stands and nobody was answered.
func (c *committer) attempt(p *pool, tasks []*task, m mode) error {
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), remaining(tasks))
	defer cancel()
	var g *group
	err := p.with(ctx, func(conn *conn) error {
		g = &group{committer: c, rows: newRows(conn, m, &c.kin)}
		conn.ahead = []*step{{name: "Begin"}}
		if err := g.commit(tasks); err != nil {
			return errors.Join(err, conn.rollback())
		}
		return nil
	})
	if errors.Is(err, context.DeadlineExceeded) {
		err = &unreachable{err}
	}
	if g == nil {
		return err
	}
	if g.unknown {
		err = c.settle(g, err)
	}
	if g.turn != nil {
		defer c.order.leave(g.turn)
	}
	if err != nil {
		return err
	}
	c.finish(g, time.Since(began))
	return nil
}

// settle learns what became of a COMMIT that was not answered: nil when it stands.
func (c *committer) settle(g *group, err error) error {
	if !guardOutcome {
		return &unreachable{err}
	}
	stands, lost := c.outcome(c.life, g.id)
	switch {
	case stands:
		return nil
	case lost != nil: // the store closes, and nobody will know
		return &unsettled{session.Unavailable("the store was closed before the database told whether the change is kept")}
	}
	return &unreachable{err}
}

// finish tells the listener, then the callers.
func (c *committer) finish(g *group, took time.Duration) {
	if g.batch != nil {
		c.stats.commits.Add(1)
		c.stats.tasks.Add(int64(len(g.kept)))
		c.kin.learn(g.batch.Sessions)
		if c.listen != nil {
			c.order.hear(g.turn, func() { c.listen(g.batch) })
		}
		if c.observe != nil {
			c.observe(len(g.kept), took)
		}
	}
	for _, t := range g.left {
		c.leave(t)
	}
	for _, t := range g.refused {
		close(t.done) // its error is noted
	}
	for _, t := range g.kept {
		t.answer(nil)
	}
}
