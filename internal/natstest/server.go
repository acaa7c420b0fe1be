package natstest

import (
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"parley/internal/porttest"
)

// readyTime is how long a server may take to listen.
const readyTime = time.Minute

// Server is a NATS server that a test may stop and start again. Its methods
// are for one goroutine at a time.
type Server struct {
	t       testing.TB
	host    string
	port    int
	running *server.Server
}

// Start runs a server on a free port of 127.0.0.1 until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	return StartAt(t, "127.0.0.1")
}

// StartAt is Start on another address of this machine.
func StartAt(t testing.TB, host string) *Server {
	t.Helper()
	port, err := porttest.Port(host)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, host: host, port: port}
	t.Cleanup(s.Stop)
	s.Start()
	return s
}

// Start runs the server, on the port that it had before. A server that runs
// stays as it is.
func (s *Server) Start() {
	s.t.Helper()
	if s.running != nil {
		return
	}
	one, err := server.NewServer(&server.Options{Host: s.host, Port: s.port, NoSigs: true, NoLog: true})
	if err != nil {
		s.t.Fatalf("nats: %v", err)
	}
	go one.Start()
	if !one.ReadyForConnections(readyTime) {
		one.Shutdown()
		s.t.Fatalf("nats: no server after %s on port %d", readyTime, s.port)
	}
	at, ok := one.Addr().(*net.TCPAddr)
	if !ok {
		s.t.Fatalf("nats: listens on %v", one.Addr())
	}
	s.running, s.port = one, at.Port
}

// Stop ends the server at once: its connections break, nothing is said to them.
func (s *Server) Stop() {
	if s.running == nil {
		return
	}
	s.running.Shutdown()
	s.running.WaitForShutdown()
	s.running = nil
}

// Address returns host:port; it stays the same over Stop and Start.
func (s *Server) Address() string { return fmt.Sprintf("%s:%d", s.host, s.port) }

// URL returns what a client connects to.
func (s *Server) URL() string { return "nats://" + s.Address() }

// Clients returns how many are connected.
func (s *Server) Clients() int {
	if s.running == nil {
		return 0
	}
	return s.running.NumClients()
}
