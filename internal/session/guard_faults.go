//go:build faults

package session

import (
	"os"
	"slices"
	"strings"
)

// guarded reports whether a guard is on: those named in PARLEY_GUARDS_OFF,
// separated by commas, are off.
func guarded(name string) bool {
	return !slices.Contains(strings.Split(os.Getenv("PARLEY_GUARDS_OFF"), ","), name)
}

var (
	guardSuccessor   = guarded("successor")
	guardPlaceAtEnd  = guarded("place_at_end")
	guardTimersDie   = guarded("timers_die")
	guardTimerCancel = guarded("timer_cancel")
	guardBound       = guarded("bound")
	guardRepeat      = guarded("repeat")
	guardVersion     = guarded("version")
	guardCause       = guarded("cause")
	guardOpen        = guarded("open")
	guardClaim       = guarded("claim")
	guardEpoch       = guarded("epoch")
	guardLane        = guarded("lane")
	guardNewest      = guarded("newest")
	guardExpiry      = guarded("expiry")
	guardDurable     = guarded("durable")
	guardOrder       = guarded("order")
	guardCursor      = guarded("cursor")
	guardLease       = guarded("lease")
	guardFence       = guarded("fence")
)
