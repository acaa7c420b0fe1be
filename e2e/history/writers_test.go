package history_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"parley/e2e/history"
	"parley/e2e/history/load"
)

// TestSixteenWriters lets eight back ends and eight sockets merge into one
// session at the same time, without preconditions, until 10,000 keys are
// confirmed: none is refused, none is lost, and every answer has a version of
// its own, higher than all that were answered before it was asked for.
func TestSixteenWriters(t *testing.T) {
	const writers, each = 16, 625
	s := newStage(t, build(t, "parley/e2e/history/server"), plan{})
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: writers}, Timeout: patience}
	defer client.CloseIdleConnections()
	back := &load.Backend{Name: "writer", In: s.cast.Calm, URL: s.program.URL(), HTTP: client, Rec: s.rec}
	id := back.Create(t.Context(), s.rec.Token(), "", 0).Acting
	var group sync.WaitGroup
	var sockets []*load.Socket
	for w := range writers {
		merge := func(token string, patch map[string]any) *history.Call {
			return back.Merge(t.Context(), id, token, patch, 0, "")
		}
		if w%2 == 1 {
			socket := s.writer(w, id)
			sockets = append(sockets, socket)
			merge = func(token string, patch map[string]any) *history.Call {
				return socket.Merge(t.Context(), id, token, patch, 0)
			}
		}
		group.Go(func() { write(t, s.rec, w, each, merge) })
	}
	group.Wait()
	s.settle(patience)
	load.Settle(t.Context(), s.rec, sockets...)
	h := s.history()
	report(t, history.Check(h))
	versions := map[int64]bool{}
	for _, c := range h.Calls {
		if c.Kind == history.Merge && c.Outcome == history.Done {
			versions[c.Version] = true
		}
	}
	for n := int64(2); n <= writers*each+1; n++ {
		if !versions[n] {
			t.Fatalf("nobody was answered with version %d", n)
		}
	}
}

// writer connects the socket of a writer.
func (s *stage) writer(w int, session string) *load.Socket {
	s.t.Helper()
	socket, err := load.Dial(s.t.Context(), fmt.Sprint("writer-", w), s.program.URL(), s.cast.Calm, s.rec)
	if err != nil {
		s.t.Fatal(err)
	}
	if c := socket.Reconnect(s.t.Context(), session, -1); c.Outcome != history.Done {
		s.t.Fatalf("reconnect: %s", c.Code)
	}
	return socket
}

// write merges one key after the other. A context takes 2,000 keys, so a writer
// uses its own names again and again, with a new value each time. The whole
// document is kept of one answer in ten.
func write(t *testing.T, rec *load.Recorder, writer, times int, merge func(string, map[string]any) *history.Call) {
	const names = 4
	for n := range times {
		token := rec.Token()
		key := fmt.Sprintf("h_%d_%d", writer, n%names)
		c := merge(token, map[string]any{key: token})
		if c.Outcome != history.Done {
			t.Errorf("writer %d, write %d: %s", writer, n, c.Code)
			return
		}
		if c.Document[key] != token {
			t.Errorf("writer %d, write %d: the answer shows %v", writer, n, c.Document[key])
		}
		if n%10 != 0 {
			c.Document = nil
		}
	}
}
