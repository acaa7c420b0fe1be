package script

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
	"github.com/go-sourcemap/sourcemap"

	"parley/internal/dialog"
)

// bundleFile is the file of places in a bundle that lead to none of its files.
const bundleFile = "modules"

// CompileBundle makes one piece of start-up code for each file of a bundle.
// Places in it are those of the files.
func (e *gojaEngine) CompileBundle(b *bundle, files []dialog.Startup) ([]*code, *dialog.Diagnostic) {
	e.last++
	whole := &code{id: e.last, kind: codeModule, file: bundleFile, text: "(function(module, exports, require){" + b.text + "\n;return module.exports})"}
	whole.places, _ = sourcemap.Parse("", b.sourceMap) // without it places are those of the bundle
	whole.shift = strings.IndexByte(whole.text, '{') + 1
	name := fmt.Sprintf("%s#%d", bundleFile, whole.id)
	tree, err := parser.ParseFile(nil, name, whole.text, 0, parser.WithDisableSourceMaps)
	if err == nil {
		err = restrict(tree)
		expandProperties(reflect.ValueOf(tree.Body))
	}
	if err == nil {
		e.strict = e.strict || hasStrict(reflect.ValueOf(tree.Body))
		guardGrowth(tree)
		whole.program, err = goja.CompileAST(tree, false)
	}
	if err != nil {
		return nil, whole.moduleProblem(err, files[0].Pos)
	}
	e.units[name] = whole
	list := make([]*code, len(files))
	for i, f := range files {
		list[i] = &code{id: whole.id, kind: codeModule, file: f.File, start: f.Pos, module: f.Name, index: i, whole: whole}
	}
	return list, nil
}

func (c *code) moduleProblem(err error, at dialog.Pos) *dialog.Diagnostic {
	message := err.Error()
	var list parser.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		message = list[0].Message
		if p := c.position(list[0].Position.Line, list[0].Position.Column); p.File != bundleFile {
			at = p
		}
	}
	return &dialog.Diagnostic{
		File: at.File, Line: at.Line, Column: at.Column, Code: "javascript", Severity: dialog.Error, Message: "JavaScript: " + message,
	}
}

// mapped is a place of the bundle in the file it came from.
func (c *code) mapped(line, column int) (dialog.Pos, bool) {
	if c.places == nil {
		return dialog.Pos{}, false
	}
	if line == 1 {
		column = max(column-c.shift, 1)
	}
	file, _, row, at, ok := c.places.Source(line, column-1)
	if !ok || file == "" {
		return dialog.Pos{}, false
	}
	return dialog.Pos{File: strings.TrimPrefix(file, "module:"), Line: row, Column: at + 1}, true
}

// evaluate runs one file of the bundle and makes the global of its name.
func (vm *gojaVM) evaluate(c *code) (value, error) {
	if vm.modules == nil {
		f, err := vm.rt.RunProgram(c.whole.program)
		if err != nil {
			return value{}, vm.failure(err)
		}
		if vm.modules, err = vm.entries["bundle"](goja.Undefined(), f); err != nil {
			return value{}, vm.failure(err)
		}
	}
	v, err := vm.entries["module"](goja.Undefined(), vm.modules, vm.rt.ToValue(c.index), vm.rt.ToValue(c.module))
	return vm.result(v, err)
}

// settle is the outcome of the promise of an async function. All that can happen
// has happened when the call returned: host functions answer at once.
func (vm *gojaVM) settle(v goja.Value) (value, error) {
	rejected := vm.rejected
	vm.rejected = nil
	promise, ok := v.Export().(*goja.Promise)
	if !ok {
		return vm.result(v, nil)
	}
	for _, other := range rejected {
		if other != promise {
			vm.complain(other.Result())
		}
	}
	switch promise.State() {
	case goja.PromiseStateFulfilled:
		return vm.result(promise.Result(), nil)
	case goja.PromiseStateRejected:
		reason := promise.Result()
		return value{}, &thrown{value: reason, message: vm.messageOf(reason), where: vm.whereThrown(reason)}
	}
	return value{}, &thrown{message: "the script waits for a promise that nothing will settle"}
}

// complain logs an error of a promise that nobody waited for.
func (vm *gojaVM) complain(reason goja.Value) {
	text := "a promise that nobody waits for was rejected: " + vm.messageOf(reason)
	if where := vm.whereThrown(reason); where != "" {
		text += " at " + where
	}
	if log, ok := goja.AssertFunction(vm.host.Get("log")); ok {
		_, _ = log(goja.Undefined(), vm.rt.ToValue("warn"), vm.rt.ToValue(text)) // the log is no place to fail
	}
}

// track remembers rejected promises until somebody handles them.
func (vm *gojaVM) track(p *goja.Promise, operation goja.PromiseRejectionOperation) {
	if operation == goja.PromiseRejectionReject {
		vm.rejected = append(vm.rejected, p)
		return
	}
	for i, other := range vm.rejected {
		if other == p {
			vm.rejected = append(vm.rejected[:i:i], vm.rejected[i+1:]...)
			return
		}
	}
}

var stackLine = regexp.MustCompile(`(?m)^\s*at (?:.* \()?([^(\n]+#-?\d+):(\d+):(\d+)\(\d+\)\)?$`)

// whereThrown is the innermost place of the bot in the stack of an error value.
func (vm *gojaVM) whereThrown(v goja.Value) string {
	object, ok := v.(*goja.Object)
	if !ok {
		return ""
	}
	stack := ""
	_ = vm.rt.Try(func() { // it may be a getter of the script
		if s, ok := object.Get("stack").(goja.String); ok {
			stack = s.String()
		}
	})
	for _, m := range stackLine.FindAllStringSubmatch(stack, -1) {
		c, ok := vm.engine.units[m[1]]
		if !ok {
			continue
		}
		if at := c.position(number(m[2]), number(m[3])); at.File != bundleFile && at.Line >= c.start.Line {
			return at.String()
		}
	}
	return ""
}
