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
// much. The heap is the process's, so there is one watchdog, turns that run at
// the same time share what it may grow by, and the one that has run longest is
// stopped: a safety net, no quota.
type watchdog struct {
	heap *heapMeter

	mu      sync.Mutex
	timer   *time.Timer
	running map[*guarded]struct{}
	// collecting is set while a collection runs that the watchdog asked for.
	collecting bool
	sweeping   sync.Mutex
}

// processWatchdog watches the machines of all bots.
var processWatchdog = sync.OnceValue(func() *watchdog { return newWatchdog(processHeap()) })

func newWatchdog(heap *heapMeter) *watchdog {
	return &watchdog{heap: heap, running: map[*guarded]struct{}{}}
}

// guarded is one stretch of running.
type guarded struct {
	*account
	vm    machine
	since time.Time
	limit time.Duration
	grown int64 // bytes that the heap may grow by
	ended bool  // was stopped
}

// time is how long the turn has run.
func (g *guarded) time() time.Duration { return g.ran + time.Since(g.since) }

// guard watches a machine until stop is called. After stop returned it is not
// interrupted any more.
func (w *watchdog) guard(m machine, a *account, limit time.Duration, grown int64) (stop func()) {
	g := &guarded{account: a, vm: m, since: time.Now(), limit: limit, grown: grown}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running[g] = struct{}{}
	if w.timer == nil {
		w.timer = time.AfterFunc(watchEvery, w.look)
	}
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.running, g)
		if g.ran = g.time(); g.ran > innocent && g.seen() {
			g.left = w.heap.bytes() - g.own.heap
		}
	}
}

func (w *watchdog) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.running) == 0 {
		w.timer = nil
		return
	}
	heap, live := w.heap.bytes(), w.heap.live()
	var oldest *guarded
	for g := range w.running {
		if !g.seen() {
			g.see(heap, live)
			w.share(g)
		}
		g.see(heap, live)
		if time.Since(g.since) > g.limit {
			g.stop(StopTime, &stopped{code: "deadline", message: "the script ran longer than " + g.limit.String()})
		}
		if g.over(heap, live, g.grown) && g.time() > innocent && (oldest == nil || g.time() > oldest.time()) {
			oldest = g
		}
		if heap > g.from.heap+collectAfter && heap > live+collectAfter/2 {
			w.collect()
		}
	}
	if oldest != nil {
		oldest.stop(StopMemory, &stopped{code: "script", message: "the script used too much memory"})
	}
	w.timer.Reset(watchEvery)
}

// share lets a turn begin with the account of those that have been running for a
// while. The caller holds the lock.
func (w *watchdog) share(g *guarded) {
	for other := range w.running {
		if other.grown == g.grown && other.time() > innocent {
			g.account.share(other.account)
		}
	}
}

// Why a turn is stopped.
const (
	StopTime   = "time"
	StopMemory = "memory"
)

// stop interrupts a machine at every look until it ends, and tells it once.
func (g *guarded) stop(reason string, why *stopped) {
	if !g.ended {
		g.ended = true
		g.told(reason)
	}
	g.vm.Interrupt(why)
}

// sweep collects what turns left, before others take their place, and returns
// what is live. What no machine holds any more is collected in
// any case.
func (w *watchdog) sweep(held bool) (live int64) {
	w.sweeping.Lock()
	defer w.sweeping.Unlock()
	if !held || w.heap.bytes() > w.heap.live()+collectAfter/2 {
		runtime.GC()
	}
	return w.heap.live()
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
