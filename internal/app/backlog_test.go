package app

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// Connections that nobody has accepted when the listener is closed are served.
func TestBacklog_LosesNobody(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &backlog{TCPListener: inner.(*net.TCPListener)}
	var waiting []net.Conn
	for range 20 {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		waiting = append(waiting, c)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if c, err := net.Dial("tcp", l.Addr().String()); err == nil {
		_ = c.Close()
		t.Error("the port is still open")
	}
	served := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "done") })}
	_ = served.Serve(l)
	for i, c := range waiting {
		if answer, err := io.ReadAll(c); err != nil || !strings.HasSuffix(string(answer), "done") {
			t.Fatalf("connection %d: %v %q", i, err, answer)
		}
	}
}
