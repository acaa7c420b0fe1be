// Command server is Parley with a bot written in Go that counts (package
// history) and a debug log of its turns, for the history checker's runs. It
// stands where a script bot cannot: it can take its time, and it throws when
// it is told to.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"parley/internal/auth"
	"parley/internal/face/live"
	"parley/internal/face/rest"
	"parley/internal/session"
	"parley/internal/store/sqlite"
	"parley/internal/webhook"
)

func main() {
	dir := flag.String("data", "", "data directory")
	listen := flag.String("listen", "127.0.0.1:0", "address")
	trace := flag.String("trace", "", "file the debug log is appended to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *dir, *listen, *trace); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, dir, listen, trace string) error {
	store, err := sqlite.Open(ctx, dir, sqlite.Options{})
	if err != nil {
		return err
	}
	directory := auth.NewDirectory(store.Registry())
	if err := directory.Reload(ctx); err != nil {
		return errors.Join(err, store.Close())
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	traced, err := tracer(trace)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	sender := webhook.New(webhook.Options{
		Outbox: store.Outbox(), Integration: directory.Integration, Now: time.Now, Log: log,
		Guard: webhook.Guard{AllowHTTP: true, AllowPrivate: true},
	})
	core := session.New(session.Config{
		Store: store, Integration: directory.Integration, Bot: func(*session.Integration) session.Bot { return counter{} },
		Now: time.Now, Log: log, Queued: sender.Wake, Trace: traced,
		Retention: session.Retention{EventsMs: session.EventRetention.Milliseconds()},
	})
	return errors.Join(serve(ctx, core, sender, directory, log, listen), store.Close())
}

// serve answers until ctx ends.
func serve(ctx context.Context, core *session.Core, sender *webhook.Sender, directory *auth.Directory, log *slog.Logger, listen string) error {
	base := context.WithoutCancel(ctx)
	mux := http.NewServeMux()
	rest.New(rest.Config{Core: core, Directory: directory, Now: time.Now, Log: log}).Mount(mux)
	live.New(base, live.Config{
		Core: core, Directory: directory, Now: time.Now, Log: log,
		EventRate: 1000, EventBurst: 1000,
	}).Mount(mux)
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	if err := core.Start(base); err != nil {
		return err
	}
	sender.Start()
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	grace, cancel := context.WithTimeout(base, 10*time.Second)
	defer cancel()
	err = errors.Join(err, server.Close())
	sender.Stop(grace)
	core.Stop(grace)
	return err
}

// tracer returns a function that appends a line to the file for every turn,
// at once, so that a kill loses none that has been written.
func tracer(path string) (func(session.TraceEntry), error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	w := bufio.NewWriter(file)
	enc := json.NewEncoder(w)
	return func(e session.TraceEntry) {
		mu.Lock()
		defer mu.Unlock()
		_ = enc.Encode(e)
		_ = w.Flush()
	}, nil
}
