package cluster_test

import (
	"bufio"
	"io"
	"net"
	"testing"
	"time"

	"parley/e2e/cluster"
)

// echo answers every line with itself and reports what it has heard.
func echo(t *testing.T) (address string, heard chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	heard = make(chan string, 100)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					heard <- lines.Text()
					_, _ = io.WriteString(conn, lines.Text()+"\n")
				}
			}()
		}
	}()
	return l.Addr().String(), heard
}

func newProxy(t *testing.T, targets ...string) *cluster.Proxy {
	t.Helper()
	p, err := cluster.NewProxy(targets...)
	must(t, err)
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// line is a client of echo.
type line struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func dial(t *testing.T, address string) *line {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return &line{t, conn, bufio.NewReader(conn)}
}

func (l *line) say(text string) {
	l.t.Helper()
	_, err := io.WriteString(l.conn, text+"\n")
	must(l.t, err)
}

// hears reads a line within a time, "" where none comes; the error is of a
// broken connection.
func (l *line) hears(within time.Duration) (string, error) {
	l.t.Helper()
	must(l.t, l.conn.SetReadDeadline(time.Now().Add(within)))
	text, err := l.in.ReadString('\n')
	if late, ok := err.(net.Error); ok && late.Timeout() {
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
	if got, err := l.hears(50 * time.Millisecond); got != "" || err != nil {
		l.t.Fatalf("heard %q (%v) over a link that is held", got, err)
	}
}

func TestProxy_HoldsBackWhileSilent(t *testing.T) {
	address, heard := echo(t)
	p := newProxy(t, address)
	l := dial(t, p.Address())
	l.say("before")
	l.want("before")
	<-heard
	p.Set(cluster.Silent)
	l.say("within")
	late := dial(t, p.Address()) // the kernel takes the connection
	late.say("late")
	l.wantNothing()
	late.wantNothing()
	if len(heard) > 0 {
		t.Errorf("%q passed a silent link", <-heard)
	}
	p.Set(cluster.Open)
	l.want("within")
	late.want("late")
}

func TestProxy_LetsRequestsPassWhileDeaf(t *testing.T) {
	address, heard := echo(t)
	p := newProxy(t, address)
	l := dial(t, p.Address())
	p.Set(cluster.Deaf)
	l.say("request")
	if got := <-heard; got != "request" {
		t.Errorf("heard %q", got)
	}
	l.wantNothing()
	p.Set(cluster.Closed)
	if got, err := l.hears(10 * time.Second); err == nil {
		t.Errorf("heard %q over a closed link", got)
	}
}

func TestProxy_BreaksWhileClosed(t *testing.T) {
	address, _ := echo(t)
	p := newProxy(t, address)
	l := dial(t, p.Address())
	l.say("before")
	l.want("before")
	p.Set(cluster.Closed)
	if got, err := l.hears(10 * time.Second); err == nil {
		t.Errorf("heard %q over a closed link", got)
	}
	if conn, err := net.Dial("tcp", p.Address()); err == nil { // the kernel may take it first
		again := &line{t, conn, bufio.NewReader(conn)}
		if got, err := again.hears(10 * time.Second); err == nil {
			t.Errorf("heard %q over a new connection of a closed link", got)
		}
		must(t, conn.Close())
	}
	p.Set(cluster.Open)
	again := dial(t, p.Address())
	again.say("after")
	again.want("after")
}

func TestProxy_TakesTheNextTarget(t *testing.T) {
	address, heard := echo(t)
	gone, _ := echo(t)
	dead := newProxy(t, gone)
	nobody := dead.Address()
	must(t, dead.Close())
	p := newProxy(t, nobody, address)
	for range 4 {
		l := dial(t, p.Address())
		l.say("hello")
		l.want("hello")
		<-heard
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
