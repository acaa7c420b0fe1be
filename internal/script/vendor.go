package script

import (
	_ "embed"

	"github.com/dop251/goja"
)

//go:embed vendorjs/underscore/underscore-umd-min.js
var underscoreSource string

//go:embed vendorjs/moment/moment.min.js
var momentSource string

//go:embed vendorjs/moment/locale-ru.js
var momentRussianSource string

// vendorProgram is a library that a machine runs when a script first names it.
type vendorProgram struct {
	name    string
	program *goja.Program
}

// vendorPrograms compiles the libraries as CommonJS modules.
func vendorPrograms() ([]vendorProgram, error) {
	var list []vendorProgram
	for _, v := range []struct{ name, text string }{
		{"underscore", underscoreSource}, {"moment", momentSource}, {"moment-ru", momentRussianSource},
	} {
		p, err := compileTrusted(v.name+".js", "(function(module,exports,require,self){"+v.text+"\n})")
		if err != nil {
			return nil, err
		}
		list = append(list, vendorProgram{name: v.name, program: p})
	}
	return list, nil
}

// bindVendor lets the prelude load a library by name. The library outlives the turn
// that names it first, so it sees none of that turn's globals.
func (vm *gojaVM) bindVendor() {
	_ = vm.host.Set("library", func(call goja.FunctionCall) goja.Value {
		for _, v := range vm.engine.vendor {
			if v.name != call.Argument(0).String() {
				continue
			}
			f, err := vm.rt.RunProgram(v.program)
			if err != nil {
				panic(err)
			}
			own := vm.rt.GlobalObject()
			vm.rt.SetGlobalObject(vm.base)
			defer vm.rt.SetGlobalObject(own)
			run, _ := goja.AssertFunction(f)
			if _, err := run(goja.Undefined(), call.Arguments[1:]...); err != nil {
				panic(err)
			}
		}
		return goja.Undefined()
	})
	_ = vm.host.Set("freeze", func(call goja.FunctionCall) goja.Value {
		object, _ := call.Argument(0).(*goja.Object)
		vm.watched.freeze(object)
		return goja.Undefined()
	})
}
