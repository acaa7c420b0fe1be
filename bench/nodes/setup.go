package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"parley/bench/child"
	"parley/bench/machine"
)

// setup is a way to run Parley.
type setup struct {
	name           string
	nodes          int
	postgres, nats bool
}

func setups() []setup {
	return []setup{
		{name: "one node, SQLite", nodes: 1},
		{name: oneNode, nodes: 1, postgres: true},
		{name: "one node, PostgreSQL and NATS", nodes: 1, postgres: true, nats: true},
		{name: threeNodes, nodes: 3, postgres: true, nats: true},
	}
}

const (
	oneNode    = "one node, PostgreSQL"
	threeNodes = "three nodes, PostgreSQL and NATS"
)

// running is a set-up that runs.
type running struct {
	bases            []string
	integration, key string
	pids             []int
	database         int                   // pid, 0 for none
	size             func() (int64, error) // bytes of what is stored
	stops            []func() error
}

func (r *running) stop() error {
	var all error
	for _, stop := range slices.Backward(r.stops) {
		all = errors.Join(all, stop())
	}
	return all
}

// start starts a set-up with empty data.
func (b *bench) start(ctx context.Context, how setup) (r *running, err error) {
	r = &running{}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.stop())
		}
	}()
	b.starts++
	r.size = func() (int64, error) { return sizeOf(b.data(0)) }
	settings := []string{"PARLEY_SOCKET_RATE=1000000", "PARLEY_SOCKET_BURST=1000000"}
	if how.postgres {
		process, err := b.database.Start(ctx)
		if err != nil {
			return r, err
		}
		r.stops, r.database = append(r.stops, process.Stop), process.PID()
		name := fmt.Sprintf("nodes%d", b.starts)
		if err := errors.Join(b.database.Durable(ctx), b.database.FreshDatabase(ctx, name)); err != nil {
			return r, err
		}
		settings = append(settings, "PARLEY_STORE="+b.database.URL(name))
		r.size = func() (int64, error) { return b.database.Size(ctx, name) }
	}
	if how.nats {
		url, err := r.startNATS()
		if err != nil {
			return r, err
		}
		settings = append(settings, "PARLEY_NATS="+url)
	}
	if err := b.integration(ctx, r, settings); err != nil {
		return r, err
	}
	for i := range how.nodes {
		if err := b.node(ctx, r, i, settings); err != nil {
			return r, err
		}
	}
	return r, nil
}

// startNATS runs the server inside of the bench: it does little, and its time is
// counted nowhere.
func (r *running) startNATS() (string, error) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true})
	if err != nil {
		return "", err
	}
	go s.Start()
	r.stops = append(r.stops, func() error { s.Shutdown(); return nil })
	if !s.ReadyForConnections(10 * time.Second) {
		return "", errors.New("NATS does not become ready")
	}
	return s.ClientURL(), nil
}

func (b *bench) data(node int) string {
	return filepath.Join(b.dir, fmt.Sprintf("data%d-%d", b.starts, node))
}

func (b *bench) integration(ctx context.Context, r *running, settings []string) error {
	bot, err := filepath.Abs("bench/echobot")
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, b.program, "integration", "create", "--data", b.data(0), "--name", "bench", "--bot", bot, "--json")
	command.Env = append(os.Environ(), settings...)
	said, err := child.Run(command)
	if err != nil {
		return err
	}
	var made struct {
		ID  string `json:"integration_id"`
		Key string `json:"api_key"`
	}
	if err := json.Unmarshal([]byte(said), &made); err != nil || made.Key == "" {
		return fmt.Errorf("parley integration create printed %s: %w", said, err)
	}
	r.integration, r.key = made.ID, made.Key
	return nil
}

func (b *bench) node(ctx context.Context, r *running, number int, settings []string) error {
	address, err := child.FreeAddress()
	if err != nil {
		return err
	}
	second, err := child.FreeAddress()
	if err != nil {
		return err
	}
	command := exec.CommandContext(context.WithoutCancel(ctx), b.program, "serve",
		"--listen", address, "--metrics-listen", second, "--data", b.data(number))
	command.Env = append(append(os.Environ(), settings...), fmt.Sprintf("PARLEY_NODE=node%d", number))
	process, err := child.Start(command, syscall.SIGTERM, b.dir)
	if err != nil {
		return err
	}
	r.stops = append(r.stops, process.Stop)
	r.bases, r.pids = append(r.bases, "http://"+address), append(r.pids, process.PID())
	return child.AwaitOK(ctx, process, "http://"+second+"/readyz")
}

// once plays one scenario against a fresh set-up.
func (b *bench) once(ctx context.Context, how setup, scenario string) (one result, err error) {
	r, err := b.start(ctx, how)
	if err != nil {
		return one, err
	}
	defer func() { err = errors.Join(err, r.stop()) }()
	nodes, database, err := r.processor()
	if err != nil {
		return one, err
	}
	size, err := r.size()
	if err != nil {
		return one, err
	}
	said, err := child.Run(exec.CommandContext(ctx, b.load, "--base", strings.Join(r.bases, ","), "--integration", r.integration, "--key", r.key,
		"--clients", strconv.Itoa(b.clients), "--window", b.window.String(), "--warmup", "1s", scenario))
	if err != nil {
		return one, err
	}
	if err := json.Unmarshal([]byte(said), &one); err != nil {
		return one, fmt.Errorf("the load program printed no result: %w: %s", err, said)
	}
	after, databaseAfter, err := r.processor()
	// The warm-up second counts as one more of the window.
	operations := float64(one.Operations) * (b.window + time.Second).Seconds() / b.window.Seconds()
	one.nodes = (after - nodes).Seconds() * 1000 / operations
	one.database = (databaseAfter - database).Seconds() * 1000 / operations
	if err != nil {
		return one, err
	}
	sizeAfter, err := r.size()
	one.bytes = float64(sizeAfter-size) / operations
	return one, err
}

// sizeOf is what the files below a directory take.
func sizeOf(dir string) (all int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			all += info.Size()
		}
		return err
	})
	return all, err
}

// processor is the processor time of the nodes and of the database.
func (r *running) processor() (nodes, database time.Duration, err error) {
	for _, pid := range r.pids {
		u, err := machine.UsageOf(pid)
		if err != nil {
			return 0, 0, err
		}
		nodes += u.Processor
	}
	if r.database != 0 {
		database, err = machine.ProcessorOf(r.database)
	}
	return nodes, database, err
}
