package script

import "github.com/dop251/goja"

// watchedObject is a built-in object with what it looked like after start-up.
type watchedObject struct {
	object *goja.Object
	count  int // of own properties
	names  []string
	values []goja.Value
}

// watchlist are the built-in objects that all turns of a machine share.
type watchlist struct {
	rt      *goja.Runtime
	objects []watchedObject
}

// Seal remembers the built-in objects that all turns of the machine share.
func (vm *gojaVM) Seal() {
	global := vm.base
	object := func(of *goja.Object, name string) *goja.Object {
		found, _ := of.Get(name).(*goja.Object)
		return found
	}
	for _, name := range []string{
		"Object", "Function", "Array", "String", "Number", "Boolean", "RegExp", "Date", "Error", "TypeError", "RangeError",
		"Map", "Set", "Promise", "Symbol",
	} {
		if constructor := object(global, name); constructor != nil {
			vm.watched.add(constructor)
			vm.watched.add(object(constructor, "prototype"))
		}
	}
	if own, ok := vm.entries["own"]; ok && vm.engine.strict {
		_, _ = own(goja.Undefined()) // it only reads names
	}
	for _, name := range []string{"Math", "JSON", "Reflect"} {
		vm.watched.add(object(global, name))
	}
}

func (l *watchlist) add(object *goja.Object) {
	if object == nil {
		return
	}
	names := object.GetOwnPropertyNames()
	w := watchedObject{object: object, count: len(names)}
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
func (l *watchlist) unchanged() bool {
	for i := range l.objects {
		if !l.objects[i].unchanged() {
			return false
		}
	}
	return true
}

func (w *watchedObject) unchanged() bool {
	if len(w.object.GetOwnPropertyNames()) != w.count {
		return false
	}
	for i, name := range w.names {
		if now := w.object.Get(name); now != w.values[i] && (now == nil || w.values[i] == nil || !now.SameAs(w.values[i])) {
			return false
		}
	}
	return true
}
