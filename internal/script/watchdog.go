package script

import (
	"sync"
	"time"
)

const watchEvery = 2 * time.Millisecond

// watchdog interrupts machines that run too long or make the heap grow too
// much. The heap is the process's, so of several the one that runs longest is
// stopped: a safety net, no quota.
type watchdog struct {
	heap *heapMeter

	mu      sync.Mutex
	timer   *time.Timer
	running map[*guarded]struct{}
}

// guarded is one stretch of running.
type guarded struct {
	vm    machine
	since time.Time
	limit time.Duration
	grown int64 // bytes that the heap may grow by
	seen  bool
	heap  int64 // at the first look
}

func newWatchdog(heap *heapMeter) *watchdog {
	return &watchdog{heap: heap, running: map[*guarded]struct{}{}}
}

// guard watches a machine until stop is called. After stop returned it is not
// interrupted any more.
func (w *watchdog) guard(m machine, limit time.Duration, grown int64) (stop func()) {
	g := &guarded{vm: m, since: time.Now(), limit: limit, grown: grown}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running[g] = struct{}{}
	if w.timer == nil {
		w.timer = time.AfterFunc(watchEvery, w.look)
	}
	return func() {
		w.mu.Lock()
		delete(w.running, g)
		w.mu.Unlock()
	}
}

func (w *watchdog) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.running) == 0 {
		w.timer = nil
		return
	}
	heap := w.heap.bytes()
	var oldest *guarded
	for g := range w.running {
		if time.Since(g.since) > g.limit {
			g.vm.Interrupt(&stopped{code: "deadline", message: "the script ran longer than " + g.limit.String()})
		}
		if !g.seen {
			g.seen, g.heap = true, heap
		}
		if heap > g.heap+g.grown && (oldest == nil || g.since.Before(oldest.since)) {
			oldest = g
		}
	}
	if oldest != nil {
		oldest.vm.Interrupt(&stopped{code: "script", message: "the script used too much memory"})
	}
	w.timer.Reset(watchEvery)
}
