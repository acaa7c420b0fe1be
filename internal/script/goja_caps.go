package script

import (
	"reflect"

	"github.com/dop251/goja"

	"parley/internal/session"
)

// Natives run without looking at an interrupt, so those that can run or allocate
// without bound are capped.
const (
	maxNativeLength = 1 << 20  // elements one native may loop over
	maxNativeString = 8 << 20  // characters of one string made by a native
	maxNativeTotal  = 64 << 20 // characters made by capped natives in one turn
	maxSpread       = 1 << 16  // arguments of apply
)

type native = func(goja.FunctionCall) goja.Value

// capper puts limits on the natives of a machine.
type capper struct {
	rt       *goja.Runtime
	base     *goja.Object
	parse    goja.Value // JSON.parse without a limit, for the bot's own data
	define   goja.Value // Object.defineProperty, for the prelude
	produced int64      // characters made in this turn
	defined  bool       // this turn defined a property that may be hidden
}

func capNatives(rt *goja.Runtime) *capper {
	c := &capper{rt: rt, base: rt.GlobalObject()}
	c.strings()
	c.arrays()
	c.functions()
	c.definers()
	for _, name := range []string{
		"eval", "ArrayBuffer", "DataView", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array",
		"Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "BigInt", "SharedArrayBuffer",
	} {
		_ = c.base.Delete(name)
	}
	c.parse = c.global("JSON").Get("parse")
	c.cap(c.global("JSON"), "parse", func(call goja.FunctionCall) {
		if textLength(call.Argument(0)) > session.MaxJSONParseBytes {
			c.refuse("JSON.parse takes at most 1 MB of text")
		}
	})
	return c
}

// cap puts a check before a native function of an object.
func (c *capper) cap(object *goja.Object, name string, check func(goja.FunctionCall)) {
	original, ok := object.Get(name).(*goja.Object)
	if !ok {
		return
	}
	run, ok := original.Export().(native)
	if !ok {
		return
	}
	capped := c.function(name, original.Get("length"), func(call goja.FunctionCall) goja.Value {
		check(call)
		return run(call)
	})
	_ = object.DefineDataProperty(name, capped, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// function makes a native with the name and length of the one it stands for.
func (c *capper) function(name string, length goja.Value, f any) *goja.Object {
	object := c.rt.ToValue(f).ToObject(c.rt)
	_ = object.DefineDataProperty("name", c.rt.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = object.DefineDataProperty("length", length, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return object
}

func (c *capper) global(name string) *goja.Object {
	return c.base.Get(name).ToObject(c.rt)
}

func (c *capper) proto(name string) *goja.Object {
	return c.global(name).Get("prototype").ToObject(c.rt)
}

// refuse throws a RangeError.
func (c *capper) refuse(message string) {
	object, err := c.rt.New(c.base.Get("RangeError"), c.rt.ToValue(message))
	if err != nil {
		object = c.rt.NewTypeError(message)
	}
	panic(object)
}

// spend charges what a native is about to produce.
func (c *capper) spend(size int64) {
	if size > maxNativeString {
		c.refuse("the text would be too long")
	}
	if c.produced += max(size, 0); c.produced > maxNativeTotal {
		c.refuse("too much text was made in one turn")
	}
}

// textLength is the length of a string, 0 of any other value.
func textLength(v goja.Value) int64 {
	if s, ok := v.(goja.String); ok {
		return int64(s.Length())
	}
	return 0
}

func (c *capper) strings() {
	proto := c.proto("String")
	c.cap(proto, "repeat", func(call goja.FunctionCall) {
		n := call.Argument(0).ToInteger()
		if n > maxNativeString {
			c.refuse("the text would be too long")
		}
		c.spend(textLength(call.This) * max(n, 0))
	})
	for _, name := range []string{"padStart", "padEnd"} {
		c.cap(proto, name, func(call goja.FunctionCall) { c.spend(call.Argument(0).ToInteger()) })
	}
	c.cap(proto, "concat", func(call goja.FunctionCall) {
		size := textLength(call.This)
		for _, arg := range call.Arguments {
			size += textLength(arg)
		}
		c.spend(size)
	})
	for _, name := range []string{"replace", "replaceAll"} {
		c.cap(proto, name, func(call goja.FunctionCall) {
			if n := textLength(call.Argument(1)); n > 1 {
				c.spend((textLength(call.This) + 1) * n)
			}
		})
	}
	for _, name := range []string{"split", "normalize", "matchAll", "match"} {
		c.cap(proto, name, func(call goja.FunctionCall) { c.spend(textLength(call.This)) })
	}
}

func (c *capper) arrays() {
	proto := c.proto("Array")
	for _, name := range proto.GetOwnPropertyNames() {
		switch name {
		case "constructor", "length", "join", "concat", "flat":
			continue
		}
		c.cap(proto, name, func(call goja.FunctionCall) { c.checkLength(call.This) })
	}
	c.cap(proto, "join", c.checkJoin)
	c.cap(proto, "concat", func(call goja.FunctionCall) { c.checkTotal(call.This, call.Arguments) })
	c.cap(proto, "flat", func(call goja.FunctionCall) { c.checkTotal(call.This, c.elements(call.This)) })
	// [...a] and for-of ask the iterator: the capped one.
	_ = proto.DefineDataPropertySymbol(goja.SymIterator, proto.Get("values"), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	c.cap(c.global("Array"), "from", func(call goja.FunctionCall) { c.checkLength(call.Argument(0)) })
	c.arrayConstructor(proto)
}

// length is the length that a native would loop to.
func (c *capper) length(v goja.Value) int64 {
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

func (c *capper) checkLength(v goja.Value) int64 {
	n := c.length(v)
	if n > maxNativeLength {
		c.refuse("the array is too long")
	}
	return n
}

func (c *capper) checkJoin(call goja.FunctionCall) {
	n := c.checkLength(call.This)
	separator := int64(1)
	if s := call.Argument(0); !goja.IsUndefined(s) {
		separator = textLength(s)
	}
	size := n * separator
	for _, element := range c.elements(call.This) {
		size += max(textLength(element), 1)
	}
	c.spend(size)
}

// elements are those of a plain array.
func (c *capper) elements(v goja.Value) []goja.Value {
	if !isArray(v) {
		return nil
	}
	object := v.ToObject(c.rt)
	names := object.Keys()
	list := make([]goja.Value, 0, len(names))
	for _, name := range names {
		list = append(list, object.Get(name))
	}
	return list
}

func isArray(v goja.Value) bool {
	object, ok := v.(*goja.Object)
	return ok && object.ClassName() == "Array" && object.ExportType() != reflect.TypeFor[goja.Proxy]()
}

func (c *capper) checkTotal(first goja.Value, more []goja.Value) {
	total := c.checkLength(first)
	for _, v := range more {
		if isArray(v) {
			total += c.checkLength(v)
		}
	}
	if total > maxNativeLength {
		c.refuse("the array would be too long")
	}
}

// arrayConstructor makes Array(n) refuse a large n.
func (c *capper) arrayConstructor(proto *goja.Object) {
	original := c.global("Array")
	capped := c.function("Array", c.rt.ToValue(1), func(call goja.ConstructorCall) *goja.Object {
		if len(call.Arguments) == 1 && textLength(call.Arguments[0]) == 0 {
			if _, isObject := call.Arguments[0].(*goja.Object); !isObject && call.Arguments[0].ToFloat() > maxNativeLength {
				c.refuse("the array would be too long")
			}
		}
		made, err := c.rt.New(original, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return made
	})
	for _, name := range []string{"isArray", "from", "of"} {
		_ = capped.DefineDataProperty(name, original.Get(name), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	c.replace("Array", capped, proto)
}

// replace puts a constructor in the place of a built-in one.
func (c *capper) replace(name string, constructor, proto *goja.Object) {
	_ = constructor.DefineDataProperty("prototype", proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	_ = proto.DefineDataProperty("constructor", constructor, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = c.base.DefineDataProperty(name, constructor, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// functions bounds apply and takes the constructors that compile text.
func (c *capper) functions() {
	spread := func(list goja.Value) {
		if c.length(list) > maxSpread {
			c.refuse("too many arguments")
		}
	}
	proto := c.proto("Function")
	c.cap(proto, "apply", func(call goja.FunctionCall) { spread(call.Argument(1)) })
	c.cap(c.global("Reflect"), "apply", func(call goja.FunctionCall) { spread(call.Argument(2)) })
	c.cap(c.global("Reflect"), "construct", func(call goja.FunctionCall) { spread(call.Argument(1)) })
	stub := c.function("Function", c.rt.ToValue(1), func(goja.ConstructorCall) *goja.Object {
		panic(c.rt.NewTypeError("Function does not compile text here"))
	})
	c.replace("Function", stub, proto)
	for _, kind := range []string{"function*(){}", "async function(){}"} {
		f, err := c.rt.RunString("Object.getPrototypeOf(" + kind + ")")
		if err == nil {
			_ = f.ToObject(c.rt).DefineDataProperty("constructor", stub, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		}
	}
}

// definers notes the calls that can add hidden properties.
func (c *capper) definers() {
	c.define = c.global("Object").Get("defineProperty")
	note := func(goja.FunctionCall) { c.defined = true }
	for _, name := range []string{"defineProperty", "defineProperties"} {
		c.cap(c.global("Object"), name, note)
	}
	c.cap(c.global("Reflect"), "defineProperty", note)
}
