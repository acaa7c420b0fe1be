package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Pitfall 9: nothing of connection state recovery, even if a client asks for it.
func TestConnectAnswerHasOnlyASID(t *testing.T) {
	r := &record{}
	onPipes(t, r.recorded(), func(t *testing.T, h *host) {
		c := h.openSocket()
		c.send(`40{"pid":"abc","offset":"1"}`)
		text := c.wantPrefix("40")
		var answer map[string]any
		must(t, json.Unmarshal([]byte(text[2:]), &answer))
		if len(answer) != 1 || answer["sid"] == "" || answer["sid"] == c.open.SID {
			t.Errorf("got %s", text)
		}
		r.want(t, "connect /")
	})
}

func TestHandshake(t *testing.T) {
	var got *Handshake
	o := Options{
		Headers:   []string{"Origin", "X-Forwarded-For"},
		OnConnect: func(s *Socket, h *Handshake) error { got = h; return nil },
	}
	onPipes(t, o, func(t *testing.T, h *host) {
		h.path = "/v1/web/abc/ws/"
		_, body, _ := h.request("GET", pollQuery+"&room=a%20b", "", "X-Forwarded-For", "10.0.0.1", "Origin", "https://shop.example", "Cookie", "secret=1")
		p := &poller{h, pollQuery + "&sid=" + parseOpen(t, body).SID}
		p.wantPost(`40{"token":"123"}`)
		if status, _ := p.get(); status != http.StatusOK {
			t.Fatal(status)
		}
		if got.Namespace != "/" || got.Path != "/v1/web/abc/ws/" || got.Query.Get("room") != "a b" || got.Transport != "polling" ||
			string(got.Auth) != `{"token":"123"}` || got.RemoteAddr == "" {
			t.Errorf("got %+v", got)
		}
		if len(got.Header) != 2 || got.Header.Get("X-Forwarded-For") != "10.0.0.1" || got.Header.Get("Origin") != "https://shop.example" {
			t.Errorf("got headers %v", got.Header)
		}
	})
}

// Both spellings of the contract: the engine path with "/", and the namespace on the default path.
func TestNamespaceResolver(t *testing.T) {
	r := &record{}
	o := r.recorded()
	o.Namespace = func(path, namespace string) bool {
		if path == "/socket.io/" {
			return strings.HasPrefix(namespace, "/v1/web/")
		}
		return namespace == "/"
	}
	onPipes(t, o, func(t *testing.T, h *host) {
		c := h.openSocket()
		c.send("40")
		c.want(`44{"message":"Invalid namespace"}`)
		c.send("40/random")
		c.want(`44/random,{"message":"Invalid namespace"}`)
		c.send("40/v1/web/abc/ws,")
		c.wantPrefix(`40/v1/web/abc/ws,{"sid":"`)
		c.send(`42/v1/web/abc/ws,7["say",{"a":1}]`)
		c.want(`43/v1/web/abc/ws,7[{"a":1}]`)
		c.send("40/v1/web/abc/ws/")
		c.wantPrefix(`40/v1/web/abc/ws/,{"sid":"`)
		h.path = "/v1/web/abc/ws"
		c = h.openJoined()
		c.send(`42["say",{"a":1}]`)
		c.want(`42["say",{"a":1}]`)
		r.want(t, "connect /v1/web/abc/ws", `event say {"a":1}`, "connect /v1/web/abc/ws/", "connect /", `event say {"a":1}`)
		if s := h.server.Stats(); s.Sockets != 3 || s.ConnectErrs != 2 || s.Events != 2 || s.Connections != 2 {
			t.Errorf("got %+v", s)
		}
	})
}

func TestConnectRefused(t *testing.T) {
	r := &record{}
	o := r.recorded()
	o.Namespace = func(string, string) bool { return true }
	o.OnConnect = func(s *Socket, h *Handshake) error {
		_ = s.Emit("never", 1)
		switch h.Namespace {
		case "/plain":
			return errors.New("plain <error>")
		case "/data":
			return &ConnectError{Message: "integration_not_found", Data: map[string]int{"n": 1}}
		}
		return &ConnectError{Message: "odd", Data: func() {}}
	}
	onPipes(t, o, func(t *testing.T, h *host) {
		c := h.openSocket()
		c.send("40/plain")
		c.want(`44/plain,{"message":"plain \u003cerror\u003e"}`)
		c.send("40/data")
		c.want(`44/data,{"message":"integration_not_found","data":{"n":1}}`)
		c.send("40/odd")
		c.want(`44/odd,{"message":"odd"}`)
		c.wantQuiet()
		r.want(t)
	})
}

func TestConnectTimeout(t *testing.T) {
	r := &record{}
	o := r.recorded()
	o.ConnectTimeout = 3 * time.Second
	onPipes(t, o, func(t *testing.T, h *host) {
		began := time.Now()
		joined, idle, refused := h.openJoined(), h.openSocket(), h.openSocket()
		refused.send("40/unknown")
		refused.want(`44/unknown,{"message":"Invalid namespace"}`)
		idle.wantClosed()
		refused.wantClosed()
		if took := time.Since(began); took != o.ConnectTimeout {
			t.Errorf("closed after %v", took)
		}
		joined.want("2")
		r.want(t, "connect /")
		if ended := h.server.Stats().Ended[ReasonConnectTimeout]; ended != 2 {
			t.Errorf("%d connect timeouts", ended)
		}
	})
}

// Pitfall 6: what breaks the protocol closes the connection.
func TestMalformedPackets(t *testing.T) {
	r := &record{}
	o := r.recorded()
	o.Namespace = func(string, string) bool { return true }
	onPipes(t, o, func(t *testing.T, h *host) {
		for _, packet := range []string{
			`42{}`, `42abc["a"]`, `4abc`, `40`, `42/other,["a"]`, `41/other`, `43/other,1[]`, `42["connect"]`, `4`, `44{}`, `47`,
		} {
			c := h.openJoined()
			c.send(packet)
			if before := c.wantClosed(); len(before) > 0 {
				t.Errorf("%s: got %q before the end", packet, before)
			}
			p := h.openPolling()
			p.join()
			p.wantPost(packet)
			p.wantGet("1")
			p.wantGone()
		}
		if ended := h.server.Stats().Ended; ended[ReasonParseError] != 22 || len(ended) != 1 {
			t.Errorf("got %v", ended)
		}
	})
	if got := strings.Count(strings.Join(r.lines, "\n"), "disconnect / parse error"); got != 22 {
		t.Errorf("%d sockets were told", got)
	}
}

func TestLeaveAndJoinAgain(t *testing.T) {
	r := &record{}
	o := r.recorded()
	o.Namespace = Namespaces("/", "/a")
	onPipes(t, o, func(t *testing.T, h *host) {
		c := h.openJoined()
		c.send("40/a")
		c.wantPrefix("40/a,")
		c.send("41/a")
		c.send("40/a,")
		c.wantPrefix("40/a,")
		c.send("41")
		c.send(`42/a,["x"]`)
		c.want(`42/a,["x"]`)
		must(t, c.conn.Close())
		r.want(t, "connect /", "connect /a", "disconnect /a client namespace disconnect", "connect /a",
			"disconnect / client namespace disconnect", "event x ", "disconnect /a transport close")
		if s := h.server.Stats(); s.Sockets != 0 || s.Connections != 0 {
			t.Errorf("got %+v", s)
		}
	})
}

func TestTooManyNamespaces(t *testing.T) {
	onPipes(t, Options{Namespace: func(string, string) bool { return true }, MaxNamespaces: 2}, func(t *testing.T, h *host) {
		c := h.openJoined()
		c.send("40/a")
		c.wantPrefix("40/a,")
		c.send("40/b")
		c.want(`44/b,{"message":"too_many_namespaces"}`)
		c.send("41/a")
		c.send("40/b")
		c.wantPrefix("40/b,")
	})
}

func TestBinaryRefused(t *testing.T) {
	r := &record{}
	onPipes(t, r.recorded(), func(t *testing.T, h *host) {
		for _, send := range []func(c *socketClient){
			func(c *socketClient) { c.send(`451-["a",{"_placeholder":true,"num":0}]`) },
			func(c *socketClient) { c.send(`450-["a"]`) },
			func(c *socketClient) { c.sendBinary(1, 2, 3) },
			func(c *socketClient) { c.send("bAQID") },
		} {
			c := h.openJoined()
			send(c)
			c.wantClosed()
		}
		if ended := h.server.Stats().Ended[ReasonParseError]; ended != 4 {
			t.Errorf("%d parse errors", ended)
		}
	})
}

func TestBinaryEvents(t *testing.T) {
	r := &record{}
	o := r.recorded()
	o.Binary = true
	onPipes(t, o, func(t *testing.T, h *host) {
		c := h.openJoined()
		c.send(`452-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`)
		c.sendBinary(1)
		c.send("3") // engine packets may come between
		c.sendBinary(2, 3)
		c.want(`452-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`)
		c.want("binary:\x01")
		c.want("binary:\x02\x03")
		c.send(`451-9["a",{"_placeholder":true,"num":0}]`)
		c.sendBinary(4)
		c.want(`461-9[{"_placeholder":true,"num":0}]`)
		c.want("binary:\x04")

		p := h.openPolling()
		p.join()
		p.wantPost("451-[\"a\",{\"_placeholder\":true,\"num\":0}]\x1ebAQID")
		p.wantGet("451-[\"a\",{\"_placeholder\":true,\"num\":0}]\x1ebAQID")
	})
}

func TestBinaryOutOfPlace(t *testing.T) {
	onPipes(t, Options{Binary: true, MaxPayload: 1000}, func(t *testing.T, h *host) {
		for name, send := range map[string]func(c *socketClient){
			"without its packet": func(c *socketClient) { c.sendBinary(1) },
			"a packet between": func(c *socketClient) {
				c.send(`451-["a",{"_placeholder":true,"num":0}]`)
				c.send(`42["b"]`)
			},
			"more than a payload in all": func(c *socketClient) {
				c.send(`452-["a"]`)
				c.sendBinary(bytes.Repeat([]byte{1}, 600)...)
				c.sendBinary(bytes.Repeat([]byte{1}, 600)...)
			},
		} {
			t.Log(name)
			c := h.openJoined()
			send(c)
			c.wantClosed()
		}
		if ended := h.server.Stats().Ended[ReasonParseError]; ended != 3 {
			t.Errorf("%d parse errors", ended)
		}
	})
}

// Pitfall 10: refused events are told, and only many of them close the connection.
func TestFloodingClient(t *testing.T) {
	r := &record{}
	o := r.recorded()
	o.EventRate, o.EventBurst = 20, 40
	onPipes(t, o, func(t *testing.T, h *host) {
		c := h.openJoined()
		for range 48 { // with the CONNECT nine too many
			c.send(`42["say"]`)
		}
		for range 39 {
			c.want(`42["say"]`)
		}
		for range 9 {
			c.want(`42["error","rate_limited"]`)
		}
		c.wantQuiet()
		pass(100 * time.Millisecond)
		for range 2 {
			c.send(`42["say"]`)
			c.want(`42["say"]`)
		}
		c.send(`42["say"]`)
		c.want(`42["error","rate_limited"]`)
		c.wantClosed()
		if s := h.server.Stats(); s.Refused != 10 || s.Ended[ReasonFlood] != 1 {
			t.Errorf("got %+v", s)
		}
	})
	if last := r.lines[len(r.lines)-1]; last != "disconnect / flood" {
		t.Errorf("got %q", last)
	}
}

func TestFloodOfConnects(t *testing.T) {
	o := Options{EventRate: 1, EventBurst: 5, MaxRefusals: 2}
	onPipes(t, o, func(t *testing.T, h *host) {
		c := h.openSocket()
		for range 5 {
			c.send("40/x")
			c.want(`44/x,{"message":"Invalid namespace"}`)
		}
		for range 2 {
			c.send("40/x")
			c.want(`44/x,{"message":"rate_limited"}`)
		}
		c.wantClosed()
	})
}
