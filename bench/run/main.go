// Command run is `make bench`: it measures Parley beside the baseline, in turn, and
// writes the table of docs/performance.md.
//
// Both servers run on this machine, over loopback, one at a time, each with empty data,
// driven by the same load program. What counts is the ratio of two neighbouring runs;
// the page reports its median. Everything that is started is stopped again, also after
// an error or an interrupt.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"parley/bench/page"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// plan is what one call of the program does.
type plan struct {
	runs      int
	servers   []string
	scenarios []string
	load      loadSettings
	page      string
	dir       string // holds all data of the bench; removed at the end
}

func parsePlan(arguments []string) (plan, error) {
	var p plan
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.IntVar(&p.runs, "runs", 5, "runs of each server")
	servers := flags.String("servers", "baseline,parley", "servers to measure, in this order")
	scenarios := flags.String("scenarios", strings.Join(scenarioNames(), ","), "scenarios to run")
	flags.IntVar(&p.load.clients, "clients", 64, "clients in the closed loop")
	flags.IntVar(&p.load.connections, "connections", 5000, "idle websockets")
	flags.DurationVar(&p.load.warmup, "warmup", time.Second, "time before each measured window")
	flags.DurationVar(&p.load.window, "window", 4*time.Second, "measured window of each scenario")
	flags.StringVar(&p.page, "page", "docs/performance.md", "`file` that gets the table; empty for none")
	flags.StringVar(&p.dir, "dir", os.TempDir(), "`directory` for the data of both servers")
	if err := flags.Parse(arguments); err != nil {
		return p, err
	}
	p.servers = strings.Split(*servers, ",")
	p.scenarios = strings.Split(*scenarios, ",")
	for _, name := range p.scenarios {
		if !slices.Contains(scenarioNames(), name) {
			return p, fmt.Errorf("unknown scenario %q; known are %s", name, strings.Join(scenarioNames(), ", "))
		}
	}
	return p, nil
}

func run(ctx context.Context, arguments []string) (err error) {
	p, err := parsePlan(arguments)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(p.dir, "parley-bench-")
	if err != nil {
		return err
	}
	// The database server runs as another user and has to pass through.
	if err := os.Chmod(dir, 0o711); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	load, err := buildLoad(ctx, dir, p.load)
	if err != nil {
		return err
	}
	contestants, err := prepare(ctx, dir, p.servers)
	if err != nil {
		return err
	}
	figures, err := measure(ctx, p, load, contestants)
	if err != nil {
		return err
	}
	return report(p, dir, figures)
}

// measure runs the contestants in turn.
func measure(ctx context.Context, p plan, load loader, contestants []contestant) (figures, error) {
	all := figures{}
	for round := range p.runs {
		for _, who := range contestants {
			fmt.Fprintf(os.Stderr, "run %d of %d: %s\n", round+1, p.runs, who.name())
			for _, scenarios := range freshStarts(p.scenarios) {
				results, err := measureOnce(ctx, who, load, scenarios)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", who.name(), err)
				}
				all.add(who.name(), results)
			}
		}
	}
	return all, nil
}

// freshStarts splits the scenarios by process: memory is read on a server that has done
// nothing else.
func freshStarts(scenarios []string) [][]string {
	idle := func(name string) bool { return name == idleScenario }
	loops := slices.DeleteFunc(slices.Clone(scenarios), idle)
	var starts [][]string
	if len(loops) < len(scenarios) {
		starts = append(starts, []string{idleScenario})
	}
	if len(loops) > 0 {
		starts = append(starts, loops)
	}
	return starts
}

func measureOnce(ctx context.Context, who contestant, load loader, scenarios []string) (results []result, err error) {
	server, err := who.start(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	for _, scenario := range scenarios {
		one, err := load.run(ctx, server, scenario)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(os.Stderr, "  %s\n", one)
		results = append(results, one)
	}
	return results, nil
}

// report prints the table and, when both servers ran, keeps it in the page.
func report(p plan, dir string, all figures) error {
	body := table(all, p.scenarios)
	fmt.Print(body)
	both := slices.Contains(p.servers, parleyName) && slices.Contains(p.servers, baselineName)
	if p.page == "" || !both {
		return nil
	}
	section := conditions(p, dir) + "\n" + body
	return page.Replace(filepath.Clean(p.page), "bench", section)
}
