package script

import (
	"cmp"
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/internal/dialog"
	"parley/internal/dialog/nlu"
	"parley/internal/egress"
	"parley/internal/script/library"
	"parley/internal/session"
)

// Options of a bot. The zero value is a bot in service.
type Options struct {
	Log *slog.Logger
	// Files, if not nil, are read instead of the project's directory; the modules of
	// scriptEs6 still come from there.
	Files fs.FS
	// Modules are what `require` finds by `module`; nil is library.Modules.
	Modules map[string]dialog.Module
	// Name is that of a bot whose chatbot.yaml gives none; "" is that of the directory.
	Name string
	// Injector overrides `injector` of chatbot.yaml.
	Injector map[string]any
	// Engines is how many machines may exist at once, Running how many of them
	// may run; 0 is session.EnginesPerBot and the number of cores.
	Engines, Running int
	// RunTime and EngineWait limit a turn; 0 is session.ScriptRunTime and
	// session.EngineWait.
	RunTime, EngineWait time.Duration
	// StartTime limits the start-up code of a machine; 0 is
	// session.ScriptStartTime.
	StartTime time.Duration
	// Stopped, if not nil, hears why a turn was stopped (StopTime, StopMemory); it
	// must not block.
	Stopped func(reason string)
	// Strict gives every turn a fresh machine, so that nothing at all is shared.
	Strict bool
	// Random gives a number from 0 to n-1; nil is a good one.
	Random func(n int) int
	// Egress says which addresses scripts may call; addresses without TLS are
	// always admitted.
	Egress egress.Guard
	// Secrets are the values of $secrets and $env.
	Secrets Secrets
	// Mail and GPT are the services behind $mail and $gpt.
	Mail MailServer
	GPT  GPT
	// NLU is a service that classifies texts instead of the local classifier.
	NLU NLU
	// Testing is the mode of XML tests: $context.testContext is set.
	Testing bool
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Modules == nil {
		o.Modules = library.Modules()
	}
	if o.RunTime == 0 {
		o.RunTime = session.ScriptRunTime
	}
	if o.StartTime == 0 {
		o.StartTime = session.ScriptStartTime
	}
	if o.EngineWait == 0 {
		o.EngineWait = session.EngineWait
	}
	if o.Random == nil {
		o.Random = rand.IntN
	}
	return o
}

// Bot is a loaded project. It is a session.Bot, safe for concurrent use.
type Bot struct {
	name       string
	project    *dialog.Project
	recogniser *dialog.Recogniser
	options    Options
	engine     engine
	pool       *pool
	states     map[string]*state
	startup    []*code
	consent    []*dialog.CompiledPattern // what a Confirmation takes for yes and no
	converters map[string]*code
	templates  map[string]bool // texts of yaml files that hold {{ }}
	handlers   map[string]bool // types of handlers that bind registered
	expanded   expandCache
	outside    *outside
	vault      *vault
	remote     nlu.Classifier // nil for the local one
	faulty     bool           // it was loaded with errors
}

// Load reads and compiles the project in a directory. The bot is nil when it
// cannot run: dialog.Runnable tells when, and its start-up code must end. What an
// other error is about is left out, or fails when it is reached.
func Load(dir string, options Options) (*Bot, []dialog.Diagnostic) {
	bot, _, found := loadProject(dir, options)
	if bot == nil || !dialog.Runnable(found) {
		return nil, found
	}
	bot.faulty = dialog.HasErrors(found)
	return bot, found
}

// Inspect reads a project as Load does, for tools: the project holds what could be
// read, whatever is wrong with it, and is never nil.
func Inspect(dir string, options Options) (*dialog.Project, []dialog.Diagnostic) {
	_, project, found := loadProject(dir, options)
	return project, found
}

func loadProject(dir string, options Options) (*Bot, *dialog.Project, []dialog.Diagnostic) {
	limitRegexps()
	defer processHeap().load()()
	options = options.withDefaults()
	project, found := dialog.LoadDir(dir, dialog.Options{Modules: options.Modules, Injector: options.Injector, Files: options.Files})
	bot, more := build(project, dir, options)
	found = append(found, more...)
	dialog.SortDiagnostics(found)
	return bot, project, slices.Compact(found) // the patterns were compiled by both
}

// Check tells everything that is wrong with the project in a directory. The
// error says that there is no such directory.
func Check(dir string, options Options) ([]dialog.Diagnostic, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	_, found := Load(dir, options)
	return found, nil
}

func build(project *dialog.Project, dir string, options Options) (*Bot, []dialog.Diagnostic) {
	b := &Bot{
		name: cmp.Or(project.Config.Name, options.Name, filepath.Base(dir)), project: project, options: options, states: map[string]*state{}, converters: map[string]*code{},
		templates: map[string]bool{}, handlers: map[string]bool{}, outside: newOutside(options.Egress),
	}
	b.vault = newVault(options.Secrets, b.name)
	b.remote = b.newRemote()
	b.recogniser = project.Recogniser()
	b.consent = consentPatterns(b)
	var found []dialog.Diagnostic
	js, err := newGojaEngine()
	if err != nil {
		return nil, append(found, dialog.Diagnostic{File: dialog.ConfigFile, Line: 1, Column: 1, Code: "engine", Severity: dialog.Error, Message: err.Error()})
	}
	b.engine = js
	c := &compiler{bot: b, dir: dir}
	c.project()
	found = append(found, c.found...)
	b.collectTemplates()
	b.pool = newPool(b)
	more, err := b.start()
	if found = append(found, more...); err != nil {
		return nil, found
	}
	return b, found
}

// start makes the first machine, which shows whether the start-up code runs. The
// error says that no machine can be made.
func (b *Bot) start() ([]dialog.Diagnostic, error) {
	vm, failures, err := b.newVM(b.options.Log)
	var found []dialog.Diagnostic
	for _, f := range failures {
		found = append(found, dialog.Diagnostic{
			File: f.at.File, Line: f.at.Line, Column: f.at.Column, Code: "startup", Severity: dialog.Error,
			Message: "the start-up code failed: " + b.masked(f.err.Error()),
		})
	}
	if err != nil {
		return found, err
	}
	types, err := vm.Call("handlerTypes")
	if err == nil {
		for name := range strings.FieldsSeq(types.text) {
			b.handlers[name] = true
		}
	}
	b.pool.put(vm)
	return found, nil
}

// collectTemplates finds the texts of yaml variables that hold {{ }}: said to
// the user, they are expanded. No other text is, so that what a user types never
// becomes code.
func (b *Bot) collectTemplates() {
	for _, v := range b.project.Variables {
		var value any
		if json.Unmarshal(v.Value, &value) == nil {
			eachText(value, func(text string) {
				if strings.Contains(text, "{{") {
					b.templates[text] = true
				}
			})
		}
	}
}

// injector is the JSON of $injector as code in a file sees it.
func (b *Bot) injector(file string) string {
	merged := map[string]any{"server": map[string]any{"version": Version}}
	maps.Copy(merged, b.project.Injector(file))
	text, err := json.Marshal(merged)
	if err != nil {
		return "{}"
	}
	return string(text)
}

// historyLength is how many context paths a session keeps.
func (b *Bot) historyLength() int {
	if depth := b.project.Config.NLP.ContextHistoryDepth; depth > 0 {
		return min(depth, maxHistoryLength)
	}
	return historyLength
}

// Version is what scripts see as the version of the platform.
const Version = "1.10.5"

// Name is the name of the bot: that of chatbot.yaml, else of the directory.
func (b *Bot) Name() string { return b.name }

// Run decides one turn.
func (b *Bot) Run(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
	d, _ := b.answer(ctx, turn, given{})
	if d == nil {
		return nil, ctx.Err()
	}
	return d, nil
}

// answer decides a turn and tells what happened in it; the decision is nil when
// ctx ended before a machine was free.
func (b *Bot) answer(ctx context.Context, turn *session.Turn, extra given) (*session.Decision, *record) {
	m, err := b.pool.get(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil, &record{}
		}
		r := newRun(ctx, b, nil, turn)
		return errorTurn{r}.silent(&session.Failure{Code: "deadline", Message: err.Error()}), &r.record
	}
	r := newRun(ctx, b, m, turn)
	defer func() { // not of m: a ruined machine was replaced
		r.vm.end()
		b.pool.put(r.vm)
	}()
	if r.given = extra; extra.query != "" {
		r.request.Query = extra.query
	}
	m.begin(r)
	return r.decide(), &r.record
}
