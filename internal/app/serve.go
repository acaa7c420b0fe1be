package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"parley/internal/auth"
	"parley/internal/config"
	deskface "parley/internal/face/desk"
	"parley/internal/face/live"
	"parley/internal/face/page"
	"parley/internal/face/rest"
	"parley/internal/face/widget"
	"parley/internal/mailer"
	"parley/internal/script"
	"parley/web"
)

// server is a node with its listeners.
type server struct {
	*Node
	rest     *rest.Face
	live     *live.Face
	desk     *deskface.Face
	public   *http.Server
	private  *http.Server
	sweep    sweeping
	control  *http.Server
	draining chan struct{}
	began    time.Time
	looks    http.Handler // what it says of itself
	failed   chan error
}

// serve runs a server until ctx ends, then drains it: no new requests, running
// turns commit, sockets are sent away.
func serve(ctx context.Context, cfg config.Config, env *Environment) error {
	paceCollector()
	log, err := newLog(cfg, env.Stderr)
	if err != nil {
		return err
	}
	var n *Node
	err = patiently(ctx, log, func(ctx context.Context) (err error) {
		n, err = open(ctx, cfg, env, log, true)
		return err
	})
	if err != nil {
		return err
	}
	s := &server{Node: n, began: n.now(), draining: make(chan struct{}), failed: make(chan error, 3)}
	base := context.WithoutCancel(ctx)
	at, err := s.start(base)
	if err != nil {
		return errors.Join(err, n.close())
	}
	if err := s.greet(base, env, at); err != nil {
		return errors.Join(err, s.drain())
	}
	if env.Ready != nil {
		env.Ready(at)
	}
	select {
	case <-ctx.Done():
	case err = <-s.failed:
	}
	return errors.Join(err, s.drain())
}

// start listens, recovers what a crash left, and only then answers. What can be
// wrong with the settings shows before any work begins.
func (s *server) start(ctx context.Context) (Addresses, error) {
	handler, err := s.faces(ctx)
	if err != nil {
		return Addresses{}, err
	}
	s.looks = s.pages()
	at, err := s.listenAll()
	if err == nil {
		err = s.loadBots()
	}
	if err == nil {
		err = s.peers.join(ctx)
	}
	if err == nil {
		err = patiently(ctx, s.log, s.core.Start)
	}
	if err == nil {
		err = patiently(ctx, s.log, s.inbox.Start)
	}
	if err != nil {
		return Addresses{}, errors.Join(err, at.close())
	}
	s.sender.Start()
	if s.peers == nil {
		s.duty(ctx, true)
	} else {
		s.peers.work(ctx)
	}
	s.keeper.Start(ctx)
	s.base = s.baseOf(at.addresses())
	s.sweep.start(ctx, s.files)
	s.serveAll(at, handler)
	return at.addresses(), nil
}

// listeners are the places where a server can be reached. private is nil when
// the second address is off.
type listeners struct{ public, private, control net.Listener }

func (l listeners) addresses() Addresses {
	a := Addresses{Public: l.public.Addr().String()}
	if l.private != nil {
		a.Metrics = l.private.Addr().String()
	}
	return a
}

func (l listeners) close() error {
	var all error
	for _, one := range []net.Listener{l.public, l.private, l.control} {
		if one != nil {
			all = errors.Join(all, one.Close())
		}
	}
	return all
}

func (s *server) listenAll() (l listeners, err error) {
	if s.cfg.TLSCert != "" {
		if _, err := tls.LoadX509KeyPair(s.cfg.TLSCert, s.cfg.TLSKey); err != nil {
			return l, fmt.Errorf("tls-cert and tls-key: %w", err)
		}
	}
	if l.public, err = s.listen(s.cfg.Listen); err != nil {
		return l, err
	}
	if s.cfg.MetricsListen != config.Off {
		if l.private, err = s.listen(s.cfg.MetricsListen); err != nil {
			return l, err
		}
	}
	l.control, s.control, err = s.Node.control(s.looks)
	return l, err
}

func (s *server) serveAll(at listeners, handler http.Handler) {
	s.public = s.httpServer(s.leave(handler))
	go s.run(s.public, at.public, s.cfg.TLSCert, s.cfg.TLSKey)
	if at.private != nil {
		s.private = s.httpServer(s.observability(s.looks))
		go s.run(s.private, at.private, "", "")
	}
	go s.run(s.control, at.control, "", "")
}

// faces builds the public handler. A face that has no such path answers 404.
func (s *server) faces(ctx context.Context) (http.Handler, error) {
	trusted, err := auth.ParseNetworks("trusted-proxy", s.cfg.TrustedProxies)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	s.rest = rest.New(rest.Config{
		Core: s.core, Directory: s.directory, People: s.keeper, Files: s.files, Trusted: trusted, Now: s.now, Log: s.log, Observe: s.metrics.Request,
	})
	s.rest.Mount(mux)
	s.live = live.New(ctx, live.Config{
		Core: s.core, Directory: s.directory, Files: s.files, Trusted: trusted, Node: s.cfg.Node, PublicURL: s.cfg.PublicURL, Now: s.now, Log: s.log,
		EventRate: float64(s.cfg.SocketRate), EventBurst: s.cfg.SocketBurst, Tracing: s.tracing(),
	})
	s.live.Mount(mux)
	letters, err := mailer.NewOffice(s.cfg.SMTP, s.cfg.SMTPUser, s.scripts.Secrets.Secrets[script.MailPassword], s.cfg.SMTPFrom)
	if err != nil {
		return nil, err
	}
	s.desk, err = deskface.New(deskface.Config{
		Core: s.core, Directory: s.directory, Accounts: s.accounts, People: s.people, Desk: s.store.desk, Inbox: s.inbox, Files: s.files,
		Records: s.keeper, Letters: letters,
		States: s.bots.States, Trusted: trusted, PublicURL: s.cfg.PublicURL, Now: s.now, Log: s.log, Observe: s.metrics.Request,
	})
	if err != nil {
		return nil, err
	}
	s.desk.Mount(mux)
	return s.followed(mux), s.mountPages(mux)
}

// mountPages serves the built pages.
func (s *server) mountPages(mux *http.ServeMux) error {
	desk, err := page.New(page.Config{Prefix: "/desk/", Files: web.Desk(), Fallback: "index.html", Headers: page.Strict()})
	if err != nil {
		return err
	}
	desk.Mount(mux)
	chat, err := widget.New(widget.Config{Directory: s.directory, Files: web.Widget(), Demo: s.cfg.Demo})
	if err != nil {
		return err
	}
	chat.Mount(mux)
	return nil
}

func (s *server) httpServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

func (s *server) listen(address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", address) // it outlives the start
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return &backlog{TCPListener: l.(*net.TCPListener)}, nil
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

// drain ends in the order in which nothing acknowledged is lost: first proxies
// and sockets turn to other nodes, then no new work, then running turns, then
// what delivers, then the store.
func (s *server) drain() error {
	close(s.draining)
	ctx, cancel := context.WithTimeout(context.Background(), leaveDelay(s.cfg)+s.cfg.ShutdownGrace)
	defer cancel()
	s.log.Info("draining", "delay", leaveDelay(s.cfg).String(), "grace", s.cfg.ShutdownGrace.String())
	sockets := make(chan struct{})
	go func() {
		defer close(sockets)
		_ = s.live.Drain(ctx, leaveSpread(s.cfg))
	}()
	time.Sleep(leaveDelay(s.cfg))
	s.rest.Drain()
	_ = s.desk.Drain(ctx)
	err := s.public.Shutdown(ctx)
	<-sockets
	s.keeper.Stop()
	if s.peers == nil {
		s.duty(ctx, false)
	} else {
		s.peers.rest()
	}
	s.core.Stop(ctx)
	s.inbox.Stop()
	s.sender.Stop(ctx)
	s.sweep.end()
	err = errors.Join(err, s.control.Close())
	if s.private != nil {
		err = errors.Join(err, s.private.Close())
	}
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("the grace period is over; what was left is in the store")
		err = nil
	}
	return errors.Join(err, s.close())
}
