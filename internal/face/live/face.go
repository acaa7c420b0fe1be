package live

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/blob"
	"parley/internal/session"
	"parley/internal/socketio"
)

// Config of the face. All fields but PublicURL and Node are required.
type Config struct {
	Core      *session.Core
	Directory *auth.Directory
	Files     *blob.Files
	Trusted   auth.Networks // proxies whose X-Forwarded-For is believed
	Node      string        // begins the sid of every connection, so that a proxy finds the node of a poll; "" on the only node
	PublicURL string        // where clients reach this server, when a proxy changes the Host of requests; "" without
	Now       func() time.Time
	Log       *slog.Logger
	// EventRate is the number of events a socket may send per second in the
	// long run, EventBurst at once: contract (f), socket flood.
	EventRate  float64
	EventBurst int
	Tracing    session.Tracing // the zero value follows nothing
}

// Face serves the sockets of all integrations.
type Face struct {
	cfg    Config
	server *socketio.Server
	ctx    context.Context // of every call into the core: a client that leaves cancels nothing it asked for
}

// EnginePath is where clients without a path option connect.
const EnginePath = "/socket.io/"

// New returns the face. It serves until Drain.
func New(ctx context.Context, cfg Config) *Face {
	f := &Face{cfg: cfg, ctx: ctx}
	f.server = socketio.NewServer(socketio.Options{
		PingInterval: session.PingInterval,
		PingTimeout:  session.PingTimeout,
		MaxPayload:   session.MaxSocketPayload,
		EventRate:    cfg.EventRate,
		EventBurst:   cfg.EventBurst,
		MaxRefusals:  session.SocketRefusals,
		Node:         cfg.Node,
		Headers:      []string{"Origin", "User-Agent", "X-Forwarded-For"},
		CheckOrigin:  f.checkOrigin,
		Namespace:    knownNamespace,
		OnConnect:    f.connect,
		OnEvent:      f.event,
		OnRefused:    f.refused,
		OnDisconnect: f.disconnect,
		Logger:       cfg.Log,
		Now:          cfg.Now,
	})
	return f
}

// Mount adds the face's routes.
func (f *Face) Mount(mux *http.ServeMux) {
	mux.Handle(EnginePath, f.server)
	mux.Handle("/v1/web/{id}/ws", f.server)
	mux.Handle("/v1/web/{id}/ws/", f.server)
}

// Stats returns the counters of the protocol layer.
func (f *Face) Stats() socketio.Stats { return f.server.Stats() }

// drainPayload tells a client that its connection will be closed in so many
// milliseconds, and that a new one will be taken by another node.
type drainPayload struct {
	Timestamp   int64 `json:"timestamp"`
	ReconnectIn int64 `json:"reconnect_in"`
}

// Drain lets no new client in and sends those who are here away, spread over a
// time so that they do not come back all at once. Each is told when: a client
// that cannot wait opens its next connection before this one ends.
func (f *Face) Drain(ctx context.Context, spread time.Duration) error {
	return f.server.Drain(ctx, spread, func(s *socketio.Socket, wait time.Duration) {
		_ = s.Emit("server:draining", drainPayload{f.cfg.Now().UnixMilli(), wait.Milliseconds()})
	})
}

// integrationOf finds the integration's id in an engine path or namespace of
// the form /v1/web/{id}/ws, with or without a slash at the end.
func integrationOf(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, "/v1/web/")
	if !ok {
		return "", false
	}
	id, ok := strings.CutSuffix(strings.TrimSuffix(rest, "/"), "/ws")
	return id, ok && id != "" && !strings.Contains(id, "/")
}

func knownNamespace(path, namespace string) bool {
	if _, ok := integrationOf(path); ok {
		return namespace == "/"
	}
	_, ok := integrationOf(namespace)
	return ok
}

// checkOrigin decides where the integration is in the path; in the other URL
// form it is known only when the client joins the namespace.
func (f *Face) checkOrigin(r *http.Request, origin string) bool {
	id, ok := integrationOf(r.URL.Path)
	if !ok {
		return true
	}
	in, ok := f.cfg.Directory.Integration(id)
	return !ok || f.home(r.Host, origin) || allowed(in, origin)
}

// home reports this server's own pages: the widget's frame, which only pages of
// the integration's domains may hold (frame-ancestors).
func (f *Face) home(host, origin string) bool {
	_, from, ok := strings.Cut(origin, "://")
	return ok && strings.EqualFold(from, host) || origin != "" && strings.EqualFold(origin, strings.TrimSuffix(f.cfg.PublicURL, "/"))
}

// allowed: an empty list of domains admits every origin, and so does a client
// that is no browser and sends none.
func allowed(in *session.Integration, origin string) bool {
	if origin == "" || len(in.Settings.Domains) == 0 {
		return true
	}
	host := origin
	if _, after, ok := strings.Cut(origin, "://"); ok {
		host = after
	}
	return slices.ContainsFunc(in.Settings.Domains, func(d string) bool {
		return strings.EqualFold(d, host) || strings.EqualFold(d, origin)
	})
}

// connect admits a client to its integration.
func (f *Face) connect(s *socketio.Socket, h *socketio.Handshake) error {
	id, ok := integrationOf(h.Path)
	if !ok {
		id, _ = integrationOf(h.Namespace)
	}
	in, ok := f.cfg.Directory.Integration(id)
	origin := h.Header.Get("Origin")
	if !ok || !in.Active || !f.home(h.Host, origin) && !allowed(in, origin) {
		return &socketio.ConnectError{Message: "integration_not_found"}
	}
	s.Data = &peer{face: f, socket: s, integration: id, connection: connection(h, f.addr(h))}
	return nil
}

func (f *Face) addr(h *socketio.Handshake) netip.Addr {
	return f.cfg.Trusted.ClientAddr(&http.Request{RemoteAddr: h.RemoteAddr, Header: h.Header})
}

func (f *Face) disconnect(s *socketio.Socket, _ socketio.Reason) {
	if p, ok := s.Data.(*peer); ok {
		p.leave()
	}
}
