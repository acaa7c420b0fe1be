package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"parley/bench/child"
	"parley/bench/postgres"
)

const baselineDir = "bench/baseline"

// baseline is the server in bench/baseline on its own PostgreSQL.
type baseline struct {
	dir      string
	database *postgres.Server
	starts   int
}

func newBaseline(ctx context.Context, dir string) (*baseline, error) {
	if _, err := os.Stat(filepath.Join(baselineDir, "node_modules")); err != nil {
		install := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
		install.Dir = baselineDir
		if _, err := child.Run(install); err != nil {
			return nil, err
		}
	}
	database, err := postgres.New(ctx, dir)
	return &baseline{dir: dir, database: database}, err
}

func (b *baseline) name() string { return baselineName }

func (b *baseline) start(ctx context.Context) (*server, error) {
	database, err := b.database.Start(ctx)
	if err != nil {
		return nil, err
	}
	running, process, err := b.startNode(ctx)
	if err != nil {
		return nil, errors.Join(err, database.Stop())
	}
	running.stop = func() error { return errors.Join(process.Stop(), database.Stop()) }
	return running, nil
}

func (b *baseline) startNode(ctx context.Context) (*server, *child.Process, error) {
	if err := b.database.Durable(ctx); err != nil {
		return nil, nil, err
	}
	b.starts++
	name := fmt.Sprintf("bench%d", b.starts)
	if err := b.database.FreshDatabase(ctx, name); err != nil {
		return nil, nil, err
	}
	address, err := child.FreeAddress()
	if err != nil {
		return nil, nil, err
	}
	base := "http://" + address
	running := &server{base: base, integration: "bench", key: rand.Text(), collect: base + "/debug/gc"}
	process, err := child.Start(b.node(ctx, address, name, running), syscall.SIGTERM, b.dir)
	if err != nil {
		return nil, nil, err
	}
	if err := child.AwaitOK(ctx, process, base+"/healthz"); err != nil {
		return nil, nil, errors.Join(err, process.Stop())
	}
	running.pid = process.PID()
	return running, process, nil
}

func (b *baseline) node(ctx context.Context, address, database string, running *server) *exec.Cmd {
	_, port, _ := net.SplitHostPort(address)
	command := exec.CommandContext(context.WithoutCancel(ctx), "node", "--expose-gc", "server.js")
	command.Dir = baselineDir
	command.Env = append(os.Environ(), "NODE_ENV=production", "PORT="+port,
		"PGHOST="+b.database.Socket(), "PGUSER=bench", "PGDATABASE="+database,
		"INTEGRATION_ID="+running.integration, "API_KEY="+running.key)
	return command
}
