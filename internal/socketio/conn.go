package socketio

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// Reason tells why a socket or a connection ended. Names that Socket.IO has are its own.
type Reason string

const (
	ReasonTransportClose   Reason = "transport close"             // the client closed the connection, or it broke
	ReasonTransportError   Reason = "transport error"             // too large a message, an aborted or a second poll
	ReasonParseError       Reason = "parse error"                 // a malformed or unexpected packet
	ReasonPingTimeout      Reason = "ping timeout"                // no pong in time
	ReasonConnectTimeout   Reason = "connect timeout"             // no namespace joined in time
	ReasonClientDisconnect Reason = "client namespace disconnect" // the client left the namespace
	ReasonServerDisconnect Reason = "server namespace disconnect" // Socket.Disconnect, Conn.Close
	ReasonSlowConsumer     Reason = "slow consumer"               // more than MaxQueued waited for the client
	ReasonFlood            Reason = "flood"                       // MaxRefusals events over the rate
	ReasonShutdown         Reason = "server shutting down"        // Server.Drain
	ReasonPanic            Reason = "internal error"              // a callback panicked
)

var (
	// ErrClosed is the answer of everything that sends after the socket or its connection ended.
	ErrClosed = errors.New("socketio: closed")
	// ErrSlowConsumer is the answer of the send that went over Options.MaxQueued; the connection is cut.
	ErrSlowConsumer = errors.New("socketio: client reads too slowly")

	errDirection     = errors.New("engine.io: packet goes in the wrong direction")
	errBinaryRefused = errors.New("engine.io: binary is not accepted")
)

// application is the layer above Engine.IO. Its methods run in the connection's turn, one after the other.
type application interface {
	opened(c *Conn) // nobody else knows the connection yet
	received(c *Conn, data []byte, binary bool)
	closed(c *Conn, reason Reason)
}

// ending is how a connection's transport ends.
type ending int

const (
	endCut    ending = iota // at once; what is queued is dropped
	endFinish               // after what is queued, with a close packet or frame
	endAgreed               // the client asked for it
)

// agreedLinger is how long a poll that a close packet overtook still finds its answer.
const agreedLinger = 500 * time.Millisecond

// request is what is kept of the HTTP request that opened a connection.
type request struct {
	path, query, remote, transport string
	header                         []string // names and values in turn
}

// Conn is one Engine.IO connection of a client.
type Conn struct {
	server  *Server
	id      string
	request request
	layer   any // what the application keeps for the connection

	// turn is held while the application handles something of this connection.
	turn sync.Mutex

	// mu guards what follows. It may be held when the server's mu is taken, not the other way round.
	mu        sync.Mutex
	heartbeat heartbeat
	ws        webSocket // nil while the client polls
	flushing  bool      // a goroutine writes the queue to ws
	closed    bool
	queue     []frame
	queued    int // bytes in queue or on their way
	jobs      []func()
	poll      *polling // nil for a connection opened by websocket
}

func newConn(s *Server, r *http.Request, transport string) *Conn {
	c := &Conn{server: s, id: newID()}
	c.request = request{
		path:      strings.Clone(r.URL.Path), // the originals keep the whole request line
		query:     strings.Clone(r.URL.RawQuery),
		remote:    r.RemoteAddr,
		transport: transport,
	}
	for _, name := range s.options.Headers {
		for _, value := range r.Header.Values(name) {
			c.request.header = append(c.request.header, name, value)
		}
	}
	return c
}

func (r *request) headers() http.Header {
	h := make(http.Header, len(r.header)/2)
	for i := 0; i < len(r.header); i += 2 {
		h.Add(r.header[i], r.header[i+1])
	}
	return h
}

func (r *request) values() url.Values {
	values, _ := url.ParseQuery(r.query) // what cannot be parsed is left out
	return values
}

// ID is the sid of the connection: 20 characters, unguessable.
func (c *Conn) ID() string { return c.id }

// SendText queues a text message; for a raw engine only.
func (c *Conn) SendText(data []byte) error {
	text := make([]byte, 0, 1+len(data))
	return c.send(frame{data: append(append(text, packetMessage), data...)})
}

// SendBinary queues a binary message; for a raw engine only.
func (c *Conn) SendBinary(data []byte) error {
	return c.send(frame{data: append([]byte(nil), data...), binary: true})
}

// Close ends the connection after what is queued was sent.
func (c *Conn) Close() { c.shut(ReasonServerDisconnect, endFinish) }

func (c *Conn) send(frames ...frame) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return ErrClosed
	}
	return c.enqueue(frames...)
}

// enqueue puts frames into the queue of an open connection, all of them side by side. mu is held.
func (c *Conn) enqueue(frames ...frame) error {
	size := 0
	for _, f := range frames {
		size += len(f.data)
	}
	if c.queued > 0 && c.queued+size > c.server.options.MaxQueued {
		c.shutLocked(ReasonSlowConsumer, endCut)
		return ErrSlowConsumer
	}
	c.queue = append(c.queue, frames...)
	c.queued += size
	c.dispatch()
	return nil
}

// dispatch brings what is queued on its way, if there is a way. mu is held.
func (c *Conn) dispatch() {
	switch {
	case len(c.queue) == 0:
	case c.ws != nil && !c.flushing:
		c.flushing = true
		go c.flush(c.ws)
	case c.ws == nil && c.poll.waiting != nil:
		c.poll.answer(c.takePayload())
	}
}

// takePayload empties the queue into the body of a poll's response. mu is held.
func (c *Conn) takePayload() []byte {
	c.server.counters.sent(c.queue)
	body := encodePayload(c.queue)
	c.queue, c.queued = nil, 0
	return body
}

// flush writes the queue until it is empty, and says goodbye if the connection was closed meanwhile.
func (c *Conn) flush(ws webSocket) {
	for {
		c.mu.Lock()
		batch := c.queue
		c.queue = nil
		if len(batch) == 0 {
			c.flushing = false
			closed := c.closed
			c.mu.Unlock()
			if closed {
				ws.SayClose()
			}
			return
		}
		c.mu.Unlock()
		if !c.write(ws, batch) {
			c.shut(ReasonTransportError, endCut)
			ws.Close()
			return
		}
	}
}

func (c *Conn) write(ws webSocket, batch []frame) bool {
	for _, f := range batch {
		if err := ws.Write(f); err != nil {
			return false
		}
		c.mu.Lock()
		c.queued -= len(f.data)
		c.mu.Unlock()
	}
	c.server.counters.sent(batch)
	return true
}

// take handles one packet of the client.
func (c *Conn) take(p enginePacket) error {
	c.server.counters.received(p)
	switch p.kind {
	case packetMessage:
		if p.binary && !c.server.options.Binary {
			return errBinaryRefused
		}
		c.receive(p)
	case packetPong:
		c.pong()
	case packetClose:
		c.shut(ReasonTransportClose, endAgreed)
	case packetPing, packetOpen:
		return errDirection
	}
	return nil
}

// receive hands a message to the application in the connection's turn.
func (c *Conn) receive(p enginePacket) {
	c.turn.Lock()
	if c.beginTurn() {
		c.protect(func() { c.server.app.received(c, p.data, p.binary) })
		c.endTurn()
	}
	c.turn.Unlock()
	c.settle()
}

func (c *Conn) beginTurn() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heartbeat.busy, c.heartbeat.busySince = true, c.server.elapsed()
	return !c.closed
}

func (c *Conn) endTurn() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heartbeat.endTurn(c.server.elapsed(), c.server.options.PingTimeout)
}

// protect keeps a callback's panic from the other connections.
func (c *Conn) protect(callback func()) {
	defer func() {
		if p := recover(); p != nil {
			c.server.options.Logger.Error("socketio: callback panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			c.shut(ReasonPanic, endFinish)
		}
	}()
	callback()
}

// later runs a job in the connection's turn: after the callback that runs now, if any. mu is held.
func (c *Conn) later(job func()) {
	c.jobs = append(c.jobs, job)
	go c.settle()
}

// settle runs the jobs, unless another goroutine has the turn: that one settles when it is done.
func (c *Conn) settle() {
	for c.hasJobs() && c.turn.TryLock() {
		for _, job := range c.takeJobs() {
			c.protect(job)
		}
		c.turn.Unlock()
	}
}

func (c *Conn) hasJobs() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.jobs) > 0
}

func (c *Conn) takeJobs() []func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	jobs := c.jobs
	c.jobs = nil
	return jobs
}

// shut closes the connection; only the first call counts.
func (c *Conn) shut(reason Reason, how ending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shutLocked(reason, how)
}

func (c *Conn) shutLocked(reason Reason, how ending) {
	if c.closed {
		return
	}
	c.closed = true
	c.heartbeat.stop()
	linger := c.endTransport(how)
	c.server.forget(c, reason, linger)
	c.later(func() { c.server.app.closed(c, reason) })
}

// endTransport ends the transport and returns how long the connection must stay known for a late poll.
func (c *Conn) endTransport(how ending) time.Duration {
	if c.poll != nil && c.poll.probe != nil {
		go c.poll.probe.Close()
	}
	if how == endCut {
		c.queue, c.queued = nil, 0
	}
	switch {
	case c.ws == nil:
		return c.endPolling(how)
	case how == endCut:
		go c.ws.Close()
		return 0
	}
	c.ws.SetReadDeadline(time.Now().Add(c.server.options.WriteTimeout))
	if !c.flushing {
		c.flushing = true
		go c.flush(c.ws)
	}
	return 0
}
