package sessiontest

import (
	"sync/atomic"
	"time"
)

// Clock is a time that the test moves.
type Clock struct{ ms atomic.Int64 }

// NewClock returns a clock that shows a fixed day.
func NewClock() *Clock {
	c := &Clock{}
	c.ms.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixMilli())
	return c
}

// Now returns the time shown.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.ms.Load()).UTC() }

// Ms returns the time shown in milliseconds.
func (c *Clock) Ms() int64 { return c.ms.Load() }

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// Tick moves the clock on by a millisecond and returns the new time, so that
// no two things happen at once.
func (c *Clock) Tick() time.Time { return time.UnixMilli(c.ms.Add(1)).UTC() }
