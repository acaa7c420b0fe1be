// Package socketio is the Socket.IO layer: the Engine.IO protocol 4 (HTTP long-polling, websocket and the upgrade between them)
// and the Socket.IO protocol 5 on top of it. It knows nothing of sessions, integrations or bots.
//
// # Use
//
//	server := socketio.NewServer(socketio.Options{
//		PingInterval: 10 * time.Second,
//		PingTimeout:  5 * time.Second,
//		Namespace:    func(path, namespace string) bool { ... },
//		OnConnect:    func(s *socketio.Socket, h *socketio.Handshake) error { s.Data = ...; return nil },
//		OnEvent:      func(s *socketio.Socket, e *socketio.Event) { ... },
//		OnDisconnect: func(s *socketio.Socket, reason socketio.Reason) { ... },
//	})
//	mux.Handle("/socket.io/", server)
//
// One server serves any number of engine paths: mount it where it shall answer; the path of the handshake is in [Handshake].
// The [net/http.Server] around it needs neither a ReadTimeout nor a WriteTimeout for these paths; the layer sets its own deadlines.
//
// # Words
//
// A [Conn] is one Engine.IO connection, over whatever transport it has now. A [Socket] is one namespace joined over a connection;
// most clients have exactly one. What the protocol calls "session" is called connection here.
//
// # Order and blocking
//
// The callbacks of one connection (OnConnect, OnEvent, OnRefused, OnDisconnect) run one after the other, in the order of arrival,
// whatever transport they came by; those of different connections run at the same time. OnDisconnect is the last callback of a
// socket, and comes exactly once for every socket whose OnConnect returned nil.
//
// A callback may block, for a durable commit for instance. Nothing more is read from this client meanwhile (TCP slows it down);
// pings go out in time, and as the client's pong may stand in the unread input, the heartbeat deadline waits for the callback, at
// most Options.HandlerTimeout. Then the connection is cut; OnDisconnect still waits for the callback to return.
//
// Everything that sends ([Socket.Emit], [Socket.EmitRaw], [Socket.Send], [Event.Ack], [Socket.Disconnect]) never blocks, may be
// called from any goroutine and with any lock held: it puts frames into the connection's queue and never runs a callback itself.
// What is emitted inside OnConnect reaches the client after the answer to its CONNECT. A client that does not read is cut off when
// more than Options.MaxQueued bytes wait for it, or when one write takes longer than Options.WriteTimeout.
//
// # Payloads
//
// Values are encoded as JSON without HTML escapes; a [encoding/json.RawMessage] is written as it stands and must be valid JSON.
// An event for many sockets is serialised and framed once with [Prepare] and sent with [Socket.Send].
//
// # What a client may not do
//
// Malformed packets, packets of a namespace not joined, a second CONNECT to a namespace, and a message over Options.MaxPayload
// close the connection. Binary is refused in the same way unless Options.Binary is set. Events over the rate of Options go to
// OnRefused instead of OnEvent; see [Options].
//
// Connection state recovery does not exist: the answer to CONNECT has only a sid, never a pid.
package socketio
