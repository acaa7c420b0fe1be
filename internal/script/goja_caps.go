package script

import (
	"fmt"
	"reflect"
	"sync/atomic"

	"github.com/dop251/goja"
)

// Natives run without looking at an interrupt, so those that can run or allocate
// without bound are capped, and all of them look before they begin: no native
// that calls others, or itself, goes on for ever.
const (
	maxNativeLength = 1 << 20  // elements one native may loop over
	maxNativeString = 8 << 20  // characters of one string made by a native
	maxNativeTotal  = 64 << 20 // characters made by capped natives in one turn
	maxSpread       = 1 << 16  // arguments of apply
	maxNativeDepth  = 1000     // natives that wait for each other
)

type native = func(goja.FunctionCall) goja.Value

// capper puts limits on the natives of a machine.
type capper struct {
	rt       *goja.Runtime
	base     *goja.Object
	tooMuch  goja.Value // RangeError without a cap
	parse    goja.Value // JSON.parse without a limit of length, for the bot's own data
	define   goja.Value // Object.defineProperty, for the prelude
	produced int64      // characters made in this turn
	defined  bool       // this turn defined a property that may be hidden
	nested   int        // natives that are running
	stopped  atomic.Bool
	look     goja.Callable // script code, in which the engine looks at an interrupt
	json     *jsonWriter
	searches *overrun
	capped   map[*goja.Object]bool // while the caps are put on
}

func capNatives(rt *goja.Runtime) *capper {
	c := &capper{rt: rt, base: rt.GlobalObject(), capped: map[*goja.Object]bool{}, searches: newOverrun()}
	c.tooMuch = c.base.Get("RangeError")
	for _, name := range []string{
		"eval", "ArrayBuffer", "DataView", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array",
		"Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "BigInt", "SharedArrayBuffer",
	} {
		_ = c.base.Delete(name)
	}
	if f, err := rt.RunString("(function () {})"); err == nil {
		c.look, _ = goja.AssertFunction(f)
	}
	textCaps{c}.apply()
	arrayCaps{c}.apply()
	regexpCaps{capper: c}.apply()
	jsonCaps{c}.apply()
	c.objects()
	c.functions()
	c.definers()
	c.constructors()
	c.rest()
	c.bindGrowth()
	c.capped = nil
	return c
}

// enter begins a native: it ends here when the turn was stopped, or when too many
// natives wait for each other.
func (c *capper) enter() {
	c.nested++
	if c.stopped.Load() {
		if _, err := c.look(goja.Undefined()); err != nil {
			c.nested--
			panic(err)
		}
	}
	if c.nested > maxNativeDepth {
		c.nested--
		c.refuse(fmt.Sprintf("more than %d calls of built-in functions are nested", maxNativeDepth))
	}
}

func (c *capper) leave() { c.nested-- }

// wrap is a native with a check of its arguments before it.
func (c *capper) wrap(run native, check func(*goja.FunctionCall)) native {
	return func(call goja.FunctionCall) goja.Value {
		c.enter()
		defer c.leave()
		if check != nil {
			check(&call)
		}
		return run(call)
	}
}

// cap puts a check before a native function of an object. The check may change
// what the native is called with.
func (c *capper) cap(object *goja.Object, name string, check func(*goja.FunctionCall)) {
	if run, original := nativeOf(object.Get(name)); run != nil {
		c.put(object, name, c.wrap(run, check), original.Get("length"))
	}
}

// put gives an object a native of our own.
func (c *capper) put(object *goja.Object, name string, run native, length goja.Value) {
	_ = object.DefineDataProperty(name, c.function(name, length, run), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

func (c *capper) capSymbol(object *goja.Object, symbol *goja.Symbol, check func(*goja.FunctionCall)) {
	if run, original := nativeOf(object.GetSymbol(symbol)); run != nil {
		capped := c.function(original.Get("name").String(), original.Get("length"), c.wrap(run, check))
		_ = object.DefineDataPropertySymbol(symbol, capped, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
}

// nativeOf is the Go function behind a value, nil when there is none.
func nativeOf(v goja.Value) (native, *goja.Object) {
	object, ok := v.(*goja.Object)
	if !ok || object.ExportType() != reflect.TypeFor[native]() {
		return nil, nil
	}
	run, _ := object.Export().(native)
	return run, object
}

// function makes a native with the name and length of the one it stands for.
func (c *capper) function(name string, length goja.Value, f any) *goja.Object {
	object := c.rt.ToValue(f).ToObject(c.rt)
	_ = object.DefineDataProperty("name", c.rt.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = object.DefineDataProperty("length", length, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	c.capped[object] = true
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
	object, err := c.rt.New(c.tooMuch, c.rt.ToValue(message))
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

// plain makes a string of an argument that is an object, so that its length is
// known; functions stay.
func (c *capper) plain(v goja.Value) goja.Value {
	object, ok := v.(*goja.Object)
	if !ok {
		return v
	}
	if _, callable := goja.AssertFunction(object); callable {
		return v
	}
	return object.ToString()
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

// replace puts a constructor in the place of a built-in one.
func (c *capper) replace(name string, constructor, proto *goja.Object) {
	_ = constructor.DefineDataProperty("prototype", proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	_ = proto.DefineDataProperty("constructor", constructor, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = c.base.DefineDataProperty(name, constructor, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// construct puts a check before a constructor.
func (c *capper) construct(name string, check func(args []goja.Value)) {
	original := c.global(name)
	make, ok := goja.AssertConstructor(original)
	if !ok {
		return
	}
	capped := c.function(name, original.Get("length"), func(call goja.ConstructorCall) *goja.Object {
		c.enter()
		defer c.leave()
		if check != nil {
			check(call.Arguments)
		}
		made, err := make(call.NewTarget, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return made
	})
	_ = capped.SetPrototype(original.Prototype())
	for _, name := range original.GetOwnPropertyNames() {
		switch name {
		case "prototype", "name", "length":
			continue
		}
		_ = capped.DefineDataProperty(name, original.Get(name), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	c.replace(name, capped, original.Get("prototype").ToObject(c.rt))
}

// objects bounds what natives of Object make of a long text.
func (c *capper) objects() {
	object := c.global("Object")
	for _, name := range []string{"keys", "values", "entries", "getOwnPropertyNames", "getOwnPropertyDescriptors", "assign"} {
		c.cap(object, name, func(call *goja.FunctionCall) {
			for _, arg := range call.Arguments {
				c.checkText(arg)
			}
		})
	}
	c.cap(c.global("Reflect"), "ownKeys", func(call *goja.FunctionCall) { c.checkText(call.Argument(0)) })
}

// checkText refuses a text, or an object of one, that has too many characters to
// be taken apart.
func (c *capper) checkText(v goja.Value) {
	if object, ok := v.(*goja.Object); ok && object.ClassName() == "String" {
		v = object.ToString()
	}
	if textLength(v) > maxNativeLength {
		c.refuse("the text is too long to be taken apart")
	}
}

// functions bounds apply and takes the constructors that compile text.
func (c *capper) functions() {
	spread := func(list goja.Value) {
		if c.length(list) > maxSpread {
			c.refuse("too many arguments")
		}
	}
	proto := c.proto("Function")
	c.cap(proto, "apply", func(call *goja.FunctionCall) { spread(call.Argument(1)) })
	c.cap(c.global("Reflect"), "apply", func(call *goja.FunctionCall) { spread(call.Argument(2)) })
	c.cap(c.global("Reflect"), "construct", func(call *goja.FunctionCall) { spread(call.Argument(1)) })
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
	note := func(*goja.FunctionCall) { c.defined = true }
	for _, name := range []string{"defineProperty", "defineProperties"} {
		c.cap(c.global("Object"), name, note)
	}
	c.cap(c.global("Reflect"), "defineProperty", note)
}

// constructors are those that make an object without script code when they are
// called as functions: as the next of an iterator they would never end.
func (c *capper) constructors() {
	for _, name := range []string{"Object", "Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "AggregateError"} {
		if c.base.Get(name) != nil {
			c.construct(name, nil)
		}
	}
}

// rest lets every other native function look at the interrupt.
func (c *capper) rest() {
	for _, name := range c.base.GetOwnPropertyNames() {
		object, ok := c.base.Get(name).(*goja.Object)
		if !ok {
			continue
		}
		c.members(object)
		if proto, ok := object.Get("prototype").(*goja.Object); ok {
			c.members(proto)
		}
	}
}

func (c *capper) members(object *goja.Object) {
	for _, name := range object.GetOwnPropertyNames() {
		_ = c.rt.Try(func() { // a getter of a prototype cannot be asked
			f, ok := object.Get(name).(*goja.Object)
			if !ok || c.capped[f] {
				return
			}
			if _, makes := goja.AssertConstructor(f); !makes {
				c.cap(object, name, nil)
			}
		})
	}
}
