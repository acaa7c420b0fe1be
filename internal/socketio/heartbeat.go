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

// overdue tells whether the client missed its deadline. While a callback runs its pong may stand unread behind the message that
// is being handled, so the deadline moves, for a limited time.
func (h *heartbeat) overdue(now time.Duration, o *Options) bool {
	if now < h.deadline {
		return false
	}
	if h.busy && now-h.busySince < o.HandlerTimeout {
		h.deadline = now + o.PingTimeout
		return false
	}
	return true
}

// endTurn grants a client whose message was just handled the time to be heard: its pong may be the next thing to read.
func (h *heartbeat) endTurn(now, timeout time.Duration) {
	h.busy = false
	if h.awaiting {
		h.deadline = max(h.deadline, now+timeout)
	}
}

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

// startHeartbeat begins the heartbeat of a connection that was opened at a time.
func (c *Conn) startHeartbeat(opened time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.heartbeat.next(opened, &c.server.options)
	c.heartbeat.timer = time.AfterFunc(c.heartbeat.wake()-c.server.elapsed(), c.tick)
}

// tick sends the ping that is due or ends a connection that missed a deadline.
func (c *Conn) tick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, h := c.server.elapsed(), &c.heartbeat
	switch {
	case c.closed:
		return
	case h.awaiting && h.overdue(now, &c.server.options):
		c.shutLocked(ReasonPingTimeout, endCut)
		return
	case h.joinBy > 0 && now >= h.joinBy:
		c.shutLocked(ReasonConnectTimeout, endFinish)
		return
	case !h.awaiting && now >= h.pingAt:
		h.ping(now, &c.server.options)
		if c.enqueue(textFrame(string(packetPing))) != nil {
			return
		}
	}
	h.arm(now)
}

func (c *Conn) pong() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || !c.heartbeat.awaiting {
		return
	}
	now := c.server.elapsed()
	c.heartbeat.next(now, &c.server.options)
	c.heartbeat.arm(now)
}
