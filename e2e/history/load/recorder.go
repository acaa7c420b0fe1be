package load

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley/e2e/history"
)

// Recorder collects what a run shows. Safe for concurrent use.
type Recorder struct {
	began time.Time

	mu     sync.Mutex
	calls  []*history.Call
	stays  []*history.Stay
	hooks  []history.Hook
	downs  []history.Span
	lag    time.Duration
	tokens int
}

// NewRecorder returns an empty recorder whose clock starts now.
func NewRecorder() *Recorder { return &Recorder{began: time.Now()} }

// Next returns a recorder for what comes after all that this one saw: of the same
// clock, with tokens of its own.
func (r *Recorder) Next() *Recorder {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &Recorder{began: r.began, tokens: r.tokens}
}

// Now is the time in Unix nanoseconds. It never goes back.
func (r *Recorder) Now() int64 { return r.began.UnixNano() + time.Since(r.began).Nanoseconds() }

// Token returns a word that nothing else in the run carries.
func (r *Recorder) Token() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tokens++
	return fmt.Sprintf("t%06d", r.tokens)
}

func (r *Recorder) call(c *history.Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, c)
}

func (r *Recorder) hook(h history.Hook) {
	h.At = r.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hooks = append(r.hooks, h)
}

// Down notes a time in which the program was not there.
func (r *Recorder) Down(from, to int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.downs = append(r.downs, history.Span{From: from / 1e6, To: to / 1e6})
}

// Watch measures until ctx ends how late this machine wakes up who waits.
func (r *Recorder) Watch(ctx context.Context) {
	const every = 20 * time.Millisecond
	tick := time.NewTicker(every)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			late := time.Since(last) - every
			last = time.Now()
			r.mu.Lock()
			r.lag = max(r.lag, late)
			r.mu.Unlock()
		}
	}
}

// Late returns how late the machine was at worst.
func (r *Recorder) Late() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lag
}

// Calls returns how many calls were made, and how many were confirmed.
func (r *Recorder) Calls() (made, done int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.calls {
		if c.Outcome == history.Done {
			done++
		}
	}
	return len(r.calls), done
}

// History returns what was seen so far, without the facts. Stays change while
// callers are at work.
func (r *Recorder) History() *history.History {
	r.mu.Lock()
	defer r.mu.Unlock()
	downs := slices.SortedFunc(slices.Values(r.downs), func(a, b history.Span) int { return cmp.Compare(a.From, b.From) })
	return &history.History{Calls: r.calls, Stays: r.stays, Hooks: r.hooks, Downs: downs, SlackMs: r.lag.Milliseconds()}
}

func (r *Recorder) stay(s *history.Stay) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stays = append(r.stays, s)
}
