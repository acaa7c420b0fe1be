package socketio

import "sync"

// turn runs the callbacks of a connection one after the other. The zero value is ready.
type turn struct {
	running sync.Mutex // held while a callback runs
	mu      sync.Mutex // guards jobs; never held while a callback runs
	jobs    []func()
}

// run runs a callback as soon as no other runs, and then the jobs that came meanwhile.
func (t *turn) run(callback func()) {
	t.running.Lock()
	callback()
	t.running.Unlock()
	t.settle()
}

// later runs a job after the callback that runs now, if any. It does not block and may be called by a callback.
func (t *turn) later(job func()) {
	t.mu.Lock()
	t.jobs = append(t.jobs, job)
	t.mu.Unlock()
	go t.settle()
}

// settle runs the jobs, unless another goroutine has the turn: that one settles when it is done.
func (t *turn) settle() {
	for t.waiting() && t.running.TryLock() {
		for _, job := range t.take() {
			job()
		}
		t.running.Unlock()
	}
}

func (t *turn) waiting() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.jobs) > 0
}

func (t *turn) take() []func() {
	t.mu.Lock()
	defer t.mu.Unlock()
	jobs := t.jobs
	t.jobs = nil
	return jobs
}
