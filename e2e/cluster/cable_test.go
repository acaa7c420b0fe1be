package cluster_test

import (
	"bufio"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"parley/e2e/cluster"
)

// server answers every line with itself and reports what it has heard.
type server struct {
	address string
	heard   chan string

	mu     sync.Mutex
	newest net.Conn
}

func listen(t *testing.T, at netip.Addr) *server {
	t.Helper()
	l, err := net.Listen("tcp", netip.AddrPortFrom(at, 0).String())
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	s := &server{address: l.Addr().String(), heard: make(chan string, 100)}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.newest = conn
			s.mu.Unlock()
			go s.echo(conn)
		}
	}()
	return s
}

func (s *server) echo(conn net.Conn) {
	defer conn.Close()
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		s.heard <- lines.Text()
		_, _ = io.WriteString(conn, lines.Text()+"\n")
	}
}

// say tells the newest client something unasked.
func (s *server) say(t *testing.T, text string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := io.WriteString(s.newest, text+"\n")
	must(t, err)
}

// line is a client at the place of a node. Its output ends with the connection.
type line struct {
	t   *testing.T
	in  *os.File
	out *bufio.Reader
	at  *os.File // out
}

// talk carries lines between the two ends of a command and a connection.
const talk = `exec 3<>"/dev/tcp/${0%:*}/${0##*:}" 4<&0 || exit
cat <&4 >&3 & cat <&3`

func dial(t *testing.T, place cluster.Place, address string) *line {
	t.Helper()
	words := append(place.Within(), "bash", "-c", talk, address)
	theirs, in, err := os.Pipe()
	must(t, err)
	at, out, err := os.Pipe()
	must(t, err)
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdin, cmd.Stdout = theirs, out
	must(t, cmd.Start())
	_, _ = theirs.Close(), out.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_, _, _ = in.Close(), at.Close(), cmd.Wait()
	})
	return &line{t, in, bufio.NewReader(at), at}
}

func (l *line) say(text string) {
	l.t.Helper()
	_, err := io.WriteString(l.in, text+"\n")
	must(l.t, err)
}

// hears reads a line within a time, "" where none comes; the error is of a
// broken connection.
func (l *line) hears(within time.Duration) (string, error) {
	l.t.Helper()
	must(l.t, l.at.SetReadDeadline(time.Now().Add(within)))
	text, err := l.out.ReadString('\n')
	if os.IsTimeout(err) {
		return "", nil
	}
	return text, err
}

func (l *line) want(text string) {
	l.t.Helper()
	if got, err := l.hears(10 * time.Second); got != text+"\n" {
		l.t.Fatalf("heard %q (%v), want %q", got, err, text)
	}
}

func (l *line) wantNothing() {
	l.t.Helper()
	if got, err := l.hears(300 * time.Millisecond); got != "" || err != nil {
		l.t.Fatalf("heard %q (%v) over a link that is held", got, err)
	}
}

func (l *line) wantEnd() {
	l.t.Helper()
	if got, err := l.hears(10 * time.Second); got != "" || err == nil {
		l.t.Fatalf("heard %q (%v) over a link that is closed", got, err)
	}
}

// TestCable holds the cables of both networks to what a link promises; where
// namespaces may not be made, those of the other.
func TestCable(t *testing.T) {
	t.Parallel()
	networks := map[string]cluster.Network{cluster.WithProxies: cluster.Proxies{}}
	if n, refused, err := cluster.NewNetwork(""); refused == nil {
		must(t, err)
		t.Cleanup(func() { must(t, n.Close()) })
		networks[cluster.WithNamespaces] = n
	} else {
		t.Logf("no network namespaces here: %v", refused)
	}
	for name, n := range networks {
		for _, test := range []struct {
			name string
			do   func(*testing.T, *wiring)
		}{
			{"silent", holdsBackWhileSilent}, {"deaf", letsRequestsPassWhileDeaf},
			{"mute", letsAnswersPassWhileMute}, {"closed", breaksWhileClosed},
		} {
			t.Run(name+"/"+test.name, func(t *testing.T) { test.do(t, wire(t, n)) })
		}
	}
}

// wiring is a place with a cable to a server.
type wiring struct {
	cluster.Place
	cluster.Cable
	*server
}

func wire(t *testing.T, n cluster.Network) *wiring {
	t.Helper()
	place, err := n.Place()
	must(t, err)
	server := listen(t, n.At(cluster.Postgres).Addr())
	cable, err := place.To(cluster.Postgres, server.address)
	must(t, err)
	t.Cleanup(func() { must(t, cable.Close()) })
	return &wiring{place, cable, server}
}

// connect returns a client that the server has heard.
func (w *wiring) connect(t *testing.T) *line {
	t.Helper()
	l := dial(t, w.Place, w.Address())
	l.say("hello")
	l.want("hello")
	<-w.heard
	return l
}

func holdsBackWhileSilent(t *testing.T, w *wiring) {
	l := w.connect(t)
	must(t, w.Set(cluster.Silent))
	l.say("within")
	late := dial(t, w.Place, w.Address())
	late.say("late")
	l.wantNothing()
	late.wantNothing()
	if len(w.heard) > 0 {
		t.Errorf("%q passed a silent link", <-w.heard)
	}
	must(t, w.Set(cluster.Open))
	l.want("within")
	late.want("late")
}

func letsRequestsPassWhileDeaf(t *testing.T, w *wiring) {
	l := w.connect(t)
	must(t, w.Set(cluster.Deaf))
	l.say("request")
	if got := <-w.heard; got != "request" {
		t.Errorf("heard %q", got)
	}
	l.wantNothing()
	must(t, w.Set(cluster.Closed))
	l.wantEnd()
}

func letsAnswersPassWhileMute(t *testing.T, w *wiring) {
	l := w.connect(t)
	must(t, w.Set(cluster.Mute))
	w.server.say(t, "news")
	l.want("news")
	l.say("request")
	l.wantNothing()
	if len(w.heard) > 0 {
		t.Errorf("%q passed a mute link", <-w.heard)
	}
	must(t, w.Set(cluster.Open))
	l.want("request")
}

func breaksWhileClosed(t *testing.T, w *wiring) {
	l := w.connect(t)
	must(t, w.Set(cluster.Closed))
	l.wantEnd()
	dial(t, w.Place, w.Address()).wantEnd()
	must(t, w.Set(cluster.Open))
	w.connect(t)
}

func newProxy(t *testing.T, targets ...string) *cluster.Proxy {
	t.Helper()
	p, err := cluster.NewProxy(targets...)
	must(t, err)
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func TestProxy_TakesTheNextTarget(t *testing.T) {
	place, err := cluster.Proxies{}.Place()
	must(t, err)
	loopback := cluster.Proxies{}.At(cluster.Callers).Addr()
	server := listen(t, loopback)
	w := &wiring{place, newProxy(t, place.Listen(), server.address), server} // nobody listens at the first
	for range 4 {
		w.connect(t)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
