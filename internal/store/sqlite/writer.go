package sqlite

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"parley/internal/session"
)

const (
	groupLimit = 512 // tasks of one transaction
	probeEvery = 250 * time.Millisecond
)

// writer is the queue before the committer. Whoever finds it idle leads: runs
// its own task at once, on its own goroutine, which saves the hand-over that a
// single client would pay for every commit. What arrives meanwhile waits and is
// committed in groups by the writer's goroutine.
type writer struct {
	committer *committer
	wake      chan struct{} // hands the lead to the goroutine
	ailing    chan struct{} // a disk error was seen
	stopped   chan struct{}

	mu     sync.Mutex
	idle   sync.Cond
	queue  []*task
	group  []*task // the leader's
	lead   bool    // someone leads
	closed bool
}

func newWriter(c *committer) *writer {
	w := &writer{
		committer: c, wake: make(chan struct{}, 1), ailing: make(chan struct{}, 1), stopped: make(chan struct{}),
	}
	w.idle.L = &w.mu
	go w.loop()
	return w
}

// do runs a task and returns its error. When ctx ends first, a change still runs,
// whole, or is refused. A write gives its results to who asked for it: one that
// waits is taken back then, one that runs is waited for.
func (w *writer) do(ctx context.Context, t *task) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if sick := w.committer.sick.Load(); sick != nil {
		return sick
	}
	direct, err := w.enter(t)
	if err != nil {
		return err
	}
	if direct {
		defer w.pass()
		w.runGroup([]*task{t})
		return t.err
	}
	select {
	case <-t.done:
		return t.err
	case <-ctx.Done():
		if t.write == nil || w.withdraw(t) {
			return ctx.Err()
		}
		<-t.done
		return t.err
	}
}

// withdraw takes a task back that no leader has.
func (w *writer) withdraw(t *task) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.queue, t)
	if i >= 0 {
		w.queue = slices.Delete(w.queue, i, i+1)
	}
	return i >= 0
}

// enter takes the lead when nobody has it, and queues the task otherwise.
func (w *writer) enter(t *task) (direct bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed:
		return false, session.Unavailable("the store is closed")
	case !w.lead:
		w.lead = true
		return true, nil
	case len(w.queue) >= session.StoreQueue:
		return false, session.Unavailable("too many writes are waiting for the store")
	}
	t.done = make(chan struct{})
	w.queue = append(w.queue, t)
	return false, nil
}

// pass ends the lead, or gives it to the goroutine when something waits.
func (w *writer) pass() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) > 0 {
		w.wake <- struct{}{} // never blocks: only the one leader sends
		return
	}
	w.lead = false
	w.idle.Broadcast()
}

// loop leads what others handed over, and looks after a sick disk.
func (w *writer) loop() {
	defer close(w.stopped)
	var again <-chan time.Time
	for {
		select {
		case _, open := <-w.wake:
			if !open {
				return
			}
			w.drain()
		case <-w.ailing:
			again = time.After(probeEvery)
		case <-again:
			again = w.recover()
		}
	}
}

// drain commits what waits, in groups, until nothing does.
func (w *writer) drain() {
	for {
		// Those just answered often have their next change ready: let them
		// queue it, so that they share one commit.
		runtime.Gosched()
		group := w.take()
		if len(group) == 0 {
			w.pass()
			return
		}
		w.runGroup(group)
	}
}

func (w *writer) take() []*task {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(len(w.queue), groupLimit)
	w.group = append(w.group[:0], w.queue[:n]...)
	rest := copy(w.queue, w.queue[n:])
	clear(w.queue[rest:])
	w.queue = w.queue[:rest]
	return w.group
}

func (w *writer) runGroup(tasks []*task) {
	w.committer.run(tasks)
	if w.committer.sick.Load() != nil {
		select {
		case w.ailing <- struct{}{}:
		default:
		}
	}
}

// recover probes the disk unless a leader is at work. It returns when to try
// again, nil when all is well.
func (w *writer) recover() <-chan time.Time {
	w.mu.Lock()
	free := !w.lead && !w.closed
	w.lead = w.lead || free
	w.mu.Unlock()
	if free {
		w.committer.probe()
		w.pass()
	}
	if w.committer.sick.Load() == nil {
		return nil
	}
	return time.After(probeEvery)
}

// close refuses new tasks, waits for those that were accepted, and stops the
// goroutine.
func (w *writer) close() {
	w.mu.Lock()
	w.closed = true
	for w.lead {
		w.idle.Wait()
	}
	w.mu.Unlock()
	close(w.wake)
	<-w.stopped
}
