package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"parley/internal/auth"
	"parley/internal/config"
	"parley/internal/face/live"
	"parley/internal/face/rest"
)

// collectAt is how much the heap may grow between collections, in per cent of
// what lives. The heap of a busy server is small and mostly garbage of turns;
// at the usual 100 a fifth of the time went into collecting it. GOGC wins.
const collectAt = 300

// server is a node with its listeners.
type server struct {
	*Node
	rest     *rest.Face
	live     *live.Face
	public   *http.Server
	private  *http.Server
	control  *http.Server
	draining chan struct{}
	failed   chan error
}

// serve runs a server until ctx ends, then drains it: no new requests, running
// turns commit, sockets are sent away.
func serve(ctx context.Context, cfg config.Config, env *Environment) error {
	log, err := newLog(cfg, env.Stderr)
	if err != nil {
		return err
	}
	n, err := open(ctx, cfg, env, log)
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	s := &server{Node: n, draining: make(chan struct{}), failed: make(chan error, 3)}
	if err := s.start(ctx, env); err != nil {
		return errors.Join(err, n.close())
	}
	select {
	case <-ctx.Done():
	case err = <-s.failed:
	}
	return errors.Join(err, s.drain())
}

// start listens, recovers what a crash left, and only then answers.
func (s *server) start(ctx context.Context, env *Environment) error {
	base := context.WithoutCancel(ctx)
	handler, err := s.faces(base)
	if err != nil {
		return err
	}
	public, err := s.listen(s.cfg.Listen)
	if err != nil {
		return err
	}
	if err := s.loadBots(); err != nil {
		return err
	}
	if err := s.core.Start(base); err != nil {
		return err
	}
	s.sender.Start()
	s.public = s.httpServer(handler)
	go s.run(s.public, public, s.cfg.TLSCert, s.cfg.TLSKey)
	addresses := Addresses{Public: public.Addr().String()}
	if s.cfg.MetricsListen != "off" {
		private, err := s.listen(s.cfg.MetricsListen)
		if err != nil {
			return err
		}
		s.private = s.httpServer(s.observability())
		go s.run(s.private, private, "", "")
		addresses.Metrics = private.Addr().String()
	}
	if err := s.startControl(); err != nil {
		return err
	}
	if err := s.greet(base, env, addresses); err != nil {
		return err
	}
	if env.Ready != nil {
		env.Ready(addresses)
	}
	return nil
}

func (s *server) startControl() error {
	listener, control, err := s.Node.control()
	if err != nil {
		return err
	}
	s.control = control
	go s.run(control, listener, "", "")
	return nil
}

// faces builds the public handler. A face that has no such path answers 404.
func (s *server) faces(ctx context.Context) (http.Handler, error) {
	trusted, err := auth.ParseNetworks("trusted-proxy", s.cfg.TrustedProxies)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	s.rest = rest.New(rest.Config{
		Core: s.core, Directory: s.directory, Trusted: trusted, Now: s.now, Log: s.log, Observe: s.metrics.Request,
	})
	s.rest.Mount(mux)
	s.live = live.New(ctx, live.Config{
		Core: s.core, Directory: s.directory, Trusted: trusted, Now: s.now, Log: s.log,
		EventRate: float64(s.cfg.SocketRate), EventBurst: s.cfg.SocketBurst,
	})
	s.live.Mount(mux)
	return mux, nil
}

func (s *server) httpServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

func (s *server) listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return l, nil
}

func (s *server) run(h *http.Server, l net.Listener, cert, key string) {
	var err error
	if cert != "" {
		err = h.ServeTLS(l, cert, key)
	} else {
		err = h.Serve(l)
	}
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		s.failed <- err
	}
}

// drain ends in the order in which nothing acknowledged is lost: first no new
// work, then running turns, then what delivers, then the store.
func (s *server) drain() error {
	close(s.draining)
	s.rest.Drain()
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.ShutdownGrace)
	defer cancel()
	s.log.Info("draining", "grace", s.cfg.ShutdownGrace.String())
	sockets := make(chan struct{})
	go func() {
		defer close(sockets)
		_ = s.live.Drain(ctx, min(time.Second, s.cfg.ShutdownGrace/4))
	}()
	err := s.public.Shutdown(ctx)
	<-sockets
	s.core.Stop(ctx)
	s.sender.Stop(ctx)
	err = errors.Join(err, s.control.Close())
	if s.private != nil {
		err = errors.Join(err, s.private.Close())
	}
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("the grace period is over; what was left is in the store")
		err = nil
	}
	return errors.Join(err, s.store.Close())
}
