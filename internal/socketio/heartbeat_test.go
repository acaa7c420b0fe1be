package socketio

import (
	"testing"
	"time"
)

func TestHeartbeatDue(t *testing.T) {
	o := Options{PingInterval: interval, PingTimeout: timeout, HandlerTimeout: time.Minute}
	started := func() *heartbeat {
		h := &heartbeat{timer: time.NewTimer(time.Hour)}
		t.Cleanup(h.stop)
		h.next(0, &o)
		return h
	}
	want := func(name string, h *heartbeat, now time.Duration, due beat) {
		t.Helper()
		if got := h.due(now, &o); got != due {
			t.Errorf("%s: due %d, want %d", name, got, due)
		}
	}
	h := started()
	want("too early", h, interval-1, beatNothing)
	want("at the interval", h, interval, beatPing)
	want("while the pong may come", h, interval+timeout-1, beatNothing)
	h.pong(interval+timeout-1, &o)
	want("after the pong", h, interval+timeout, beatNothing)
	h.pong(interval+timeout+1, &o) // nothing was asked
	want("an interval after the pong", h, 2*interval+timeout-1, beatPing)
	want("without a pong", h, 2*interval+2*timeout-1, beatMissed)

	h = started()
	h.joinBy = interval / 2
	want("before the client must have joined", h, interval/2-1, beatNothing)
	want("not joined", h, interval/2, beatNotJoined)

	h = started()
	h.ping(interval, &o)
	h.beginTurn(interval)
	want("a callback runs", h, interval+timeout, beatNothing)
	want("a callback runs too long", h, interval+o.HandlerTimeout, beatMissed)
}
