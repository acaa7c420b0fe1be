package socketio

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
)

// Handshake is what is known of a client that asks for a namespace.
type Handshake struct {
	Namespace  string          // as the client wrote it
	Path       string          // engine path of the HTTP request that opened the connection
	Query      url.Values      // of the same request
	Host       string          // of the same request
	Header     http.Header     // of the same request, only Options.Headers
	RemoteAddr string          // of the same request
	Transport  string          // "polling" or "websocket", as the connection was opened
	Auth       json.RawMessage // the object sent along with CONNECT, or nil
}

// ConnectError refuses a client with a message and optional data for its connect_error.
type ConnectError struct {
	Message string
	Data    any // nil: none; otherwise must be encodable as JSON
}

func (e *ConnectError) Error() string { return e.Message }

// The messages of refusals that are this package's own.
const (
	messageNamespace   = "Invalid namespace"
	messageTooMany     = "too_many_namespaces"
	messageRateLimited = "rate_limited"
)

var (
	errNotJoined   = errors.New("socket.io: namespace not joined")
	errJoinedTwice = errors.New("socket.io: namespace joined twice")
	errAttachment  = errors.New("socket.io: unexpected binary data")
	errFlood       = errors.New("socket.io: too many packets over the rate")
)

// client is the Socket.IO side of a connection.
type client struct {
	conn     *Conn
	sockets  []*Socket // joined; guarded by conn.mu
	incoming *assembly // a binary packet that waits for its attachments; only touched in turn
	flood    flood     // only touched in turn
}

// assembly is a binary packet and the attachments that have come so far.
type assembly struct {
	packet      packet
	attachments Attachments
	size        int
}

// namespaces is the Socket.IO application on an engine.
type namespaces struct{ server *Server }

func (n *namespaces) opened(c *Conn) {
	c.layer = &client{conn: c}
	c.heartbeat.joinBy = n.server.elapsed() + n.server.options.ConnectTimeout
}

// received handles one message; a client that breaks the protocol loses its connection.
func (n *namespaces) received(c *Conn, data []byte, binary bool) {
	cl := c.layer.(*client)
	p, attachments, err := cl.assemble(data, binary)
	if err == nil && p != nil {
		err = n.handle(cl, p, attachments)
	}
	switch {
	case errors.Is(err, errFlood):
		c.shut(ReasonFlood, endFinish)
	case err != nil:
		c.shut(ReasonParseError, endFinish)
	}
}

// assemble returns the packet that a message completes, or nil if attachments are still to come.
func (cl *client) assemble(data []byte, binary bool) (*packet, Attachments, error) {
	if binary {
		return cl.attach(data)
	}
	if cl.incoming != nil {
		return nil, nil, errAttachment
	}
	p, err := decodePacket(data)
	if err != nil {
		return nil, nil, err
	}
	if (p.kind == typeBinaryEvent || p.kind == typeBinaryAck) && !cl.conn.server.options.Binary {
		return nil, nil, errBinaryRefused
	}
	if p.attachments > 0 {
		cl.incoming = &assembly{packet: p}
		return nil, nil, nil
	}
	return &p, nil, nil
}

func (cl *client) attach(data []byte) (*packet, Attachments, error) {
	a := cl.incoming
	if a == nil {
		return nil, nil, errAttachment
	}
	a.attachments = append(a.attachments, data)
	a.size += len(data)
	if a.size > cl.conn.server.options.MaxPayload {
		return nil, nil, errAttachment
	}
	if len(a.attachments) < a.packet.attachments {
		return nil, nil, nil
	}
	cl.incoming = nil
	return &a.packet, a.attachments, nil
}

func (n *namespaces) handle(cl *client, p *packet, attachments Attachments) error {
	s := cl.socket(p.namespace)
	if p.kind == typeConnect {
		if s != nil {
			return errJoinedTwice
		}
		return n.connect(cl, p)
	}
	if s == nil {
		return errNotJoined
	}
	switch p.kind {
	case typeDisconnect:
		if s.leave() {
			n.disconnected(s, ReasonClientDisconnect)
		}
	case typeEvent, typeBinaryEvent:
		return n.event(cl, s, p, attachments)
	}
	return nil // acks: this server asks for none
}

// event hands an event to the callback for it, or to the one for floods.
func (n *namespaces) event(cl *client, s *Socket, p *packet, attachments Attachments) error {
	e := &Event{Name: p.event, Args: p.args, Attachments: attachments, socket: s, id: p.ack, wantsAck: p.hasAck}
	o := &n.server.options
	ok, last := cl.flood.take(n.server.limit, n.server.elapsed())
	if ok {
		n.server.counters.events.Add(1)
		if o.OnEvent != nil {
			o.OnEvent(s, e)
		}
		return nil
	}
	n.server.counters.refused.Add(1)
	if o.OnRefused != nil {
		o.OnRefused(s, e)
	}
	if last {
		return errFlood
	}
	return nil
}

// connect admits a client to a namespace or tells it why not.
func (n *namespaces) connect(cl *client, p *packet) error {
	o := &n.server.options
	if ok, last := cl.flood.take(n.server.limit, n.server.elapsed()); !ok {
		n.server.counters.refused.Add(1)
		n.refuse(cl, p.namespace, &ConnectError{Message: messageRateLimited})
		if last {
			return errFlood
		}
		return nil
	}
	switch {
	case !o.Namespace(cl.conn.request.path, p.namespace):
		n.refuse(cl, p.namespace, &ConnectError{Message: messageNamespace})
		return nil
	case cl.count() >= o.MaxNamespaces:
		n.refuse(cl, p.namespace, &ConnectError{Message: messageTooMany})
		return nil
	}
	s := &Socket{id: newID(), namespace: p.namespace, conn: cl.conn}
	if o.OnConnect != nil {
		if err := o.OnConnect(s, cl.handshake(p)); err != nil {
			s.leave()
			n.refuse(cl, p.namespace, err)
			return nil
		}
	}
	n.join(cl, s)
	return nil
}

// join answers an admitted client. The connection may have ended and the socket may have been disconnected meanwhile; both are
// told to OnDisconnect as if it came right after.
func (n *namespaces) join(cl *client, s *Socket) {
	n.server.counters.sockets.Add(1)
	c := cl.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	left, held := s.state == stateLeft, s.held
	s.state, s.held = stateJoined, nil
	c.heartbeat.joinBy = 0
	cl.sockets = append(cl.sockets, s)
	if c.closed {
		return // the job that closes the connection's sockets comes after this turn
	}
	answer := appendHeader(nil, typeConnect, 0, s.namespace, nil)
	answer = append(answer, `{"sid":"`...)
	answer = append(answer, s.id...)
	answer = append(answer, `"}`...)
	if c.enqueue(append([]frame{{data: answer}}, held...)...) == nil && left {
		s.disconnectLocked()
	}
}

func (n *namespaces) refuse(cl *client, namespace string, reason error) {
	n.server.counters.connectErrs.Add(1)
	body := struct {
		Message string `json:"message"`
		Data    any    `json:"data,omitempty"`
	}{Message: reason.Error()}
	if refusal, ok := errors.AsType[*ConnectError](reason); ok {
		body.Message, body.Data = refusal.Message, refusal.Data
	}
	text, err := json.Marshal(body)
	if err != nil {
		text, _ = json.Marshal(map[string]string{"message": body.Message})
	}
	_ = cl.conn.send(frame{data: append(appendHeader(nil, typeConnectError, 0, namespace, nil), text...)})
}

func (cl *client) handshake(p *packet) *Handshake {
	r := &cl.conn.request
	return &Handshake{
		Namespace:  p.namespace,
		Path:       r.path,
		Query:      r.values(),
		Host:       r.host,
		Header:     r.headers(),
		RemoteAddr: r.remote,
		Transport:  r.transport,
		Auth:       p.data,
	}
}

// closed tells the sockets of a connection that ended.
func (n *namespaces) closed(c *Conn, reason Reason) {
	n.each(c, func(s *Socket) {
		if s.leave() {
			n.disconnected(s, reason)
		}
	})
}

func (n *namespaces) disconnected(s *Socket, reason Reason) {
	n.server.counters.sockets.Add(-1)
	if n.server.options.OnDisconnect != nil {
		n.server.options.OnDisconnect(s, reason)
	}
}

// each calls a function for the joined sockets of a connection.
func (n *namespaces) each(c *Conn, do func(*Socket)) {
	cl, ok := c.layer.(*client)
	if !ok {
		return
	}
	c.mu.Lock()
	sockets := slices.Clone(cl.sockets)
	c.mu.Unlock()
	for _, s := range sockets {
		do(s)
	}
}

// socket returns the joined socket of a namespace, or nil.
func (cl *client) socket(namespace string) *Socket {
	cl.conn.mu.Lock()
	defer cl.conn.mu.Unlock()
	for _, s := range cl.sockets {
		if s.namespace == namespace {
			return s
		}
	}
	return nil
}

func (cl *client) count() int {
	cl.conn.mu.Lock()
	defer cl.conn.mu.Unlock()
	return len(cl.sockets)
}
