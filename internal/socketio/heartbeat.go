package socketio

import "time"

// heartbeat is the state of a connection's pings, and its one timer. Times are on the server's clock; Conn.mu guards it.
//
// Deadlines are absolute: the one for a pong follows from when the ping was due, not from when a timer came to send it.
type heartbeat struct {
	timer     *time.Timer
	pingAt    time.Duration
	deadline  time.Duration // for the pong of the ping at pingAt
	awaiting  bool          // the ping is sent, its pong not there
	busy      bool          // a callback runs
	busySince time.Duration
	joinBy    time.Duration // the application ends the connection then; 0 = never
}

// beat is what is to be done when the timer has come.
type beat int

const (
	beatNothing   beat = iota // it came too early
	beatPing                  // send a ping
	beatMissed                // the client did not answer the last one
	beatNotJoined             // the client joined no namespace in time
)

// start begins the heartbeat of a connection opened at a time; tick is called whenever something is due.
func (h *heartbeat) start(opened, now time.Duration, o *Options, tick func()) {
	h.next(opened, o)
	h.timer = time.AfterFunc(h.wake()-now, tick)
}

// due tells what is to be done now, and takes a ping for sent.
func (h *heartbeat) due(now time.Duration, o *Options) beat {
	switch {
	case h.missed(now, o):
		return beatMissed
	case h.joinBy > 0 && now >= h.joinBy:
		return beatNotJoined
	case !h.awaiting && now >= h.pingAt:
		h.ping(now, o)
		return beatPing
	}
	return beatNothing
}

// pong takes the client's answer; one that nothing was asked for has no effect.
func (h *heartbeat) pong(now time.Duration, o *Options) {
	if h.awaiting {
		h.next(now, o)
		h.arm(now)
	}
}

func (h *heartbeat) next(now time.Duration, o *Options) {
	h.awaiting = false
	h.pingAt = now + o.PingInterval
	h.deadline = h.pingAt + o.PingTimeout
}

// ping notes that the ping is sent. A node that was itself late by much gives its clients the time it lost.
func (h *heartbeat) ping(now time.Duration, o *Options) {
	h.awaiting = true
	if now-h.pingAt > o.PingTimeout/2 {
		h.deadline = now + o.PingTimeout
	}
}

// missed tells whether the client did not answer in time. While a callback runs its pong may stand unread behind the message that
// is being handled, so the deadline moves, for a limited time.
func (h *heartbeat) missed(now time.Duration, o *Options) bool {
	if !h.awaiting || now < h.deadline {
		return false
	}
	if h.busy && now-h.busySince < o.HandlerTimeout {
		h.deadline = now + o.PingTimeout
		return false
	}
	return true
}

func (h *heartbeat) beginTurn(now time.Duration) { h.busy, h.busySince = true, now }

// endTurn grants a client whose message was just handled the time to be heard: its pong may be the next thing to read.
func (h *heartbeat) endTurn(now, timeout time.Duration) {
	h.busy = false
	if h.awaiting {
		h.deadline = max(h.deadline, now+timeout)
	}
}

// arm sets the timer for what is due next.
func (h *heartbeat) arm(now time.Duration) {
	h.timer.Reset(h.wake() - now)
}

// wake is when something is to be done next.
func (h *heartbeat) wake() time.Duration {
	at := h.pingAt
	if h.awaiting {
		at = h.deadline
	}
	if h.joinBy > 0 {
		at = min(at, h.joinBy)
	}
	return at
}

func (h *heartbeat) stop() {
	if h.timer != nil {
		h.timer.Stop()
	}
}
