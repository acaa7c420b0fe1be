package program

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/session"
)

// server is the whole program, running inside the test with a clock that the
// test moves.
type server struct {
	t       *testing.T
	dir     string
	base    string // of the faces
	watch   string // of the second address
	out     *buffer
	log     *buffer
	skew    atomic.Int64 // nanoseconds that its clock is ahead
	cancel  context.CancelFunc
	stopped chan struct{}
	code    int
}

// buffer collects what a program writes.
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

// setup is what a test says before a server starts.
type setup struct {
	dir   string
	flags []string
	bot   func(*session.Integration) session.Bot
}

// directory returns a new data directory. Its path is short, since a socket's
// path may have no more than 108 bytes.
func directory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "parley")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// start runs a server and waits until it listens.
func start(t *testing.T, flags ...string) *server {
	t.Helper()
	return startWith(t, setup{flags: flags})
}

func startWith(t *testing.T, how setup) *server {
	t.Helper()
	if how.dir == "" {
		how.dir = directory(t)
	}
	s := &server{t: t, dir: how.dir, out: &buffer{}, log: &buffer{}, stopped: make(chan struct{})}
	var ctx context.Context
	ctx, s.cancel = context.WithCancel(context.Background())
	ready := make(chan app.Addresses, 1)
	args := []string{
		"serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--data", s.dir,
		"--allow-http-webhooks", "--allow-private-webhooks", "--shutdown-grace", "10s",
	}
	go func() {
		defer close(s.stopped)
		s.code = app.Main(ctx, app.Environment{
			Args: append(args, how.flags...), Environ: []string{}, Stdout: s.out, Stderr: s.log, Version: "test",
			Now: s.now, Bot: how.bot, Ready: func(a app.Addresses) { ready <- a },
		})
	}()
	t.Cleanup(func() {
		s.stop()
		if t.Failed() {
			t.Logf("log of the server:\n%s", s.log)
		}
	})
	select {
	case at := <-ready:
		s.base, s.watch = "http://"+at.Public, "http://"+at.Metrics
	case <-s.stopped:
		t.Fatalf("the server ended with %d: %s", s.code, s.log)
	case <-time.After(patience):
		t.Fatalf("the server does not listen: %s", s.log)
	}
	return s
}

func (s *server) now() time.Time { return time.Now().Add(time.Duration(s.skew.Load())) }

// move turns the server's clock forward.
func (s *server) move(d time.Duration) { s.skew.Add(int64(d)) }

// stop ends the server as a signal does and returns its exit code.
func (s *server) stop() int {
	s.t.Helper()
	s.cancel()
	select {
	case <-s.stopped:
		return s.code
	case <-time.After(patience):
		s.t.Errorf("the server does not end: %s", s.log)
		return -1
	}
}

// result is what a command left.
type result struct {
	code     int
	out, err string
}

// parley runs a command of the program.
func parley(t *testing.T, args ...string) result {
	t.Helper()
	return parleyIn(t, nil, args...)
}

func parleyIn(t *testing.T, environ []string, args ...string) result {
	t.Helper()
	var out, fault bytes.Buffer
	code := app.Main(t.Context(), app.Environment{Args: args, Environ: environ, Stdout: &out, Stderr: &fault, Version: "test"})
	return result{code, out.String(), fault.String()}
}

// ask runs a command on the server's data directory and returns its JSON.
func (s *server) ask(args ...string) any {
	s.t.Helper()
	return asked(s.t, s.dir, args...)
}

func asked(t *testing.T, dir string, args ...string) any {
	t.Helper()
	r := parley(t, append(args, "--data", dir, "--json")...)
	if r.code != 0 {
		t.Fatalf("parley %s: exit code %d: %s", strings.Join(args, " "), r.code, r.err)
	}
	var v any
	must(t, json.Unmarshal([]byte(r.out), &v))
	return v
}

// bot is the directory of a bot that these tests bring along.
func bot(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	must(t, err)
	return path
}

// patience is how long a test waits for what has to come: it says what has to
// come, not how fast a machine is that does much else.
const patience = 2 * time.Minute

// eventually waits until a condition holds. It looks often at first, then more
// rarely, to leave the machine to those who are waited for.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	late := time.After(patience)
	for pause := 2 * time.Millisecond; !holds(); pause = min(2*pause, 50*time.Millisecond) {
		select {
		case <-time.After(pause):
		case <-late:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// caller is a client that gives up a server that stands still.
func caller() *http.Client { return &http.Client{Timeout: patience} }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
