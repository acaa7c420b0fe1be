package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/blob"
	"parley/internal/privacy"
	"parley/internal/session"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
)

// stack is the face on the real core, the real store and a real listener.
type stack struct {
	t         *testing.T
	face      *Face
	core      *session.Core
	store     *sqlite.Store
	directory *auth.Directory
	files     *blob.Files
	server    *httptest.Server
	clock     *clock
	log       *buffer
	spec      *spec
	seen      *seen
	in        *session.Integration
	key       string
}

// clock is moved by the test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// buffer collects the log.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// seen notes which answers of which operations a test has had.
type seen struct {
	mu      sync.Mutex
	answers map[string]map[int]int // operation id -> status -> count
}

func (s *seen) note(operation string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answers == nil {
		s.answers = map[string]map[int]int{}
	}
	if s.answers[operation] == nil {
		s.answers[operation] = map[int]int{}
	}
	s.answers[operation][status]++
}

// botFunc is a bot of a test.
type botFunc func(ctx context.Context, turn *session.Turn) (*session.Decision, error)

func (f botFunc) Run(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
	return f(ctx, turn)
}

// say returns a decision with one text, which keeps the script's variables.
func say(text string) *session.Decision {
	return &session.Decision{Replies: []session.Reply{encode(map[string]string{"type": "text", "action_id": "1", "text": text})}}
}

// option changes a stack before it starts.
type option func(*setup)

type setup struct {
	settings session.Settings
	bot      session.Bot
	store    func(session.Store) session.Store
	archive  func(session.Archive) session.Archive
	trusted  auth.Networks
	observe  func(string, int, time.Duration)
	patience time.Duration // for bodies
	chat     time.Duration // for answers of the Chat API
}

func withBot(f botFunc) option { return func(s *setup) { s.bot = f } }

func withSettings(change func(*session.Settings)) option {
	return func(s *setup) { change(&s.settings) }
}

func start(t *testing.T, options ...option) *stack {
	t.Helper()
	var set setup
	for _, o := range options {
		o(&set)
	}
	store, err := sqlite.Open(t.Context(), sqlitetest.Dir(t, sqlite.Open), sqlite.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	st := &stack{
		t: t, store: store, directory: auth.NewDirectory(store.Registry()), log: &buffer{}, spec: loadSpec(t), seen: &seen{},
		clock: &clock{now: time.Now().Truncate(time.Millisecond)},
	}
	logger := slog.New(slog.NewTextHandler(st.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	st.in, st.key = st.integration("shop", set.settings)
	var port session.Store = store
	if set.store != nil {
		port = set.store(store)
	}
	st.core = session.New(session.Config{
		Store: port, Integration: st.directory.Integration, Now: st.clock.Now, Log: logger,
		Bot:       func(*session.Integration) session.Bot { return set.bot },
		Retention: session.Retention{EventsMs: session.EventRetention.Milliseconds()},
	})
	must(t, st.core.Start(t.Context()))
	var archive session.Archive = store.Archive()
	if set.archive != nil {
		archive = set.archive(archive)
	}
	objects, files := testFiles(t, store, st.clock.Now, logger, func() string { return st.server.URL })
	st.files = files
	people := privacy.New(privacy.Config{Core: st.core, Archive: archive, Files: store.Files(), Objects: objects, Now: st.clock.Now, Log: logger})
	st.face = New(Config{Core: st.core, Directory: st.directory, People: people, Files: files, Trusted: set.trusted, Now: st.clock.Now, Log: logger, Observe: set.observe, BodyTimeout: set.patience, ChatPatience: set.chat})
	mux := http.NewServeMux()
	st.face.Mount(mux)
	st.server = httptest.NewServer(mux)
	t.Cleanup(func() {
		st.server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		st.core.Stop(ctx)
	})
	return st
}

// testFiles are files in a directory of the test.
func testFiles(t *testing.T, store *sqlite.Store, now func() time.Time, log *slog.Logger, base func() string) (*blob.Directory, *blob.Files) {
	t.Helper()
	dir := t.TempDir()
	objects, err := blob.OpenDirectory(filepath.Join(dir, "files"))
	must(t, err)
	t.Cleanup(func() { must(t, objects.Close()) })
	keys, err := blob.OpenKeys(filepath.Join(dir, "files.key"), now())
	must(t, err)
	return objects, blob.New(blob.Config{Index: store.Files(), Objects: objects, Keys: keys, Base: base, Now: now, Log: log})
}

// integration registers one more integration with a key.
func (st *stack) integration(id string, settings session.Settings) (*session.Integration, string) {
	st.t.Helper()
	settings = settings.WithDefaults(session.KindCustom)
	must(st.t, settings.Check())
	in := &session.Integration{ID: id, Name: "The " + id, Kind: session.KindCustom, Active: true, CreatedMs: st.clock.Now().UnixMilli(), Settings: settings}
	must(st.t, st.store.Registry().SaveIntegration(st.t.Context(), in))
	must(st.t, st.directory.Reload(st.t.Context()))
	text, _, err := st.directory.IssueKey(st.t.Context(), id, st.clock.Now())
	must(st.t, err)
	return in, text
}

// ask is a request of a test.
type ask struct {
	method  string // "" is POST, or GET without a body on paths under /api/
	path    string
	body    string // "" sends none
	header  http.Header
	key     string // "" is the stack's, "-" sends none
	chunked bool   // without Content-Length
	from    string // address of the caller behind a trusted proxy
}

// reply is an answer, checked against the description of the API.
type reply struct {
	t      *testing.T
	method string
	path   string
	status int
	header http.Header
	text   string
}

// do sends a request and checks what every answer must fulfil.
func (st *stack) do(a ask) *reply {
	st.t.Helper()
	resp, err := st.server.Client().Do(st.request(a))
	must(st.t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	must(st.t, err)
	r := &reply{st.t, resp.Request.Method, resp.Request.URL.Path, resp.StatusCode, resp.Header, string(text)}
	st.check(a, r)
	return r
}

// of returns the same stack for a subtest.
func (st *stack) of(t *testing.T) *stack {
	sub := *st
	sub.t = t
	return &sub
}

func (st *stack) request(a ask) *http.Request {
	st.t.Helper()
	var body io.Reader
	if a.body != "" {
		body = strings.NewReader(a.body)
	}
	if a.chunked {
		body = io.MultiReader(body) // hides the length
	}
	if a.method == "" {
		a.method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(st.t.Context(), a.method, st.server.URL+a.path, body)
	must(st.t, err)
	if a.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	switch a.key {
	case "":
		req.Header.Set("Authorization", "apikey "+st.key)
	case "-":
	default:
		req.Header.Set("Authorization", "apikey "+a.key)
	}
	if a.from != "" {
		req.Header.Set("X-Forwarded-For", a.from)
	}
	maps.Copy(req.Header, a.header)
	return req
}

// check holds every answer against the API's description and the rules that
// all answers share.
func (st *stack) check(a ask, r *reply) {
	st.t.Helper()
	req := st.request(a)
	operation, err := st.spec.validate(req, r)
	if err != nil {
		st.t.Errorf("%s %s -> %d does not fit its description: %v\n%s", req.Method, a.path, r.status, err, r.text)
	}
	st.seen.note(operation, r.status)
	id := r.header.Get("X-Request-Id")
	if _, err := session.ParseID(id); err != nil {
		st.t.Errorf("%s %s: X-Request-Id is %q", req.Method, a.path, id)
	}
	if r.status < 300 && r.header.Get("Content-Type") == "application/json" && !isChat(a.path) && r.get("request_id") != id {
		st.t.Errorf("%s %s: request_id %v, X-Request-Id %q", req.Method, a.path, r.get("request_id"), id)
	}
	if r.header.Get("Cache-Control") != "no-store" || r.header.Get("X-Content-Type-Options") != "nosniff" || r.header.Get("Content-Security-Policy") == "" {
		st.t.Errorf("%s %s: headers %v", req.Method, a.path, r.header)
	}
}

// isChat reports a path of the Chat API, whose answers have a form of their own.
func isChat(path string) bool {
	return strings.HasPrefix(path, "/chatapi/") || strings.HasPrefix(path, "/chatadapter/")
}

// want fails the test unless the answer has this status.
func (r *reply) want(status int) *reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %s", r.status, status, r.text)
	}
	return r
}

// refused checks a refusal of the documented routes.
func (r *reply) refused(status int, code string) *reply {
	r.t.Helper()
	r.want(status)
	if got := r.get("error_code"); got != code {
		r.t.Fatalf("error_code %v, want %s: %s", got, code, r.text)
	}
	return r
}

// has checks that the answer holds all of these texts.
func (r *reply) has(texts ...string) *reply {
	r.t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.text, text) {
			r.t.Errorf("the answer does not hold %s: %s", text, r.text)
		}
	}
	return r
}

// lacks checks that the answer holds none of these texts.
func (r *reply) lacks(texts ...string) *reply {
	r.t.Helper()
	for _, text := range texts {
		if strings.Contains(r.text, text) {
			r.t.Errorf("the answer holds %s: %s", text, r.text)
		}
	}
	return r
}

// get returns a value of the answer; a path goes through objects and, with
// numbers, through lists.
func (r *reply) get(path ...any) any {
	r.t.Helper()
	var v any
	if err := json.Unmarshal([]byte(r.text), &v); err != nil {
		r.t.Fatalf("the answer is not JSON: %v: %s", err, r.text)
	}
	for _, step := range path {
		switch at := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[at]
		case int:
			list, _ := v.([]any)
			if at >= len(list) {
				return nil
			}
			v = list[at]
		}
	}
	return v
}

func (r *reply) str(path ...any) string {
	r.t.Helper()
	s, _ := r.get(path...).(string)
	return s
}

// is checks one value of the answer.
func (r *reply) is(want any, path ...any) *reply {
	r.t.Helper()
	if got := r.get(path...); !bytes.Equal(encode(got), encode(want)) {
		r.t.Errorf("%v is %s, want %s", path, encode(got), encode(want))
	}
	return r
}

const sessionsPath = "/v1/custom/shop/sessions"

func one(id string) string { return sessionsPath + "/" + id }

func ours(id string) string { return "/api/v1/integrations/shop/sessions/" + id }

// create opens a session and returns its id.
func (st *stack) create(body string) string {
	st.t.Helper()
	return st.do(ask{path: sessionsPath, body: body}).want(201).str("session_id")
}

// context reads a session's context.
func (st *stack) context(id string) *reply {
	st.t.Helper()
	return st.do(ask{method: "GET", path: ours(id)}).want(200)
}

// patience bounds every wait of these tests; it is long, for a busy machine.
const patience = 2 * time.Minute

// await waits for an event of a session's chain and returns it.
func (st *stack) await(id string, after int64, kind string) *session.Event {
	st.t.Helper()
	handle, err := session.ParseID(id)
	must(st.t, err)
	view, err := st.core.At(st.t.Context(), st.in, handle)
	must(st.t, err)
	found := make(chan *session.Event, 1)
	f := st.core.Follow(view.Chain.ID, after, func(ev *session.Event) bool {
		if ev.Kind == kind {
			found <- ev
		}
		return ev.Kind != kind
	})
	defer f.Close()
	select {
	case ev := <-found:
		return ev
	case <-time.After(patience):
		st.t.Fatalf("no %s within %s", kind, patience)
		return nil
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func networks(t *testing.T, list ...string) auth.Networks {
	t.Helper()
	n, err := auth.ParseNetworks("test", list)
	must(t, err)
	return n
}
