package load

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
)

// Browsers is a Node process with real socket.io clients (e2e/client.cjs).
type Browsers struct {
	rec *Recorder
	cmd *exec.Cmd
	in  io.WriteCloser
	end chan struct{} // closed when the process says no more

	mu   sync.Mutex
	tabs map[string]*tab
	asks map[int]ask
	next int
}

// ask is what an acknowledgement answers.
type ask struct {
	socket *Socket
	number int
}

// tab is one client. It comes back by itself after every cut; each of its
// connections is a socket of its own.
type tab struct {
	*Browsers
	name      string
	own       map[string]bool // what was sent on a connection that broke may go out on the next
	connected chan struct{}   // holds one while the client is connected and nobody uses it
	up        bool
	current   *Socket
}

// tabLine is one connection of a tab.
type tabLine struct {
	*tab
	socket *Socket
}

// errGone is the answer to a use of a connection that has ended.
var errGone = errors.New("the connection has ended")

// NewBrowsers starts the process with a script, which is e2e/client.cjs.
func NewBrowsers(script string, rec *Recorder) (*Browsers, error) {
	b := &Browsers{
		rec: rec, cmd: exec.Command("node", script), end: make(chan struct{}),
		tabs: map[string]*tab{}, asks: map[int]ask{},
	}
	b.cmd.Stderr = os.Stderr
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if b.in, err = b.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := b.cmd.Start(); err != nil {
		return nil, fmt.Errorf("node: %w (the clients are installed by npm ci in e2e)", err)
	}
	go b.read(out)
	return b, nil
}

// Close ends the process.
func (b *Browsers) Close() error {
	err := b.in.Close()
	<-b.end
	return errors.Join(err, b.cmd.Wait())
}

func (b *Browsers) read(out io.Reader) {
	defer close(b.end)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		var line struct {
			Name    string          `json:"name"`
			Event   string          `json:"event"`
			Ack     int             `json:"ack"`
			Payload json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			continue
		}
		b.mu.Lock()
		t, asked := b.tabs[line.Name], b.asks[line.Ack]
		delete(b.asks, line.Ack)
		b.mu.Unlock()
		switch {
		case line.Ack > 0 && asked.socket != nil:
			asked.socket.acknowledge(asked.number, decode(line.Payload))
		case t != nil:
			t.heard(line.Event, line.Payload)
		}
	}
}

func (b *Browsers) command(v map[string]any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	_, err = b.in.Write(append(raw, '\n'))
	return err
}

// open makes the client of a name, which connects by itself.
func (b *Browsers) open(name, url string, in Integration) (*tab, error) {
	t := &tab{Browsers: b, name: name, own: map[string]bool{}, connected: make(chan struct{}, 1)}
	b.mu.Lock()
	b.tabs[name] = t
	b.mu.Unlock()
	return t, b.command(map[string]any{"op": "open", "name": name, "lib": "4", "url": url, "options": map[string]any{
		"path": "/v1/web/" + in.ID + "/ws", "transports": []string{"websocket"}, "timeout": 3000, "reconnectionDelayMax": 500,
	}})
}

// heard notes what the client reports.
func (t *tab) heard(event string, payload json.RawMessage) {
	t.mu.Lock()
	socket := t.current
	switch event {
	case "connect":
		t.up = true
	case "disconnect":
		t.up, t.current = false, nil
	}
	t.mu.Unlock()
	switch event {
	case "connect":
		t.connected <- struct{}{}
	case "connect_error":
	case "disconnect":
		select {
		case <-t.connected: // nobody had used it
		default:
		}
		if socket != nil {
			close(socket.gone)
		}
	default:
		if socket != nil {
			socket.event(event, payload)
		}
	}
}

// dial waits until the client is connected.
func (t *tab) dial(ctx context.Context, name string) (*Socket, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-t.connected:
		}
		l := &tabLine{tab: t}
		l.socket = newSocket(name, t.rec, l)
		l.socket.own = t.own
		if t.use(l.socket) {
			return l.socket, nil
		}
	}
}

// use gives what comes to a socket; false when the connection has ended since.
func (t *tab) use(s *Socket) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.up {
		t.current = s
	}
	return t.up
}

func (l *tabLine) emit(number int, name string, body map[string]any) error {
	l.mu.Lock()
	if l.current != l.socket {
		l.mu.Unlock()
		return errGone
	}
	l.next++
	ack := l.next
	l.asks[ack] = ask{l.socket, number}
	l.mu.Unlock()
	return l.command(map[string]any{"op": "emit", "name": l.name, "event": name, "payload": body, "ack": ack})
}

func (l *tabLine) cut() {
	l.mu.Lock()
	mine := l.current == l.socket
	l.mu.Unlock()
	if mine {
		_ = l.command(map[string]any{"op": "cut", "name": l.name})
	}
}
