package sqlite

import (
	"runtime/debug"

	"parley/internal/session"
)

// task is one thing to do in a write transaction: a change of the core, or a
// write of another port. What is done with a task that failed in a group is
// done again alone, so a write may run more than once.
type task struct {
	change *session.Change
	write  func(*conn) error // returns errors of the database only
	err    error
	done   chan struct{} // closed when err is final
}

// alone reports whether the task shares its transaction with nobody.
func (t *task) alone() bool { return t.change != nil && t.change.Alone }

// run does the task. An error of a change is its own; see group.apply for
// which errors concern the whole group.
func (t *task) run(g *group) (err error) {
	if t.write != nil {
		return t.write(g.conn)
	}
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{change: t.change.Name, value: v, stack: debug.Stack()}
		}
	}()
	return g.work().Apply(t.change)
}
