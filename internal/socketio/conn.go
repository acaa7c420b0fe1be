package socketio

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"
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

// transport is the way frames take to the client. conn.mu is held for its methods.
type transport interface {
	// dispatch brings what is queued on its way, or leaves it until the client asks.
	dispatch()
	// end ends the transport and returns how long the connection must stay known for a late poll.
	end(how ending) time.Duration
}

// Conn is one Engine.IO connection of a client: its life from the open packet to the reason it ended for. What the client sends comes
// to take, from whatever transport; what is sent to it goes through the queue.
type Conn struct {
	server  *Server
	id      string
	request request
	layer   any      // what the application keeps for the connection
	polling *polling // nil for a connection opened by websocket; set once
	turn    turn

	// mu guards what follows. It may be held when the server's mu is taken, not the other way round.
	mu        sync.Mutex
	closed    bool
	heartbeat heartbeat
	queue     queue
	transport transport // polling or, from the upgrade on, a stream
}

// newConn returns a connection that lacks its transport.
func newConn(s *Server, r *http.Request, transport string) *Conn {
	return &Conn{server: s, id: s.newSID(), request: newRequest(r, transport, s.options.Headers)}
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
	if !c.queue.add(c.server.options.MaxQueued, frames...) {
		c.shutLocked(ReasonSlowConsumer, endCut)
		return ErrSlowConsumer
	}
	c.transport.dispatch()
	return nil
}

// take handles one packet of the client.
func (c *Conn) take(p enginePacket) error {
	c.server.counters.received(p)
	switch p.kind {
	case packetMessage:
		if p.binary && !c.server.options.Binary {
			return errBinaryRefused
		}
		c.aside(func() { c.turn.run(func() { c.receive(p) }) })
	case packetPong:
		c.pong()
	case packetClose:
		c.shut(ReasonTransportClose, endAgreed)
	case packetPing, packetOpen:
		return errDirection
	}
	return nil
}

// aside runs a function on a goroutine of its own and waits for it. A callback may need a deep stack, which the goroutine that
// reads from the client would keep for as long as the client stays.
func (c *Conn) aside(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// receive hands a message to the application. It runs in the connection's turn.
func (c *Conn) receive(p enginePacket) {
	if c.beginTurn() {
		c.protect(func() { c.server.app.received(c, p.data, p.binary) })
		c.endTurn()
	}
}

func (c *Conn) beginTurn() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heartbeat.beginTurn(c.server.elapsed())
	return !c.closed
}

func (c *Conn) endTurn() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heartbeat.endTurn(c.server.elapsed(), c.server.options.PingTimeout)
}

// later runs a callback in the connection's turn: after the one that runs now, if any.
func (c *Conn) later(callback func()) {
	c.turn.later(func() { c.protect(callback) })
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

// startHeartbeat begins the heartbeat of a connection that was opened at a time.
func (c *Conn) startHeartbeat(opened time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.heartbeat.start(opened, c.server.elapsed(), &c.server.options, c.tick)
	}
}

// tick does what the heartbeat's timer came for.
func (c *Conn) tick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	now := c.server.elapsed()
	switch c.heartbeat.due(now, &c.server.options) {
	case beatPing:
		_ = c.enqueue(textFrame(string(packetPing))) // a client that reads too slowly is closed
	case beatMissed:
		c.shutLocked(ReasonPingTimeout, endCut)
	case beatNotJoined:
		c.shutLocked(ReasonConnectTimeout, endFinish)
	}
	if !c.closed {
		c.heartbeat.arm(now)
	}
}

func (c *Conn) pong() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.heartbeat.pong(c.server.elapsed(), &c.server.options)
	}
}

// alive tells whether the connection is open, and closes it if its client has missed the heartbeat: a request may come before the
// timer does. mu is held.
func (c *Conn) alive() bool {
	if !c.closed && c.heartbeat.missed(c.server.elapsed(), &c.server.options) {
		c.shutLocked(ReasonPingTimeout, endCut)
	}
	return !c.closed
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
	if how == endCut {
		c.queue.drop()
	}
	linger := c.transport.end(how)
	c.server.forget(c, reason, linger)
	c.later(func() { c.server.app.closed(c, reason) })
}
