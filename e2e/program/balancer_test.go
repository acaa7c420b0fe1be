package program

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/internal/porttest"
	"parley/internal/session"
)

// vacant returns an address on which nobody listens: for programs that have to be
// told one, and for servers that come back where they were.
func vacant(t *testing.T) string {
	t.Helper()
	address, err := porttest.Address("127.0.0.1")
	must(t, err)
	return address
}

// place is where a node of deploy/ is in a test.
type place struct{ public, watch string }

// balancers are the real proxies, by the files of deploy/.
var balancers = map[string]func(t *testing.T, nodes []place) string{"nginx": startNginx, "HAProxy": startHAProxy}

func startNginx(t *testing.T, nodes []place) string {
	t.Helper()
	dir, at := directory(t), vacant(t)
	must(t, os.Chmod(dir, 0o755)) // its workers are another user when it runs as root
	site := string(deployFile(t, "nginx.conf"))
	for i, n := range nodes {
		site = strings.ReplaceAll(site, fmt.Sprintf("parley-%d:8080", i+1), n.public)
	}
	site = strings.Replace(site, "listen 8080;", "listen "+at+";", 1)
	var temp strings.Builder
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&temp, "%s_temp_path %s/%s;\n", kind, dir, kind)
	}
	frame := "daemon off; worker_processes 2; error_log stderr warn; pid " + dir + "/pid;\nevents { worker_connections 1024; }\nhttp {\naccess_log off;\n" +
		temp.String() + site + "}\n"
	file := filepath.Join(dir, "nginx.conf")
	must(t, os.WriteFile(file, []byte(frame), 0o600))
	return runBalancer(t, at, "nginx", "-p", dir, "-c", file)
}

func startHAProxy(t *testing.T, nodes []place) string {
	t.Helper()
	at := vacant(t)
	rules := string(deployFile(t, "haproxy.cfg"))
	for i, n := range nodes {
		_, port, _ := net.SplitHostPort(n.watch)
		rules = strings.Replace(rules, fmt.Sprintf("parley-%d:8080", i+1), n.public+" port "+port, 1)
	}
	rules = strings.Replace(rules, "bind :8080", "bind "+at, 1)
	file := filepath.Join(directory(t), "haproxy.cfg")
	must(t, os.WriteFile(file, []byte(rules), 0o600))
	return runBalancer(t, at, "haproxy", "-db", "-f", file)
}

// runBalancer starts a program and waits until it listens.
func runBalancer(t *testing.T, at, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path = "/usr/sbin/" + name // which is not in everybody's PATH
	}
	log := &buffer{}
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: `make setup` installs it (Debian packages nginx-light and haproxy)", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("log of %s:\n%s", name, log)
		}
	})
	eventually(t, name+" to listen", func() bool {
		c, err := net.Dial("tcp", at)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	return "http://" + at
}

// double is a stand-in for a node that tells what came to it.
type double struct {
	*httptest.Server
	name  string
	busy  atomic.Bool // answers 503
	count atomic.Int64
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/readyz" {
		return
	}
	d.count.Add(1)
	n, _ := io.Copy(io.Discard, r.Body)
	if d.busy.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if r.Header.Get("Upgrade") != "" {
		up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
		c, err := up.Upgrade(w, r, nil)
		if err == nil {
			_ = c.WriteMessage(websocket.TextMessage, []byte(d.name))
			_ = c.Close()
		}
		return
	}
	fmt.Fprintf(w, "%s %d %s %s %s", d.name, n, strings.Join(r.Header.Values("X-Forwarded-For"), ","), r.Header.Get("X-Forwarded-Proto"), r.Host)
}

func doubles(t *testing.T) (list []*double, places []place) {
	t.Helper()
	for i := range 3 {
		d := &double{name: fmt.Sprint("parley-", i+1)}
		d.Server = httptest.NewServer(d)
		t.Cleanup(d.Close)
		list, places = append(list, d), append(places, place{d.Listener.Addr().String(), d.Listener.Addr().String()})
	}
	return list, places
}

// TestBalancers_Route: what the files of deploy/ promise, request by request.
func TestBalancers_Route(t *testing.T) {
	t.Parallel()
	for name, begin := range balancers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nodes, places := doubles(t)
			base := begin(t, places)
			ask := func(method, path string, body []byte, header ...string) (int, string) {
				t.Helper()
				req, err := http.NewRequest(method, base+path, bytes.NewReader(body))
				must(t, err)
				for i := 0; i < len(header); i += 2 {
					req.Header.Set(header[i], header[i+1])
				}
				res, err := caller().Do(req)
				must(t, err)
				defer res.Body.Close()
				text, err := io.ReadAll(res.Body)
				must(t, err)
				return res.StatusCode, string(text)
			}
			seen := map[string]bool{}
			for range 30 {
				_, said := ask("GET", "/x", nil)
				seen[strings.Fields(said)[0]] = true
			}
			same(t, "nodes in use", len(seen), 3)
			_, said := ask("POST", "/x", make([]byte, 10), "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "https")
			same(t, "what a node is told", strings.SplitN(said, " ", 2)[1], "10 127.0.0.1 http "+strings.TrimPrefix(base, "http://"))
			status, said := ask("PUT", "/files", make([]byte, session.MaxFileBytes))
			same(t, "the largest file: "+said, status, 200)
			routeBySID(t, base, nodes, ask)
			repeat(t, nodes, ask)
		})
	}
}

type asking func(method, path string, body []byte, header ...string) (int, string)

func routeBySID(t *testing.T, base string, nodes []*double, ask asking) {
	t.Helper()
	for range 5 {
		for _, n := range nodes {
			for _, tilde := range []string{"~", "%7E", "%7e"} {
				_, said := ask("POST", "/v1/web/x/ws/?EIO=4&transport=polling&sid="+n.name+tilde+"abc", []byte("2"))
				same(t, "node of a poll", strings.Fields(said)[0], n.name)
			}
			same(t, "node of an upgrade", upgraded(t, base+"/v1/web/x/ws/?transport=websocket&sid="+n.name+"~abc"), n.name)
		}
		upgraded(t, base+"/desk/api/live")
		status, said := ask("GET", "/socket.io/?sid=internal.example~abc", nil)
		same(t, "a name that is none: "+said, status, 200)
	}
}

// upgraded returns what the node says to who asks for a WebSocket.
func upgraded(t *testing.T, url string) string {
	t.Helper()
	c, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(url, "http"), nil)
	must(t, err)
	must(t, c.SetReadDeadline(time.Now().Add(patience)))
	_, said, err := c.ReadMessage()
	must(t, err)
	must(t, c.Close())
	return string(said)
}

// repeat: one node takes nothing, then is gone. Callers see it only where
// nobody can know whether their request was carried out.
func repeat(t *testing.T, nodes []*double, ask asking) {
	t.Helper()
	nodes[0].busy.Store(true)
	for range 12 {
		status, said := ask("GET", "/x", nil)
		same(t, "GET: "+said, status, 200)
		status, said = ask("POST", "/x", []byte("{}"), "Idempotency-Key", "k")
		same(t, "POST with a key: "+said, status, 200)
	}
	nodes[1].busy.Store(true)
	nodes[2].busy.Store(true)
	before := nodes[0].count.Load() + nodes[1].count.Load() + nodes[2].count.Load()
	status, _ := ask("POST", "/x?sid=parley-2~abc", []byte("{}"))
	same(t, "POST", status, 503)
	same(t, "times that it was sent", nodes[0].count.Load()+nodes[1].count.Load()+nodes[2].count.Load()-before, int64(1))
	for _, n := range nodes {
		n.busy.Store(false)
	}
	nodes[0].Close()
	for range 12 {
		status, said := ask("POST", "/x", []byte("{}"))
		same(t, "POST while a node is away: "+said, status, 200)
		status, said = ask("POST", "/x?sid=parley-1~abc", []byte("{}"))
		same(t, "a poll of a node that is away: "+said, status, 200)
	}
}
