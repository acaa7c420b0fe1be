package socketio

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

func onEcho(t *testing.T, test func(t *testing.T, h *host)) {
	t.Helper()
	echo := func(c *Conn, data []byte, binary bool) {
		if binary {
			_ = c.SendBinary(data)
		} else {
			_ = c.SendText(data)
		}
	}
	o := Options{PingInterval: interval, PingTimeout: timeout, Binary: true}
	onServer(t, func() *Server { return NewEngine(o, echo) }, test)
}

func TestOpenPacket(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		_, body, header := h.request("GET", pollQuery, "")
		polling, socket := parseOpen(t, body), h.openSocket().open
		if !slices.Equal(polling.Upgrades, []string{"websocket"}) {
			t.Errorf("polling offers %v", polling.Upgrades)
		}
		if socket.Upgrades == nil || len(socket.Upgrades) != 0 {
			t.Errorf("websocket offers %v, want []: a real client would open a second one", socket.Upgrades)
		}
		if len(polling.SID) != 20 || polling.SID == socket.SID {
			t.Errorf("sids %q and %q", polling.SID, socket.SID)
		}
		polling.SID, polling.Upgrades = "", nil
		if polling.PingInterval != 10_000 || polling.PingTimeout != 5_000 || polling.MaxPayload != 1_000_000 {
			t.Errorf("got %+v", polling)
		}
		if header.Get("Cache-Control") != "no-store" {
			t.Errorf("an answer to a poll may be cached: %v", header)
		}
	})
}

func TestHandshakeRefusals(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		for _, c := range []struct{ method, query, want string }{
			{"GET", "EIO=4", `{"code":0,"message":"Transport unknown"}`},
			{"GET", "EIO=4&transport=abc", `{"code":0,"message":"Transport unknown"}`},
			{"GET", "transport=polling", `{"code":5,"message":"Unsupported protocol version"}`},
			{"GET", "EIO=3&transport=polling", `{"code":5,"message":"Unsupported protocol version"}`},
			{"GET", "EIO=3&transport=websocket", `{"code":5,"message":"Unsupported protocol version"}`},
			{"GET", socketQuery, `{"code":3,"message":"Bad request"}`},
			{"POST", pollQuery, `{"code":2,"message":"Bad handshake method"}`},
			{"PUT", pollQuery, `{"code":2,"message":"Bad handshake method"}`},
			{"GET", pollQuery + "&sid=unknown", `{"code":1,"message":"Session ID unknown"}`},
		} {
			status, body, header := h.request(c.method, c.query, "")
			if status != http.StatusBadRequest || body != c.want || header.Get("Content-Type") != "application/json" {
				t.Errorf("%s %s: got %d %s, want %s", c.method, c.query, status, body, c.want)
			}
		}
		if open := h.server.Stats().Connections; open != 0 {
			t.Errorf("%d connections were opened", open)
		}
	})
}

func TestEchoByPolling(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling()
		p.wantPost("4one\x1ebAQIDBA==\x1e4two")
		p.wantGet("4one\x1ebAQIDBA==\x1e4two")
	})
}

func TestEchoByWebSocket(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		c := h.openSocket()
		c.send("4hello")
		c.want("4hello")
		c.sendBinary(1, 2, 3)
		c.want("binary:\x01\x02\x03")
		c.send("bAQID") // a client that cannot send bytes
		c.want("binary:\x01\x02\x03")
		long := strings.Repeat("x", 200_000)
		c.send("4" + long)
		c.want("4" + long)
	})
}

// Pitfall 1: the POST with the close packet may overtake the GET sent before it.
func TestForcedClose(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		waiting := h.openPolling()
		poll := waiting.background(t.Context(), "GET", waiting.query, "")
		waiting.wantPost("1")
		if got := <-poll; got.status != http.StatusOK || got.body != "6" {
			t.Errorf("waiting poll: got %+v", got)
		}
		waiting.wantGone()

		overtaken := h.openPolling()
		overtaken.wantPost("1")
		overtaken.wantGet("6")
		overtaken.wantGone()

		late := h.openPolling()
		late.wantPost("1")
		pass(agreedLinger + time.Millisecond)
		late.wantGone()

		socket := h.openSocket()
		socket.send("1")
		socket.wantClosed()
	})
}

// Pitfall 2: deadlines are absolute and are checked when a request arrives.
func TestPingTimeout(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		opened := time.Now()
		p, c := h.openPolling(), h.openSocket()
		pass(interval + timeout)
		p.wantGone()
		if got := c.wantClosed(); !slices.Equal(got, []string{"2"}) || time.Since(opened) != interval+timeout {
			t.Errorf("websocket ended after %v with %q", time.Since(opened), got)
		}
		if ended := h.server.Stats().Ended[ReasonPingTimeout]; ended != 2 {
			t.Errorf("%d ping timeouts", ended)
		}
	})
}

func TestPingDeadlineWithoutTimer(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling()
		var c *Conn
		for _, c = range h.server.conns {
		}
		c.mu.Lock()
		c.heartbeat.awaiting = true // the ping is out, and the timer for its deadline does not come
		c.heartbeat.timer.Stop()
		c.mu.Unlock()
		pass(interval + timeout)
		p.wantGone()
	})
}

func TestHeartbeat(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p, c := h.openPolling(), h.openSocket()
		for range 20 {
			began := time.Now()
			p.wantGet("2")
			c.want("2")
			if took := time.Since(began); took > interval || took < interval-timeout {
				t.Fatalf("ping after %v", took)
			}
			pass(timeout - time.Millisecond)
			p.wantPost("3")
			c.send("3")
		}
	})
}

// A node that was itself asleep must not take it out on its clients.
func TestLatePingMovesTheDeadline(t *testing.T) {
	o := Options{PingInterval: interval, PingTimeout: timeout}
	var onTime, late heartbeat
	onTime.next(0, &o)
	onTime.ping(interval+timeout/4, &o)
	late.next(0, &o)
	late.ping(interval+time.Minute, &o)
	if onTime.deadline != interval+timeout {
		t.Errorf("deadline %v after a ping sent a little late", onTime.deadline)
	}
	if late.deadline != interval+time.Minute+timeout {
		t.Errorf("deadline %v after a ping sent a minute late", late.deadline)
	}
}

// The pong of a client whose message took long may be the next thing to read.
func TestEndOfATurnGivesTime(t *testing.T) {
	o := Options{PingInterval: interval, PingTimeout: timeout, HandlerTimeout: time.Minute}
	var h heartbeat
	h.next(0, &o)
	h.ping(interval, &o)
	h.beginTurn(interval)
	h.endTurn(interval+timeout-time.Millisecond, timeout)
	if h.missed(interval+timeout, &o) {
		t.Error("cut one millisecond after its message was handled")
	}
	if !h.missed(interval+2*timeout, &o) {
		t.Error("alive without a pong")
	}
}

// probe leads a polling client to the point where its probe is answered.
func (p *poller) probe() *socketClient {
	p.t.Helper()
	c := p.dial(strings.Replace(p.query, "polling", "websocket", 1))
	c.send("2probe")
	c.want("3probe")
	return c
}

// Pitfall 3: after the probe's answer a poll gets a noop, but one that overtook the upgrade packet is refused.
func TestUpgrade(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling()
		poll := p.background(t.Context(), "GET", p.query, "")
		c := p.probe()
		if got := <-poll; got.status != http.StatusOK || got.body != "6" {
			t.Fatalf("poll under way: got %+v", got)
		}
		began := time.Now()
		p.wantGet("6")
		if took := time.Since(began); took != probeHold {
			t.Errorf("a poll after the probe was answered after %v, want %v", took, probeHold)
		}
		c.send("5")
		c.send("4hello")
		c.want("4hello")
		c.want("2")
		c.send("3")
		pass(interval - time.Millisecond) // longer than the upgrade may take
		c.send("4still there")
		c.want("4still there")
		if upgrades := h.server.Stats().Upgrades; upgrades != 1 {
			t.Errorf("%d upgrades", upgrades)
		}
	})
}

func TestPollThatOvertakesTheUpgrade(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling()
		c := p.probe()
		poll := p.background(t.Context(), "GET", p.query, "")
		c.send("5")
		if got := <-poll; got.status != http.StatusBadRequest {
			t.Errorf("overtaking poll: got %+v, want 400", got)
		}
		p.wantGone()
		if status := p.post("4lost"); status != http.StatusBadRequest {
			t.Errorf("post after the upgrade: got %d", status)
		}
		c.send("4hello")
		c.want("4hello")
	})
}

func TestMessagesCrossTheUpgrade(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling()
		p.wantPost("4one")
		c := p.probe()
		p.wantGet("4one")
		p.wantPost("4two")
		c.send("5")
		c.want("4two")
		c.send("4three")
		c.want("4three")
	})
}

func TestUpgradeThatFails(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling()
		for _, packet := range []string{"2other", "4hello", "5"} {
			c := p.dial(strings.Replace(p.query, "polling", "websocket", 1))
			c.send(packet)
			c.wantClosed()
		}
		c := p.probe()
		pass(9 * time.Second)
		c.wantQuiet()
		pass(time.Second) // the upgrade timeout
		c.wantClosed()
		p.wantGet("2")
		p.wantPost("3\x1e4still polling")
		p.wantGet("4still polling")
	})
}

func TestCloseDuringTheUpgrade(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling()
		c := p.probe()
		began := time.Now()
		p.wantPost("1")
		c.wantClosed()
		if took := time.Since(began); took != 0 {
			t.Errorf("the probe was closed after %v", took)
		}
	})
}

// A client that does not answer the close frame is cut after the write timeout.
func TestCloseWithoutAnswer(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		conn, reader := h.rawSocket()
		readFrame(t, reader, "0{")
		began := time.Now()
		_, err := conn.Write(maskedFrame("1"))
		must(t, err)
		rest, _ := io.ReadAll(reader)
		if took := time.Since(began); took != 10*time.Second || len(rest) < 2 || rest[0] != 0x88 {
			t.Errorf("got % x until the end after %v, want a close frame and 10s", rest, took)
		}
	})
}

// Pitfall 4: a second websocket is accepted and closed; an HTTP error would be one for the client library.
func TestSecondWebSocket(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling()
		c := p.probe()
		during := p.dial(strings.Replace(p.query, "polling", "websocket", 1))
		during.wantCloseFrame()
		c.send("5")
		after := p.dial(strings.Replace(p.query, "polling", "websocket", 1))
		after.wantCloseFrame()
		c.send("4hello")
		c.want("4hello")
	})
}

// Pitfall 5: one poll at a time, and a client that hangs up is gone.
func TestDuplicatePoll(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling()
		first := p.background(t.Context(), "GET", p.query, "")
		p.wantGone()
		if got := <-first; got.status != http.StatusOK || got.body != "1" {
			t.Errorf("first poll: got %+v", got)
		}
		p.wantGone()
	})
}

func TestAbortedPoll(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling()
		ctx, abort := context.WithCancel(t.Context())
		poll := p.background(ctx, "GET", p.query, "")
		abort()
		if got := <-poll; got.err == nil {
			t.Errorf("aborted poll: got %+v", got)
		}
		synctest.Wait()
		p.wantGone()
		if ended := h.server.Stats().Ended[ReasonTransportError]; ended != 1 {
			t.Errorf("%d transport errors", ended)
		}
	})
}

func TestMalformedEnginePackets(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		for _, packet := range []string{"abc", "9", "2", "0{}", "4\xff", "b*"} {
			p := h.openPolling()
			if status := p.post(packet); status != http.StatusBadRequest {
				t.Errorf("post %q: got %d", packet, status)
			}
			p.wantGone()
			c := h.openSocket()
			c.send(packet)
			c.wantClosed()
		}
		if ended := h.server.Stats().Ended[ReasonParseError]; ended != 12 {
			t.Errorf("%d parse errors", ended)
		}
	})
}

// Pitfall 10: a payload over the limit is 413 on a POST and the end of a websocket.
func TestPayloadLimit(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		fits := "4" + strings.Repeat("x", 999_999)
		p := h.openPolling()
		p.wantPost(fits)
		p.wantGet(fits)
		chunked := h.openPolling()
		// Called directly: over a connection the client may notice the hang-up before it reads the answer.
		for p, body := range map[*poller]io.Reader{
			p:       strings.NewReader(fits + "x"),
			chunked: io.MultiReader(strings.NewReader(fits), strings.NewReader("x")), // of unknown length
		} {
			w := httptest.NewRecorder()
			h.server.ServeHTTP(w, httptest.NewRequest(http.MethodPost, h.path+"?"+p.query, body))
			if w.Code != http.StatusRequestEntityTooLarge {
				t.Errorf("post over the limit: got %d", w.Code)
			}
			p.wantGone()
		}

		c := h.openSocket()
		c.send(fits)
		c.want(fits)
		_ = c.conn.WriteMessage(websocket.TextMessage, []byte(fits+"x")) // the server hangs up in the middle
		c.wantClosed()
		if ended := h.server.Stats().Ended[ReasonTransportError]; ended != 3 {
			t.Errorf("%d transport errors", ended)
		}
	})
}

func TestSlowPost(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling()
		body, never := io.Pipe()
		defer never.Close()
		request, err := http.NewRequest(http.MethodPost, "http://parley"+h.path+"?"+p.query, body)
		must(t, err)
		done := make(chan struct{})
		go func() {
			defer close(done)
			if response, err := h.client.Do(request); err == nil {
				response.Body.Close()
			}
		}()
		synctest.Wait()
		if status := p.post("3"); status != http.StatusBadRequest {
			t.Errorf("a second post at the same time: got %d", status)
		}
		pass(30 * time.Second) // the read timeout
		<-done
		p.wantGone()
	})
}

func TestSlowPollReader(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling()
		p.wantPost("4" + strings.Repeat("x", 900_000))
		conn, err := h.pipes.dial(t.Context(), "", "")
		must(t, err)
		_, err = io.WriteString(conn, "GET "+h.path+"?"+p.query+" HTTP/1.1\r\nHost: parley\r\n\r\n")
		must(t, err)
		pass(11 * time.Second) // the write timeout; nothing is read meanwhile
		synctest.Wait()
		if n, _ := io.Copy(io.Discard, conn); n > 100_000 {
			t.Errorf("the answer still went out after the write timeout: %d bytes", n)
		}
	})
}

// Pitfall 8: a client that does not read is cut off, by the clock or by what waits for it.
func TestWriteTimeout(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		began := time.Now()
		h.rawSocket() // its open packet is stuck: a pipe holds nothing
		synctest.Wait()
		for h.server.Stats().Connections > 0 {
			pass(time.Second)
			synctest.Wait()
		}
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("cut off after %v, want 10s", took)
		}
		if ended := h.server.Stats().Ended[ReasonTransportError]; ended != 1 {
			t.Errorf("got %v", h.server.Stats().Ended)
		}
	})
}

func TestPreflight(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		status, _, header := h.request("OPTIONS", pollQuery, "", "Origin", "https://shop.example",
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "x-own")
		if status != http.StatusNoContent || header.Get("Access-Control-Allow-Origin") != "https://shop.example" ||
			header.Get("Access-Control-Allow-Methods") != "GET, POST" || header.Get("Access-Control-Allow-Headers") != "x-own" {
			t.Errorf("got %d %v", status, header)
		}
	})
}

func TestOriginCheck(t *testing.T) {
	for _, c := range []struct {
		name, origin          string
		checked, credentials  bool
		status                int
		allowed, allowedCreds string
	}{
		{"no check", "https://any.example", false, true, 200, "https://any.example", ""},
		{"accepted", "https://shop.example", true, true, 200, "https://shop.example", "true"},
		{"accepted without credentials", "https://shop.example", true, false, 200, "https://shop.example", ""},
		{"foreign", "https://other.example", true, true, 403, "", ""},
		{"no origin", "", true, true, 200, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Options{AllowCredentials: c.credentials}
			if c.checked {
				o.CheckOrigin = func(r *http.Request, origin string) bool { return origin == "https://shop.example" }
			}
			server := NewServer(o)
			for method, status := range map[string]int{"GET": c.status, "OPTIONS": map[int]int{200: 204, 403: 403}[c.status]} {
				r := httptest.NewRequest(method, "/socket.io/?"+pollQuery, nil)
				if c.origin != "" {
					r.Header.Set("Origin", c.origin)
				}
				w := httptest.NewRecorder()
				server.ServeHTTP(w, r)
				if w.Code != status || w.Header().Get("Access-Control-Allow-Origin") != c.allowed ||
					w.Header().Get("Access-Control-Allow-Credentials") != c.allowedCreds {
					t.Errorf("%s: got %d %v", method, w.Code, w.Header())
				}
				if status == 403 && w.Body.String() != `{"code":4,"message":"Forbidden"}` {
					t.Errorf("%s: got %s", method, w.Body)
				}
			}
			must(t, server.Drain(t.Context(), 0, nil))
		})
	}
}

func TestDrain(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p, c := h.openPolling(), h.openSocket()
		poll := p.background(t.Context(), "GET", p.query, "")
		must(t, h.server.Drain(t.Context(), 3*time.Second, nil))
		if got := <-poll; got.body != "1" {
			t.Errorf("poll: got %+v", got)
		}
		c.wantClosed()
		if s := h.server.Stats(); s.Connections != 0 || s.Ended[ReasonShutdown] != 2 {
			t.Errorf("got %+v", s)
		}
		status, _, header := h.request("GET", pollQuery, "")
		if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
			t.Errorf("handshake while draining: got %d %v", status, header)
		}
		if h.server.Drain(t.Context(), 0, nil) == nil {
			t.Error("a second Drain was accepted")
		}
	})
}

func TestDrainInAHurry(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		c := h.openSocket()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := h.server.Drain(ctx, 24*time.Hour, nil); err == nil {
			t.Error("Drain says that all left in time")
		}
		c.wantClosed()
		if took := time.Since(began); took != time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestSIDNamesTheNode(t *testing.T) {
	o := Options{PingInterval: interval, PingTimeout: timeout, Node: "parley-1.example"}
	onServer(t, func() *Server { return NewEngine(o, func(*Conn, []byte, bool) {}) }, func(t *testing.T, h *host) {
		_, body, _ := h.request("GET", pollQuery, "")
		polling, socket := parseOpen(t, body).SID, h.openSocket().open.SID
		for _, sid := range []string{polling, socket} {
			if own, ok := strings.CutPrefix(sid, "parley-1.example~"); !ok || len(own) != 20 {
				t.Errorf("got %q", sid)
			}
		}
		if status, body, _ := h.request("POST", pollQuery+"&sid="+polling, "4hi"); status != 200 {
			t.Errorf("a POST with the sid: %d %s", status, body)
		}
	})
}

// What a client sends before it can know of the server's close does not keep the close from it.
func TestPostThatTheCloseOvertook(t *testing.T) {
	o := Options{PingInterval: interval, PingTimeout: timeout}
	closes := func(c *Conn, _ []byte, _ bool) {
		_ = c.SendText([]byte("bye"))
		c.Close()
	}
	onServer(t, func() *Server { return NewEngine(o, closes) }, func(t *testing.T, h *host) {
		p := h.openPolling()
		p.wantPost("4leave")
		p.wantPost("3") // a pong, say
		p.wantGet("4bye")
		p.wantPost("3")
		p.wantGet("1")
		p.wantGone()
	})
}

// The answer to a poll that the client's browser repeats comes again, and the packets of a POST are not taken twice.
func TestRepeatedRequests(t *testing.T) {
	onEcho(t, func(t *testing.T, h *host) {
		p := h.openPolling("first")
		get, post := p.named("GET"), p.named("POST")
		post("a", "4one", "ok")
		post("a", "4one", "ok") // repeated
		get("b", "", "4one")
		get("b", "", "4one") // repeated
		waiting := h.background(t.Context(), "GET", p.query+"&t=c", "")
		post("d", "4two", "ok")
		if got := <-waiting; got.body != "4two" {
			t.Fatalf("got %q", got.body)
		}
		get("c", "", "4two") // repeated, of one that waited
		post("e", "4three", "ok")
		get("f", "", "4three")
		for range 2 { // who never names a request otherwise repeats none
			post("first", "4same", "ok")
			get("first", "", "4same")
		}
		for _, name := range []string{"1795318000", "1795318000.25", strings.Repeat("x", nameLimit+1)} { // no names: clocks, and too long
			for range 2 {
				post(name, "4more", "ok")
				get(name, "", "4more")
			}
		}
	})
}

// named returns a function that sends a request under a name and wants an answer.
func (p *poller) named(method string) func(name, body, want string) {
	return func(name, body, want string) {
		p.t.Helper()
		if status, got, _ := p.request(method, p.query+"&t="+name, body); status != http.StatusOK || got != want {
			p.t.Fatalf("%s %s: got %d %q, want %q", method, name, status, got, want)
		}
	}
}
