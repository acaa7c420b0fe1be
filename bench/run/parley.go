package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"parley/bench/child"
)

const echoBot = "bench/echobot"

// benchSettings raise the limits that protect a server from one client: here 64 clients
// are meant to send as fast as they can. Everything else is as it comes.
func benchSettings() []string {
	return []string{
		"PARLEY_DEBUG=1", // POST /debug/gc on the second address
		"PARLEY_SOCKET_RATE=1000000",
		"PARLEY_SOCKET_BURST=1000000",
	}
}

// parley is the server this repository builds.
type parley struct {
	dir     string
	program string
	starts  int
}

func newParley(ctx context.Context, dir string) (*parley, error) {
	p := &parley{dir: dir, program: filepath.Join(dir, "parley")}
	_, err := child.Run(exec.CommandContext(ctx, "go", "build", "-o", p.program, "./cmd/parley"))
	return p, err
}

func (p *parley) name() string { return parleyName }

func (p *parley) start(ctx context.Context) (*server, error) {
	p.starts++
	data := filepath.Join(p.dir, fmt.Sprintf("parley%d", p.starts))
	running, err := p.createIntegration(ctx, data)
	if err != nil {
		return nil, err
	}
	address, err := child.FreeAddress()
	if err != nil {
		return nil, err
	}
	second, err := child.FreeAddress()
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(context.WithoutCancel(ctx), p.program, "serve",
		"--listen", address, "--metrics-listen", second, "--data", data)
	command.Env = append(os.Environ(), benchSettings()...)
	process, err := child.Start(command, syscall.SIGTERM, p.dir)
	if err != nil {
		return nil, err
	}
	if err := child.AwaitOK(ctx, process, "http://"+second+"/readyz"); err != nil {
		return nil, errors.Join(err, process.Stop())
	}
	running.base, running.collect = "http://"+address, "http://"+second+"/debug/gc"
	running.pid, running.stop = process.PID(), process.Stop
	return running, nil
}

func (p *parley) createIntegration(ctx context.Context, data string) (*server, error) {
	bot, err := filepath.Abs(echoBot)
	if err != nil {
		return nil, err
	}
	said, err := child.Run(exec.CommandContext(ctx, p.program, "integration", "create",
		"--data", data, "--name", "bench", "--bot", bot, "--json"))
	if err != nil {
		return nil, err
	}
	var made struct {
		ID  string `json:"integration_id"`
		Key string `json:"api_key"`
	}
	if err := json.Unmarshal([]byte(said), &made); err != nil {
		return nil, fmt.Errorf("parley integration create: %w: %s", err, said)
	}
	if made.ID == "" || made.Key == "" {
		return nil, fmt.Errorf("parley integration create printed no id or key: %s", said)
	}
	return &server{integration: made.ID, key: made.Key}, nil
}
