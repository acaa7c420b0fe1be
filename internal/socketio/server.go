package socketio

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	mathrand "math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	transportPolling   = "polling"
	transportWebSocket = "websocket"
)

// Server answers the HTTP requests of Engine.IO clients.
type Server struct {
	options  Options
	limit    floodLimit
	app      application
	acceptor *acceptor
	started  time.Time
	counters counters

	mu       sync.Mutex
	conns    map[string]*Conn // open ones, and closed ones while a late poll may come
	draining bool
	ended    map[Reason]uint64
	open     int
	emptied  chan struct{} // closed when draining and no connection is open
}

// NewServer returns a Socket.IO server. It runs nothing until a client connects.
func NewServer(o Options) *Server {
	s := newServer(o)
	s.app = &namespaces{server: s}
	return s
}

// NewEngine returns a server of bare Engine.IO that hands every message to a handler, in the order of each connection. The data
// are the handler's to keep. The Socket.IO callbacks of the options are not used.
func NewEngine(o Options, handler func(c *Conn, data []byte, binary bool)) *Server {
	s := newServer(o)
	s.app = engineHandler(handler)
	return s
}

type engineHandler func(c *Conn, data []byte, binary bool)

func (h engineHandler) opened(*Conn)                               {}
func (h engineHandler) received(c *Conn, data []byte, binary bool) { h(c, data, binary) }
func (h engineHandler) closed(*Conn, Reason)                       {}

func newServer(o Options) *Server {
	o = o.withDefaults()
	return &Server{
		options:  o,
		limit:    newFloodLimit(o),
		acceptor: newAcceptor(o),
		started:  o.Now(),
		conns:    make(map[string]*Conn),
		ended:    make(map[Reason]uint64),
		emptied:  make(chan struct{}),
	}
}

// elapsed is the server's clock.
func (s *Server) elapsed() time.Duration { return s.options.Now().Sub(s.started) }

// refusal is an answer in the error format of Engine.IO.
type refusal struct {
	status  int
	code    int
	message string
}

var (
	refuseTransport = &refusal{http.StatusBadRequest, 0, "Transport unknown"}
	refuseSID       = &refusal{http.StatusBadRequest, 1, "Session ID unknown"}
	refuseMethod    = &refusal{http.StatusBadRequest, 2, "Bad handshake method"}
	refuseRequest   = &refusal{http.StatusBadRequest, 3, "Bad request"}
	refuseOrigin    = &refusal{http.StatusForbidden, 4, "Forbidden"}
	refuseVersion   = &refusal{http.StatusBadRequest, 5, "Unsupported protocol version"}
	refuseSize      = &refusal{http.StatusRequestEntityTooLarge, 3, "Payload too large"}
	refuseDraining  = &refusal{http.StatusServiceUnavailable, 3, "Server is shutting down"}
)

func (f *refusal) write(w http.ResponseWriter) {
	body, _ := json.Marshal(map[string]any{"code": f.code, "message": f.message})
	w.Header().Set("Content-Type", "application/json")
	if f.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(f.status)
	_, _ = w.Write(body)
}

// ServeHTTP answers every request of the engine path.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.admitOrigin(w, r) {
		return
	}
	query := r.URL.Query()
	transport, sid := query.Get("transport"), query.Get("sid")
	switch {
	case transport != transportPolling && transport != transportWebSocket:
		refuseTransport.write(w)
	case query.Get("EIO") != "4":
		refuseVersion.write(w)
	case transport == transportWebSocket && !upgradeRequest(r):
		refuseRequest.write(w)
	case sid != "":
		s.serveKnown(w, r, transport, sid)
	case r.Method != http.MethodGet:
		refuseMethod.write(w)
	case transport == transportPolling:
		s.openPolling(w, r)
	default:
		s.openWebSocket(w, r)
	}
}

func upgradeRequest(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// serveKnown answers a request of a client that has a connection.
func (s *Server) serveKnown(w http.ResponseWriter, r *http.Request, transport, sid string) {
	s.mu.Lock()
	c := s.conns[sid]
	s.mu.Unlock()
	switch {
	case c == nil:
		refuseSID.write(w)
	case transport == transportWebSocket:
		s.serveUpgrade(w, r, c)
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		refuseMethod.write(w)
	case c.polling == nil:
		refuseRequest.write(w)
	case r.Method == http.MethodGet:
		c.polling.serveGet(w, r)
	default:
		c.polling.servePost(w, r)
	}
}

// openPolling opens a connection by polling.
func (s *Server) openPolling(w http.ResponseWriter, r *http.Request) {
	now := s.elapsed()
	c := newConn(s, r, transportPolling)
	c.polling = &polling{conn: c, repeats: repeats{handshake: nameOf(r)}}
	c.transport = c.polling
	c.queue.add(s.options.MaxQueued, s.openPacket(c.id, []string{transportWebSocket}))
	s.app.opened(c)
	if !s.add(c) {
		refuseDraining.write(w)
		return
	}
	s.counters.openedPolling.Add(1)
	c.startHeartbeat(now)
	c.polling.serveGet(w, r)
}

// openWebSocket opens a connection by websocket.
func (s *Server) openWebSocket(w http.ResponseWriter, r *http.Request) {
	now := s.elapsed()
	if s.isDraining() {
		refuseDraining.write(w)
		return
	}
	ws, err := s.acceptor.accept(w, r)
	if err != nil {
		return // accept has answered
	}
	c := newConn(s, r, transportWebSocket)
	stream := &stream{conn: c, ws: ws}
	c.transport = stream
	s.app.opened(c)
	if !s.add(c) {
		ws.Close()
		return
	}
	s.counters.openedWebSocket.Add(1)
	// A websocket of its own has nothing to upgrade to; a client told otherwise would open a second one.
	_ = c.send(s.openPacket(c.id, []string{}))
	c.startHeartbeat(now)
	// A goroutine of its own lets go of the stack, the buffers and the request that net/http keeps for its handler.
	go stream.read()
}

func (s *Server) openPacket(sid string, upgrades []string) frame {
	text, _ := json.Marshal(struct {
		SID          string   `json:"sid"`
		Upgrades     []string `json:"upgrades"`
		PingInterval int64    `json:"pingInterval"`
		PingTimeout  int64    `json:"pingTimeout"`
		MaxPayload   int      `json:"maxPayload"`
	}{sid, upgrades, s.options.PingInterval.Milliseconds(), s.options.PingTimeout.Milliseconds(), s.options.MaxPayload})
	return frame{data: append([]byte{packetOpen}, text...)}
}

// newID returns 20 characters with 120 random bits.
func newID() string {
	var b [15]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// newSID returns the id of a connection. Sockets have ids of their own, because clients show those to each other.
func (s *Server) newSID() string {
	if s.options.Node == "" {
		return newID()
	}
	return s.options.Node + "~" + newID()
}

func (s *Server) add(c *Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return false
	}
	s.conns[c.id] = c
	s.open++
	return true
}

func (s *Server) isDraining() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.draining
}

// forget counts a connection that was closed, and drops it when no late poll can come any more.
func (s *Server) forget(c *Conn, reason Reason, linger time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended[reason]++
	s.open--
	if s.draining && s.open == 0 {
		close(s.emptied)
	}
	if linger == 0 {
		delete(s.conns, c.id)
		return
	}
	time.AfterFunc(linger, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.conns, c.id)
	})
}

// Drain takes no new connections (503) and closes the open ones at random times within spread, so that their clients do not come
// back all at once. Sockets are not disconnected by packet first: clients shall reconnect on their own, which they only do when the
// transport ends. Drain returns when all are closed or ctx is done, which closes the rest at once. OnDisconnect may still be running.
// notice, if not nil, is called for every open connection's sockets with the time after which they will be closed.
func (s *Server) Drain(ctx context.Context, spread time.Duration, notice func(*Socket, time.Duration)) error {
	open, err := s.beginDrain()
	if err != nil {
		return err
	}
	for _, c := range open {
		wait := time.Duration(0)
		if spread > 0 {
			wait = mathrand.N(spread)
		}
		if layer, ok := s.app.(*namespaces); ok && notice != nil {
			layer.each(c, func(socket *Socket) { notice(socket, wait) })
		}
		time.AfterFunc(wait, func() { c.shut(ReasonShutdown, endFinish) })
	}
	select {
	case <-s.emptied:
		return nil
	case <-ctx.Done():
	}
	for _, c := range open {
		c.shut(ReasonShutdown, endFinish)
	}
	return ctx.Err()
}

var errDrained = errors.New("socketio: Drain was called before")

func (s *Server) beginDrain() ([]*Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return nil, errDrained
	}
	s.draining = true
	if s.open == 0 {
		close(s.emptied)
	}
	open := make([]*Conn, 0, len(s.conns))
	for _, c := range s.conns {
		open = append(open, c)
	}
	return open, nil
}
