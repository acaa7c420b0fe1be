package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"parley/bench/child"
)

const idleScenario = "idle-sockets"

// loadSettings are passed on to the load program.
type loadSettings struct {
	clients, connections int
	warmup, window       time.Duration
}

// loader is the built load program.
type loader struct {
	program  string
	settings loadSettings
}

// result is one line of the load program.
type result struct {
	Scenario     string  `json:"scenario"`
	PerSecond    float64 `json:"per_second"`
	P50          float64 `json:"p50_ms"`
	P99          float64 `json:"p99_ms"`
	KiBPerSocket float64 `json:"kib_per_socket"`
}

func (r result) String() string {
	if r.Scenario == idleScenario {
		return fmt.Sprintf("%-13s %6.1f KiB a socket", r.Scenario, r.KiBPerSocket)
	}
	return fmt.Sprintf("%-13s %6.0f/s  p50 %6.2f ms  p99 %6.2f ms", r.Scenario, r.PerSecond, r.P50, r.P99)
}

func buildLoad(ctx context.Context, dir string, settings loadSettings) (loader, error) {
	l := loader{program: filepath.Join(dir, "load"), settings: settings}
	_, err := child.Run(exec.CommandContext(ctx, "go", "build", "-o", l.program, "./bench/load"))
	return l, err
}

// run plays one scenario against the server; a failed operation in it is an error.
func (l loader) run(ctx context.Context, at *server, scenario string) (result, error) {
	said, err := child.Run(exec.CommandContext(ctx, l.program,
		"--base", at.base, "--integration", at.integration, "--key", at.key,
		"--pid", strconv.Itoa(at.pid), "--collect", at.collect,
		"--clients", strconv.Itoa(l.settings.clients),
		"--connections", strconv.Itoa(l.settings.connections),
		"--warmup", l.settings.warmup.String(), "--window", l.settings.window.String(),
		scenario))
	if err != nil {
		return result{}, err
	}
	var one result
	if err := json.Unmarshal([]byte(said), &one); err != nil {
		return one, fmt.Errorf("the load program printed no result: %w: %s", err, said)
	}
	return one, nil
}
