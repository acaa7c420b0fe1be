package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"parley/internal/config"
	"parley/internal/session"
	"parley/internal/store/sqlite"
)

// The running server listens on DIR/parley.sock (mode 0600) for the command
// line: architecture, Recovery and limits. A request is POST /NAME with the
// operation's arguments as a JSON object.

// maxSocketPath is what Linux leaves of sun_path for a name.
const maxSocketPath = 107

func socketPath(dir string) string { return filepath.Join(dir, "parley.sock") }

// operation is something the command line asks of a node.
type operation func(ctx context.Context, n *Node, args json.RawMessage) (any, error)

// operations is the list of what the command line can ask.
func operations() map[string]operation {
	return map[string]operation{
		"integration.create": do(createIntegration),
		"integration.list":   do(listIntegrations),
		"integration.show":   do(showIntegration),
		"integration.set":    do(setIntegration),
		"key.create":         do(createKey),
		"key.list":           do(listKeys),
		"key.revoke":         do(revokeKey),
		"agent.invite":       do(inviteAgent),
		"agent.list":         do(listAgents),
		"agent.disable":      do(disableAgent),
		"agent.enable":       do(enableAgent),
		"agent.reset":        do(resetAgent),
		"department.create":  do(createDepartment),
		"department.list":    do(listDepartments),
		"department.delete":  do(deleteDepartment),
		"session.list":       do(listSessions),
		"session.show":       do(showSession),
		"session.close":      do(closeSession),
		"turn.list":          do(listTurns),
		"webhook.list":       do(listDeadLetters),
		"webhook.show":       do(showDeadLetter),
		"webhook.redeliver":  do(redeliver),
		"webhook.ping":       do(ping),
		"bot.list":           do(listBots),
		"bot.reload":         do(reloadBots),
		"bot.deploy":         do(deploy),
		"bot.rollback":       do(rollback),
		"bot.releases":       do(listReleases),
		"backup":             do(backup),
	}
}

// do gives an operation its arguments in their own type.
func do[A any](f func(context.Context, *Node, A) (any, error)) operation {
	return func(ctx context.Context, n *Node, raw json.RawMessage) (any, error) {
		var args A
		if len(raw) > 0 {
			if err := json.Unmarshal(raw, &args); err != nil {
				return nil, session.Invalid("", "arguments: %s", err.Error())
			}
		}
		return f(ctx, n, args)
	}
}

// control serves the operations on the node's socket, and what the server says of
// itself.
func (n *Node) control(looks http.Handler) (net.Listener, *http.Server, error) {
	path := socketPath(n.cfg.Data)
	if len(path) > maxSocketPath {
		return nil, nil, fmt.Errorf("data: the control socket %s has a path of %d bytes, and the system allows %d: choose a shorter directory", path, len(path), maxSocketPath)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, err
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "unix", path) // it outlives who asked for it
	if err != nil {
		return nil, nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, nil, errors.Join(err, listener.Close())
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", looks)
	for name, op := range operations() {
		mux.HandleFunc("POST /"+name, n.answer(op))
	}
	return listener, &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}, nil
}

func (n *Node) answer(op operation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		args, err := io.ReadAll(io.LimitReader(r.Body, session.MaxBody))
		var result any
		if err == nil {
			result, err = op(r.Context(), n, args)
		}
		w.Header().Set("Content-Type", "application/json")
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			result = controlError{Code: session.CodeOf(err), Message: err.Error()}
		}
		_ = json.NewEncoder(w).Encode(result)
	}
}

type controlError struct {
	Code    session.Code `json:"code"`
	Message string       `json:"message"`
}

func (e controlError) Error() string { return e.Message }

// ask has an operation done: by the running server when one holds the
// directory, otherwise by this process on the store itself.
func ask(ctx context.Context, cfg config.Config, env *Environment, name string, args any) (json.RawMessage, error) {
	raw, err := json.Marshal(args)
	if err != nil {
		return nil, err
	}
	answer, err := askServer(ctx, cfg.Data, name, raw)
	if !errors.Is(err, errNoServer) {
		return answer, err
	}
	if name == "backup" && !holdsData(cfg) {
		return nil, fmt.Errorf("%s: no server runs on this data directory and no database is in it: there is nothing to back up "+
			"(rows in PostgreSQL are found by the setting store, or PARLEY_STORE)", cfg.Data)
	}
	n, err := open(ctx, cfg, env, slog.New(slog.DiscardHandler), false)
	if errors.Is(err, sqlite.ErrLocked) {
		return nil, fmt.Errorf("%w: another process holds %s and does not answer on its socket", err, cfg.Data)
	}
	if err != nil {
		return nil, err
	}
	result, err := operations()[name](ctx, n, raw)
	if err = errors.Join(err, n.close()); err != nil {
		return nil, err
	}
	return json.Marshal(result)
}

// holdsData reports whether there is a store to open; opening makes one otherwise.
func holdsData(cfg config.Config) bool {
	_, err := os.Stat(filepath.Join(cfg.Data, sqlite.File))
	return cfg.Store != "" || err == nil
}

var errNoServer = errors.New("no server runs on this data directory")

func askServer(ctx context.Context, dir, name string, args []byte) (json.RawMessage, error) {
	client := socketClient(dir)
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://parley/"+name, bytes.NewReader(args))
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return nil, errors.Join(errNoServer, err)
	}
	if err != nil { // it may have been done: another process must not do it again
		return nil, fmt.Errorf("the server ended before it answered: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode == http.StatusOK {
		return body, err
	}
	var refused controlError
	if err := json.Unmarshal(body, &refused); err != nil {
		return nil, fmt.Errorf("the server answered %s", res.Status)
	}
	return nil, refused
}
