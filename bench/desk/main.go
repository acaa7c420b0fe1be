// Command desk is the part of `make bench` that measures the agent desk under load: a real
// server with many open conversations, agents connected by WebSocket, visitors who write,
// and a real Chromium that shows the list. It writes a table into docs/performance.md.
//
// Everything runs on this machine, over loopback, and shares its cores. Every WebSocket is
// a person of its own with a login of its own. Everything that is started is stopped again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"parley/bench/machine"
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
	threads int // open conversations
	agents  int // connected, beside the one in the browser
	rate    int // messages of visitors a second while it measures
	paints  int // page loads
	lists   int // requests of the list
	updates int // messages that are followed to the last agent and to the browser
	page    string
	dir     string
}

func parsePlan(arguments []string) (plan, error) {
	var p plan
	flags := flag.NewFlagSet("desk", flag.ContinueOnError)
	flags.IntVar(&p.threads, "threads", 10_000, "open conversations")
	flags.IntVar(&p.agents, "agents", 200, "agents who are connected")
	flags.IntVar(&p.rate, "rate", 20, "messages of visitors a second while it measures")
	flags.IntVar(&p.paints, "paints", 5, "loads of the page")
	flags.IntVar(&p.lists, "lists", 200, "requests of the list's first page")
	flags.IntVar(&p.updates, "updates", 200, "messages followed to the agents and the browser")
	flags.StringVar(&p.page, "page", "docs/performance.md", "`file` that gets the table; empty for none")
	flags.StringVar(&p.dir, "dir", os.TempDir(), "`directory` for the server's data")
	if err := flags.Parse(arguments); err != nil {
		return p, err
	}
	least := 20 // the browser follows the first rows of a list that is longer than its window
	if p.threads < least || p.agents < 1 || p.rate < 1 || p.paints < 1 || p.lists < 1 || p.updates < 1 {
		return p, fmt.Errorf("at least %d threads, and one of each of the others", least)
	}
	return p, nil
}

func run(ctx context.Context, arguments []string) (err error) {
	p, err := parsePlan(arguments)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(p.dir, "parley-desk-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	before := machine.Load()
	server, err := startServer(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.process.Stop()) }()
	found, err := measure(ctx, p, server)
	if err != nil {
		return err
	}
	body := found.table()
	fmt.Print(body)
	if p.page == "" {
		return nil
	}
	return page.Replace(filepath.Clean(p.page), "desk", p.conditions(dir, found, before)+"\n"+body)
}

// conditions says under which conditions the table was made. The load average from before
// the start tells whether the machine had other work.
func (p plan) conditions(dir string, found *findings, before float64) string {
	return fmt.Sprintf("%s, %s. Load average before the start %.1f, at the end %.1f, on %d cores. "+
		"%d open conversations (%s), %d agents and one browser connected, %d messages of visitors a second.\n",
		machine.Describe(dir), found.chromium, before, machine.Load(), runtime.NumCPU(), p.threads, found.mix, p.agents, p.rate)
}
