package socketio

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

// The numbers of the product, table (f) of the contract.
const (
	interval = 10 * time.Second
	timeout  = 5 * time.Second
)

// host serves one server over pipes in place of sockets, so that it can live in a synctest bubble.
type host struct {
	t      *testing.T
	server *Server
	path   string
	client *http.Client
	pipes  *pipeListener
}

// onPipes runs a test against a server inside a bubble. Unset options get the product's numbers.
func onPipes(t *testing.T, o Options, test func(t *testing.T, h *host)) {
	t.Helper()
	onServer(t, func() *Server { return NewServer(o) }, test)
}

func onServer(t *testing.T, newServer func() *Server, test func(t *testing.T, h *host)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := newServer()
		pipes := &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
		transport := &http.Transport{DialContext: pipes.dial, DisableKeepAlives: true}
		h := &host{t: t, server: server, path: "/socket.io/", client: &http.Client{Transport: transport}, pipes: pipes}
		web := &http.Server{Handler: server}
		go func() { _ = web.Serve(pipes) }()
		defer func() {
			_ = web.Close()
			transport.CloseIdleConnections()
			_ = server.Drain(t.Context(), 0, nil)
			pipes.closeAll()
			pass(time.Second) // net/http lingers a little over some connections
		}()
		test(t, h)
	})
}

// pass lets time pass in a bubble, and everything happen that is due by then.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// pipeListener hands the server's end of every dialled pipe to Accept.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once

	mu   sync.Mutex
	open []net.Conn
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	l.mu.Lock()
	l.open = append(l.open, client, server)
	l.mu.Unlock()
	select {
	case l.conns <- server:
		return client, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (l *pipeListener) closeAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.open {
		_ = conn.Close()
	}
}

// request sends one HTTP request; the answer is complete.
func (h *host) request(method, query, body string, header ...string) (int, string, http.Header) {
	h.t.Helper()
	status, text, headers, err := h.try(context.Background(), method, query, body, header...)
	must(h.t, err)
	return status, text, headers
}

func (h *host) try(ctx context.Context, method, query, body string, header ...string) (int, string, http.Header, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://parley"+h.path+"?"+query, strings.NewReader(body))
	if err != nil {
		return 0, "", nil, err
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := h.client.Do(r)
	if err != nil {
		return 0, "", nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), response.Header, err
}

// answer is what a request in the background came to.
type answer struct {
	status int
	body   string
	err    error
}

// background sends a request and waits until it is stuck or answered.
func (h *host) background(ctx context.Context, method, query, body string) <-chan answer {
	got := make(chan answer, 1)
	go func() {
		status, text, _, err := h.try(ctx, method, query, body)
		got <- answer{status, text, err}
	}()
	synctest.Wait()
	return got
}

type openPacket struct {
	SID          string   `json:"sid"`
	Upgrades     []string `json:"upgrades"`
	PingInterval int      `json:"pingInterval"`
	PingTimeout  int      `json:"pingTimeout"`
	MaxPayload   int      `json:"maxPayload"`
}

func parseOpen(t *testing.T, text string) openPacket {
	t.Helper()
	if !strings.HasPrefix(text, "0{") {
		t.Fatalf("got %q, want an open packet", text)
	}
	var open openPacket
	must(t, json.Unmarshal([]byte(text[1:]), &open))
	return open
}

const (
	pollQuery   = "EIO=4&transport=polling"
	socketQuery = "EIO=4&transport=websocket"
)

// poller is a client that polls.
type poller struct {
	*host
	query string
}

// openPolling makes a connection; names is the name of its first request, or nothing.
func (h *host) openPolling(names ...string) *poller {
	h.t.Helper()
	query := pollQuery
	for _, name := range names {
		query += "&t=" + name
	}
	status, body, _ := h.request("GET", query, "")
	if status != http.StatusOK {
		h.t.Fatalf("handshake: %d %s", status, body)
	}
	return &poller{h, pollQuery + "&sid=" + parseOpen(h.t, body).SID}
}

func (p *poller) get() (int, string) {
	p.t.Helper()
	status, body, _ := p.request("GET", p.query, "")
	return status, body
}

func (p *poller) wantGet(want string) {
	p.t.Helper()
	if status, body := p.get(); status != http.StatusOK || body != want {
		p.t.Fatalf("poll: got %d %q, want %q", status, body, want)
	}
}

func (p *poller) wantGone() {
	p.t.Helper()
	if status, body := p.get(); status != http.StatusBadRequest {
		p.t.Fatalf("poll: got %d %q, want 400", status, body)
	}
}

func (p *poller) post(body string) int {
	p.t.Helper()
	status, _, _ := p.request("POST", p.query, body)
	return status
}

func (p *poller) wantPost(body string) {
	p.t.Helper()
	if status := p.post(body); status != http.StatusOK {
		p.t.Fatalf("post %q: got %d", body, status)
	}
}

func (p *poller) join() {
	p.t.Helper()
	p.wantPost("40")
	if status, body := p.get(); status != http.StatusOK || !strings.HasPrefix(body, `40{"sid":`) {
		p.t.Fatalf("connect: got %d %q", status, body)
	}
}

// socketClient is a client with a websocket. A goroutine of its own reads it, so that the server's writes go through.
type socketClient struct {
	t        *testing.T
	conn     *websocket.Conn
	messages chan string // binary ones begin with "binary:"
	closed   chan error
	open     openPacket
}

func (h *host) dial(query string) *socketClient {
	h.t.Helper()
	c := h.dialUnread(query)
	go c.read()
	return c
}

// dialUnread opens a websocket that nobody reads.
func (h *host) dialUnread(query string) *socketClient {
	h.t.Helper()
	dialer := websocket.Dialer{NetDialContext: h.pipes.dial}
	conn, response, err := dialer.Dial("ws://parley"+h.path+"?"+query, nil)
	if err != nil {
		h.t.Fatalf("websocket: %v %v", err, response)
	}
	return &socketClient{t: h.t, conn: conn, messages: make(chan string, 1000), closed: make(chan error, 1)}
}

// openSocket opens a connection by websocket.
func (h *host) openSocket() *socketClient {
	h.t.Helper()
	c := h.dial(socketQuery)
	c.open = parseOpen(h.t, c.next())
	return c
}

// openJoined opens a connection by websocket and joins "/".
func (h *host) openJoined() *socketClient {
	h.t.Helper()
	c := h.openSocket()
	c.send("40")
	c.wantPrefix(`40{"sid":"`)
	return c
}

func (c *socketClient) read() {
	for {
		kind, data, err := c.conn.ReadMessage()
		if err != nil {
			c.closed <- err
			close(c.messages)
			return
		}
		if kind == websocket.BinaryMessage {
			data = append([]byte("binary:"), data...)
		}
		c.messages <- string(data)
	}
}

func (c *socketClient) send(text string) {
	c.t.Helper()
	must(c.t, c.conn.WriteMessage(websocket.TextMessage, []byte(text)))
}

func (c *socketClient) sendBinary(data ...byte) {
	c.t.Helper()
	must(c.t, c.conn.WriteMessage(websocket.BinaryMessage, data))
}

// next waits for a message; in a bubble a message that never comes ends the test.
func (c *socketClient) next() string {
	c.t.Helper()
	message, ok := <-c.messages
	if !ok {
		c.t.Fatalf("websocket closed: %v", <-c.closed)
	}
	return message
}

func (c *socketClient) want(want string) {
	c.t.Helper()
	if got := c.next(); got != want {
		c.t.Fatalf("got %q, want %q", got, want)
	}
}

func (c *socketClient) wantPrefix(want string) string {
	c.t.Helper()
	got := c.next()
	if !strings.HasPrefix(got, want) {
		c.t.Fatalf("got %q, want %q...", got, want)
	}
	return got
}

// wantClosed waits for the end of the websocket and returns what came before.
func (c *socketClient) wantClosed() []string {
	c.t.Helper()
	var before []string
	for message := range c.messages {
		before = append(before, message)
	}
	synctest.Wait()
	return before
}

// wantCloseFrame waits for a close the WebSocket way.
func (c *socketClient) wantCloseFrame() {
	c.t.Helper()
	c.wantClosed()
	if err := <-c.closed; !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		c.t.Errorf("closed by %v", err)
	}
}

// wantQuiet checks that nothing has come although everything that could happen now has happened.
func (c *socketClient) wantQuiet() {
	c.t.Helper()
	synctest.Wait()
	select {
	case message, ok := <-c.messages:
		c.t.Fatalf("got %q (open: %v), want nothing", message, ok)
	default:
	}
}

// record keeps what the callbacks of a server saw.
type record struct {
	mu    sync.Mutex
	lines []string
}

func (r *record) add(parts ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, strings.Join(parts, " "))
}

func (r *record) want(t *testing.T, lines ...string) {
	t.Helper()
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if got, want := strings.Join(r.lines, "\n"), strings.Join(lines, "\n"); got != want {
		t.Fatalf("got:\n%s\nwant:\n%s", got, want)
	}
}

// recorded are options whose callbacks are written down; events are echoed, and acknowledged if the client asks.
func (r *record) recorded() Options {
	return Options{
		PingInterval: interval,
		PingTimeout:  timeout,
		OnConnect: func(s *Socket, h *Handshake) error {
			r.add("connect", s.Namespace())
			return nil
		},
		OnEvent: func(s *Socket, e *Event) {
			r.add("event", e.Name, joinArgs(e.Args))
			echoEvent(s, e)
		},
		OnRefused: func(s *Socket, e *Event) {
			r.add("refused", e.Name)
			_ = s.Emit("error", "rate_limited")
		},
		OnDisconnect: func(s *Socket, reason Reason) { r.add("disconnect", s.Namespace(), string(reason)) },
		Logger:       slog.New(slog.DiscardHandler),
	}
}

func joinArgs(args []json.RawMessage) string {
	texts := make([]string, len(args))
	for i, arg := range args {
		texts[i] = string(arg)
	}
	return strings.Join(texts, ",")
}

func echoEvent(s *Socket, e *Event) {
	args := make([]any, 0, len(e.Args)+1)
	for _, arg := range e.Args {
		args = append(args, arg)
	}
	args = append(args, e.Attachments)
	if e.WantsAck() {
		_ = e.Ack(args...)
		return
	}
	_ = s.Emit(e.Name, args...)
}

// rawSocket opens a websocket of which the test reads the bytes, or not.
func (h *host) rawSocket() (net.Conn, *bufio.Reader) {
	h.t.Helper()
	conn, err := h.pipes.dial(h.t.Context(), "", "")
	must(h.t, err)
	_, err = io.WriteString(conn, "GET "+h.path+"?"+socketQuery+" HTTP/1.1\r\nHost: parley\r\nConnection: Upgrade\r\n"+
		"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	must(h.t, err)
	reader := bufio.NewReader(conn)
	response, err := http.ReadResponse(reader, nil)
	must(h.t, err)
	if response.StatusCode != http.StatusSwitchingProtocols {
		h.t.Fatal(response.Status)
	}
	return conn, reader
}
