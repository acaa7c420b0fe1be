package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

func TestStartContextIsJSON(t *testing.T) {
	if !json.Valid([]byte(startContext)) {
		t.Fatal("startContext is not JSON")
	}
	for n := range 10 {
		if !json.Valid(mergePatch(n)) || !json.Valid(writerPatch(3, n)) {
			t.Fatalf("patch %d is not JSON", n)
		}
	}
}

func TestPerformCountsOnlyTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		company := &cast{clients: []operation{func(int) error {
			<-time.After(100 * time.Millisecond)
			return nil
		}}}
		got, err := company.perform(time.Second, 2*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if got.Operations != 20 || got.PerSecond != 10 || got.P50 != 100 || got.P99 != 100 {
			t.Errorf("got %+v, want 20 operations of 100 ms, 10 a second", got)
		}
	})
}

func TestPerformReportsFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("refused")
		fine := func(int) error { <-time.After(time.Millisecond); return nil }
		failing := func(n int) error {
			if n == 3 {
				return broken
			}
			return fine(n)
		}
		got, err := (&cast{clients: []operation{fine, failing}}).perform(0, time.Second)
		if !errors.Is(err, broken) || got.Failures != 1 {
			t.Errorf("got %+v and %v, want one failure", got, err)
		}
		lost := errors.New("lost")
		_, err = (&cast{clients: []operation{fine}, verify: func() error { return lost }}).perform(0, time.Second)
		if !errors.Is(err, lost) {
			t.Errorf("got %v, want what verify said", err)
		}
	})
}

func TestRequire(t *testing.T) {
	document := []byte(`{"step":12,"writers":{"w01":3}}`)
	if err := require(document, mergedMark(12)); err != nil {
		t.Error(err)
	}
	for _, mark := range [][]byte{mergedMark(1), mergedMark(2), mergedMark(123), writerMark(2, 3)} {
		if require(document, mark) == nil {
			t.Errorf("%s was found in %s", mark, document)
		}
	}
}

func TestReadAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		raw, body string
		status    int
		fails     bool
	}{
		"length":         {"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", "hello", 200, false},
		"long chunk":     {"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA\r\n, and more.\r\n0\r\n\r\n", "", 201, true},
		"chunks":         {"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA\r\n and more.\r\n0\r\n\r\n", "hello and more.", 201, false},
		"empty":          {"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", "", 202, false},
		"no length":      {"HTTP/1.1 200 OK\r\n\r\nhello", "", 200, true},
		"cut off":        {"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", "", 200, true},
		"bad length":     {"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", "", 200, true},
		"not a response": {"SSH-2.0-server\r\n", "", 0, true},
		"nothing":        {"", "", 0, true},
	} {
		status, body, err := readAnswer(bufio.NewReader(strings.NewReader(c.raw)), nil)
		if (err != nil) != c.fails || status != c.status || (!c.fails && string(body) != c.body) {
			t.Errorf("%s: got %d %q %v", name, status, body, err)
		}
	}
}

func TestRESTClientAgainstNetHTTP(t *testing.T) {
	var merges atomic.Int64
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "apikey secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, `{"session_id":"s1","context":{}}`)
			return
		}
		var patch map[string]any
		if err := json.NewDecoder(r.Body).Decode(&patch); err != nil {
			t.Error(err)
		}
		merges.Add(1)
		// Longer than net/http buffers, so it comes in chunks.
		fmt.Fprintf(w, `{"pad":%q,"context":{"step":%v}}`, strings.Repeat("x", 8000), patch["step"])
	}))
	defer served.Close()
	server, err := newTarget(served.URL, "i1", "secret")
	if err != nil {
		t.Fatal(err)
	}
	company, err := restMerge(server, settings{clients: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer company.leave()
	for n := range 40 {
		if err := company.clients[n%2](n); err != nil {
			t.Fatal(err)
		}
	}
	if merges.Load() != 40 {
		t.Errorf("%d merges arrived, want 40", merges.Load())
	}
	server.key = "wrong"
	if _, err := restMerge(server, settings{clients: 1}); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("a wrong key gave %v", err)
	}
}

// socketServer accepts one websocket and answers the nth packet it gets with the nth
// group of packets.
func socketServer(t *testing.T, answers [][]string) (target, *[]string) {
	var got []string
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer ws.Close()
		send := func(packets []string) {
			for _, packet := range packets {
				if err := ws.WriteMessage(websocket.TextMessage, []byte(packet)); err != nil {
					t.Error(err)
				}
			}
		}
		send([]string{`0{"sid":"a","upgrades":[],"pingInterval":10000,"pingTimeout":5000}`})
		for _, packets := range answers {
			_, packet, err := ws.ReadMessage()
			if err != nil {
				return
			}
			got = append(got, string(packet))
			send(packets)
		}
	}))
	t.Cleanup(served.Close)
	server, err := newTarget(served.URL, "i1", "k")
	if err != nil {
		t.Fatal(err)
	}
	return server, &got
}

func TestSocketWaitsForAcknowledgementAndReply(t *testing.T) {
	server, got := socketServer(t, [][]string{
		{`40{"sid":"b"}`},
		{`42["session:created",{"session_id":"s1"}]`, `431[{"session_id":"s1"}]`},
		{`2`, `42["message:brain_received",{"text":"You said: hello"}]`},
		{`432[{"session_id":"s1"}]`}, // the answer to the heartbeat
		{`42["session:context:updated",{"context":{"step":7}}]`, `433[{"context":{"step":7}}]`},
		{`434[{"error_code":"invalid_session","description":"no such session"}]`},
	})
	socket, err := dialSocket(server)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.close()
	if err := socket.createSession(); err != nil || socket.session != "s1" {
		t.Fatalf("session %q, %v", socket.session, err)
	}
	answer, err := socket.emit("message:send", socket.payload(`,"input":{"text":"hello"}`), []byte("You said: hello"))
	if err != nil || string(answer) != `{"session_id":"s1"}` {
		t.Fatalf("message:send gave %s, %v", answer, err)
	}
	if err := socket.merge(mergePatch(7), mergedMark(7)); err != nil {
		t.Error(err)
	}
	if err := socket.merge(mergePatch(8), mergedMark(8)); err == nil || !strings.Contains(err.Error(), "invalid_session") {
		t.Errorf("a refusal gave %v", err)
	}
	if !slices.Contains(*got, "3") {
		t.Error("the heartbeat was not answered")
	}
	for _, packet := range *got {
		if at := strings.IndexByte(packet, '['); at > 0 && !json.Valid([]byte(packet[at:])) {
			t.Errorf("not JSON: %s", packet)
		}
	}
}

func TestParseResident(t *testing.T) {
	kib, err := parseResident([]byte("Name:\tnode\nVmHWM:\t  99 kB\nVmRSS:\t  65432 kB\nThreads:\t11\n"))
	if err != nil || kib != 65432 {
		t.Errorf("got %d, %v", kib, err)
	}
	if _, err := parseResident([]byte("Name:\tnode\n")); err == nil {
		t.Error("a status without VmRSS gave no error")
	}
}
