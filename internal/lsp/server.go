package lsp

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"parley/internal/script"
)

// Server serves one editor.
type Server struct {
	In  io.Reader
	Out io.Writer
	// Pause is how long nothing may change before the project is looked at again.
	Pause time.Duration
	// Options are those of the bots it checks.
	Options script.Options
	Log     *slog.Logger
	Version string

	workspace
	phase phase
	timer *time.Timer
	done  chan outcome // of the check that runs
	fault error        // of writing
}

// phase is how far the editor has come.
type phase int

const (
	starting phase = iota
	serving
	shutDown
	exited
)

// ErrNoShutdown says that the editor left without asking the server to shut down.
var ErrNoShutdown = errors.New("the editor left without a shutdown request")

// Serve answers until the editor exits, its stream ends or ctx ends.
func (s *Server) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.workspace = workspace{documents: map[string]*document{}, projects: map[string]*project{}}
	s.done = make(chan outcome, 1) // a check that ends after the server is not waited for
	s.timer = time.NewTimer(time.Hour)
	defer s.timer.Stop()
	s.timer.Stop()
	incoming, broken := s.read(ctx)
	for s.phase != exited && s.fault == nil {
		select {
		case <-ctx.Done():
			return nil
		case body, ok := <-incoming:
			if !ok {
				if err := <-broken; err != nil {
					return err
				}
				return s.left()
			}
			s.receive(body)
		case <-s.timer.C:
			s.check()
		case o := <-s.done:
			s.checked(o)
		}
	}
	if s.fault != nil {
		return s.fault
	}
	return nil
}

// left is the outcome when the stream ends.
func (s *Server) left() error {
	if s.phase == shutDown {
		return nil
	}
	return ErrNoShutdown
}

// read reads frames; the error follows when they end, nil for a clean end.
func (s *Server) read(ctx context.Context) (<-chan []byte, <-chan error) {
	frames, broken := make(chan []byte), make(chan error, 1)
	go func() {
		defer close(frames)
		in := bufio.NewReader(s.In)
		for {
			body, err := readFrame(in)
			if err != nil {
				if errors.Is(err, io.EOF) && !errors.Is(err, errFrame) {
					err = nil
				}
				broken <- err
				return
			}
			select {
			case frames <- body:
			case <-ctx.Done():
				broken <- nil
				return
			}
		}
	}()
	return frames, broken
}

// receive takes one message.
func (s *Server) receive(body []byte) {
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		s.refuse(json.RawMessage("null"), &rpcError{Code: codeParse, Message: "the message is no JSON object: " + err.Error()})
		return
	}
	if m.Method == "" { // an answer; nothing was asked
		return
	}
	result, wrong := s.dispatch(&m)
	switch {
	case len(m.ID) == 0:
		if wrong != nil && wrong.Code != codeNoMethod {
			s.Log.Warn("a notification was refused", "method", m.Method, "error", wrong.Message)
		}
	case wrong != nil:
		s.refuse(m.ID, wrong)
	default:
		s.answer(m.ID, result)
	}
}

// dispatch hands a message to its method. A panic is an error of the server, not
// its end: the next request may be about another place.
func (s *Server) dispatch(m *message) (result any, wrong *rpcError) {
	defer func() {
		if x := recover(); x != nil {
			s.Log.Error("a request failed", "method", m.Method, "error", fmt.Sprint(x))
			result, wrong = nil, &rpcError{Code: codeInternal, Message: fmt.Sprint("internal error: ", x)}
		}
	}()
	switch {
	case m.Method == "exit":
		if s.phase != shutDown {
			s.fault = ErrNoShutdown
		}
		s.phase = exited
		return nil, nil
	case m.Method == "initialize":
		s.phase = serving
		return s.capabilities(), nil
	case s.phase == starting:
		return nil, &rpcError{Code: codeNotInitialized, Message: "initialize comes first"}
	case s.phase == shutDown:
		return nil, &rpcError{Code: codeInvalidRequest, Message: "the server is shut down"}
	}
	method, known := s.methods()[m.Method]
	if !known {
		return nil, &rpcError{Code: codeNoMethod, Message: "there is no method " + m.Method}
	}
	return method(m)
}

// method answers a request; the result of a notification is nil.
type method func(m *message) (result any, wrong *rpcError)

func (s *Server) methods() map[string]method {
	return map[string]method{
		"initialized":                     s.nothing,
		"shutdown":                        s.shutdown,
		"textDocument/didOpen":            s.didOpen,
		"textDocument/didChange":          s.didChange,
		"textDocument/didSave":            s.didSave,
		"textDocument/didClose":           s.didClose,
		"workspace/didChangeWatchedFiles": s.didChangeFiles,
		"textDocument/completion":         s.place(complete),
		"textDocument/definition":         s.place(define),
		"textDocument/hover":              s.place(describe),
		"textDocument/documentSymbol":     s.symbols,
	}
}

// place makes a method of what answers at a cursor; null is the answer about a
// document that is not open.
func (s *Server) place(answer func(c *cursor) any) method {
	return func(m *message) (any, *rpcError) {
		p, wrong := paramsOf[placeParams](m)
		if wrong != nil {
			return nil, wrong
		}
		d := s.documents[p.Document.URI]
		if d == nil {
			return nil, nil
		}
		return answer(s.cursor(d, p.Position)), nil
	}
}

func (s *Server) nothing(*message) (any, *rpcError) { return nil, nil }

func (s *Server) shutdown(*message) (any, *rpcError) {
	s.phase = shutDown
	return nil, nil
}

// capabilities is what the server can do.
func (s *Server) capabilities() any {
	return map[string]any{
		"capabilities": map[string]any{
			"positionEncoding":       "utf-16",
			"textDocumentSync":       map[string]any{"openClose": true, "change": 1, "save": true},
			"completionProvider":     map[string]any{"triggerCharacters": strings.Split(`! $ / . < > " ' @ =`, " ")},
			"definitionProvider":     true,
			"hoverProvider":          true,
			"documentSymbolProvider": true,
		},
		"serverInfo": map[string]any{"name": "parley", "version": s.Version},
	}
}

func (s *Server) answer(id json.RawMessage, result any) {
	body, err := json.Marshal(result)
	if err != nil {
		s.refuse(id, &rpcError{Code: codeInternal, Message: err.Error()})
		return
	}
	s.send(&message{ID: id, Result: body})
}

func (s *Server) refuse(id json.RawMessage, wrong *rpcError) { s.send(&message{ID: id, Error: wrong}) }

func (s *Server) notify(method string, params any) {
	body, err := json.Marshal(params)
	if err != nil {
		s.Log.Error("a notification cannot be written", "method", method, "error", err.Error())
		return
	}
	s.send(&message{Method: method, Params: body})
}

func (s *Server) send(m *message) {
	m.Version = "2.0"
	body, err := json.Marshal(m)
	if err == nil {
		err = writeFrame(s.Out, body)
	}
	if err != nil {
		s.fault = err
	}
}
