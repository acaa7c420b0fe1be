package script

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
	"github.com/go-sourcemap/sourcemap"

	"parley/internal/dialog"
)

//go:embed prelude.js
var preludeSource string

// serviceSources are the files in services/: each is a function of the host
// functions and the prelude's kit that adds services to what scripts see. It may
// return functions that the Go side calls by name, like those of the prelude.
//
//go:embed services/*.js
var serviceSources embed.FS

// maxCallDepth bounds the recursion of scripts.
const maxCallDepth = 2000

// gojaEngine is the engine on goja. Compiled code is shared by its machines.
type gojaEngine struct {
	prelude  *goja.Program
	services []*goja.Program
	vendor   []vendorProgram
	units    map[string]*code // by goja's name of the source
	last     int              // id of a unit
	strict   bool             // some unit has strict code
}

// transient marks code that is compiled while the bot runs: machines do not keep
// what they make of it.
const transient = -1

// code is compiled JavaScript that every machine of the engine can run.
type code struct {
	id      int
	kind    codeKind
	program *goja.Program
	text    string
	file    string
	start   dialog.Pos
	shift   int  // columns that the wrapper takes in line 1
	reads   bool // it changes nothing and calls nothing
	// globals are the names that start-up code makes, writes the places where
	// turns change objects of such names.
	globals []string
	writes  []sharedWrite
	// of a file of a bundle: the bundle, its place in it, the global it makes
	whole  *code
	index  int
	module string
	// places leads from a bundle to its files, nil for other code.
	places *sourcemap.Consumer
}

func newGojaEngine() (*gojaEngine, error) {
	e := &gojaEngine{units: map[string]*code{}}
	var err error
	if e.prelude, err = compileTrusted("prelude.js", preludeSource); err != nil {
		return nil, err
	}
	if e.services, err = servicePrograms(); err != nil {
		return nil, err
	}
	e.vendor, err = vendorPrograms()
	return e, err
}

func servicePrograms() ([]*goja.Program, error) {
	files, err := fs.Glob(serviceSources, "services/*.js")
	if err != nil {
		return nil, err
	}
	var programs []*goja.Program
	for _, name := range files {
		text, err := serviceSources.ReadFile(name)
		if err != nil {
			return nil, err
		}
		program, err := compileTrusted(name, string(text))
		if err != nil {
			return nil, err
		}
		programs = append(programs, program)
	}
	return programs, nil
}

func compileTrusted(name, text string) (*goja.Program, error) {
	tree, err := parser.ParseFile(nil, name, text, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, err
	}
	return goja.CompileAST(tree, false)
}

// Compile makes code of a unit. Places in it are those of the source file: the
// text is padded with line breaks and blanks, and the wrapper stands before it.
// Only transient units may be compiled while machines run.
func (e *gojaEngine) Compile(u unit) (*code, *dialog.Diagnostic) {
	head, tail := wrapper(u.kind)
	at := u.source.Pos()
	id := transient
	if !u.transient {
		e.last++
		id = e.last
	}
	c := &code{id: id, kind: u.kind, file: at.File, start: at, text: padded(u.source, head) + tail}
	if at.Line <= 1 {
		c.shift = len(head)
	}
	name := fmt.Sprintf("%s#%d", at.File, c.id)
	tree, err := parser.ParseFile(nil, name, c.text, 0, parser.WithDisableSourceMaps)
	if err == nil {
		err = restrict(tree)
		expandProperties(reflect.ValueOf(tree.Body))
	}
	if err == nil {
		if !u.transient && hasStrict(reflect.ValueOf(tree.Body)) {
			e.strict = true
		}
		c.reads = u.kind == codeExpression && readsOnly(reflect.ValueOf(tree.Body))
		c.writes = c.sharedWrites(tree)
		if u.kind == codeStartup {
			c.globals = globalsOf(tree)
			unlex(tree)
		}
		guardGrowth(tree)
		c.program, err = goja.CompileAST(tree, false)
	}
	if err != nil {
		return nil, c.problem(err, u.source)
	}
	if !u.transient {
		e.units[name] = c
	}
	return c, nil
}

func wrapper(kind codeKind) (head, tail string) {
	switch kind {
	case codeBlock:
		return "(function(){", "\n})"
	case codeAsync:
		return "(async function(){", "\n})"
	case codeExpression:
		return "(function(){return (", "\n)})"
	}
	return "", ""
}

// padded is the text with every line at its place in the source file.
func padded(s dialog.Source, head string) string {
	var out strings.Builder
	out.WriteString(head)
	row, offset := 1, 0
	for _, line := range strings.SplitAfter(s.Text, "\n") {
		at := s.At(offset)
		offset += len(line)
		column := 1
		if row < at.Line || row == 1 {
			out.WriteString(strings.Repeat("\n", max(at.Line-row, 0)))
			row = max(at.Line, row)
			out.WriteString(strings.Repeat(" ", max(at.Column-column, 0)))
		}
		out.WriteString(strings.TrimSuffix(line, "\n"))
		if strings.HasSuffix(line, "\n") {
			out.WriteByte('\n')
			row++
			if row == s.At(offset).Line {
				out.WriteString(strings.Repeat(" ", max(s.At(offset).Column-1, 0)))
			}
		}
	}
	return out.String()
}

// problem is a syntax error at its place in the source file.
func (c *code) problem(err error, s dialog.Source) *dialog.Diagnostic {
	line, column, message := 0, 0, err.Error()
	var list parser.ErrorList
	var compile *goja.CompilerSyntaxError
	switch {
	case errors.As(err, &list) && len(list) > 0:
		line, column, message = list[0].Position.Line, list[0].Position.Column, list[0].Message
	case errors.As(err, &compile) && compile.File != nil:
		p := compile.File.Position(compile.Offset)
		line, column, message = p.Line, p.Column, compile.Message
	}
	end := s.At(len(s.Text))
	at := c.position(line, column)
	if at.Line > end.Line || at.Line == end.Line && at.Column >= end.Column {
		at, message = end, "the code ends too early" // what is wrong stands in the wrapper
	}
	if at.Line < s.Pos().Line {
		at = s.Pos()
	}
	return &dialog.Diagnostic{
		File: c.file, Line: at.Line, Column: at.Column, Code: "javascript", Severity: dialog.Error,
		Message: "JavaScript: " + strings.TrimPrefix(message, "SyntaxError: "),
	}
}

// position turns goja's line and byte column into a place in the source file.
func (c *code) position(line, column int) dialog.Pos {
	if c.kind == codeModule {
		if at, ok := c.mapped(line, column); ok {
			return at
		}
	}
	rest := c.text
	for i := 1; i < line; i++ {
		at := strings.IndexByte(rest, '\n')
		if at < 0 {
			break
		}
		rest = rest[at+1:]
	}
	bytes := min(max(column-1, 0), len(rest))
	characters := utf8.RuneCountInString(rest[:bytes]) + 1
	if line == 1 {
		characters = max(characters-c.shift, 1)
	}
	return dialog.Pos{File: c.file, Line: line, Column: characters}
}

// unlex makes top-level let, const and class to var, so that what a turn assigns
// to them lands on the turn's own global object.
func unlex(tree *ast.Program) {
	for i, statement := range tree.Body {
		var at file.Idx
		var list []*ast.Binding
		switch s := statement.(type) {
		case *ast.LexicalDeclaration:
			at, list = s.Idx, s.List
		case *ast.ClassDeclaration:
			at, list = s.Idx0(), []*ast.Binding{{Target: s.Class.Name, Initializer: s.Class}}
		default:
			continue
		}
		tree.Body[i] = &ast.VariableStatement{Var: at, List: list}
		tree.DeclarationList = append(tree.DeclarationList, &ast.VariableDeclaration{Var: at, List: list})
	}
}

// gojaVM is a machine.
type gojaVM struct {
	engine    *gojaEngine
	rt        *goja.Runtime
	base      *goja.Object
	functions map[int]goja.Callable
	values    map[int]goja.Value
	entries   map[string]goja.Callable
	host      *goja.Object
	caps      *capper
	watched   watchlist
	touched   bool            // code ran in this turn that may have changed something shared
	modules   goja.Value      // the files of the bundle, nil before the first is evaluated
	rejected  []*goja.Promise // that nobody handled yet
	async     bool            // an asynchronous script ran in this turn
	ruined    bool            // a turn was stopped: what it left of its calls may be there still
}

// NewVM makes a machine whose dangerous natives are capped.
func (e *gojaEngine) NewVM() machine {
	rt := goja.New()
	rt.SetParserOptions(parser.WithDisableSourceMaps)
	rt.SetMaxCallStackSize(maxCallDepth)
	vm := &gojaVM{
		engine: e, rt: rt, base: rt.GlobalObject(), host: rt.NewObject(),
		functions: map[int]goja.Callable{}, values: map[int]goja.Value{}, entries: map[string]goja.Callable{},
		watched: newWatchlist(rt),
	}
	rt.SetPromiseRejectionTracker(vm.track)
	vm.caps = capNatives(rt)
	_ = vm.host.Set("parse", vm.caps.parse)
	_ = vm.host.Set("define", vm.caps.define)
	return vm
}

func (vm *gojaVM) Bind(name string, f hostFunc) {
	_ = vm.host.Set(name, func(call goja.FunctionCall) goja.Value { // Set on a fresh object cannot fail
		args := make([]any, len(call.Arguments))
		for i, arg := range call.Arguments {
			args[i] = crossing(arg)
		}
		result, err := f(args)
		if err != nil {
			vm.raise(err)
			return goja.Undefined()
		}
		return vm.enter(result)
	})
}

// crossing is a value as the host sees it: objects stay behind the border.
func crossing(v goja.Value) any {
	switch v.(type) {
	case *goja.Object, *goja.Symbol:
		return nil
	}
	return v.Export()
}

// raise throws a host function's error in the script.
func (vm *gojaVM) raise(err error) {
	var t *thrown
	switch {
	case errors.As(err, &t):
		if v, ok := t.value.(goja.Value); ok {
			panic(v)
		}
	case errors.Is(err, errRestart), isStopped(err):
		vm.Interrupt(err)
		return
	}
	panic(vm.rt.NewTypeError(err.Error()))
}

func isStopped(err error) bool {
	var s *stopped
	return errors.As(err, &s)
}

// enter takes a value of the host over the border.
func (vm *gojaVM) enter(v any) goja.Value {
	switch v := v.(type) {
	case goja.Value:
		return v
	case nil:
		return goja.Undefined()
	case *code:
		f, err := vm.function(v)
		if err != nil {
			vm.raise(err)
		}
		return f
	case *thrown:
		if value, ok := v.value.(goja.Value); ok {
			return value
		}
		return vm.rt.ToValue(v.message)
	}
	return vm.rt.ToValue(v)
}

func (vm *gojaVM) Boot() error {
	run, err := vm.rt.RunProgram(vm.engine.prelude)
	if err != nil {
		return vm.failure(err)
	}
	boot, _ := goja.AssertFunction(run)
	if err := vm.bindServices(); err != nil {
		return vm.failure(err)
	}
	vm.bindVendor()
	entries, err := boot(goja.Undefined(), vm.host)
	if err != nil {
		return vm.failure(err)
	}
	object := entries.ToObject(vm.rt)
	for _, name := range object.Keys() {
		vm.entries[name], _ = goja.AssertFunction(object.Get(name))
	}
	return nil
}

// bindServices gives the prelude the functions of services/.
func (vm *gojaVM) bindServices() error {
	installs := make([]any, len(vm.engine.services))
	for i, program := range vm.engine.services {
		install, err := vm.rt.RunProgram(program)
		if err != nil {
			return err
		}
		installs[i] = install
	}
	return vm.host.Set("services", vm.rt.NewArray(installs...))
}

func (vm *gojaVM) Run(c *code) (value, error) {
	switch c.kind {
	case codeStartup:
		v, err := vm.rt.RunProgram(c.program)
		return vm.result(v, err)
	case codeModule:
		return vm.evaluate(c)
	}
	f, ok := vm.functions[c.id]
	if !ok {
		v, err := vm.function(c)
		if err != nil {
			return value{}, err
		}
		if f, _ = goja.AssertFunction(v); c.id != transient {
			vm.functions[c.id] = f
		}
	}
	vm.touched = vm.touched || !c.reads
	vm.async = vm.async || c.kind == codeAsync
	v, err := f(vm.rt.GlobalObject())
	if c.kind == codeAsync && err == nil {
		return vm.settle(v)
	}
	return vm.result(v, err)
}

// function is the function that code is wrapped in.
func (vm *gojaVM) function(c *code) (goja.Value, error) {
	if f, ok := vm.values[c.id]; ok {
		return f, nil
	}
	f, err := vm.rt.RunProgram(c.program)
	if err != nil {
		return nil, vm.failure(err)
	}
	if c.id != transient {
		vm.values[c.id] = f
	}
	return f, nil
}

func (vm *gojaVM) Call(entry string, args ...any) (value, error) {
	vm.touched = vm.touched || entry == "handle" || entry == "tree" && args[0] == true // with converters
	values := make([]goja.Value, len(args))
	for i, arg := range args {
		values[i] = vm.enter(arg)
	}
	v, err := vm.entries[entry](goja.Undefined(), values...)
	return vm.result(v, err)
}

func (vm *gojaVM) result(v goja.Value, err error) (value, error) {
	switch {
	case err != nil:
		return value{}, vm.failure(err)
	case v == nil || goja.IsUndefined(v) || goja.IsNull(v):
		return value{}, nil
	}
	if object, ok := v.(*goja.Object); ok {
		return value{truth: true, object: object}, nil
	}
	return value{text: v.String(), truth: v.ToBoolean()}, nil
}

// failure names an engine's error: a restart, a stop, or an exception.
func (vm *gojaVM) failure(err error) error {
	if interrupted, ok := errors.AsType[*goja.InterruptedError](err); ok {
		vm.resume()
		reason, _ := interrupted.Value().(error)
		s, ok := errors.AsType[*stopped](reason)
		vm.ruined = vm.ruined || ok || vm.async
		if ok && s.where == "" {
			return &stopped{code: s.code, message: s.message, where: vm.where(interrupted.Stack())}
		}
		return reason
	}
	if overflow, ok := errors.AsType[*goja.StackOverflowError](err); ok {
		vm.ruined = true
		return &thrown{message: fmt.Sprintf("RangeError: more than %d calls are nested", maxCallDepth), where: vm.where(overflow.Stack())}
	}
	var exception *goja.Exception
	if !errors.As(err, &exception) {
		return &thrown{message: err.Error()}
	}
	return &thrown{value: exception.Value(), message: vm.messageOf(exception.Value()), where: vm.where(exception.Stack())}
}

// messageOf is a thrown value as text. Its getters may be the script's.
func (vm *gojaVM) messageOf(v goja.Value) string {
	describe, ok := vm.entries["describe"]
	if !ok {
		return v.String()
	}
	for range 2 { // the first try may meet an interrupt that came too late
		text, err := describe(goja.Undefined(), v)
		if err == nil {
			return text.String()
		}
		vm.resume()
	}
	return "an object was thrown that cannot be printed"
}

// where is the innermost place in a file of the bot.
func (vm *gojaVM) where(stack []goja.StackFrame) string {
	for i := range stack {
		c, ok := vm.engine.units[stack[i].SrcName()]
		if !ok {
			continue
		}
		p := stack[i].Position()
		at := c.position(p.Line, p.Column)
		if at.File == bundleFile {
			continue
		}
		if at.Line >= c.start.Line {
			return at.String()
		}
		return c.start.String() // goja keeps no place for code without expressions
	}
	return ""
}

func (vm *gojaVM) Begin(now func() time.Time) {
	vm.caps.produced, vm.caps.defined, vm.caps.nested, vm.touched = 0, false, 0, false
	vm.async = false
	vm.rt.SetTimeSource(now)
	vm.rt.SetGlobalObject(vm.rt.CreateObject(vm.base))
}

func (vm *gojaVM) End() bool {
	vm.resume()
	vm.rt.SetGlobalObject(vm.base)
	return !vm.ruined && (!vm.touched || vm.watched.unchanged(vm.caps.defined))
}

// Ruined implements machine.
func (vm *gojaVM) Ruined() bool { return vm.ruined }

func (vm *gojaVM) Interrupt(reason error) {
	if reason == nil {
		vm.resume()
		return
	}
	vm.caps.stopped.Store(true)
	vm.rt.Interrupt(reason)
}

// resume takes back an interrupt.
func (vm *gojaVM) resume() {
	vm.caps.stopped.Store(false)
	vm.rt.ClearInterrupt()
}
