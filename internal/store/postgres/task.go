package postgres

import (
	"fmt"
	"runtime/debug"
	"time"

	"parley/internal/session"
)

// shortestWait is enough to connect to a database that is there.
const shortestWait = 500 * time.Millisecond

// task is a change on its way through the writer. A change that failed with others
// is run again alone, so it may run more than once.
type task struct {
	change *session.Change
	since  time.Time
	keys   []subject // what the writer keeps for it while it runs
	err    error
	done   chan struct{} // closed when err is final
}

// subject is a client by its id, a session whose client is not known, or a person by
// the key.
type subject struct {
	id     session.ID
	person session.PersonKey
}

// solitary reports whether the change has a transaction of its own: it asks for that,
// or nobody knows what it acts on.
func (t *task) solitary() bool {
	c := t.change
	return c.Alone || len(c.Subject) == 0 && c.Person == (session.PersonKey{}) && !c.Fresh
}

// late reports whether a change that was never sent has waited long enough.
func (t *task) late() bool { return time.Since(t.since) >= patience }

// remaining is how long tasks may wait for a connection, for the sake of the one that
// has waited longest.
func remaining(tasks []*task) time.Duration {
	left := patience
	for _, t := range tasks {
		left = min(left, patience-time.Since(t.since))
	}
	return max(left, shortestWait)
}

// run applies the change. A rule that panics is a failure like another, told apart by
// its type.
func (t *task) run(w *session.Work) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{change: t.change.Name, value: v, stack: debug.Stack()}
		}
	}()
	return w.Apply(t.change)
}

// panicked is a rule that broke down. Its half-done work is thrown away with
// the whole transaction.
type panicked struct {
	change string
	value  any
	stack  []byte
}

func (p *panicked) Error() string {
	return fmt.Sprintf("change %q broke down: %v\n%s", p.change, p.value, p.stack)
}

func (t *task) answer(err error) {
	t.err = err
	close(t.done)
}
