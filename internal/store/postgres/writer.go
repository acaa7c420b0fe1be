package postgres

import (
	"context"
	"sync"
	"time"

	"parley/internal/session"
)

const (
	groupLimit = 256             // changes of one transaction
	patience   = 5 * time.Second // how long a change waits for a database that is away

	// A writer beside others that run waits until there is enough for it, or until what
	// waits has done so for a while: a transaction costs about as much for ten changes
	// as for one.
	worthwhile = 8 // changes for each writer that runs
	gathering  = 3 * time.Millisecond
)

// writer is the queue before the committer. A few goroutines take what waits, each
// into one transaction. Changes that act on one client never run in two transactions
// of this node at once, so they do not wait for each other's locks, and those of a busy
// client share a commit.
type writer struct {
	committer *committer
	workers   sync.WaitGroup

	mu     sync.Mutex
	work   sync.Cond // something waits, or something has ended
	queue  []*task
	busy   map[subject]int // of running tasks
	alone  int             // tasks that run in a transaction of their own
	groups int             // writers that run
	closed bool
}

func newWriter(c *committer, writers int) *writer {
	w := &writer{committer: c, busy: map[subject]int{}}
	w.work.L = &w.mu
	c.leave = w.leave
	for range writers {
		w.workers.Go(w.loop)
	}
	return w
}

// do runs a change and returns its error. When ctx ends first, the change is
// committed or not, but whole.
func (w *writer) do(ctx context.Context, change *session.Change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t := &task{change: change, since: time.Now(), done: make(chan struct{})}
	if err := w.enter(t); err != nil {
		return err
	}
	wait := time.NewTimer(patience)
	defer wait.Stop()
	for {
		select {
		case <-t.done:
			return t.err
		case <-ctx.Done():
			return ctx.Err()
		case <-wait.C:
			if w.withdraw(t) {
				return session.Unavailable("the database does not answer")
			}
		}
	}
}

func (w *writer) enter(t *task) error {
	for _, id := range t.change.Subject {
		t.keys = append(t.keys, subject{id: w.committer.kin.client(id)})
	}
	if t.change.Person != (session.PersonKey{}) {
		t.keys = append(t.keys, subject{person: t.change.Person})
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed:
		return session.Unavailable("the store is closed")
	case len(w.queue) >= session.StoreQueue:
		return session.Unavailable("too many writes are waiting for the store")
	}
	w.queue = append(w.queue, t)
	w.work.Signal()
	return nil
}

// withdraw takes a task back that no writer has.
func (w *writer) withdraw(t *task) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, other := range w.queue {
		if other == t {
			w.queue = append(w.queue[:i], w.queue[i+1:]...)
			return true
		}
	}
	return false
}

func (w *writer) loop() {
	for {
		group, open := w.take()
		if !open {
			return
		}
		w.committer.run(group)
		w.mu.Lock()
		w.groups--
		w.mu.Unlock()
		w.release(group)
	}
}

// take waits for tasks that may run and takes them, in order. What acts on a client
// that a running task has stays, and so does what comes after it for that client.
func (w *writer) take() (group []*task, open bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		if w.worth() {
			if group = w.pick(); len(group) > 0 {
				w.groups++
				return group, true
			}
		}
		if w.closed && len(w.queue) == 0 {
			return nil, false
		}
		w.work.Wait()
	}
}

// worth reports whether another writer should take what waits.
func (w *writer) worth() bool {
	if len(w.queue) == 0 || len(w.queue) >= w.groups*worthwhile {
		return true
	}
	left := gathering - time.Since(w.queue[0].since)
	if left > 0 {
		time.AfterFunc(left, w.work.Signal)
	}
	return left <= 0
}

func (w *writer) pick() (group []*task) {
	held := map[subject]bool{} // of what stays
	rest := w.queue[:0]
	for i, t := range w.queue {
		if len(group) == groupLimit {
			rest = append(rest, w.queue[i:]...)
			break
		}
		switch {
		case w.blocked(t, held) || t.solitary() && w.alone >= aloneLimit:
			for _, key := range t.keys {
				held[key] = true
			}
			rest = append(rest, t)
		case t.solitary():
			w.occupy(t)
			w.alone++
			w.workers.Go(func() { w.runAlone(t) })
		default:
			group = append(group, t)
		}
	}
	clear(w.queue[len(rest):])
	w.queue = rest
	for _, t := range group {
		w.occupy(t)
	}
	return group
}

func (w *writer) blocked(t *task, held map[subject]bool) bool {
	for _, key := range t.keys {
		if w.busy[key] > 0 || held[key] {
			return true
		}
	}
	return false
}

func (w *writer) occupy(t *task) {
	for _, key := range t.keys {
		w.busy[key]++
	}
}

// leave starts a task of a running group in a transaction of its own, because it would
// have to wait for another node. Its keys stay occupied.
func (w *writer) leave(t *task) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, key := range t.keys {
		w.busy[key]++ // the group releases its own
	}
	w.alone++
	w.workers.Go(func() { w.runAlone(t) })
}

func (w *writer) runAlone(t *task) {
	w.committer.runAlone(t)
	w.mu.Lock()
	w.alone--
	w.mu.Unlock()
	w.release([]*task{t})
}

func (w *writer) release(tasks []*task) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range tasks {
		for _, key := range t.keys {
			if w.busy[key]--; w.busy[key] <= 0 {
				delete(w.busy, key)
			}
		}
	}
	w.work.Broadcast()
}

// close refuses new tasks and waits for those that were accepted.
func (w *writer) close() {
	w.mu.Lock()
	w.closed = true
	w.work.Broadcast()
	w.mu.Unlock()
	w.workers.Wait()
}
