package socketio

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
