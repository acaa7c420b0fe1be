package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"parley/internal/config"
)

// readiness is the answer of /healthz and /readyz.
type readiness struct {
	Status  string  `json:"status"`           // ok or unavailable
	Reason  string  `json:"reason,omitempty"` // of the first check that failed
	Version string  `json:"version"`
	UpFor   float64 `json:"up_seconds"`
	Checks  []check `json:"checks,omitempty"`
}

// check is one thing that has to be right for a node to accept work.
type check struct {
	Name   string `json:"name"`
	Status string `json:"status"` // ok or failed
	Reason string `json:"reason,omitempty"`
}

func (r *readiness) add(name string, err error) {
	if err == nil {
		r.Checks = append(r.Checks, check{Name: name, Status: "ok"})
		return
	}
	r.Checks = append(r.Checks, check{Name: name, Status: "failed", Reason: err.Error()})
	if r.Status == "ok" {
		r.Status, r.Reason = "unavailable", err.Error()
	}
}

// alive answers that the process serves, and nothing more: to start it again
// would not heal its store.
func (s *server) alive() readiness {
	return readiness{Status: "ok", Version: s.env.Version, UpFor: s.now().Sub(s.began).Seconds()}
}

// ready tells whether the node can accept: it is not draining and the store
// takes writes.
func (s *server) ready() readiness {
	r := s.alive()
	var accepting error
	select {
	case <-s.draining:
		accepting = errDraining
	default:
	}
	r.add("accepting", accepting)
	r.add("store", s.store.healthy())
	if s.peers != nil {
		r.add("cluster", s.peers.ready())
	}
	return r
}

func answerReadiness(look func() readiness) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		r := look()
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if r.Status != "ok" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(r)
	}
}

type readyCommand struct {
	Data string `name:"data" placeholder:"DIR" help:"Data directory (default: the setting data)."`
	URL  string `name:"url" placeholder:"URL" help:"Ask a server's second address, such as http://127.0.0.1:8081, instead."`
}

// Help shows an example.
func (readyCommand) Help() string {
	return "Exit code 0 when the server accepts work, 1 when it does not, 2 when there is none. For health checks.\n\nExample:\n\n  parley ready --data ./parley-data"
}

// Run asks the running server.
func (c *readyCommand) Run(p *process) error {
	effective, err := p.settings(&config.Config{Data: c.Data})
	if err != nil {
		return err
	}
	body, status, err := viewer{dir: effective.Config.Data, url: c.URL}.get(p.ctx, "/readyz")
	if err != nil {
		return err
	}
	if _, err = p.env.Stdout.Write(body); err == nil && status != http.StatusOK {
		err = exitError(ExitFailed)
	}
	return err
}

// viewer reads what a running server says of itself: over the control socket of
// its data directory, or at its second address.
type viewer struct {
	dir string
	url string // "" is the socket
	key string // sent as bearer token, "" for none
}

const (
	pagePatience = 5 * time.Second
	maxPage      = 16 << 20
)

func (g viewer) get(ctx context.Context, path string) (body []byte, status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, pagePatience)
	defer cancel()
	client, base := http.DefaultClient, g.url
	if base == "" {
		client, base = socketClient(g.dir), "http://parley"
		defer client.CloseIdleConnections()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
	if err != nil {
		return nil, 0, fmt.Errorf("url: %w", err)
	}
	if g.key != "" {
		request.Header.Set("Authorization", "Bearer "+g.key)
	}
	response, err := client.Do(request)
	if err != nil && g.url == "" {
		return nil, 0, errors.Join(errNoServer, err)
	}
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(io.LimitReader(response.Body, maxPage))
	return body, response.StatusCode, err
}

// socketClient talks to the server that holds a data directory.
func socketClient(dir string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socketPath(dir))
		},
	}}
}
