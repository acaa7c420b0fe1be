package script

import (
	"runtime"
	"sync"
	"time"
)

const (
	watchEvery = 2 * time.Millisecond
	// innocent is how long a turn must have run before the heap is laid at its door.
	innocent = 20 * time.Millisecond
	// collectAfter is by how many bytes the heap grows before the watchdog asks for
	// a collection, so as not to take garbage for data.
	collectAfter = 48 << 20
)

// watchdog interrupts machines that run too long or make the heap grow too
// much. The heap is the process's, so of several the one that runs longest is
// stopped: a safety net, no quota.
type watchdog struct {
	heap *heapMeter
	told func(reason string) // hears of each turn that is stopped

	mu      sync.Mutex
	timer   *time.Timer
	running map[*guarded]struct{}
	// collecting is set while a collection runs that the watchdog asked for.
	collecting bool
	littered   bool // a turn was stopped that left much behind
}

// guarded is one stretch of running.
type guarded struct {
	vm    machine
	since time.Time
	limit time.Duration
	grown int64 // bytes that the heap may grow by
	seen  bool
	heap  int64 // the least since the first look
	live  int64
	ended bool // was stopped
}

// over tells whether what is live grew too much, or all of the heap did because
// the collector cannot keep up.
func (g *guarded) over(heap, live int64) bool {
	if !g.seen {
		g.seen, g.heap, g.live = true, heap, live
	}
	g.heap, g.live = min(g.heap, heap), min(g.live, live)
	return live > g.live+g.grown*3/4 || heap > g.heap+g.grown*3/2
}

func newWatchdog(heap *heapMeter, told func(reason string)) *watchdog {
	if told == nil {
		told = func(string) {}
	}
	return &watchdog{heap: heap, told: told, running: map[*guarded]struct{}{}}
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
		if w.littered {
			w.littered = false
			w.collect()
		}
		return
	}
	heap, live := w.heap.bytes(), w.heap.live()
	var oldest *guarded
	for g := range w.running {
		if time.Since(g.since) > g.limit {
			w.stop(g, StopTime, &stopped{code: "deadline", message: "the script ran longer than " + g.limit.String()})
		}
		if g.over(heap, live) && time.Since(g.since) > innocent && (oldest == nil || g.since.Before(oldest.since)) {
			oldest = g
		}
		if heap > g.heap+collectAfter {
			w.collect()
		}
	}
	if oldest != nil {
		w.littered = true
		w.stop(oldest, StopMemory, &stopped{code: "script", message: "the script used too much memory"})
	}
	w.timer.Reset(watchEvery)
}

// Why a turn is stopped.
const (
	StopTime   = "time"
	StopMemory = "memory"
)

// stop interrupts a machine at every look until it ends, and tells it once.
func (w *watchdog) stop(g *guarded, reason string, why *stopped) {
	if !g.ended {
		g.ended = true
		w.told(reason)
	}
	g.vm.Interrupt(why)
}

// collect asks for a collection; the caller holds the lock.
func (w *watchdog) collect() {
	if w.collecting {
		return
	}
	w.collecting = true
	go func() {
		runtime.GC()
		w.mu.Lock()
		w.collecting = false
		w.mu.Unlock()
	}()
}
