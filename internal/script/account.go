package script

import "time"

// sharedFor is how long turns that overlap share what the heap may grow by: what
// the program itself keeps grows more slowly.
const sharedFor = 10 * time.Second

// account is what a turn took of the process, over its waits, its machines and
// its error handlers. The lock of the watchdog guards it while the turn runs.
type account struct {
	told func(reason string) // hears when the turn is stopped; never nil
	ran  time.Duration       // before the stretch that runs now
	seen time.Time           // when its heap was first looked at, or that of the turn it shares with
	heap int64               // the least since then
	live int64
	left int64 // by how much the heap was larger when the turn last stopped running
}

func newAccount(b *Bot) *account {
	a := &account{told: b.options.Stopped}
	if a.told == nil {
		a.told = func(string) {}
	}
	return a
}

// over tells whether what is live grew too much, or all of the heap did because
// the collector cannot keep up.
func (a *account) over(heap, live, grown int64) bool {
	return live > a.live+grown*3/4 || heap > a.heap+grown*3/2
}

// see notes the least heap.
func (a *account) see(heap, live int64) {
	if a.seen.IsZero() {
		a.seen, a.heap, a.live = time.Now(), heap, live
	}
	a.heap, a.live = min(a.heap, heap), min(a.live, live)
}

// share begins an account where another stands that began not long ago.
func (a *account) share(other *account) {
	if !other.seen.IsZero() && time.Since(other.seen) < sharedFor && (a.seen.IsZero() || other.heap < a.heap) {
		a.seen, a.heap, a.live = other.seen, other.heap, other.live
	}
}
