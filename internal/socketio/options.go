package socketio

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"
)

// Options configure a [Server]. The zero value of a field means its default.
// The product's numbers stand in the contract, table (f); this package only has neutral defaults.
type Options struct {
	// PingInterval is the time from the open packet, or from a pong, to the next ping. Default 10 s.
	PingInterval time.Duration
	// PingTimeout is the time a client has to answer a ping. Default 5 s.
	PingTimeout time.Duration
	// MaxPayload is the largest message of a client, and the largest body of a POST, in bytes. Default 1,000,000.
	MaxPayload int
	// ConnectTimeout closes a connection that has not joined a namespace by then. Default 45 s.
	ConnectTimeout time.Duration
	// UpgradeTimeout is the time an upgrade to websocket may take. Default 10 s.
	UpgradeTimeout time.Duration
	// WriteTimeout is the time one message may take to be written, and the time a polling client has to fetch its last packets
	// after the server closed the connection. Default 10 s.
	WriteTimeout time.Duration
	// ReadTimeout is the time the body of a POST may take to arrive. Default 30 s.
	ReadTimeout time.Duration
	// HandlerTimeout is how long a callback may hold up the heartbeat of its own client. Default 60 s.
	HandlerTimeout time.Duration
	// MaxQueued is the number of bytes that may wait for a client before it is cut off as too slow. A single message is always
	// taken by an empty queue. Default 4 MiB.
	MaxQueued int
	// MaxNamespaces is the number of namespaces a connection may have joined at one time. Default 16.
	MaxNamespaces int

	// EventRate is the number of events and CONNECTs a connection may send per second in the long run; 0 means no limit.
	EventRate float64
	// EventBurst is the number of them a connection may send at once. Default: EventRate rounded up, at least 1.
	EventBurst int
	// MaxRefusals is the number of refused packets after which the connection is closed; they are forgotten when the client was
	// quiet long enough to have its whole burst again. Default 10.
	MaxRefusals int

	// Node, if not empty, begins every connection's sid, with a tilde behind it: "parley-1~…". A balancer that knows the names can
	// bring polls and upgrades, which have the sid in their query, to the node that holds the connection. It must not hold a tilde.
	Node string
	// Binary accepts binary events and messages. Without it they close the connection.
	Binary bool
	// Headers names the request headers that are kept for [Handshake]. Default: Origin.
	Headers []string
	// CheckOrigin decides about every HTTP request that has an Origin header; false answers 403. Nil accepts every origin.
	CheckOrigin func(r *http.Request, origin string) bool
	// AllowCredentials lets browsers send cookies along to origins CheckOrigin accepted. Without CheckOrigin it has no effect.
	AllowCredentials bool
	// Namespace tells whether a namespace exists for clients that connected by this engine path. Nil: only "/".
	Namespace func(path, namespace string) bool

	// OnConnect admits a client to a namespace. An error refuses it: the client's connect_error gets the message, and the data if
	// the error is a *[ConnectError]. The handshake is the callback's to keep. Nil admits everybody.
	OnConnect func(s *Socket, h *Handshake) error
	// OnEvent handles an event. The event is the callback's to keep.
	OnEvent func(s *Socket, e *Event)
	// OnRefused is called instead of OnEvent for an event over the rate.
	OnRefused func(s *Socket, e *Event)
	// OnDisconnect is the last callback of a socket.
	OnDisconnect func(s *Socket, reason Reason)

	// Logger gets what no caller can be told: a callback that panicked. Default: slog.Default().
	Logger *slog.Logger
	// Now is the clock. Default: time.Now.
	Now func() time.Time
}

func (o Options) withDefaults() Options {
	o.PingInterval = cmp.Or(o.PingInterval, 10*time.Second)
	o.PingTimeout = cmp.Or(o.PingTimeout, 5*time.Second)
	o.MaxPayload = cmp.Or(o.MaxPayload, 1_000_000)
	o.ConnectTimeout = cmp.Or(o.ConnectTimeout, 45*time.Second)
	o.UpgradeTimeout = cmp.Or(o.UpgradeTimeout, 10*time.Second)
	o.WriteTimeout = cmp.Or(o.WriteTimeout, 10*time.Second)
	o.ReadTimeout = cmp.Or(o.ReadTimeout, 30*time.Second)
	o.HandlerTimeout = cmp.Or(o.HandlerTimeout, time.Minute)
	o.MaxQueued = cmp.Or(o.MaxQueued, 4<<20)
	o.MaxNamespaces = cmp.Or(o.MaxNamespaces, 16)
	o.MaxRefusals = cmp.Or(o.MaxRefusals, 10)
	o.Logger = cmp.Or(o.Logger, slog.Default())
	if o.Headers == nil {
		o.Headers = []string{"Origin"}
	}
	if o.Namespace == nil {
		o.Namespace = Namespaces("/")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Namespaces is the resolver of a fixed set of namespaces, for Options.Namespace.
func Namespaces(names ...string) func(path, namespace string) bool {
	known := make(map[string]bool, len(names))
	for _, name := range names {
		known[name] = true
	}
	return func(_, namespace string) bool { return known[namespace] }
}
