package cluster

import (
	"sync"
	"sync/atomic"
	"time"
)

// clockSamples is how many readings of the store's clock are kept: the one with
// the shortest way counts.
const clockSamples = 8

// clockJump is what a store's clock may be off the last readings before they are
// forgotten: it has moved to another machine, or was set.
const clockJump = time.Second

// clock shows the store's time on this node. It goes back only with a store's clock
// that jumps back: one that stood still until the other is there again would fire
// nothing for as long.
type clock struct {
	mu      sync.RWMutex
	samples []sample
	last    atomic.Int64 // shown, in Unix nanoseconds
}

// sample is one reading.
type sample struct {
	at   time.Time // by this node's monotonic clock
	time time.Time // the store's
	way  time.Duration
}

func (s sample) project(at time.Time) time.Time { return s.time.Add(at.Sub(s.at)) }

// set takes a reading that was asked for and answered at two moments: it was
// taken somewhere between them.
func (c *clock) set(asked, answered time.Time, us int64) {
	way := answered.Sub(asked)
	got := sample{at: asked.Add(way / 2), time: time.UnixMicro(us), way: way}
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.samples); n > 0 {
		if off := c.best().project(got.at).Sub(got.time); off.Abs() > clockJump+way {
			c.samples = nil
			c.last.Store(0)
		}
	}
	if len(c.samples) == clockSamples {
		c.samples = append(c.samples[:0:0], c.samples[1:]...)
	}
	c.samples = append(c.samples, got)
}

func (c *clock) best() sample {
	best := c.samples[0]
	for _, s := range c.samples[1:] {
		if s.way <= best.way {
			best = s
		}
	}
	return best
}

// now shows the store's time, this machine's before the first reading.
func (c *clock) now() time.Time {
	at := time.Now()
	c.mu.RLock()
	if len(c.samples) > 0 {
		at = c.best().project(at)
	}
	c.mu.RUnlock()
	for {
		last, ns := c.last.Load(), at.UnixNano()
		if ns <= last {
			return time.Unix(0, last)
		}
		if c.last.CompareAndSwap(last, ns) {
			return time.Unix(0, ns)
		}
	}
}

// offset is how far the store's clock is before this machine's.
func (c *clock) offset() time.Duration {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if len(c.samples) == 0 {
		return 0
	}
	best := c.best()
	return best.time.Sub(best.at.Round(0))
}
