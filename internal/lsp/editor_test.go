package lsp

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// editor is a client that speaks the protocol over pipes.
type editor struct {
	*testing.T
	dir      string
	out      io.WriteCloser
	messages chan message
	ended    chan error
	last     int // id of the last request
}

// edit starts a server for a project with some files, and says initialize.
func startEditor(t *testing.T, files map[string]string) *editor {
	t.Helper()
	e := newEditor(t, t.TempDir())
	for name, text := range files {
		full := filepath.Join(e.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var result struct {
		Capabilities map[string]any `json:"capabilities"`
	}
	e.call("initialize", map[string]any{"capabilities": map[string]any{}}, &result)
	if result.Capabilities["hoverProvider"] != true {
		t.Fatalf("the capabilities are %v", result.Capabilities)
	}
	e.tell("initialized", map[string]any{})
	return e
}

func newEditor(t *testing.T, dir string) *editor {
	serverIn, clientOut := io.Pipe()
	clientIn, serverOut := io.Pipe()
	e := &editor{T: t, dir: dir, out: clientOut, messages: make(chan message, 1000), ended: make(chan error, 1)}
	server := &Server{In: serverIn, Out: serverOut, Pause: time.Millisecond, Log: slog.New(slog.DiscardHandler)}
	go func() {
		err := server.Serve(t.Context())
		_ = serverOut.Close() // never fails
		e.ended <- err
	}()
	go func() {
		defer close(e.messages)
		in := bufio.NewReader(clientIn)
		for {
			body, err := readFrame(in)
			if err != nil {
				return
			}
			var m message
			if err := json.Unmarshal(body, &m); err != nil || m.Version != "2.0" {
				t.Errorf("the server sent %q", body)
				return
			}
			e.messages <- m
		}
	}()
	t.Cleanup(func() { _ = clientOut.Close() })
	return e
}

func (e *editor) write(m message) {
	e.Helper()
	m.Version = "2.0"
	body, err := json.Marshal(m)
	if err == nil {
		err = writeFrame(e.out, body)
	}
	if err != nil {
		e.Fatal(err)
	}
}

func raw(t *testing.T, v any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// tell sends a notification.
func (e *editor) tell(method string, params any) {
	e.Helper()
	e.write(message{Method: method, Params: raw(e.T, params)})
}

// ask sends a request and gives its answer; notifications before it are dropped.
func (e *editor) ask(method string, params any) message {
	e.Helper()
	e.last++
	id := raw(e.T, e.last)
	e.write(message{ID: id, Method: method, Params: raw(e.T, params)})
	for m := range e.messages {
		if string(m.ID) == string(id) {
			return m
		}
	}
	e.Fatalf("%s got no answer", method)
	return message{}
}

func (e *editor) call(method string, params, result any) {
	e.Helper()
	m := e.ask(method, params)
	if m.Error != nil {
		e.Fatalf("%s: %s", method, m.Error.Message)
	}
	if err := json.Unmarshal(m.Result, result); err != nil {
		e.Fatalf("%s: %s in %s", method, err, m.Result)
	}
}

func (e *editor) uri(file string) string {
	return uriOf(filepath.Join(e.dir, filepath.FromSlash(file)))
}

func (e *editor) open(file, text string) {
	e.Helper()
	e.tell("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": e.uri(file), "languageId": "jaicp", "version": 1, "text": text}})
}

func (e *editor) change(file, text string) {
	e.Helper()
	e.tell("textDocument/didChange", map[string]any{
		"textDocument": map[string]any{"uri": e.uri(file), "version": 2}, "contentChanges": []any{map[string]any{"text": text}},
	})
}

// diagnostics waits for the next ones of a file, one a line as
// "line:character-character severity code".
func (e *editor) diagnostics(file string) string {
	e.Helper()
	for m := range e.messages {
		if m.Method != "textDocument/publishDiagnostics" {
			continue
		}
		var p publishParams
		if err := json.Unmarshal(m.Params, &p); err != nil {
			e.Fatal(err)
		}
		if p.URI != e.uri(file) {
			continue
		}
		var lines []string
		for _, d := range p.Diagnostics {
			lines = append(lines, fmt.Sprintf("%d:%d-%d %d %s", d.Range.Start.Line, d.Range.Start.Character, d.Range.End.Character, d.Severity, d.Code))
		}
		return strings.Join(lines, "\n")
	}
	e.Fatalf("no diagnostics of %s came", file)
	return ""
}

// here splits a text at the mark ‸ and gives the place as the protocol counts it.
func here(t *testing.T, marked string) (text string, at position) {
	t.Helper()
	before, after, ok := strings.Cut(marked, "‸")
	if !ok {
		t.Fatal("the text has no mark")
	}
	line := before[strings.LastIndexByte(before, '\n')+1:]
	for _, r := range line {
		if at.Character++; r > 0xffff {
			at.Character++
		}
	}
	at.Line = strings.Count(before, "\n")
	return before + after, at
}

// at opens a marked text and gives the parameters of a request about the mark.
func (e *editor) at(file, marked string) placeParams {
	e.Helper()
	text, p := here(e.T, marked)
	e.open(file, text)
	e.diagnostics(file) // the project has been looked at
	return placeParams{Document: identifier{e.uri(file)}, Position: p}
}

// leave shuts the server down.
func (e *editor) leave() {
	e.Helper()
	if m := e.ask("shutdown", nil); m.Error != nil || string(m.Result) != "null" {
		e.Errorf("shutdown: %+v", m)
	}
	if m := e.ask("textDocument/hover", placeParams{}); m.Error == nil || m.Error.Code != codeInvalidRequest {
		e.Errorf("a request after shutdown: %+v", m)
	}
	e.tell("exit", nil)
	if err := <-e.ended; err != nil {
		e.Error(err)
	}
}

// TestLifeCycle starts and ends the server as the protocol says.
func TestLifeCycle(t *testing.T) {
	t.Parallel()
	e := newEditor(t, t.TempDir())
	if m := e.ask("textDocument/hover", placeParams{}); m.Error == nil || m.Error.Code != codeNotInitialized {
		t.Errorf("a request before initialize: %+v", m)
	}
	e.call("initialize", map[string]any{}, &struct{}{})
	if m := e.ask("textDocument/rename", placeParams{}); m.Error == nil || m.Error.Code != codeNoMethod {
		t.Errorf("an unknown method: %+v", m)
	}
	if m := e.ask("textDocument/hover", []int{1}); m.Error == nil || m.Error.Code != codeInvalidParams {
		t.Errorf("wrong parameters: %+v", m)
	}
	e.tell("$/setTrace", map[string]any{"value": "off"})
	if err := writeFrame(e.out, []byte("{")); err != nil {
		t.Fatal(err)
	}
	if m := <-e.messages; m.Error == nil || m.Error.Code != codeParse || string(m.ID) != "null" {
		t.Errorf("half a message: %+v", m)
	}
	e.leave()

	e = newEditor(t, t.TempDir())
	e.call("initialize", map[string]any{}, &struct{}{})
	if err := e.out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-e.ended; !errors.Is(err, ErrNoShutdown) {
		t.Errorf("an editor that vanished: %v", err)
	}
}
