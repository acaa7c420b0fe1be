package script

import "github.com/dop251/goja"

// watchedObject is a built-in object with what it looked like after start-up.
type watchedObject struct {
	object *goja.Object
	count  int // of own properties
	names  []string
	values []goja.Value
}

// Seal remembers the built-in objects that all turns of the machine share.
func (vm *gojaVM) Seal() {
	for _, name := range []string{
		"Object", "Function", "Array", "String", "Number", "Boolean", "RegExp", "Date", "Error", "TypeError", "RangeError",
		"Map", "Set", "Promise", "Symbol",
	} {
		vm.watch(vm.global(name))
		vm.watch(vm.proto(name))
	}
	vm.watch(vm.global("Math"))
	vm.watch(vm.global("JSON"))
	vm.watch(vm.global("Reflect"))
}

func (vm *gojaVM) watch(object *goja.Object) {
	if object == nil {
		return
	}
	names := object.GetOwnPropertyNames()
	w := watchedObject{object: object, count: len(names)}
	for _, name := range names {
		// A getter of a prototype, as size of Map, cannot be asked.
		_ = vm.rt.Try(func() {
			v := object.Get(name)
			w.names, w.values = append(w.names, name), append(w.values, v)
		})
	}
	vm.watched = append(vm.watched, w)
}

// unchanged compares the watched objects with what they were. A changed machine
// would carry something from one client to the next.
func (vm *gojaVM) unchanged() bool {
	for i := range vm.watched {
		if !vm.watched[i].unchanged() {
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
