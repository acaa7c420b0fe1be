// Package postgres runs a private PostgreSQL for a bench.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"parley/bench/child"
	"parley/bench/machine"
)

// Server is a private cluster with the settings it comes with: every commit is on disk
// before it is confirmed. It is reached through a unix socket only.
type Server struct {
	programs string // directory of its programs
	dir      string // cluster, socket and logs
	owner    *syscall.Credential
}

// New makes the cluster; it does not start it.
func New(ctx context.Context, parent string) (*Server, error) {
	programs, err := Programs()
	if err != nil {
		return nil, err
	}
	p := &Server{programs: programs, dir: filepath.Join(parent, "postgres")}
	if err := os.Mkdir(p.dir, 0o700); err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 {
		if err := p.giveAway(); err != nil {
			return nil, err
		}
	}
	_, err = child.Run(p.command(ctx, "initdb", "--pgdata", p.data(), "--username", "bench",
		"--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-instructions"))
	return p, err
}

// Programs finds the newest installed server, where Debian puts it or on PATH.
func Programs() (string, error) {
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
	return "", errors.New("PostgreSQL is missing: apt-get install postgresql-15")
}

// giveAway hands the directory to an unprivileged user: the server refuses to run as root.
func (p *Server) giveAway() error {
	account, err := user.Lookup("postgres")
	if err != nil {
		if account, err = user.Lookup("nobody"); err != nil {
			return err
		}
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return err
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return err
	}
	p.owner = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(p.dir, int(uid), int(gid))
}

func (p *Server) data() string { return filepath.Join(p.dir, "data") }

func (p *Server) command(ctx context.Context, program string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, filepath.Join(p.programs, program), arguments...)
	command.Dir = p.dir
	if p.owner != nil {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: p.owner}
	}
	return command
}

// Start runs the server until the answered child is stopped.
func (p *Server) Start(ctx context.Context) (*child.Process, error) {
	// Not bound to ctx: an interrupt has to end it in order, not by a kill.
	command := p.command(context.WithoutCancel(ctx), "postgres", "-D", p.data(),
		"-c", "listen_addresses=", "-c", "unix_socket_directories="+p.dir)
	process, err := child.Start(command, syscall.SIGINT, filepath.Dir(p.dir))
	if err != nil {
		return nil, err
	}
	err = process.Await(ctx, func() error {
		_, err := child.Run(p.command(ctx, "pg_isready", "--quiet", "--host", p.dir))
		return err
	})
	if err != nil {
		return nil, errors.Join(err, process.Stop())
	}
	return process, nil
}

// FreshDatabase makes an empty database.
func (p *Server) FreshDatabase(ctx context.Context, name string) error {
	_, err := child.Run(p.command(ctx, "createdb", "--host", p.dir, "--username", "bench", name))
	return err
}

// Durable fails when the cluster would confirm what is not on disk.
func (p *Server) Durable(ctx context.Context) error {
	said, err := child.Run(p.command(ctx, "psql", "--host", p.dir, "--username", "bench", "--dbname", "postgres",
		"--no-align", "--tuples-only", "--command", "SHOW fsync", "--command", "SHOW synchronous_commit"))
	if err != nil {
		return err
	}
	if said != "on\non\n" {
		return fmt.Errorf("the database is not durable: fsync and synchronous_commit are %q", said)
	}
	return nil
}

// URL is where programs reach a database: by its unix socket, whatever the host says.
func (p *Server) URL(database string) string {
	return "postgres://bench@localhost/" + database + "?host=" + url.QueryEscape(p.dir)
}

// Socket is the directory of the unix socket.
func (p *Server) Socket() string { return p.dir }

// Version names the installed server for the conditions of a table.
func Version() string {
	programs, err := Programs()
	if err != nil {
		return "PostgreSQL unknown"
	}
	// It prints "postgres (PostgreSQL) 15.18 (Debian ...)".
	words := strings.Fields(machine.Version(programs+"/postgres", "", "--version"))
	if len(words) < 3 {
		return "PostgreSQL unknown"
	}
	return "PostgreSQL " + words[2]
}

// Size is how many bytes a database takes on the disk, without the log.
func (p *Server) Size(ctx context.Context, database string) (bytes int64, err error) {
	said, err := child.Run(p.command(ctx, "psql", "--host", p.dir, "--username", "bench", "--dbname", database,
		"--no-align", "--tuples-only", "--command", "SELECT pg_database_size(current_database())"))
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(strings.TrimSpace(said), 10, 64)
}
