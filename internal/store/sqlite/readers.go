package sqlite

import (
	"context"

	"parley/internal/session"
)

// readers are the connections of the read side. Each read has one for itself,
// in a transaction of its own, and so sees one state of the store.
type readers struct {
	dial func() (*conn, error)
	free chan *conn // a nil waits to be opened again
}

func newReaders(n int, dial func() (*conn, error)) (*readers, error) {
	r := &readers{dial: dial, free: make(chan *conn, n)}
	for range n {
		c, err := dial()
		if err != nil {
			r.close(len(r.free))
			return nil, err
		}
		r.free <- c
	}
	return r, nil
}

// view runs read in one read transaction. An error of the database wins over
// what read made of it.
func (r *readers) view(ctx context.Context, read func(*rows) error) (err error) {
	c, err := r.take(ctx)
	if err != nil {
		return err
	}
	snapshot := rows{conn: c}
	defer func() { r.free <- r.ended(c, snapshot.err) }()
	if _, err := c.exec("BEGIN"); err != nil {
		snapshot.err = err
		return refusal(err)
	}
	err = read(&snapshot)
	if snapshot.err != nil {
		return refusal(snapshot.err)
	}
	return err
}

func (r *readers) take(ctx context.Context) (*conn, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case c, open := <-r.free:
		if !open {
			return nil, session.Unavailable("the store is closed")
		}
		if c != nil {
			return c, nil
		}
		c, err := r.dial()
		if err != nil {
			r.free <- nil
			return nil, unavailable(err)
		}
		return c, nil
	}
}

// ended closes the transaction; a connection that met a disk error is closed
// and replaced when it is needed next.
func (r *readers) ended(c *conn, err error) *conn {
	if err == nil || !isDisk(err) {
		if _, err = c.exec("ROLLBACK"); err == nil {
			return c
		}
	}
	_ = c.close()
	return nil
}

// close takes n connections back, each when its read has ended.
func (r *readers) close(n int) {
	for range n {
		if c := <-r.free; c != nil {
			_ = c.close()
		}
	}
	close(r.free)
}
