package socketio

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

// connected is a server whose sockets the test gets hold of.
func connected(o Options) (Options, <-chan *Socket) {
	sockets := make(chan *Socket, 1000)
	inner := o.OnConnect
	o.OnConnect = func(s *Socket, h *Handshake) error {
		if inner != nil {
			if err := inner(s, h); err != nil {
				return err
			}
		}
		sockets <- s
		return nil
	}
	return o, sockets
}

// Pitfall 7: a CONNECT that comes right behind the open packet is not lost.
func TestConnectAtOnce(t *testing.T) {
	onPipes(t, Options{}, func(t *testing.T, h *host) {
		for range 300 {
			c := h.dialUnread(socketQuery)
			go c.send("40")
			go c.read()
			parseOpen(t, c.next())
			c.wantPrefix(`40{"sid":`)
			must(t, c.conn.Close())
		}
	})
}

func TestEmitInsideOnConnectComesAfterTheAnswer(t *testing.T) {
	o := Options{OnConnect: func(s *Socket, h *Handshake) error {
		must(t, s.Emit("first", 1))
		must(t, s.EmitRaw("second", []byte(`{"raw":true}`)))
		return nil
	}}
	onPipes(t, o, func(t *testing.T, h *host) {
		c := h.openJoined()
		c.want(`42["first",1]`)
		c.want(`42["second",{"raw":true}]`)
	})
}

func TestAck(t *testing.T) {
	events := make(chan *Event, 10)
	onPipes(t, Options{OnEvent: func(s *Socket, e *Event) { events <- e }}, func(t *testing.T, h *host) {
		c := h.openJoined()
		c.send(`4213["ask",{"n":1}]`)
		asked := <-events
		if !asked.WantsAck() {
			t.Error("the ack id was lost")
		}
		if err := asked.Ack(func() {}); err == nil {
			t.Error("a function was encoded")
		}
		must(t, asked.Ack(map[string]int{"n": 2}, "b"))
		c.want(`4313[{"n":2},"b"]`)
		if err := asked.Ack(1); !errors.Is(err, ErrAcknowledged) {
			t.Errorf("second ack: %v", err)
		}
		c.send(`42["tell"]`)
		told := <-events
		if err := told.Ack(1); told.WantsAck() || !errors.Is(err, ErrAcknowledged) {
			t.Errorf("ack nobody asked for: %v", err)
		}
		c.send(`420["ask"]`)
		must(t, (<-events).Ack())
		c.want(`430[]`)
		c.send(`431[]`) // an ack this server never asked for
		c.send(`421["late"]`)
		late := <-events
		must(t, c.conn.Close())
		synctest.Wait()
		if err := late.Ack(1); !errors.Is(err, ErrClosed) {
			t.Errorf("ack after the end: %v", err)
		}
	})
}

func TestPrepared(t *testing.T) {
	o, sockets := connected(Options{Namespace: Namespaces("/", "/a")})
	onPipes(t, o, func(t *testing.T, h *host) {
		event, err := Prepare("news", map[string]string{"text": "a<b"})
		must(t, err)
		first, second, p := h.openJoined(), h.openJoined(), h.openPolling()
		second.send("40/a")
		second.wantPrefix("40/a,")
		p.join()
		for range 4 {
			must(t, (<-sockets).Send(event))
		}
		first.want(`42["news",{"text":"a<b"}]`)
		second.want(`42["news",{"text":"a<b"}]`)
		second.want(`42/a,["news",{"text":"a<b"}]`)
		p.wantGet(`42["news",{"text":"a<b"}]`)
		if len(event.frames) != 2 {
			t.Errorf("framed %d times, want once per namespace", len(event.frames))
		}
		if _, err := Prepare("news", Attachments{{1}}); err == nil {
			t.Error("attachments were accepted")
		}
		if _, err := Prepare("news", func() {}); err == nil {
			t.Error("a function was encoded")
		}
	})
}

func TestDisconnectNamespace(t *testing.T) {
	r := &record{}
	o, sockets := connected(r.recorded())
	o.Namespace = Namespaces("/", "/a")
	onPipes(t, o, func(t *testing.T, h *host) {
		c := h.openJoined()
		c.send("40/a")
		c.wantPrefix("40/a,")
		<-sockets
		s := <-sockets
		s.Disconnect(false)
		s.Disconnect(false)
		c.want("41/a,")
		synctest.Wait()
		if err := s.Emit("x"); !errors.Is(err, ErrClosed) {
			t.Errorf("emit after the end: %v", err)
		}
		c.send(`42["still"]`)
		c.want(`42["still"]`)
		r.want(t, "connect /", "connect /a", "disconnect /a server namespace disconnect", "event still ")
	})
}

func TestDisconnectConnection(t *testing.T) {
	r := &record{}
	o, sockets := connected(r.recorded())
	o.Namespace = Namespaces("/", "/a")
	onPipes(t, o, func(t *testing.T, h *host) {
		c := h.openJoined()
		c.send("40/a")
		c.wantPrefix("40/a,")
		must(t, (<-sockets).Emit("last", 1))
		(<-sockets).Disconnect(true)
		c.want(`42["last",1]`)
		c.want("41")
		c.want("41/a,")
		c.wantClosed()
		r.want(t, "connect /", "connect /a", "disconnect / server namespace disconnect", "disconnect /a server namespace disconnect")

		p := h.openPolling()
		p.join()
		s := <-sockets
		must(t, s.Emit("last", 2))
		s.Disconnect(true)
		p.wantGet("42[\"last\",2]\x1e41")
		p.wantGet("1")
		p.wantGone()
	})
}

func TestDisconnectInsideOnConnect(t *testing.T) {
	r := &record{}
	o := r.recorded()
	o.OnConnect = func(s *Socket, h *Handshake) error {
		_ = s.Emit("sorry")
		s.Disconnect(h.Path == "/all")
		return nil
	}
	onPipes(t, o, func(t *testing.T, h *host) {
		c := h.openJoined()
		c.want(`42["sorry"]`)
		c.want("41")
		c.wantQuiet()
		h.path = "/all"
		c = h.openSocket()
		c.send("40")
		c.wantClosed()
		r.want(t, "disconnect / server namespace disconnect", "disconnect / server namespace disconnect")
	})
}

// A callback may disconnect its own socket or hold a lock that OnDisconnect takes.
func TestNothingThatSendsRunsACallback(t *testing.T) {
	var lock sync.Mutex
	r := &record{}
	o := r.recorded()
	o.OnEvent = func(s *Socket, e *Event) {
		lock.Lock()
		defer lock.Unlock()
		r.add("event", e.Name)
		s.Disconnect(true)
		r.add("done", e.Name)
	}
	o.OnDisconnect = func(s *Socket, reason Reason) {
		lock.Lock()
		defer lock.Unlock()
		r.add("disconnect", string(reason))
	}
	o, sockets := connected(o)
	onPipes(t, o, func(t *testing.T, h *host) {
		c := h.openJoined()
		c.send(`42["first"]`)
		_ = c.conn.WriteMessage(websocket.TextMessage, []byte(`42["second"]`)) // comes too late, perhaps even for the websocket
		c.wantClosed()
		<-sockets
		h.openJoined()
		lock.Lock()
		(<-sockets).Disconnect(true)
		lock.Unlock()
		r.want(t, "connect /", "event first", "done first", "disconnect server namespace disconnect",
			"connect /", "disconnect server namespace disconnect")
	})
}

// A callback that takes long holds up its own client only, and not to death: its pong is behind the message.
func TestSlowCallbackKeepsItsClient(t *testing.T) {
	release := make(map[string]chan struct{})
	r := &record{}
	o := r.recorded()
	o.HandlerTimeout = 50 * time.Second
	o.OnEvent = func(s *Socket, e *Event) {
		r.add("event", e.Name)
		if gate := release[e.Name]; gate != nil {
			<-gate
			r.add("done", e.Name)
		}
	}
	onPipes(t, o, func(t *testing.T, h *host) {
		release["ws"], release["polling"] = make(chan struct{}), make(chan struct{})
		c, p := h.openJoined(), h.openPolling()
		p.join()
		c.send(`42["ws"]`)
		post := p.background(t.Context(), "POST", p.query, `42["polling"]`)
		c.want("2")
		p.wantGet("2")
		go c.send("3") // nobody reads it yet: a pipe holds nothing
		pass(30 * time.Second)
		close(release["ws"])
		synctest.Wait()
		close(release["polling"])
		if got := <-post; got.status != http.StatusOK {
			t.Fatalf("post: got %+v", got)
		}
		p.wantPost("3")
		c.want("2")
		p.wantGet("2")
		c.send("3")
		p.wantPost("3")
		r.want(t, "connect /", "connect /", "event ws", "event polling", "done ws", "done polling")
	})
}

func TestStuckCallback(t *testing.T) {
	r := &record{}
	o := r.recorded()
	o.HandlerTimeout = 40 * time.Second
	var gate chan struct{}
	o.OnEvent = func(s *Socket, e *Event) { <-gate }
	onPipes(t, o, func(t *testing.T, h *host) {
		gate = make(chan struct{})
		c := h.openJoined()
		began := time.Now()
		c.send(`42["stuck"]`)
		c.wantClosed()
		if took := time.Since(began); took < o.HandlerTimeout || took > o.HandlerTimeout+timeout {
			t.Errorf("cut after %v", took)
		}
		r.want(t, "connect /")
		close(gate)
		r.want(t, "connect /", "disconnect / ping timeout")
	})
}

func TestPanicStaysWithItsConnection(t *testing.T) {
	r := &record{}
	o := r.recorded()
	o.OnEvent = func(s *Socket, e *Event) {
		if e.Name == "bad" {
			panic("bad event")
		}
		echoEvent(s, e)
	}
	onPipes(t, o, func(t *testing.T, h *host) {
		bad, good, p := h.openJoined(), h.openJoined(), h.openPolling()
		p.join()
		bad.send(`42["bad"]`)
		bad.wantClosed()
		p.wantPost(`42["bad"]`)
		p.wantGet("1")
		good.send(`42["x"]`)
		good.want(`42["x"]`)
		if ended := h.server.Stats().Ended; ended[ReasonPanic] != 2 || len(ended) != 1 {
			t.Errorf("got %v", ended)
		}
	})
}

// Events are handled in order, one at a time, whatever the transport.
func TestOrderAcrossTheUpgrade(t *testing.T) {
	r := &record{}
	o := r.recorded()
	onPipes(t, o, func(t *testing.T, h *host) {
		p := h.openPolling()
		p.join()
		var want []string
		var body strings.Builder
		for i := range 50 {
			fmt.Fprintf(&body, "42[\"n\",%d]\x1e", i)
			want = append(want, fmt.Sprintf("event n %d", i))
		}
		p.wantPost(strings.TrimSuffix(body.String(), "\x1e"))
		c := p.probe()
		status, text := p.get()
		if status != http.StatusOK {
			t.Fatal(status)
		}
		c.send("5")
		got := strings.Split(text, "\x1e")
		for i := range 50 {
			c.send(fmt.Sprintf(`42["n",%d]`, 50+i))
			want = append(want, fmt.Sprintf("event n %d", 50+i))
			got = append(got, c.next())
		}
		for i, text := range got {
			if text != fmt.Sprintf(`42["n",%d]`, i) {
				t.Fatalf("answer %d: %s", i, text)
			}
		}
		r.want(t, append([]string{"connect /"}, want...)...)
	})
}

// Pitfall 8: what waits for a client is bounded.
func TestSlowConsumer(t *testing.T) {
	r := &record{}
	o, sockets := connected(r.recorded())
	o.MaxQueued = 10_000
	onPipes(t, o, func(t *testing.T, h *host) {
		other, p := h.openJoined(), h.openPolling()
		p.join()
		reads, s := <-sockets, <-sockets
		for range 200 { // more than the limit in all, but never at once
			must(t, reads.Emit("tick", strings.Repeat("x", 90)))
			other.wantPrefix(`42["tick",`)
			synctest.Wait()
		}
		if waiting := reads.Buffered(); waiting != 0 {
			t.Errorf("%d bytes wait for a client that reads", waiting)
		}
		must(t, s.Emit("big", strings.Repeat("x", 20_000))) // one message is always taken
		if waiting := s.Buffered(); waiting < 20_000 {
			t.Errorf("%d bytes wait", waiting)
		}
		if status, _ := p.get(); status != http.StatusOK || s.Buffered() != 0 {
			t.Errorf("got %d, %d bytes wait", status, s.Buffered())
		}
		var err error
		sent := 0
		for err == nil {
			err = s.Emit("tick", strings.Repeat("x", 90))
			sent++
		}
		if !errors.Is(err, ErrSlowConsumer) || sent != 98 { // 103 bytes each: 97 fit
			t.Errorf("%v after %d events", err, sent)
		}
		if err := s.Emit("tick"); !errors.Is(err, ErrClosed) {
			t.Errorf("after the cut: %v", err)
		}
		p.wantGone()
		other.send(`42["other"]`)
		other.want(`42["other"]`)
		r.want(t, "connect /", "connect /", "disconnect / slow consumer", "event other ")
	})
}

// A websocket client that stops reading is cut within the write timeout, and what it would not read does not hold up others.
func TestSlowWebSocket(t *testing.T) {
	r := &record{}
	o, sockets := connected(r.recorded())
	onPipes(t, o, func(t *testing.T, h *host) {
		conn, reader := h.rawSocket()
		readFrame(t, reader, "0{") // the open packet is read, and then no more
		_, err := conn.Write(maskedFrame("40"))
		must(t, err)
		s := <-sockets
		synctest.Wait()
		must(t, s.Emit("more", 1))
		pass(9999 * time.Millisecond)
		r.want(t, "connect /")
		pass(time.Millisecond)
		r.want(t, "connect /", "disconnect / transport error")
	})
}

// Pitfall 8: an idle connection has one goroutine, the one that reads.
func TestOneGoroutinePerConnection(t *testing.T) {
	o, sockets := connected(Options{})
	onPipes(t, o, func(t *testing.T, h *host) {
		const connections = 200
		var clients []*socketClient
		for range connections {
			clients = append(clients, h.openJoined())
		}
		for range connections {
			must(t, (<-sockets).Emit("x", 1))
		}
		for _, c := range clients {
			c.want(`42["x",1]`)
		}
		synctest.Wait()
		stacks := make([]byte, 16<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		own := 0
		for _, creator := range []string{"Server", "Conn", "stream", "polling", "upgrade", "turn"} {
			own += strings.Count(string(stacks), "created by parley/internal/socketio.(*"+creator+")")
		}
		if own != connections {
			t.Errorf("%d goroutines for %d connections", own, connections)
		}
	})
}

func TestDrainTellsTheSockets(t *testing.T) {
	r := &record{}
	onPipes(t, r.recorded(), func(t *testing.T, h *host) {
		began := time.Now()
		c, p := h.openJoined(), h.openPolling()
		p.join()
		notice := func(s *Socket, wait time.Duration) {
			if wait < 0 || wait >= time.Minute {
				t.Errorf("told to wait %v", wait)
			}
			must(t, s.Emit("draining", wait.Milliseconds()))
		}
		done := make(chan error)
		go func() { done <- h.server.Drain(t.Context(), time.Minute, notice) }()
		c.wantPrefix(`42["draining",`)
		if _, body := p.get(); !strings.HasPrefix(body, `42["draining",`) {
			t.Errorf("got %q", body)
		}
		for _, message := range c.wantClosed() {
			if message != "2" {
				t.Errorf("got %q: a client told to disconnect does not come back", message)
			}
		}
		_ = p.post("3")
		must(t, <-done)
		if took := time.Since(began); took > time.Minute {
			t.Errorf("took %v", took)
		}
	})
}
