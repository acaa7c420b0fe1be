package pgtest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"os/user"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"parley/internal/porttest"
)

const (
	startTimeout = 60 * time.Second
	account      = "parley" // the superuser of every cluster
)

// Server is a cluster of its own in a temporary directory, on a port that stays the
// same over stops and starts.
type Server struct {
	programs string
	dir      string
	at       netip.Prefix // where it listens, and who may connect
	port     int
	owner    *syscall.Credential // who runs it, when the tests run as root
	last     atomic.Int64        // number of the last database made

	preparing  sync.Once // of Copy
	template   string
	unprepared error

	life io.Closer // closed by the system with this process, or when nobody holds the server any more
}

// Start makes a cluster on 127.0.0.1 and starts it. It is stopped and removed when
// the test ends. Missing programs fail the test.
func Start(t testing.TB) *Server {
	t.Helper()
	return StartAt(t, loopback())
}

// StartAt is Start on another address of this machine. Whoever is in its network may
// connect without a password.
func StartAt(t testing.TB, at netip.Prefix) *Server {
	t.Helper()
	s, err := start(at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.life.Close() })
	return s
}

// shared is the server of Postgres.
var shared = sync.OnceValues(func() (*Server, error) { return start(loopback()) })

func loopback() netip.Prefix { return netip.PrefixFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 32) }

// Postgres returns the URL of a fresh, empty database on the server that all
// tests of the process share.
func Postgres(t testing.TB) (url string) {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s.Database(t)
}

func start(at netip.Prefix) (*Server, error) {
	programs, err := programs()
	if err != nil {
		return nil, err
	}
	s := &Server{programs: programs, at: at}
	if s.dir, err = os.MkdirTemp("", "pgtest-"); err != nil {
		return nil, err
	}
	if err := s.keep(); err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 {
		if err := s.giveAway(); err != nil {
			return nil, err
		}
	}
	if err := s.run("initdb", "--pgdata", s.data(), "--username", account, "--auth", "trust", "--encoding", "UTF8",
		"--locale", "C", "--no-instructions"); err != nil {
		return nil, err
	}
	if err := s.admit(); err != nil {
		return nil, err
	}
	for range 3 { // another process may take the port first
		if s.port, err = porttest.Port(at.Addr().String()); err != nil {
			return nil, err
		}
		if err = s.launch(); err == nil {
			return s, nil
		}
	}
	return nil, err
}

// programs finds the newest installed server, where Debian puts it or on PATH.
func programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		slices.Sort(found)
		return filepath.Dir(found[len(found)-1]), nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errors.New("PostgreSQL is missing on this machine: run `make setup`, or install the Debian package postgresql")
}

// keep starts a process that waits for the end of this one, however it ends, and
// then stops the server and removes its directory.
func (s *Server) keep() error {
	keeper := exec.Command("sh", "-c", `read -r line; [ -f "$1/data/postmaster.pid" ] && kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; sleep 1; rm -rf "$1"`,
		"sh", s.dir)
	keeper.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // an interrupt of the tests is not for it
	var err error
	if s.life, err = keeper.StdinPipe(); err != nil {
		return err
	}
	return keeper.Start()
}

// giveAway hands the directory to an unprivileged user: the server refuses to run
// as root.
func (s *Server) giveAway() error {
	who, err := user.Lookup("postgres")
	if err != nil {
		if who, err = user.Lookup("nobody"); err != nil {
			return err
		}
	}
	uid, _ := strconv.ParseUint(who.Uid, 10, 32)
	gid, _ := strconv.ParseUint(who.Gid, 10, 32)
	s.owner = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(s.dir, int(uid), int(gid))
}

// admit lets everybody of the server's network in; loopback is let in as it is.
func (s *Server) admit() error {
	rules, err := os.OpenFile(filepath.Join(s.data(), "pg_hba.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(rules, "host all all %v trust\n", s.at.Masked())
	return errors.Join(err, rules.Close())
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) log() string { return filepath.Join(s.dir, "log") }

// run runs one of the programs to its end. What it says becomes part of the error.
func (s *Server) run(program string, arguments ...string) error {
	command := exec.Command(filepath.Join(s.programs, program), arguments...)
	command.Dir = s.dir
	command.Env = append(os.Environ(), "LC_ALL=C", "PGCONNECT_TIMEOUT=10")
	if s.owner != nil {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner}
	}
	// A file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open.
	said, err := os.CreateTemp(s.dir, program+"-")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(said.Name()); _ = said.Close() }()
	command.Stdout, command.Stderr = said, said
	if err := command.Run(); err != nil {
		words, _ := os.ReadFile(said.Name())
		return fmt.Errorf("%s %s: %w\n%s", program, strings.Join(arguments, " "), err, words)
	}
	return nil
}

func (s *Server) control(action string, more ...string) error {
	return s.run("pg_ctl", append([]string{action, "-s", "-w", "-t", strconv.Itoa(int(startTimeout.Seconds())), "-D", s.data()}, more...)...)
}

func (s *Server) launch() error {
	options := fmt.Sprintf("-c listen_addresses=%v -c port=%d -c unix_socket_directories=%s -c fsync=on -c max_connections=200", s.at.Addr(), s.port, s.dir)
	err := s.control("start", "-l", s.log(), "-o", options)
	if err != nil {
		words, _ := os.ReadFile(s.log())
		err = fmt.Errorf("%w\n%s", err, words[max(0, len(words)-2000):])
	}
	return err
}

// Address is where the server listens, host:port.
func (s *Server) Address() string {
	return net.JoinHostPort(s.at.Addr().String(), strconv.Itoa(s.port))
}

// Database makes an empty database and returns its URL.
func (s *Server) Database(t testing.TB) (url string) {
	t.Helper()
	url, err := s.create("template1")
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func (s *Server) create(template string) (url string, err error) {
	name := fmt.Sprintf("test%d", s.last.Add(1))
	err = s.run("createdb", "--host", s.dir, "--port", strconv.Itoa(s.port), "--username", account, "--template", template, name)
	return fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable", account, s.Address(), name), err
}

// Copy returns the URL of a fresh copy of a database on the server that all tests of
// the process share. The first test to ask has prepare make what all of them copy; it
// must leave no connection.
func Copy(t testing.TB, prepare func(url string) error) (url string) {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	s.preparing.Do(func() {
		var made string
		if made, s.unprepared = s.create("template1"); s.unprepared == nil {
			s.unprepared = prepare(made)
			s.template = strings.TrimSuffix(path.Base(made), "?sslmode=disable")
		}
	})
	if s.unprepared != nil {
		t.Fatal(s.unprepared)
	}
	if url, err = s.create(s.template); err != nil {
		t.Fatal(err)
	}
	return url
}

// Stop stops the server: "fast" ends the connections in order, "immediate" is a
// crash, without a checkpoint.
func (s *Server) Stop(t testing.TB, mode string) {
	t.Helper()
	if err := s.control("stop", "-m", mode); err != nil {
		t.Fatal(err)
	}
}

// Start starts a stopped server on the same data and port, and returns when it
// accepts connections.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	if err := s.launch(); err != nil {
		t.Fatal(err)
	}
}
