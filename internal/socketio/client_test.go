package socketio

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// realClients are the npm packages of e2e/package.json.
var realClients = []string{"socket.io-client", "sio3"}

// clientModules is where they are installed.
func clientModules(t *testing.T) string {
	t.Helper()
	directory, err := filepath.Abs(filepath.Join("..", "..", "e2e"))
	must(t, err)
	for _, name := range realClients {
		if _, err := os.Stat(filepath.Join(directory, "node_modules", name)); err != nil {
			t.Fatalf("%v: run `npm ci` in e2e first, as `make` does", err)
		}
	}
	return directory
}

// converse runs the script with a real client and returns what it printed.
func converse(t *testing.T, client, url string, options map[string]any) string {
	t.Helper()
	text, err := json.Marshal(options)
	must(t, err)
	command := exec.CommandContext(within(t), "node", filepath.Join("testdata", "client.cjs"), clientModules(t), client, url, string(text))
	var errs strings.Builder
	command.Stderr = &errs
	out, err := command.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s%s", err, out, errs.String())
	}
	return strings.TrimSpace(string(out))
}

// counting is the server's side of the script.
type counting struct {
	mu   sync.Mutex
	seen []string
}

func (c *counting) onEvent(s *Socket, e *Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e.Name {
	case "count":
		c.seen = append(c.seen, string(e.Args[0]))
	case "counted":
		_ = e.Ack(json.RawMessage("[" + strings.Join(c.seen, ",") + "]"))
	case "cut":
		s.conn.shut(ReasonShutdown, endFinish)
	case "leave":
		s.Disconnect(true)
	default:
		echoEvent(s, e)
	}
}

func countTo(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("," + strconv.Itoa(i))
	}
	return b.String()[1:]
}

func realServer(t *testing.T) (*Server, string) {
	t.Helper()
	server := NewServer(Options{
		PingInterval: 100 * time.Millisecond,
		PingTimeout:  time.Minute, // a busy machine lets a client wait
		Binary:       true,
		Namespace: func(path, namespace string) bool {
			if path == "/socket.io/" {
				return strings.HasPrefix(namespace, "/v1/web/")
			}
			return namespace == "/"
		},
		OnConnect: func(s *Socket, h *Handshake) error {
			if strings.Contains(h.Path+h.Namespace, "unknown") {
				return &ConnectError{Message: "integration_not_found", Data: map[string]int{"code": 7}}
			}
			return nil
		},
		OnEvent: (&counting{}).onEvent,
	})
	web := httptest.NewServer(server)
	t.Cleanup(func() {
		_ = server.Drain(t.Context(), 0, nil)
		web.Close()
	})
	return server, web.URL
}

// The two spellings of the contract's URL (c.1) with the transports users choose.
func TestRealClients(t *testing.T) {
	for _, client := range realClients {
		for name, transports := range map[string][]string{"default": nil, "polling": {"polling"}, "websocket": {"websocket"}} {
			for form, namespace := range map[string]string{"path": "", "namespace": "/v1/web/abc/ws"} {
				t.Run(client+" "+name+" "+form, func(t *testing.T) {
					t.Parallel()
					server, url := realServer(t)
					options := map[string]any{}
					if transports != nil {
						options["transports"] = transports
					}
					if form == "path" {
						options["path"] = "/v1/web/abc/ws"
					}
					got := converse(t, client, url+namespace, options)
					checkConversation(t, got, name)
					checkTransports(t, server, name)
				})
			}
		}
	}
}

func checkConversation(t *testing.T, got, transports string) {
	t.Helper()
	transport := "websocket"
	if transports == "polling" {
		transport = "polling"
	}
	want := []string{
		"connected string",
		`echo [{"text":"früh <b>"},2]`,
		`ack [{"n":1}]`,
		"transport " + transport,
		"large 300000",
		"binary [1,2,3]",
		"order [[" + countTo(50) + "]]",
		"pings 3",
		"lost transport close",
		`again ["still there"]`,
		"left io server disconnect",
	}
	if got != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

// checkTransports sees that a client opened no more than it needs: two connections, the second after the cut.
func checkTransports(t *testing.T, server *Server, transports string) {
	t.Helper()
	s := server.Stats()
	want := map[string][3]uint64{"default": {2, 0, 2}, "polling": {2, 0, 0}, "websocket": {0, 2, 0}}[transports]
	if got := [3]uint64{s.OpenedPolling, s.OpenedWebSocket, s.Upgrades}; got != want {
		t.Errorf("polling, websocket, upgrades: got %v, want %v", got, want)
	}
}

func TestRealClientsRefused(t *testing.T) {
	for _, client := range realClients {
		for form, want := range map[string]string{
			"/v1/web/unknown/ws": `connect_error integration_not_found {"code":7}`,
			"/other":             "connect_error Invalid namespace null",
		} {
			t.Run(client+" "+form, func(t *testing.T) {
				t.Parallel()
				_, url := realServer(t)
				if got := converse(t, client, url+form, nil); got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			})
		}
	}
}

// within bounds a conversation, so that one that hangs shows what it had come to.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
