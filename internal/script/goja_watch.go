package script

import "github.com/dop251/goja"

// watchedObject is a built-in object with what it looked like after start-up.
type watchedObject struct {
	object *goja.Object
	// properties counts all own properties, keys the enumerable ones, which is
	// cheaper to count again.
	properties, keys int
	proto            *goja.Object
	symbols          []*goja.Symbol
	symbolValues     []goja.Value
	symbolCount      int // enumerable symbols
	names            []string
	values           []goja.Value
}

// watchlist are the built-in objects that all turns of a machine share.
type watchlist struct {
	rt      *goja.Runtime
	objects []watchedObject
	freezer goja.Callable  // Object.freeze of a machine that no script has touched
	later   []*goja.Object // to be frozen at the end of the start-up
	sealed  bool
}

func newWatchlist(rt *goja.Runtime) watchlist {
	freezer, _ := goja.AssertFunction(rt.Get("Object").ToObject(rt).Get("freeze"))
	return watchlist{rt: rt, freezer: freezer}
}

// Seal remembers the built-in objects that all turns of the machine share.
func (vm *gojaVM) Seal() {
	global := vm.base
	object := func(of *goja.Object, name string) *goja.Object {
		found, _ := of.Get(name).(*goja.Object)
		return found
	}
	for name, both := range builtIns() {
		if constructor := object(global, name); constructor != nil {
			both.constructor(&vm.watched, constructor)
			both.prototype(&vm.watched, object(constructor, "prototype"))
		}
	}
	vm.freezeNameless()
	if own, ok := vm.entries["own"]; ok && vm.engine.strict {
		_, _ = own(goja.Undefined()) // it only reads names
	}
	vm.watched.add(object(global, "Math"))
	vm.watched.add(object(global, "$converters"))
	for _, name := range []string{"JSON", "Reflect", "console"} {
		vm.watched.freeze(object(global, name))
	}
	vm.watched.seal()
}

// builtIn says what becomes of a constructor and its prototype. Scripts do add
// methods to the common ones, and may: what they added is gone with the machine,
// which costs a look at each of them after every turn. A frozen object costs
// nothing. A prototype whose heirs are assigned members of the same names, as
// message of an error, must not be frozen.
type builtIn struct {
	constructor, prototype func(*watchlist, *goja.Object)
}

func builtIns() map[string]builtIn {
	watched, heirs := builtIn{(*watchlist).add, (*watchlist).add}, builtIn{(*watchlist).freeze, (*watchlist).add}
	frozen := builtIn{(*watchlist).freeze, (*watchlist).freeze}
	return map[string]builtIn{
		"Object": watched, "Array": watched, "String": watched, "Number": watched, "Date": watched,
		"Function": heirs, "RegExp": heirs, "Error": heirs, "TypeError": heirs, "RangeError": heirs, "SyntaxError": heirs,
		"ReferenceError": heirs, "EvalError": heirs, "URIError": heirs, "AggregateError": heirs,
		"Boolean": frozen, "Map": frozen, "Set": frozen, "WeakMap": frozen, "WeakSet": frozen, "Promise": frozen, "Symbol": frozen,
		"Proxy": frozen,
	}
}

// freezeNameless freezes the prototypes that no global name leads to.
func (vm *gojaVM) freezeNameless() {
	list, err := vm.rt.RunString(`(function (of) {
		var generator = of(function* () {});
		return [generator, generator.prototype, of(async function () {}), of([][Symbol.iterator]()), of(of([][Symbol.iterator]())),
			of(new Map().entries()), of(new Set().values()), of(''[Symbol.iterator]()), of(''.matchAll(/x/g))];
	})(Object.getPrototypeOf)`)
	if err != nil {
		return // the start-up code broke what it stands on, for every machine alike
	}
	object := list.ToObject(vm.rt)
	for _, name := range object.Keys() {
		vm.watched.freeze(object.Get(name).ToObject(vm.rt))
	}
}

// freeze makes an object unchangeable once the start-up is over.
func (l *watchlist) freeze(object *goja.Object) {
	if object == nil {
		return
	}
	if !l.sealed {
		l.later = append(l.later, object)
		return
	}
	_, _ = l.freezer(goja.Undefined(), object) // it is the engine's own, which does not fail on a plain object
}

func (l *watchlist) seal() {
	l.sealed = true
	for _, object := range l.later {
		l.freeze(object)
	}
	l.later = nil
}

func (l *watchlist) add(object *goja.Object) {
	if object == nil {
		return
	}
	names := object.GetOwnPropertyNames()
	w := watchedObject{object: object, properties: len(names), keys: len(object.Keys()), proto: object.Prototype()}
	for _, symbol := range hookSymbols() {
		_ = l.rt.Try(func() {
			v := object.GetSymbol(symbol)
			w.symbols, w.symbolValues = append(w.symbols, symbol), append(w.symbolValues, v)
		})
	}
	w.symbolCount = len(object.Symbols())
	for _, name := range names {
		// A getter of a prototype, as size of Map, cannot be asked.
		_ = l.rt.Try(func() {
			v := object.Get(name)
			w.names, w.values = append(w.names, name), append(w.values, v)
		})
	}
	l.objects = append(l.objects, w)
}

// unchanged compares the watched objects with what they were. A changed machine
// would carry something from one client to the next.
//
// What a script adds is enumerable, unless it called defineProperty: defined.
func (l *watchlist) unchanged(defined bool) bool {
	for i := range l.objects {
		if !l.objects[i].unchanged(defined) {
			return false
		}
	}
	return true
}

func (w *watchedObject) unchanged(defined bool) bool {
	if len(w.object.Keys()) != w.keys || defined && len(w.object.GetOwnPropertyNames()) != w.properties {
		return false
	}
	if w.object.Prototype() != w.proto || len(w.object.Symbols()) != w.symbolCount {
		return false
	}
	for i, name := range w.names {
		if !same(w.object.Get(name), w.values[i]) {
			return false
		}
	}
	for i, symbol := range w.symbols {
		if !same(w.object.GetSymbol(symbol), w.symbolValues[i]) {
			return false
		}
	}
	return true
}

func same(a, b goja.Value) bool {
	return a == nil && b == nil || a != nil && b != nil && a.SameAs(b)
}

// hookSymbols are the names by which the language itself calls objects.
func hookSymbols() []*goja.Symbol {
	return []*goja.Symbol{
		goja.SymIterator, goja.SymToPrimitive, goja.SymToStringTag, goja.SymHasInstance, goja.SymIsConcatSpreadable,
		goja.SymMatch, goja.SymReplace, goja.SymSearch, goja.SymSplit,
	}
}
