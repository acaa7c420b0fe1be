//go:build !faults

package session

// Each guard of the core has a switch in test builds (build tag faults): with
// one off, the history checker must fail, which proves that it can see. In the
// product they are constants.
const (
	guardSuccessor   = true // a session ends once and its successor is set once
	guardPlaceAtEnd  = true // an end places what waits
	guardTimersDie   = true // timers die with their session
	guardTimerCancel = true // an accepted message cancels the script timeout
	guardBound       = true // the inbox of a client is bounded
	guardRepeat      = true // a repeated client message id is not run again
	guardVersion     = true // a precondition is decided where it is written
	guardCause       = true // the commit consumes its cause
	guardOpen        = true // a turn's session is open at its commit
	guardClaim       = true // a claim takes nothing from another agent
	guardEpoch       = true // the owner did not change while the turn ran
	guardLane        = true // one bot turn of a client at a time
	guardNewest      = true // a script never overwrites a merge that came meanwhile
	guardExpiry      = true // no expiry over an accepted message
	guardDurable     = true // answered after the commit
	guardOrder       = true // the lane takes the lowest pending number
	guardCursor      = true // a socket is fed the next event after its own
	guardLease       = true // a lane is taken from no living node
	guardFence       = true // a lane commits while its lease holds
)
