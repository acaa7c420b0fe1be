package desk

import (
	"net/http"
	"testing"

	"parley/internal/desk"
	"parley/internal/session"
)

// Who looks at a thread is told when somebody comes or goes, not with every
// further window of one person: a thousand of them would cost a million frames.
func TestViewing_IsToldOfPeopleNotOfWindows(t *testing.T) {
	t.Parallel()
	var r rooms
	thread, windows := session.ID{1}, make([]*connection, 40)
	told := func(c *connection) int { return len(c.out.frames) }
	ann, bob := session.Agent{ID: "a", Name: "Ann"}, session.Agent{ID: "b", Name: "Bob"}
	for i := range windows {
		windows[i] = &connection{out: newOutbox()}
		r.enter(thread, windows[i], ann)
		r.enter(thread, windows[i], ann) // opened again
	}
	if n := told(windows[0]); n != 2 {
		t.Errorf("the first window was told %d times", n)
	}
	other := &connection{out: newOutbox()}
	r.enter(thread, other, bob)
	if told(other) != 1 || told(windows[0]) != 3 || told(windows[39]) != 3 {
		t.Errorf("Bob %d, the first %d, the last %d", told(other), told(windows[0]), told(windows[39]))
	}
	for _, c := range windows[1:] {
		r.leave(thread, c)
	}
	if n := told(other); n != 1 {
		t.Errorf("Bob was told %d times while Ann is still there", n)
	}
	r.leave(thread, windows[0])
	if n := told(other); n != 2 {
		t.Errorf("Bob was told %d times that Ann has gone", n)
	}
	r.leave(thread, other)
	if len(r.threads) != 0 {
		t.Error("an empty room is kept")
	}
}

// One person cannot open connections without end; one that closes makes room.
func TestLive_ConnectionsOfOneAgent(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, _ := o.agent("ann", desk.RoleAgent)
	bob, _ := o.agent("bob", desk.RoleAgent)
	first := ann.connect()
	first.want("hello")
	for range session.DeskConnections - 1 {
		ann.connect()
	}
	_, resp, err := ann.dial(http.Header{})
	if err == nil || resp == nil || resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") == "" {
		t.Fatalf("one connection too many: %v %v", err, resp)
	}
	bob.connect().want("hello")
	must(t, first.ws.Close())
	for { // the server hears of it in a moment
		if _, _, err := ann.dial(http.Header{}); err == nil {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("a closed connection makes no room")
		}
	}
}
