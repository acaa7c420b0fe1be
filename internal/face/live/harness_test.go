package live_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/blob"
	"parley/internal/face/live"
	"parley/internal/session"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
)

// house is the face on a real core, store and HTTP server, with a clock that
// the test moves.
type house struct {
	t         *testing.T
	server    *httptest.Server
	face      *live.Face
	core      *session.Core
	store     *sqlite.Store
	directory *auth.Directory
	in        *session.Integration
	blobs     *blob.Files
	skew      atomic.Int64 // nanoseconds the clock is ahead
}

func (h *house) now() time.Time { return time.Now().Add(time.Duration(h.skew.Load())) }

// move turns the clock forward.
func (h *house) move(d time.Duration) { h.skew.Add(int64(d)) }

type botFunc func(*session.Turn) *session.Decision

func (f botFunc) Run(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	return f(turn), nil
}

// answer is the bot of these tests: what the user says names what it does.
func answer(turn *session.Turn) *session.Decision {
	d := &session.Decision{Vars: *turn.Vars, Replies: []session.Reply{reply("echo " + turn.Input.Text)}}
	switch turn.Input.Text {
	case "start":
		d.Switch = session.SwitchStart
	case "stop":
		d.Switch = session.SwitchStop
	case "resolve":
		d.CloseConversation = true
	case "trouble":
		d.Facts = trouble()
	}
	return d
}

func reply(text string) session.Reply {
	raw, _ := json.Marshal(map[string]any{"type": "text", "action_id": "a", "text": text, "options": []any{}})
	return raw
}

func newHouse(t *testing.T, change ...func(*session.Settings)) *house {
	t.Helper()
	h := &house{t: t}
	var err error
	if h.store, err = sqlite.Open(t.Context(), sqlitetest.Dir(t, sqlite.Open), sqlite.Options{}); err != nil {
		t.Fatal(err)
	}
	in := &session.Integration{ID: session.NewID(time.Now()).String(), Name: "web", Kind: session.KindWeb, Active: true}
	for _, f := range change {
		f(&in.Settings)
	}
	if err := h.store.Registry().SaveIntegration(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	h.directory = auth.NewDirectory(h.store.Registry())
	if err := h.directory.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.in, _ = h.directory.Integration(in.ID)
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	h.core = session.New(session.Config{
		Store: h.store, Integration: h.directory.Integration, Now: h.now, Log: log,
		Bot:       func(*session.Integration) session.Bot { return botFunc(answer) },
		Retention: session.Retention{EventsMs: session.EventRetention.Milliseconds()},
	})
	if err := h.core.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.files(t, log)
	face := live.New(context.Background(), live.Config{
		Core: h.core, Files: h.blobs, Directory: h.directory, Now: h.now, Log: log, Node: "node-1", PublicURL: "https://chat.example/",
		EventRate: session.SocketEventsPerSecond, EventBurst: session.SocketEventsBurst,
	})
	h.face = face
	mux := http.NewServeMux()
	face.Mount(mux)
	h.server = httptest.NewServer(mux)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = face.Drain(ctx, 0)
		h.core.Stop(ctx)
		h.server.Close()
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// files opens a directory of files.
func (h *house) files(t *testing.T, log *slog.Logger) {
	t.Helper()
	dir := t.TempDir()
	objects, err := blob.OpenDirectory(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = objects.Close() })
	keys, err := blob.OpenKeys(filepath.Join(dir, "files.key"), h.now())
	if err != nil {
		t.Fatal(err)
	}
	h.blobs = blob.New(blob.Config{
		Index: h.store.Files(), Objects: objects, Keys: keys, Base: func() string { return h.server.URL }, Now: h.now, Log: log,
	})
}

// look reads a session as the server has it.
func (h *house) look(id string) *session.View {
	h.t.Helper()
	sid, err := session.ParseID(id)
	if err != nil {
		h.t.Fatalf("%q: %v", id, err)
	}
	v, err := h.core.At(h.t.Context(), h.in, sid)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// driver is a Node process with real socket.io clients.
type driver struct {
	t     *testing.T
	in    io.WriteCloser
	mu    sync.Mutex
	peers map[string]*client
	acks  map[int]ack
	next  int
}

// ack is an acknowledgement that a test waits for.
type ack struct {
	event string // that is acknowledged
	come  chan object
}

type object map[string]any

// client is one socket.io client and the events it has received.
type client struct {
	*driver
	name   string
	events chan event
}

type event struct {
	name    string
	payload object
}

// patience bounds each wait; it is long, for a busy machine.
const patience = 2 * time.Minute

func newDriver(t *testing.T) *driver {
	t.Helper()
	script, err := filepath.Abs("../../../e2e/client.cjs")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", script)
	d := &driver{t: t, peers: map[string]*client{}, acks: map[int]ack{}}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = t.Output()
	if d.in, err = cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("node: %v (the clients are installed by npm ci in e2e)", err)
	}
	finished := make(chan struct{})
	go func() { defer close(finished); d.read(out) }()
	t.Cleanup(func() {
		_ = d.in.Close()
		<-finished
		_ = cmd.Wait()
	})
	return d
}

func (d *driver) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var line struct {
			Name    string          `json:"name"`
			Event   string          `json:"event"`
			Ack     *int            `json:"ack"`
			Payload json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			continue
		}
		var payload object
		_ = json.Unmarshal(line.Payload, &payload)
		d.mu.Lock()
		c, answered := d.peers[line.Name], ack{}
		if line.Ack != nil {
			answered = d.acks[*line.Ack]
		}
		d.mu.Unlock()
		if err := described(answered.event, line.Event, line.Payload); err != nil {
			d.t.Error(err)
		}
		switch {
		case answered.come != nil:
			answered.come <- payload
		case c != nil:
			c.events <- event{line.Event, payload}
		}
	}
}

func (d *driver) command(v object) {
	d.t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		d.t.Fatal(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.in.Write(append(raw, '\n')); err != nil {
		d.t.Fatal(err)
	}
}

// form is a way in which users connect.
type form struct {
	lib        string // socket.io-client 4 or 3
	transports []string
	namespace  bool // the URL's path becomes a namespace, as without a path option
}

func (f form) String() string {
	way := "path"
	if f.namespace {
		way = "namespace"
	}
	return fmt.Sprintf("sio%s_%v_%s", f.lib, f.transports, way)
}

func (d *driver) open(h *house, f form) *client {
	d.t.Helper()
	d.mu.Lock()
	d.next++
	c := &client{driver: d, name: fmt.Sprint("c", d.next), events: make(chan event, 1000)}
	d.peers[c.name] = c
	d.mu.Unlock()
	path := "/v1/web/" + h.in.ID + "/ws"
	options, url := object{}, h.server.URL
	if f.transports != nil {
		options["transports"] = f.transports
	}
	if f.namespace {
		url += path
	} else {
		options["path"] = path
	}
	d.command(object{"op": "open", "name": c.name, "lib": f.lib, "url": url, "options": options})
	return c
}

// connect opens a client and waits until it is connected.
func (d *driver) connect(h *house, f form) *client {
	d.t.Helper()
	c := d.open(h, f)
	c.want("connect")
	return c
}

func (c *client) emit(name string, payload object) {
	c.t.Helper()
	sent(name, payload)
	c.command(object{"op": "emit", "name": c.name, "event": name, "payload": payload})
}

// call emits with an acknowledgement and waits for it.
func (c *client) call(name string, payload object) object {
	c.t.Helper()
	c.mu.Lock()
	c.next++
	id, come := c.next, make(chan object, 1)
	c.acks[id] = ack{name, come}
	c.mu.Unlock()
	sent(name, payload)
	c.command(object{"op": "emit", "name": c.name, "event": name, "payload": payload, "ack": id})
	select {
	case answer := <-come:
		return answer
	case <-time.After(patience):
		c.t.Fatalf("%s: %s was not acknowledged", c.name, name)
		return nil
	}
}

// want waits for the next event and checks its name.
func (c *client) want(name string) object {
	c.t.Helper()
	select {
	case ev := <-c.events:
		if ev.name != name {
			c.t.Fatalf("%s: got %s %v, want %s", c.name, ev.name, ev.payload, name)
		}
		return ev.payload
	case <-time.After(patience):
		c.t.Fatalf("%s: no %s came", c.name, name)
		return nil
	}
}

func (c *client) create(context object) object {
	c.t.Helper()
	c.emit("session:create", object{"context": context, "timestamp": time.Now().UnixMilli()})
	return c.want("session:created")
}

func stamped(session string, more object) object {
	o := object{"session_id": session, "timestamp": time.Now().UnixMilli()}
	maps.Copy(o, more)
	return o
}

func at(v any, path ...string) any {
	for _, key := range path {
		switch m := v.(type) {
		case object:
			v = m[key]
		case map[string]any:
			v = m[key]
		default:
			return nil
		}
	}
	return v
}

func (h *house) equal(what string, got, want any) {
	h.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		h.t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
