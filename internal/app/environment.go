package app

import (
	"context"
	"io"
	"time"

	"parley/internal/session"
)

// Environment is what a process gets from outside, as a value, so that a test
// can run the whole program.
type Environment struct {
	Args    []string  // without the program name
	Environ []string  // NAME=value
	Stdin   io.Reader // nil is empty
	Stdout  io.Writer
	Stderr  io.Writer
	Version string
	Now     func() time.Time
	// Trace, if not nil, gets the debug log of turns; Bot, if not nil, answers
	// instead of the bots of integrations for which it returns one. Both are for
	// tests of whole histories.
	Trace func(session.TraceEntry)
	Bot   func(*session.Integration) session.Bot
	// Ready, if not nil, is called when a server listens, with its addresses.
	Ready func(Addresses)
}

// Addresses are where a server listens.
type Addresses struct {
	Public  string // host:port of the faces
	Metrics string // host:port of the second address; "" when off
}

// Exit codes of the program.
const (
	ExitOK     = 0
	ExitFailed = 1 // something it looked at is broken: a test, a check, a refused request
	ExitCannot = 2 // it could not do its work
)

// Main runs the program and returns its exit code. It ends when the command is
// done or ctx ends.
func Main(ctx context.Context, env Environment) int {
	if env.Now == nil {
		env.Now = time.Now
	}
	return run(ctx, &env)
}
