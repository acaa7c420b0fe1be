package app

import (
	"context"
	"net/http"
	"time"

	"parley/internal/session"
	"parley/internal/telemetry"
)

// follow makes the tracer when a collector is set. Without one n.tracer is nil
// and nothing is followed.
func (n *Node) follow() (err error) {
	if n.cfg.OTLPEndpoint == "" {
		return nil
	}
	n.tracer, err = telemetry.NewTracer(context.Background(), telemetry.TraceOptions{
		Endpoint: n.cfg.OTLPEndpoint, Percent: n.cfg.OTLPPercent, Node: nodeName(n.cfg), Version: n.env.Version, Log: n.log,
	})
	return err
}

// tracing is what the core, the sockets and the webhook sender report to.
func (n *Node) tracing() session.Tracing {
	if n.tracer == nil {
		return session.Tracing{}
	}
	return n.tracer.Core()
}

// around follows calls to services of others; nil for none.
func (n *Node) around() func(http.RoundTripper) http.RoundTripper {
	if n.tracer == nil {
		return nil
	}
	return n.tracer.Transport
}

// followed follows the calls that a mux serves.
func (n *Node) followed(mux *http.ServeMux) http.Handler {
	if n.tracer == nil {
		return mux
	}
	return n.tracer.Handler(mux)
}

// lastTraces bounds how long the end of a process waits for the collector.
const lastTraces = 3 * time.Second

// unfollow tells the collector the rest. One that is away is no error of the
// server.
func (n *Node) unfollow() {
	if n.tracer == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), lastTraces)
	defer cancel()
	if err := n.tracer.Stop(ctx); err != nil {
		n.log.Warn("the last traces were not taken", "error", err.Error())
	}
}
