package app

import (
	"context"
	"net/http"
	"net/http/pprof"
	"runtime/debug"
	"time"

	"parley/internal/desk"
	"parley/internal/telemetry"
)

// pages serves what the server says of itself, on the second address and on the
// control socket.
func (s *server) pages() http.Handler {
	var cluster func() telemetry.Cluster
	if s.peers != nil {
		cluster = s.peers.telemetry
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", answerReadiness(s.alive))
	mux.HandleFunc("GET /readyz", answerReadiness(s.ready))
	mux.Handle("GET /metrics", s.metrics.Handler(telemetry.Sources{
		Sockets: s.sockets,
		Outbox:  s.outbox,
		Store:   s.storeStats,
		Work:    s.work,
		Desk:    s.office,
		Cluster: cluster,
	}))
	return mux
}

// observability serves the second address: liveness, readiness, metrics, and
// with the debug setting profiles and a forced collection.
func (s *server) observability(looks http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", looks)
	if s.cfg.Debug {
		mux.HandleFunc("POST /debug/gc", s.collect)
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	return mux
}

func (s *server) sockets() telemetry.Sockets {
	stats := s.live.Stats()
	return telemetry.Sockets{
		Open: stats.Connections, Events: stats.Events, Refused: stats.Refused, ReceivedBytes: stats.BytesIn, SentBytes: stats.BytesOut,
	}
}

func (s *server) outbox() (telemetry.Outbox, error) {
	waiting, dead, oldest, err := s.store.outbox.Backlog(context.Background(), s.now().UnixMilli())
	return telemetry.Outbox{Waiting: waiting, Dead: dead, Oldest: time.Duration(oldest) * time.Millisecond}, err
}

func (s *server) storeStats() telemetry.Store {
	commits, changes := s.store.stats()
	n := telemetry.Store{Commits: commits, Changes: changes, Healthy: s.store.healthy() == nil}
	if s.store.retries != nil {
		n.Retries = s.store.retries()
	}
	return n
}

// A scrape waits no longer than this for a store that is slow.
const scrapePatience = 2 * time.Second

func (s *server) work() (telemetry.Work, error) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapePatience)
	defer cancel()
	waiting, err := s.store.Waiting(ctx, nil, telemetry.MaxPendingCount)
	return telemetry.Work{Pending: len(waiting)}, err
}

// office counts what is on the desk.
func (s *server) office() (telemetry.Desk, error) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapePatience)
	defer cancel()
	d := telemetry.Desk{Conversations: s.inbox.Standing()}
	for _, a := range s.people.Agents() {
		if a.Online() {
			d.AgentsOnline++
		}
		if s.people.Connections(a.ID) > 0 {
			d.AgentsConnected++
		}
	}
	queue := s.store.queue
	lines, err := queue.Lines(ctx)
	for _, line := range lines {
		first, err := queue.Waiting(ctx, line, desk.Place{}, 1)
		if err != nil {
			return d, err
		}
		for _, w := range first {
			d.Oldest = max(d.Oldest, s.now().Sub(time.UnixMilli(w.SinceMs)))
		}
	}
	return d, err
}

// collect gives back what can be given back: rows and pages that are kept to
// save reads, and garbage. What stays is what the open connections need.
func (s *server) collect(w http.ResponseWriter, r *http.Request) {
	s.core.Trim()
	if err := s.store.trim(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	debug.FreeOSMemory()
}
