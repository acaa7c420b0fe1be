// Command nodes measures what many nodes cost: the same load against one node on
// SQLite, one on PostgreSQL, and one and three on PostgreSQL with NATS between them,
// in turn on the same machine. It writes the table of docs/performance.md.
//
// Three nodes share the cores with one, so their rate shows the price of the path over
// nodes and not what three machines would do; docs/scale.md computes that from the
// processor time of each part.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"parley/bench/child"
	"parley/bench/machine"
	"parley/bench/page"
	"parley/bench/postgres"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one call of the program.
type bench struct {
	runs     int
	clients  int
	window   time.Duration
	dir      string
	program  string
	load     string
	database *postgres.Server
	starts   int
}

func run(ctx context.Context, arguments []string) (err error) {
	b := &bench{}
	flags := flag.NewFlagSet("nodes", flag.ContinueOnError)
	flags.IntVar(&b.runs, "runs", 3, "runs of each set-up")
	flags.IntVar(&b.clients, "clients", 64, "clients in the closed loop")
	flags.DurationVar(&b.window, "window", 4*time.Second, "measured window of each scenario")
	out := flags.String("page", "docs/performance.md", "`file` that gets the table; empty for none")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp("", "parley-nodes-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	// The database server runs as another user and has to pass through.
	if err := os.Chmod(b.dir, 0o711); err != nil {
		return err
	}
	if err := b.build(ctx); err != nil {
		return err
	}
	began := machine.Load()
	all, err := b.measure(ctx)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s, %s. %d runs of each set-up in turn, %d clients in a closed loop, %s measured for each scenario; load average before the start %.1f.\n\n%s",
		machine.Describe(b.dir), postgres.Version(), b.runs, b.clients, b.window, began, all.table())
	fmt.Println(text)
	if *out == "" {
		return nil
	}
	return page.Replace(*out, "nodes", text)
}

func (b *bench) build(ctx context.Context) (err error) {
	b.program, b.load = filepath.Join(b.dir, "parley"), filepath.Join(b.dir, "load")
	for path, source := range map[string]string{b.program: "./cmd/parley", b.load: "./bench/load"} {
		if _, err := child.Run(exec.CommandContext(ctx, "go", "build", "-o", path, source)); err != nil {
			return err
		}
	}
	b.database, err = postgres.New(ctx, b.dir)
	return err
}

// measure runs the set-ups in turn, each with empty data.
func (b *bench) measure(ctx context.Context) (figures, error) {
	all := figures{}
	for round := range b.runs {
		for _, how := range setups() {
			fmt.Fprintf(os.Stderr, "run %d of %d: %s\n", round+1, b.runs, how.name)
			for _, scenario := range scenarios() {
				one, err := b.once(ctx, how, scenario.name)
				if err != nil {
					return nil, fmt.Errorf("%s, %s: %w", how.name, scenario.name, err)
				}
				fmt.Fprintf(os.Stderr, "  %-12s %7.0f/s  p50 %6.2f ms  p99 %6.2f ms  nodes %.3f ms, database %.3f ms of a core\n",
					scenario.name, one.PerSecond, one.P50, one.P99, one.nodes, one.database)
				all[how.name+scenario.name] = append(all[how.name+scenario.name], one)
			}
		}
	}
	return all, nil
}
