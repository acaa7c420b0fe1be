package postgres

import (
	"context"
	"sync"
)

// locksSize is how many connections hold or wait for locks between nodes: more than
// there are names, so that who holds one and asks for another gets it.
const locksSize = 8

// turnstiles let one caller of each name through at a time, so that those of this
// node who wait take no connection from the one who is alone.
type turnstiles struct{ byName sync.Map } // chan struct{} with room for one

// pass waits for the name's turn; leave gives it on.
func (t *turnstiles) pass(ctx context.Context, name string) (leave func(), err error) {
	v, _ := t.byName.LoadOrStore(name, make(chan struct{}, 1))
	turn := v.(chan struct{})
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Alone is a session.Alone: it holds a row's lock. The server takes the lock from
// a node that stands still for idleTransaction.
func (s *Store) Alone(ctx context.Context, name string, do func(context.Context) error) error {
	leave, err := s.alone.pass(ctx, name)
	if err != nil {
		return err
	}
	defer leave()
	var outcome error
	err = refusal(s.locks.with(ctx, func(c *conn) error {
		if err := c.lock("alone:" + name); err != nil {
			return err
		}
		outcome = do(ctx)
		return c.rollback()
	}))
	if outcome != nil {
		return outcome
	}
	return err
}

// lock begins a transaction with a mark's lock, after waiting for others.
func (c *conn) lock(name string) (err error) {
	for range attempts {
		if err = c.run(&step{name: "MakeMark", args: []any{name, []byte{}}}); err == nil {
			err = c.run(&step{name: "Begin"}, &step{name: "LockMark", args: []any{name}})
		}
		if !isConflict(err) {
			return err
		}
		if late := c.rollback(); late != nil {
			return late
		}
	}
	return err
}
