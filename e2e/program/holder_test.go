package program

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/session"
)

// holdTime is what the calls of a turn may take.
const holdTime = session.ScriptWaitTime

// holder is an address that a turn of the shop's bot calls on being told "hold
// URL", and after that loops until it is cut. The test knows from the call that
// the turn runs, and the turn waits for the test, for holdTime at most.
type holder struct {
	t    *testing.T
	url  string
	came chan struct{} // a call waits
	free chan struct{} // calls wait for its closing
	held atomic.Int64  // calls that wait
}

func newHolder(t *testing.T) *holder {
	t.Helper()
	h := &holder{t: t, came: make(chan struct{}, 100), free: make(chan struct{})}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

func (h *holder) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	h.held.Add(1)
	defer h.held.Add(-1)
	h.came <- struct{}{}
	select {
	case <-h.free:
	case <-r.Context().Done(): // who called is gone
	case <-h.t.Context().Done():
	}
}

// words are what the user says to be held.
func (h *holder) words() string { return "hold " + h.url }

// wait waits until a turn is held.
func (h *holder) wait() {
	h.t.Helper()
	select {
	case <-h.came:
	case <-time.After(patience):
		h.t.Fatal("no turn was held")
	}
}

// release lets the turns that are held go on, and those that come.
func (h *holder) release() { close(h.free) }
