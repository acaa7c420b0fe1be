// Command server is parley with a debug log of its turns, for the history
// checker's runs: the file named by HISTORY_TRACE gets a JSON object a turn.
// With HISTORY_BOT=go a bot written in Go answers for integrations without a
// bot: one that counts like the script does (package history), and takes its
// time, or waits at the gate HISTORY_GATE until it is open for HISTORY_NODE. HISTORY_AHEAD says how far
// its clock is ahead of the machine's.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"parley/e2e/history"
	"parley/internal/app"
	"parley/internal/session"
)

func main() {
	trace, err := tracer(os.Getenv("HISTORY_TRACE"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(app.ExitCannot)
	}
	env := app.Environment{
		Args: os.Args[1:], Environ: os.Environ(), Stdout: os.Stdout, Stderr: os.Stderr, Version: "history", Trace: trace,
	}
	if os.Getenv("HISTORY_BOT") == "go" {
		env.Bot = func(in *session.Integration) session.Bot {
			if in.Settings.Bot != "" {
				return nil
			}
			return counter{history.Gate(os.Getenv("HISTORY_GATE")), os.Getenv("HISTORY_NODE")}
		}
	}
	ahead, err := time.ParseDuration(cmp.Or(os.Getenv("HISTORY_AHEAD"), "0"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(app.ExitCannot)
	}
	env.Now = func() time.Time { return time.Now().Add(ahead) }
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Main(ctx, env)
	stop()
	os.Exit(code)
}

// tracer returns a function that appends a line to the file for every turn, in
// one write, so that a kill cuts none that has been written.
func tracer(path string) (func(session.TraceEntry), error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	return func(e session.TraceEntry) {
		line, _ := json.Marshal(e) // a plain struct
		mu.Lock()
		defer mu.Unlock()
		if _, err := file.Write(append(line, '\n')); err != nil {
			panic(err) // a log with holes proves nothing
		}
	}, nil
}
