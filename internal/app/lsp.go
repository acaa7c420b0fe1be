package app

import (
	"errors"
	"io"
	"log/slog"
	"strings"
	"time"

	"parley/internal/lsp"
	"parley/internal/script"
)

type lspCommand struct{}

// Help shows an example.
func (lspCommand) Help() string {
	return "Speaks the Language Server Protocol on standard input and output: diagnostics, completion, jumps to definitions, hover and " +
		"outlines for .sc files, chatbot.yaml and XML tests. Editors start it; see docs/language/tools.md.\n\nExample:\n\n  parley lsp"
}

// editorPause is how long nothing may be typed before a project is checked.
const editorPause = 300 * time.Millisecond

// Run serves an editor until it leaves.
func (lspCommand) Run(p *process) error {
	secrets, err := script.ReadSecrets("", p.env.Environ)
	if err != nil {
		return err
	}
	var in io.Reader = strings.NewReader("")
	if p.env.Stdin != nil {
		in = p.env.Stdin
	}
	server := &lsp.Server{
		In: in, Out: p.env.Stdout, Pause: editorPause, Options: script.Options{Secrets: secrets},
		Log: slog.New(slog.NewTextHandler(p.env.Stderr, nil)), Version: p.env.Version,
	}
	err = server.Serve(p.ctx)
	if errors.Is(err, lsp.ErrNoShutdown) {
		return exitError(ExitFailed)
	}
	return err
}
