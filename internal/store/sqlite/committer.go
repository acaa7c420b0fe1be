package sqlite

import (
	"slices"
	"sync/atomic"
	"time"

	"parley/internal/session"
)

// committer owns the write connection. One goroutine at a time uses it, the
// one that leads the writer.
type committer struct {
	dial   func() (*conn, error)
	conn   *conn // nil after a disk error, until the probe succeeds
	listen func(*session.Batch)
	watch  func(changes int, took time.Duration) // nil: nobody
	sick   atomic.Pointer[session.Error]
	stats  struct{ commits, tasks atomic.Int64 }
}

// run commits the tasks in one transaction and answers them. If that fails for
// a reason that is not the disk's, each runs alone and gets its own result.
func (c *committer) run(tasks []*task) {
	if i := slices.IndexFunc(tasks, (*task).alone); i >= 0 && len(tasks) > 1 {
		for _, part := range [][]*task{tasks[:i], tasks[i : i+1], tasks[i+1:]} {
			if len(part) > 0 {
				c.run(part)
			}
		}
		return
	}
	err := c.attempt(tasks)
	switch {
	case err == nil:
	case isDisk(err):
		c.lose(err)
		fail(tasks, unavailable(err))
	case len(tasks) == 1:
		tasks[0].err = err
	default:
		for i := range tasks {
			c.run(tasks[i : i+1])
		}
		return
	}
	for _, t := range tasks {
		if t.done != nil {
			close(t.done)
		}
	}
}

func fail(tasks []*task, err *session.Error) {
	for _, t := range tasks {
		t.err = err
	}
}

// attempt is one transaction, from begin to the listener.
func (c *committer) attempt(tasks []*task) error {
	if c.conn == nil {
		return errNoConnection
	}
	began := time.Now()
	if _, err := c.conn.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	g := &group{conn: c.conn}
	b, err := g.apply(tasks)
	if err == nil {
		_, err = c.conn.exec("COMMIT")
	}
	if err != nil {
		c.rollback()
		return err
	}
	c.stats.commits.Add(1)
	c.stats.tasks.Add(int64(len(tasks)))
	if c.watch != nil {
		c.watch(len(tasks), time.Since(began))
	}
	if b != nil && c.listen != nil {
		c.listen(b)
	}
	if b != nil && len(b.Erasures) > 0 {
		c.conn.scrub()
	}
	return nil
}

// rollback leaves no transaction open. SQLite has rolled back by itself after
// some errors; a connection on which neither works is of no more use.
func (c *committer) rollback() {
	if _, err := c.conn.exec("ROLLBACK"); err != nil {
		if _, err = c.conn.exec("BEGIN"); err == nil {
			_, err = c.conn.exec("ROLLBACK")
		}
		if err != nil {
			c.drop()
		}
	}
}

func (c *committer) drop() {
	if c.conn != nil {
		_ = c.conn.close() // the handle is given up whatever it says
		c.conn = nil
	}
}

// lose gives the connection up after a disk error: after a failed sync the
// kernel may have forgotten pages that SQLite believes written, so the handle
// is never used again. The probe is tried at once, because what it writes
// takes the place of frames of the failed commit that may have reached the
// disk.
func (c *committer) lose(err error) {
	c.drop()
	c.sick.Store(unavailable(err))
	c.probe()
}

// probe opens a connection and commits as much as a small group would. The
// store is healthy again when that works.
func (c *committer) probe() {
	conn, err := c.dial()
	if err == nil {
		c.conn = conn
		_, err = conn.exec(`INSERT INTO marks (name, value) VALUES ('probe', randomblob(131072))
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
	}
	if err != nil {
		c.drop()
		c.sick.Store(unavailable(err))
		return
	}
	c.sick.Store(nil)
}
