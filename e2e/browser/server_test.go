package browser

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// binary builds the program once; TestMain removes it.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "parley-browser")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "parley")
	out, err := exec.Command("go", "build", "-o", path, "parley/cmd/parley").CombinedOutput()
	if err != nil {
		return path, errors.New(string(out))
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

type object map[string]any

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

// server is the program in a process of its own.
type server struct {
	t     *testing.T
	dir   string
	base  string
	out   *buffer
	ended chan struct{}
}

// serve starts a server on a directory of its own and waits until it listens.
func serve(t *testing.T, flags ...string) *server {
	t.Helper()
	path, err := binary()
	must(t, err)
	dir, err := os.MkdirTemp("", "parley") // a short path: a socket's may have no more than 108 bytes
	must(t, err)
	s := &server{t: t, dir: dir, out: &buffer{}, ended: make(chan struct{})}
	args := []string{"serve", "--listen", "127.0.0.1:0", "--metrics-listen", "off", "--data", dir, "--allow-http-webhooks", "--allow-private-webhooks"}
	cmd := exec.Command(path, append(args, flags...)...)
	cmd.Stdout, cmd.Stderr = s.out, s.out
	must(t, cmd.Start())
	go func() {
		defer close(s.ended)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-s.ended
		if t.Failed() {
			t.Logf("output of the server:\n%s", s.out)
		}
		_ = os.RemoveAll(dir)
	})
	s.base = s.said(regexp.MustCompile(`serves (https?://\S+)`))[1]
	return s
}

// said waits until the server has printed what a pattern says.
func (s *server) said(pattern *regexp.Regexp) []string {
	s.t.Helper()
	tick, late := time.NewTicker(5*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for {
		if found := pattern.FindStringSubmatch(s.out.String()); found != nil {
			return found
		}
		select {
		case <-tick.C:
		case <-s.ended:
			s.t.Fatalf("the server ended: %s", s.out)
		case <-late:
			s.t.Fatalf("the server does not say %s: %s", pattern, s.out)
		}
	}
}

// site is an integration and its key.
type site struct {
	ID  string `json:"integration_id"`
	Key string `json:"api_key"`
}

// site makes an integration for web pages while the server runs.
func (s *server) site(settings object) site {
	s.t.Helper()
	text, err := json.Marshal(settings)
	must(s.t, err)
	var made site
	must(s.t, json.Unmarshal([]byte(s.parley("integration", "create", "--name", "Shop", "--kind", "web", "--settings", string(text), "--json")), &made))
	return made
}

// parley runs a command on the server's data.
func (s *server) parley(args ...string) string {
	s.t.Helper()
	path, err := binary()
	must(s.t, err)
	cmd := exec.Command(path, append(args, "--data", s.dir)...)
	var fault bytes.Buffer
	cmd.Stderr = &fault
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("parley %s: %v: %s", strings.Join(args, " "), err, &fault)
	}
	return string(out)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
