package socketio

import (
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

// ErrAcknowledged is the answer of a second [Event.Ack], and of one the client did not ask for.
var ErrAcknowledged = errors.New("socketio: no acknowledgement is wanted")

var errSharedBinary = errors.New("socketio: a prepared event cannot have attachments")

type socketState byte

const (
	stateJoining socketState = iota // OnConnect runs
	stateJoined
	stateLeft
)

// Socket is a client's side in one namespace. Its methods may be called from any goroutine and never block.
type Socket struct {
	// Data belongs to the user of the package. Set it in OnConnect; afterwards the callbacks of the connection may touch it
	// freely, others need a lock of their own.
	Data any

	id        string
	namespace string
	conn      *Conn
	state     socketState // guarded by conn.mu
	held      []frame     // what was sent while joining; guarded by conn.mu
}

// ID is the sid the client knows the socket by. It says nothing about the connection's sid.
func (s *Socket) ID() string { return s.id }

// Namespace is the namespace as the client wrote it.
func (s *Socket) Namespace() string { return s.namespace }

// Emit sends an event. It fails with ErrClosed, ErrSlowConsumer or the error of encoding an argument.
func (s *Socket) Emit(event string, args ...any) error {
	body, attachments, err := encodeEvent(event, args)
	if err != nil {
		return err
	}
	return s.send(s.frames(typeEvent, nil, body, attachments)...)
}

// EmitRaw sends an event with one argument that is JSON already.
func (s *Socket) EmitRaw(event string, payload []byte) error {
	return s.Emit(event, json.RawMessage(payload))
}

// Send sends a prepared event.
func (s *Socket) Send(p *Prepared) error { return s.send(p.frame(s.namespace)) }

// Buffered is the number of bytes that wait for the client; what feeds a long log should wait while it is high.
func (s *Socket) Buffered() int {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	return s.conn.queue.size
}

// Disconnect makes the client leave the namespace, and with closeConn ends its connection after what is queued was sent. The
// client will not reconnect on its own. OnDisconnect is called later, never from inside Disconnect.
func (s *Socket) Disconnect(closeConn bool) {
	c := s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	if !closeConn {
		s.disconnectLocked()
		return
	}
	for _, other := range c.layer.(*client).sockets {
		if c.enqueue(other.disconnectFrame()) != nil {
			return
		}
	}
	c.shutLocked(ReasonServerDisconnect, endFinish)
}

// disconnectLocked leaves the namespace of an open connection. conn.mu is held.
func (s *Socket) disconnectLocked() {
	if s.state == stateJoining {
		s.state = stateLeft // join sends the packets
		return
	}
	if !s.leaveLocked() {
		return
	}
	c := s.conn
	_ = c.enqueue(s.disconnectFrame())
	c.later(func() { c.server.app.(*namespaces).disconnected(s, ReasonServerDisconnect) })
}

func (s *Socket) disconnectFrame() frame {
	return frame{data: appendHeader(nil, typeDisconnect, 0, s.namespace, nil)}
}

// leave takes a socket out of its connection and returns whether it was joined.
func (s *Socket) leave() bool {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	return s.leaveLocked()
}

func (s *Socket) leaveLocked() bool {
	joined := s.state == stateJoined
	s.state, s.held = stateLeft, nil
	if joined {
		cl := s.conn.layer.(*client)
		cl.sockets = slices.DeleteFunc(cl.sockets, func(other *Socket) bool { return other == s })
	}
	return joined
}

func (s *Socket) send(frames ...frame) error {
	c := s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed || s.state == stateLeft:
		return ErrClosed
	case s.state == stateJoining:
		s.held = append(s.held, frames...)
		return nil
	}
	return c.enqueue(frames...)
}

// frames builds an event or ack packet; with attachments it becomes the binary kind followed by them.
func (s *Socket) frames(kind byte, ack *uint64, body json.RawMessage, attachments Attachments) []frame {
	if len(attachments) > 0 {
		kind += typeBinaryEvent - typeEvent
	}
	text := make([]byte, 0, len(body)+len(s.namespace)+24)
	text = appendHeader(text, kind, len(attachments), s.namespace, ack)
	frames := []frame{{data: append(text, body...)}}
	for _, data := range attachments {
		frames = append(frames, frame{data: data, binary: true})
	}
	return frames
}

// Event is an event of a client.
type Event struct {
	Name        string            // not one of the names client libraries reserve ("connect", "disconnect" and the like)
	Args        []json.RawMessage // valid JSON each; the contract's events have exactly one, an object
	Attachments Attachments       // only with Options.Binary

	socket   *Socket
	id       uint64
	wantsAck bool
	acked    atomic.Bool
}

// WantsAck tells whether the client waits for an acknowledgement.
func (e *Event) WantsAck() bool { return e.wantsAck }

// Ack answers the event once, from any goroutine. It fails with ErrAcknowledged if no answer is wanted or it was given, else as
// Emit does.
func (e *Event) Ack(args ...any) error {
	body, attachments, err := encodeArgs(args)
	if err != nil {
		return err
	}
	if !e.wantsAck || e.acked.Swap(true) {
		return ErrAcknowledged
	}
	return e.socket.send(e.socket.frames(typeAck, &e.id, body, attachments)...)
}

// Prepared is an event that is serialised and framed once for any number of sockets. It may be used from any goroutine.
type Prepared struct {
	body   json.RawMessage
	mu     sync.Mutex
	frames map[string]frame // by namespace
}

// Prepare serialises an event.
func Prepare(event string, args ...any) (*Prepared, error) {
	body, attachments, err := encodeEvent(event, args)
	if err != nil {
		return nil, err
	}
	if len(attachments) > 0 {
		return nil, errSharedBinary
	}
	return &Prepared{body: body, frames: make(map[string]frame, 1)}, nil
}

func (p *Prepared) frame(namespace string) frame {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, ok := p.frames[namespace]
	if !ok {
		text := appendHeader(make([]byte, 0, len(p.body)+len(namespace)+8), typeEvent, 0, namespace, nil)
		f = frame{data: append(text, p.body...)}
		p.frames[namespace] = f
	}
	return f
}
