package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/internal/account"
	"parley/internal/auth"
	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/mailer"
	"parley/internal/privacy"
	"parley/internal/session"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
)

// office is a desk with everything behind it: the core with a bot, the inbox,
// files, accounts, and a listener. Only the visitor speaks to the core itself.
type office struct {
	*stack
	in    *session.Integration
	inbox *inbox.Inbox
	admin *browser

	letters *mailer.Office // without a server until a test names one
}

// echo answers every message with its text, and events with nothing.
type echo struct{}

func (echo) Run(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	if turn.Input.Text == "" {
		return &session.Decision{Vars: *turn.Vars}, nil
	}
	reply := session.Reply(encode(map[string]string{"type": "text", "action_id": "1", "text": "echo " + turn.Input.Text}))
	return &session.Decision{Vars: *turn.Vars, Replies: []session.Reply{reply}}, nil
}

func openOffice(t *testing.T) *office {
	t.Helper()
	dir := sqlitetest.Dir(t, sqlite.Open)
	store, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	st := &stack{t: t, store: store, clock: &clock{now: time.Now().Truncate(time.Millisecond)}, spec: loadSpec(t)}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	settings := session.Settings{Desk: true}.WithDefaults(session.KindWeb)
	must(t, store.Registry().SaveIntegration(t.Context(), &session.Integration{ID: "shop", Name: "The shop", Kind: session.KindWeb, Active: true, Settings: settings}))
	must(t, store.Registry().SaveIntegration(t.Context(), &session.Integration{ID: "alone", Name: "No desk", Kind: session.KindWeb, Active: true}))
	directory := auth.NewDirectory(store.Registry())
	must(t, directory.Reload(t.Context()))
	st.people = desk.NewDirectory(store.Desk(), st.clock.Now)
	must(t, st.people.Reload(t.Context()))
	o := &office{stack: st, letters: &mailer.Office{From: "desk@example.com"}}
	o.in, _ = directory.Integration("shop")
	o.inbox = inbox.New(inbox.Config{
		Index: store.Index(), Store: store, Integration: directory.Integration, Integrations: directory.Integrations, Now: st.clock.Now, Log: log,
	})
	states := func(*session.Integration) []string { return []string{"/Bye", "/Start"} }
	st.core = session.New(session.Config{
		States: states,
		Store:  store, Integration: directory.Integration, Now: st.clock.Now, Log: log, Desk: st.people, Committed: o.inbox.Mark,
		Bot: func(*session.Integration) session.Bot { return echo{} }, Retention: session.Retention{EventsMs: session.EventRetention.Milliseconds()},
	})
	must(t, st.core.Start(t.Context()))
	must(t, o.inbox.Start(t.Context()))
	st.accounts = account.New(account.Config{
		Store: store.Accounts(), People: st.people, Now: st.clock.Now, Log: log, Cost: account.Cost{Memory: 64, Passes: 1, Lanes: 1},
	})
	st.face, err = New(Config{
		Core: st.core, Directory: directory, Accounts: st.accounts, People: st.people, Desk: store.Desk(), Inbox: o.inbox,
		Files: files(t, st, dir, log), Records: records(t, st, dir, log), Letters: o.letters, Now: st.clock.Now, Log: log,
		States: states,
	})
	must(t, err)
	mux := http.NewServeMux()
	st.face.Mount(mux)
	st.server = httptest.NewServer(mux)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		must(t, st.face.Drain(ctx))
		st.server.Close()
		st.core.Stop(ctx)
		o.inbox.Stop()
	})
	o.admin = st.admin()
	return o
}

func files(t *testing.T, st *stack, dir string, log *slog.Logger) *blob.Files {
	t.Helper()
	objects, err := blob.OpenDirectory(filepath.Join(dir, "files"))
	must(t, err)
	t.Cleanup(func() { must(t, objects.Close()) })
	keys, err := blob.OpenKeys(filepath.Join(dir, "keys"), st.clock.Now())
	must(t, err)
	return blob.New(blob.Config{
		Index: st.store.Files(), Objects: objects, Keys: keys, Base: func() string { return st.server.URL }, Now: st.clock.Now, Log: log,
	})
}

func records(t *testing.T, st *stack, dir string, log *slog.Logger) *privacy.Keeper {
	t.Helper()
	objects, err := blob.OpenDirectory(filepath.Join(dir, "records"))
	must(t, err)
	t.Cleanup(func() { must(t, objects.Close()) })
	return privacy.New(privacy.Config{
		Core: st.core, Archive: st.store.Archive(), Files: st.store.Files(), Objects: objects, Now: st.clock.Now, Log: log,
	})
}

// visitor is a person on the other end.
type visitor struct {
	o  *office
	id session.ID // of the first session, and of the thread
	n  int
}

func (o *office) visitor(context string) *visitor {
	o.t.Helper()
	patch, err := session.ParseDocument([]byte(context), "context")
	must(o.t, err)
	made, err := o.core.Create(o.t.Context(), o.in, session.Create{Channel: session.KindWeb, Context: &session.Update{Patch: patch}})
	must(o.t, err)
	return &visitor{o: o, id: made.Session.ID}
}

// say sends a text and returns when it is durable.
func (v *visitor) say(text string) {
	v.o.t.Helper()
	v.n++
	_, err := v.o.core.Accept(v.o.t.Context(), v.o.in, session.Incoming{
		Handle: v.id, Input: session.Input{Text: text}, ClientMessageID: fmt.Sprintf("m%d", v.n), InputHash: []byte(text), Raw: encode(fields{"input": fields{"text": text}}),
	})
	must(v.o.t, err)
}

// ask sends a text and waits for the bot's answer.
func (v *visitor) ask(text string) {
	v.o.t.Helper()
	after := v.sequence()
	answered := make(chan struct{})
	var once sync.Once
	f := v.o.core.Follow(v.id, after, func(ev *session.Event) bool {
		if ev.Kind == session.EventMessageBot {
			once.Do(func() { close(answered) })
		}
		return true
	})
	defer f.Close()
	v.say(text)
	select {
	case <-answered:
	case <-time.After(patience):
		v.o.t.Fatal("the bot does not answer")
	}
}

// queue asks for people.
func (v *visitor) queue() *visitor {
	v.o.t.Helper()
	_, err := v.o.core.Handover(v.o.t.Context(), v.o.in, v.id, session.Handover{Reason: session.ReasonRequested}, nil)
	must(v.o.t, err)
	return v
}

func (v *visitor) sequence() int64 {
	v.o.t.Helper()
	view, err := v.o.core.Look(v.o.t.Context(), v.o.in, v.id)
	must(v.o.t, err)
	return view.Chain.Sequence
}

func (v *visitor) path(rest string) string { return "/threads/" + v.id.String() + rest }

// agent returns a signed-in person with a role.
func (o *office) agent(name string, role desk.Role) (*browser, string) {
	o.t.Helper()
	return o.member(o.admin, name, role)
}

// patience bounds the whole life of a page, so that a frame that never comes
// fails its test although pings go on; it is long, for a busy machine.
const patience = 2 * time.Minute

// page is a live connection as a page holds it.
type page struct {
	t  *testing.T
	ws *websocket.Conn
	mu sync.Mutex // of what is sent
}

type fields = map[string]any

// connect opens the live connection of somebody who is signed in.
func (b *browser) connect() *page {
	b.st.t.Helper()
	ws, resp, err := b.dial(http.Header{})
	if err != nil {
		b.st.t.Fatalf("no live connection: %v, %v", err, resp)
	}
	must(b.st.t, ws.SetReadDeadline(time.Now().Add(patience)))
	p := &page{t: b.st.t, ws: ws}
	b.st.t.Cleanup(func() { _ = ws.Close() })
	return p
}

func (b *browser) dial(h http.Header) (*websocket.Conn, *http.Response, error) {
	d := websocket.Dialer{Jar: b.client.Jar, HandshakeTimeout: patience}
	return d.DialContext(b.st.t.Context(), "ws"+strings.TrimPrefix(b.st.server.URL, "http")+Base+"/live", h)
}

func (p *page) say(frame any) {
	p.t.Helper()
	must(p.t, p.send(frame))
}

func (p *page) send(frame any) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ws.WriteJSON(frame)
}

// read returns the next frame, and answers a ping; an error is that of the
// connection.
func (p *page) read() (fields, error) {
	_, raw, err := p.ws.ReadMessage()
	if err != nil {
		return nil, err
	}
	var frame fields
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	if err := d.Decode(&frame); err != nil || frame["type"] != "ping" {
		return frame, err
	}
	return frame, p.send(fields{"type": "pong"})
}

// want reads until a frame of a type comes. Frames that only tell of the state
// of the desk may come before.
func (p *page) want(kind string) fields {
	p.t.Helper()
	for {
		frame, err := p.read()
		if err != nil {
			p.t.Fatalf("no frame %s: %v", kind, err)
		}
		switch frame["type"] {
		case kind:
			return frame
		case "ping", "counts", "presence", "viewing", "row", "hello":
		default:
			p.t.Fatalf("got %v, want %s", frame, kind)
		}
	}
}

// closed reads until the connection is closed, and returns the code.
func (p *page) closed() (code int, frames []fields) {
	p.t.Helper()
	for {
		frame, err := p.read()
		if err == nil {
			frames = append(frames, frame)
			continue
		}
		gone, ok := err.(*websocket.CloseError)
		if !ok {
			p.t.Fatalf("the connection broke: %v", err)
		}
		return gone.Code, frames
	}
}

func integer(t *testing.T, v any) int64 {
	t.Helper()
	n, ok := v.(json.Number)
	if !ok {
		t.Fatalf("%v is no number", v)
	}
	i, err := n.Int64()
	must(t, err)
	return i
}

func at(v any, path ...string) any {
	for _, name := range path {
		m, _ := v.(fields)
		v = m[name]
	}
	return v
}
