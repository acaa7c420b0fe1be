package program

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley/internal/face/live/asyncapi"
)

// browsers is a Node process with real socket.io clients (e2e/client.cjs).
type browsers struct {
	t     *testing.T
	in    io.WriteCloser
	mu    sync.Mutex
	tabs  map[string]*tab
	acks  map[int]chan object
	asked map[int]string
	next  int
	over  chan struct{} // closed when nobody reads events any more
}

// tab is one client and what it has received.
type tab struct {
	*browsers
	name   string
	events chan socketEvent // read by take
}

type socketEvent struct {
	name    string
	payload object
}

func newBrowsers(t *testing.T) *browsers {
	t.Helper()
	script, err := filepath.Abs("../client.cjs")
	must(t, err)
	cmd := exec.Command("node", script)
	b := &browsers{t: t, tabs: map[string]*tab{}, acks: map[int]chan object{}, asked: map[int]string{}, over: make(chan struct{})}
	out, err := cmd.StdoutPipe()
	must(t, err)
	cmd.Stderr = t.Output()
	b.in, err = cmd.StdinPipe()
	must(t, err)
	if err := cmd.Start(); err != nil {
		t.Fatalf("node: %v (the clients are installed by npm ci in e2e)", err)
	}
	finished := make(chan struct{})
	go func() { defer close(finished); b.read(out) }()
	t.Cleanup(func() {
		close(b.over)
		_ = b.in.Close()
		hung := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		defer hung.Stop()
		<-finished
		_ = cmd.Wait()
	})
	return b
}

func (b *browsers) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		var line struct {
			Name    string          `json:"name"`
			Event   string          `json:"event"`
			Ack     int             `json:"ack"`
			Payload json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			b.t.Errorf("client.cjs: %v: %s", err, lines.Bytes())
			continue
		}
		var payload object
		_ = json.Unmarshal(line.Payload, &payload)
		b.mu.Lock()
		c, ack, asked := b.tabs[line.Name], b.acks[line.Ack], b.asked[line.Ack]
		b.mu.Unlock()
		if ack != nil {
			b.hold(description().CheckAck(asked, line.Payload))
			ack <- payload
			continue
		}
		switch line.Event {
		case "connect", "connect_error", "disconnect":
		default:
			b.hold(description().Check(asyncapi.Told, line.Event, line.Payload))
		}
		select {
		case c.events <- socketEvent{line.Event, payload}:
		case <-b.over:
		}
	}
}

func (b *browsers) hold(err error) {
	if err != nil {
		b.t.Error(err)
	}
}

func (b *browsers) command(v object) {
	b.t.Helper()
	raw, err := json.Marshal(v)
	must(b.t, err)
	b.mu.Lock()
	defer b.mu.Unlock()
	_, err = b.in.Write(append(raw, '\n'))
	must(b.t, err)
}

// visit connects a client to an integration's socket.
func (b *browsers) visit(p *shop, options object) *tab {
	b.t.Helper()
	b.mu.Lock()
	b.next++
	c := &tab{browsers: b, name: fmt.Sprint("tab", b.next), events: make(chan socketEvent, 1000)}
	b.tabs[c.name] = c
	b.mu.Unlock()
	all := object{"path": "/v1/web/" + p.id + "/ws", "transports": []string{"websocket"}}
	maps.Copy(all, options)
	b.command(object{"op": "open", "name": c.name, "lib": "4", "url": p.base, "options": all})
	c.want("connect")
	return c
}

// cut drops the transport; the client comes back by itself.
func (c *tab) cut() {
	c.t.Helper()
	c.command(object{"op": "cut", "name": c.name})
	c.want("disconnect")
}

func (c *tab) emit(name string, payload object) {
	c.t.Helper()
	payload["timestamp"] = time.Now().UnixMilli()
	c.command(object{"op": "emit", "name": c.name, "event": name, "payload": payload})
}

// call emits and waits for the acknowledgement.
func (c *tab) call(name string, payload object) object {
	c.t.Helper()
	select {
	case answer := <-c.ask(name, payload):
		return answer
	case <-time.After(patience):
		c.t.Fatalf("%s: %s was not acknowledged", c.name, name)
		return nil
	}
}

// ask emits and returns where the acknowledgement will come.
func (c *tab) ask(name string, payload object) chan object {
	c.t.Helper()
	c.mu.Lock()
	c.next++
	id, come := c.next, make(chan object, 1)
	c.acks[id], c.asked[id] = come, name
	c.mu.Unlock()
	payload["timestamp"] = time.Now().UnixMilli()
	c.command(object{"op": "emit", "name": c.name, "event": name, "payload": payload, "ack": id})
	return come
}

// want waits for the next event and demands its name.
func (c *tab) want(name string) object {
	c.t.Helper()
	ev := c.take(time.After(patience), name)
	if ev.name != name {
		c.t.Fatalf("%s: got %s %v, want %s", c.name, ev.name, ev.payload, name)
	}
	return ev.payload
}

// take waits for the next event until it is late; what is said of a wait in vain.
func (c *tab) take(late <-chan time.Time, what string) socketEvent {
	c.t.Helper()
	select {
	case ev := <-c.events:
		return ev
	case <-late:
		c.t.Fatalf("%s: no %s came", c.name, what)
		return socketEvent{}
	}
}

// until reads events up to one of a name.
func (c *tab) until(name string) object {
	c.t.Helper()
	late := time.After(patience)
	for {
		if ev := c.take(late, name); ev.name == name {
			return ev.payload
		}
	}
}

// open opens a session on the socket.
func (c *tab) open(context object) object {
	c.t.Helper()
	c.emit("session:create", object{"context": context})
	return c.want("session:created")
}

// join attaches to a session.
func (c *tab) join(id string, more object) object {
	c.t.Helper()
	payload := object{"session_id": id}
	maps.Copy(payload, more)
	c.emit("session:reconnect", payload)
	return c.until("session:reconnected")
}

func said(id, words string) object {
	return object{"session_id": id, "input": object{"text": words}}
}
