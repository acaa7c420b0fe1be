package script

import (
	"math/big"
	"reflect"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/token"

	"parley/internal/session"
)

// Natives run without looking at an interrupt, so those that can run or allocate
// without bound are capped.
const (
	maxNativeLength = 1 << 20  // elements one native may loop over
	maxNativeString = 8 << 20  // characters of one string made by a native
	maxNativeTotal  = 64 << 20 // bytes made by capped natives in one turn
	maxSpread       = 1 << 16  // arguments of apply
)

// restrict refuses what no cap reaches: big integers, whose operators run
// without bound.
func restrict(tree *ast.Program) error {
	at, found := bigLiteral(reflect.ValueOf(tree.Body))
	if !found {
		return nil
	}
	return parser.ErrorList{&parser.Error{
		Position: tree.File.Position(int(at) - tree.File.Base()), Message: "BigInt is not available",
	}}
}

func bigLiteral(v reflect.Value) (at file.Idx, found bool) {
	visit(v, func(node any) bool {
		if n, ok := node.(*ast.NumberLiteral); ok && !found {
			if _, found = n.Value.(*big.Int); found {
				at = n.Idx
			}
		}
		return !found
	})
	return at, found
}

// readsOnly tells whether an expression, in its wrapper, neither calls nor
// changes anything.
func readsOnly(body reflect.Value) bool {
	pure, functions := true, 0
	visit(body, func(node any) bool {
		switch n := node.(type) {
		case *ast.CallExpression, *ast.NewExpression, *ast.AssignExpression, *ast.TemplateLiteral, *ast.ArrowFunctionLiteral,
			*ast.ClassLiteral, *ast.YieldExpression, *ast.AwaitExpression:
			pure = false
		case *ast.FunctionLiteral:
			functions++
		case *ast.UnaryExpression:
			pure = pure && n.Operator != token.DELETE && n.Operator != token.INCREMENT && n.Operator != token.DECREMENT
		}
		return pure
	})
	return pure && functions == 1
}

// visit walks a tree; it stops where see returns false.
func visit(v reflect.Value, see func(node any) bool) {
	switch v.Kind() {
	case reflect.Interface:
		visit(v.Elem(), see)
	case reflect.Pointer:
		if v.IsNil() || !v.CanInterface() {
			return
		}
		if _, isFile := v.Interface().(*file.File); isFile || !see(v.Interface()) {
			return
		}
		visit(v.Elem(), see)
	case reflect.Struct:
		for i := range v.NumField() {
			visit(v.Field(i), see)
		}
	case reflect.Slice:
		for i := range v.Len() {
			visit(v.Index(i), see)
		}
	}
}

type native = func(goja.FunctionCall) goja.Value

// cap puts a check before a native function of an object.
func (vm *gojaVM) cap(object *goja.Object, name string, check func(goja.FunctionCall)) {
	original, ok := object.Get(name).(*goja.Object)
	if !ok {
		return
	}
	call, ok := original.Export().(native)
	if !ok {
		return
	}
	capped := vm.rt.ToValue(func(c goja.FunctionCall) goja.Value {
		check(c)
		return call(c)
	}).(*goja.Object)
	vm.rename(capped, name, original.Get("length"))
	_ = object.DefineDataProperty(name, capped, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

func (vm *gojaVM) rename(f *goja.Object, name string, length goja.Value) {
	_ = f.DefineDataProperty("name", vm.rt.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	if length != nil {
		_ = f.DefineDataProperty("length", length, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
}

func (vm *gojaVM) global(name string) *goja.Object {
	object, _ := vm.base.Get(name).(*goja.Object)
	return object
}

func (vm *gojaVM) proto(name string) *goja.Object {
	object, _ := vm.global(name).Get("prototype").(*goja.Object)
	return object
}

// refuse throws a RangeError.
func (vm *gojaVM) refuse(message string) {
	panic(vm.rt.ToValue(vm.newError("RangeError", message)))
}

func (vm *gojaVM) newError(class, message string) *goja.Object {
	object, err := vm.rt.New(vm.base.Get(class), vm.rt.ToValue(message))
	if err != nil {
		return vm.rt.NewTypeError(message)
	}
	return object
}

// spend charges what a native is about to produce.
func (vm *gojaVM) spend(size int64) {
	if size > maxNativeString {
		vm.refuse("the text would be too long")
	}
	if vm.produced += int(size); vm.produced > maxNativeTotal {
		vm.refuse("too much text was made in one turn")
	}
}

func (vm *gojaVM) capNatives() {
	vm.capStrings()
	vm.capArrays()
	vm.capFunctions()
	for _, name := range []string{
		"eval", "ArrayBuffer", "DataView", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array",
		"Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "BigInt", "SharedArrayBuffer",
	} {
		_ = vm.base.Delete(name)
	}
	vm.cap(vm.global("JSON"), "parse", func(c goja.FunctionCall) {
		if textLength(c.Argument(0)) > session.MaxJSONParseBytes {
			vm.refuse("JSON.parse takes at most 1 MB of text")
		}
	})
}

// textLength is the length of a value as text, 0 when it is no string.
func textLength(v goja.Value) int64 {
	if s, ok := v.(goja.String); ok {
		return int64(s.Length())
	}
	return 0
}

func (vm *gojaVM) capStrings() {
	proto := vm.proto("String")
	vm.cap(proto, "repeat", func(c goja.FunctionCall) {
		n := c.Argument(0).ToInteger()
		if n > maxNativeString {
			vm.refuse("the text would be too long")
		}
		vm.spend(textLength(c.This) * max(n, 0))
	})
	for _, name := range []string{"padStart", "padEnd"} {
		vm.cap(proto, name, func(c goja.FunctionCall) { vm.spend(c.Argument(0).ToInteger()) })
	}
	vm.cap(proto, "concat", func(c goja.FunctionCall) {
		size := textLength(c.This)
		for _, arg := range c.Arguments {
			size += textLength(arg)
		}
		vm.spend(size)
	})
	for _, name := range []string{"replace", "replaceAll"} {
		vm.cap(proto, name, func(c goja.FunctionCall) {
			if n := textLength(c.Argument(1)); n > 1 {
				vm.spend((textLength(c.This) + 1) * n)
			}
		})
	}
	for _, name := range []string{"split", "normalize", "matchAll", "match"} {
		vm.cap(proto, name, func(c goja.FunctionCall) { vm.spend(textLength(c.This)) })
	}
}

func (vm *gojaVM) capArrays() {
	proto := vm.proto("Array")
	for _, name := range proto.GetOwnPropertyNames() {
		switch name {
		case "constructor", "length", "join", "concat", "flat":
			continue
		}
		vm.cap(proto, name, func(c goja.FunctionCall) { vm.checkLength(c.This) })
	}
	vm.cap(proto, "join", func(c goja.FunctionCall) { vm.checkJoin(c) })
	vm.cap(proto, "concat", func(c goja.FunctionCall) { vm.checkConcat(c) })
	vm.cap(proto, "flat", func(c goja.FunctionCall) {
		vm.checkConcat(goja.FunctionCall{This: c.This, Arguments: vm.elements(c.This)})
	})
	_ = proto.DefineDataPropertySymbol(goja.SymIterator, proto.Get("values"), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	vm.cap(vm.global("Array"), "from", func(c goja.FunctionCall) { vm.checkLength(c.Argument(0)) })
	vm.capArrayConstructor(proto)
}

// length is the length a native would loop to.
func (vm *gojaVM) length(v goja.Value) int64 {
	object, ok := v.(*goja.Object)
	if !ok {
		return textLength(v)
	}
	n := object.Get("length")
	if n == nil {
		return 0
	}
	return n.ToInteger()
}

func (vm *gojaVM) checkLength(v goja.Value) int64 {
	n := vm.length(v)
	if n > maxNativeLength {
		vm.refuse("the array is too long")
	}
	return n
}

func (vm *gojaVM) checkJoin(c goja.FunctionCall) {
	n := vm.checkLength(c.This)
	separator := int64(1)
	if s := c.Argument(0); !goja.IsUndefined(s) {
		separator = textLength(s)
	}
	size := n * separator
	for _, element := range vm.elements(c.This) {
		size += max(textLength(element), 1)
	}
	vm.spend(size)
}

// elements are those of an array, without running code of the script.
func (vm *gojaVM) elements(v goja.Value) []goja.Value {
	object, ok := v.(*goja.Object)
	if !ok || object.ClassName() != "Array" || vm.checkLength(v) == 0 {
		return nil
	}
	if _, isProxy := object.Export().(goja.Proxy); isProxy {
		return nil
	}
	names := object.Keys()
	list := make([]goja.Value, 0, len(names))
	for _, name := range names {
		list = append(list, object.Get(name))
	}
	return list
}

func (vm *gojaVM) checkConcat(c goja.FunctionCall) {
	total := vm.checkLength(c.This)
	for _, arg := range c.Arguments {
		if object, ok := arg.(*goja.Object); ok && object.ClassName() == "Array" {
			total += vm.checkLength(arg)
		}
	}
	if total > maxNativeLength {
		vm.refuse("the array would be too long")
	}
}

// capArrayConstructor makes Array(n) refuse a large n.
func (vm *gojaVM) capArrayConstructor(proto *goja.Object) {
	original := vm.global("Array")
	capped := vm.rt.ToValue(func(c goja.ConstructorCall) *goja.Object {
		if len(c.Arguments) == 1 && c.Arguments[0].ExportType() != nil && c.Arguments[0].ExportType().Kind() != reflect.String {
			if n := c.Arguments[0]; n.ExportType().Kind() == reflect.Int64 || n.ExportType().Kind() == reflect.Float64 {
				if n.ToFloat() > maxNativeLength {
					vm.refuse("the array would be too long")
				}
			}
		}
		made, err := vm.rt.New(original, c.Arguments...)
		if err != nil {
			panic(err)
		}
		return made
	}).(*goja.Object)
	vm.rename(capped, "Array", vm.rt.ToValue(1))
	for _, name := range []string{"isArray", "from", "of"} {
		_ = capped.DefineDataProperty(name, original.Get(name), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	_ = capped.DefineDataProperty("prototype", proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	_ = proto.DefineDataProperty("constructor", capped, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = vm.base.DefineDataProperty("Array", capped, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// capFunctions bounds apply and takes the constructors that compile text.
func (vm *gojaVM) capFunctions() {
	spread := func(list goja.Value) {
		if vm.length(list) > maxSpread {
			vm.refuse("too many arguments")
		}
	}
	proto := vm.proto("Function")
	vm.cap(proto, "apply", func(c goja.FunctionCall) { spread(c.Argument(1)) })
	vm.cap(vm.global("Reflect"), "apply", func(c goja.FunctionCall) { spread(c.Argument(2)) })
	vm.cap(vm.global("Reflect"), "construct", func(c goja.FunctionCall) { spread(c.Argument(1)) })
	stub := vm.rt.ToValue(func(goja.ConstructorCall) *goja.Object {
		panic(vm.rt.NewTypeError("Function does not compile text here"))
	}).(*goja.Object)
	vm.rename(stub, "Function", vm.rt.ToValue(1))
	_ = stub.DefineDataProperty("prototype", proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	_ = vm.base.DefineDataProperty("Function", stub, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	for _, kind := range []string{"function(){}", "function*(){}", "async function(){}"} {
		f, err := vm.rt.RunString("Object.getPrototypeOf(" + kind + ")")
		if object, ok := f.(*goja.Object); ok && err == nil {
			_ = object.DefineDataProperty("constructor", stub, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		}
	}
}
