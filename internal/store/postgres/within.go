package postgres

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"parley/internal/session"
)

// attempts is how often a transaction is tried that others were in the way of.
const attempts = 8

// within runs do in a transaction of its own, beside the changes. It runs again when
// another transaction was in the way, so do must set anew what it hands out. An error
// of do that is not the database's ends it and comes back as it is; nothing of it
// stands then. When ctx ends the transaction stands or not, but whole.
func (d *database) within(ctx context.Context, do func(*conn) error) error {
	var err error
	for n := range attempts {
		var t transaction
		err = d.direct.with(ctx, func(c *conn) error { return t.run(c, do) })
		if t.unknown { // asked on a connection of its own: this one is given back
			stands, lost := d.outcome(ctx, t.id)
			switch {
			case stands:
				return nil
			case lost != nil:
				return lost
			}
			err = &unreachable{err}
		}
		if !isConflict(err) {
			break
		}
		time.Sleep(jitter(n))
	}
	return refusal(err)
}

// transaction is one of the other ports' writes.
type transaction struct {
	id      session.ID
	unknown bool // whether it stands
}

func (t *transaction) run(c *conn, do func(*conn) error) error {
	c.ahead = []*step{{name: "Begin"}}
	if err := do(c); err != nil {
		return errors.Join(err, c.rollback())
	}
	t.id = session.NewID(time.Now())
	var err error
	if t.unknown, err = c.commit(t.id); err == nil || t.unknown {
		return err
	}
	return errors.Join(err, c.rollback())
}

// jitter is a pause before the next attempt, longer each time.
func jitter(n int) time.Duration {
	return time.Duration(rand.Int64N(int64(5*time.Millisecond) << min(n, 5)))
}

// rollback leaves no transaction open; a connection that is lost has none.
func (c *conn) rollback() error {
	if len(c.ahead) > 0 { // nothing was sent
		c.ahead = nil
		return nil
	}
	if c.raw.IsClosed() {
		return nil
	}
	_, err := c.exec("Rollback")
	return err
}

// with lends a connection of the writers of the other ports, outside of a
// transaction: one pipeline is whole or nothing. Errors of the connection become
// session.Unavailable.
func (d *database) with(ctx context.Context, use func(*conn) error) error {
	return refusal(d.direct.with(ctx, use))
}
