// Command conformance serves what the official Engine.IO and Socket.IO protocol suites demand of a server under test.
// How to run the suites stands in README.md beside it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"parley/internal/socketio"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:3000", "address to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *listen); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("listening on", listener.Addr())
	server := &http.Server{Handler: newHandler(), ReadHeaderTimeout: 10 * time.Second}
	stopped := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stopped()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// newHandler serves an echo of Engine.IO messages and the events the Socket.IO suite asks for.
func newHandler() http.Handler {
	options := socketio.Options{
		PingInterval:   300 * time.Millisecond,
		PingTimeout:    200 * time.Millisecond,
		MaxPayload:     1_000_000,
		ConnectTimeout: 1500 * time.Millisecond, // the suites wait for 2 s, and their heartbeat case joins nothing for 900 ms
		Binary:         true,
		Namespace:      socketio.Namespaces("/", "/custom"),
		OnConnect:      sendAuth,
		OnEvent:        answer,
	}
	mux := http.NewServeMux()
	mux.Handle("/engine.io/", socketio.NewEngine(options, echo))
	mux.Handle("/socket.io/", socketio.NewServer(options))
	return mux
}

func echo(c *socketio.Conn, data []byte, binary bool) {
	if binary {
		_ = c.SendBinary(data)
	} else {
		_ = c.SendText(data)
	}
}

func sendAuth(s *socketio.Socket, h *socketio.Handshake) error {
	auth := h.Auth
	if auth == nil {
		auth = json.RawMessage("{}")
	}
	return s.Emit("auth", auth)
}

func answer(s *socketio.Socket, e *socketio.Event) {
	args := make([]any, 0, len(e.Args)+1)
	for _, arg := range e.Args {
		args = append(args, arg)
	}
	args = append(args, e.Attachments)
	switch e.Name {
	case "message":
		_ = s.Emit("message-back", args...)
	case "message-with-ack":
		_ = e.Ack(args...)
	}
}
