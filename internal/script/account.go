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
	own  level
	from level // its growth is measured from here: its own level or that of a turn it shares with
	left int64 // by how much the heap was larger when the turn last stopped running
}

// level is the least that the heap was since a turn was first looked at.
type level struct {
	at         time.Time
	heap, live int64
}

func newAccount(b *Bot) *account {
	a := &account{told: b.options.Stopped}
	if a.told == nil {
		a.told = func(string) {}
	}
	return a
}

// seen tells whether the watchdog has looked at the turn.
func (a *account) seen() bool { return !a.own.at.IsZero() }

// see notes what the heap is.
func (a *account) see(heap, live int64) {
	if !a.seen() {
		a.own = level{at: time.Now(), heap: heap, live: live}
		a.from = a.own
	}
	a.own.see(heap, live)
	a.from.see(heap, live)
}

func (m *level) see(heap, live int64) {
	m.heap, m.live = min(m.heap, heap), min(m.live, live)
}

// share lets the turn grow only by what another leaves of what they both may.
func (a *account) share(other *account) {
	if other.seen() && time.Since(other.from.at) < sharedFor && other.from.heap < a.from.heap {
		a.from = other.from
	}
}

// over tells whether what is live grew too much, or all of the heap did because
// the collector cannot keep up.
func (a *account) over(heap, live, grown int64) bool {
	return live > a.from.live+grown*3/4 || heap > a.from.heap+grown*3/2
}
