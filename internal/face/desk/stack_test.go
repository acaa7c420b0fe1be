package desk

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/account"
	"parley/internal/auth"
	"parley/internal/desk"
	"parley/internal/session"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
)

// stack is the face on the real core, the real store and a real listener.
type stack struct {
	t        *testing.T
	face     *Face
	store    *sqlite.Store
	core     *session.Core
	people   *desk.Directory
	accounts *account.Accounts
	server   *httptest.Server
	clock    *clock
	spec     *spec
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

// option changes a stack before it starts.
type option func(*setup)

type setup struct {
	signOn *account.SignOn
	config func(*Config)
	tls    bool
}

func withTLS() option { return func(s *setup) { s.tls = true } }

func withConfig(change func(*Config)) option { return func(s *setup) { s.config = change } }

func withSignOn(on *account.SignOn) option { return func(s *setup) { s.signOn = on } }

func start(t *testing.T, options ...option) *stack {
	t.Helper()
	var set setup
	for _, o := range options {
		o(&set)
	}
	store, err := sqlite.Open(t.Context(), sqlitetest.Dir(t, sqlite.Open), sqlite.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	st := &stack{t: t, store: store, clock: &clock{now: time.Now().Truncate(time.Millisecond)}, spec: loadSpec(t)}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	directory := auth.NewDirectory(store.Registry())
	must(t, directory.Reload(t.Context()))
	st.core = session.New(session.Config{
		Store: store, Integration: directory.Integration, Now: st.clock.Now, Log: log,
		Bot: func(*session.Integration) session.Bot { return nil },
	})
	must(t, st.core.Start(t.Context()))
	t.Cleanup(func() { st.core.Stop(t.Context()) })
	st.people = desk.NewDirectory(store.Desk(), st.clock.Now)
	must(t, st.people.Reload(t.Context()))
	st.accounts = account.New(account.Config{
		Store: store.Accounts(), People: st.people, Now: st.clock.Now, Log: log, SignOn: set.signOn,
		Cost: account.Cost{Memory: 64, Passes: 1, Lanes: 1}, // the true cost is tested in package account
	})
	cfg := Config{Core: st.core, Directory: directory, Accounts: st.accounts, People: st.people, Now: st.clock.Now, Log: log}
	if set.config != nil {
		set.config(&cfg)
	}
	st.face, err = New(cfg)
	must(t, err)
	mux := http.NewServeMux()
	st.face.Mount(mux)
	st.server = httptest.NewUnstartedServer(mux)
	if set.tls {
		st.server.StartTLS()
	} else {
		st.server.Start()
	}
	t.Cleanup(st.server.Close)
	return st
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// browser is one person's: it keeps cookies.
type browser struct {
	st     *stack
	client *http.Client
	header http.Header // of every request
}

func (st *stack) browser() *browser {
	st.t.Helper()
	jar, err := cookiejar.New(nil)
	must(st.t, err)
	client := *st.server.Client()
	client.Jar = jar
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{st, &client, http.Header{}}
}

// reply is an answer, checked against the description of the API.
type reply struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	text   string
}

// do sends a request; body "" sends none. path is under /desk/api unless it is
// absolute.
func (b *browser) do(method, path, body string) *reply {
	b.st.t.Helper()
	url := path
	if strings.HasPrefix(path, "/") {
		url = b.st.server.URL + Base + path
	}
	req, err := http.NewRequestWithContext(b.st.t.Context(), method, url, strings.NewReader(body))
	must(b.st.t, err)
	if body == "" {
		req.Body, req.ContentLength = nil, 0
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	maps.Copy(req.Header, b.header)
	resp, err := b.client.Do(req)
	must(b.st.t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	must(b.st.t, err)
	r := &reply{b.st.t, method + " " + path, resp.StatusCode, resp.Header, string(text)}
	if strings.HasPrefix(req.URL.Path, Base) {
		if err := b.st.spec.validate(req, r); err != nil {
			b.st.t.Errorf("%s: the answer %d %s is not as described: %v", r.what, r.status, text, err)
		}
	}
	return r
}

// want fails unless the answer has a status and, of a refusal, a code.
func (r *reply) want(status int, code ...string) *reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s: %d instead of %d: %s", r.what, r.status, status, r.text)
	}
	if len(code) > 0 && r.get("code") != code[0] {
		r.t.Fatalf("%s: the code is %v instead of %s: %s", r.what, r.get("code"), code[0], r.text)
	}
	return r
}

// get returns a value of the answer by its path.
func (r *reply) get(path ...string) any {
	r.t.Helper()
	d := json.NewDecoder(bytes.NewReader([]byte(r.text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		r.t.Fatalf("%s: no JSON: %q", r.what, r.text)
	}
	for _, name := range path {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

func (r *reply) text1(path ...string) string {
	r.t.Helper()
	s, _ := r.get(path...).(string)
	return s
}

// password of everybody in these tests.
const password = "correct mule battery"

// admin makes the first admin and returns his browser.
func (st *stack) admin() *browser {
	st.t.Helper()
	token, err := st.accounts.Members().Setup(st.t.Context())
	must(st.t, err)
	b := st.browser()
	b.do("POST", "/invitations/"+token, `{"name":"Ada","email":"ada@desk.example","password":"`+password+`"}`).want(200)
	return b
}

// member invites somebody through an admin and returns his browser, signed in,
// and his id.
func (st *stack) member(by *browser, name string, role desk.Role) (*browser, string) {
	st.t.Helper()
	made := by.do("POST", "/agents", `{"email":"`+name+`@desk.example","name":"`+name+`","role":"`+string(role)+`"}`).want(201)
	b := st.browser()
	b.do("POST", "/invitations/"+tokenOf(made), `{"password":"`+password+`"}`).want(200)
	return b, made.text1("agent", "id")
}

func tokenOf(made *reply) string {
	url := made.text1("invitation_url")
	return url[strings.LastIndexByte(url, '/')+1:]
}

// signIn tries to sign in.
func (b *browser) signIn(email, password, code string) *reply {
	b.st.t.Helper()
	body, err := json.Marshal(map[string]string{"email": email, "password": password, "code": code})
	must(b.st.t, err)
	return b.do("POST", "/session", string(body))
}
