package script

import (
	"errors"
	"time"

	"parley/internal/dialog"
)

// engine compiles JavaScript and makes machines that run it. What crosses the
// border are strings, float64, int64, bool and nil; structured data is JSON
// text. So another engine can take goja's place.
type engine interface {
	Compile(unit) (*code, *dialog.Diagnostic)
	CompileBundle(*bundle, []dialog.Startup) ([]*code, *dialog.Diagnostic)
	NewVM() machine
}

// machine is one JavaScript world. It belongs to one goroutine at a time;
// Interrupt alone may be called from another.
type machine interface {
	// Bind gives the prelude a host function. Call it before Boot.
	Bind(name string, f hostFunc)
	// Boot runs the prelude; after it Call and Run work.
	Boot() error
	// Run runs start-up code in the scope that all turns inherit, or calls the
	// function that other code is wrapped in and waits for its promise.
	Run(c *code) (value, error)
	// Call calls a function of the prelude. An argument may be an object that
	// came as a value; a *thrown stands for what was thrown.
	Call(entry string, args ...any) (value, error)
	// Seal ends the start-up: what the world looks like now is what every turn
	// begins with.
	Seal()
	// Begin gives the turn a throw-away global object and a clock.
	Begin(now func() time.Time)
	// End takes them away. It is false when something shared was changed, so
	// that the machine must be thrown away.
	End() bool
	// Ruined tells that a stopped script may have left open calls behind: what is
	// to run next needs another machine.
	Ruined() bool
	// Interrupt stops what runs; no try or finally of a script sees it. The
	// running Call or Run returns reason. nil takes back an interrupt that has
	// not been seen.
	Interrupt(reason error)
}

// value is what a script gave: its text as {{ }} prints it and whether an if
// takes it for true. An object is not printed: it stays opaque.
type value struct {
	text   string
	truth  bool
	object any
}

// hostFunc is a Go function that scripts reach. Its error is thrown in the
// script; a result of *code is the function the code is wrapped in.
type hostFunc func(args []any) (any, error)

// codeKind is how a piece of JavaScript is wrapped.
type codeKind int

const (
	codeStartup    codeKind = iota // in the global scope
	codeBlock                      // the body of a function
	codeExpression                 // the result of a function
	codeAsync                      // the body of an async function
	codeModule                     // a file of the bundle
)

// unit is a piece of JavaScript of a bot.
type unit struct {
	kind   codeKind
	source dialog.Source
	// transient is set for texts that scripts make while the bot runs.
	transient bool
}

// thrown is an exception that no script caught.
type thrown struct {
	value   any // the thrown value, for the engine
	message string
	where   string // file:line:column, "" when unknown
}

func (t *thrown) Error() string { return t.message }

// stopped is why a limit ended the turn. Scripts cannot catch it. code is that
// of session.Failure.
type stopped struct{ code, message, where string }

func (s *stopped) Error() string { return s.message }

// errRestart unwinds a script that called newSession.
var errRestart = errors.New("the request starts again in a new session")
