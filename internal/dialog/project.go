package dialog

import (
	"encoding/json"

	"parley/internal/dialog/nlu"
)

// Project is a loaded bot.
type Project struct {
	Config Config
	// Root is the state "/"; States holds every state and theme by path.
	Root   *State
	States map[string]*State
	// Triggers are all triggers in load order.
	Triggers []*Trigger
	// Patterns are the named patterns in load order, each name once (the last
	// definition wins).
	Patterns []*NamedPattern
	// Startup is the JavaScript to run once, in load order: `init` blocks and
	// required files.
	Startup []Startup
	// Dictionaries are the required csv files.
	Dictionaries []*Dictionary
	// Variables are the global variables made by `var` of csv and yaml files; set
	// them before Startup runs.
	Variables []Variable
	// Inclusions are the files that the require tags named, in load order.
	Inclusions []Inclusion
	// NLU is the export of intents and entities, empty when the project has none.
	NLU *nlu.Model
	// Incomplete is true when a required module could not be loaded, so that
	// states, patterns and functions may be missing.
	Incomplete bool

	injectors     map[string]map[string]any
	groups        map[string][]string // examples by group
	examples      *Examples
	recogniser    *Recogniser
	understanding *Understanding
}

// StartupKind tells what a piece of start-up code is.
type StartupKind string

const (
	StartupInit StartupKind = "init"
	StartupFile StartupKind = "file"
	StartupES6  StartupKind = "es6"
)

// Startup is code that runs once when the bot is loaded. Name is the global
// variable of a file required with `type = scriptEs6`, else "".
type Startup struct {
	Pos
	Kind StartupKind
	Name string
	Code Source
}

// Inclusion is a file that a require tag found. Its Pos is that of the written
// path; Path is the file as it is named in positions.
type Inclusion struct {
	Pos
	Path string
}

// Variable is a global JavaScript variable whose value is known at load.
type Variable struct {
	Pos
	Name  string
	Value json.RawMessage
}

// Recogniser is the one that Load made to check the patterns, without entities:
// what is wrong with them stands among the diagnostics of Load. Use it rather than
// NewRecogniser, which indexes large dictionaries anew. It is never nil.
func (p *Project) Recogniser() *Recogniser { return p.recogniser }

// Examples recognises example phrases; it is never nil after Load.
func (p *Project) Examples() *Examples { return p.examples }

// Understanding finds entities and intents; it is never nil after Load.
func (p *Project) Understanding() *Understanding { return p.understanding }

// entities is nil for a project that Load did not make.
func (p *Project) entities() Entities {
	if p.understanding == nil {
		return nil
	}
	return p.understanding
}

// Injector is the `injector` of chatbot.yaml with what `require` adds for one
// file and those it requires. file is the File of a Pos. The result is shared:
// do not change it.
func (p *Project) Injector(file string) map[string]any {
	if own, ok := p.injectors[file]; ok {
		return own
	}
	return p.Config.Injector
}
