package script

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/dop251/goja"
)

// arrayCaps bounds the natives of Array.
type arrayCaps struct{ *capper }

func (c arrayCaps) apply() {
	proto := c.proto("Array")
	for _, name := range proto.GetOwnPropertyNames() {
		switch name {
		case "constructor", "length":
		case "join", "toString", "toLocaleString":
			c.array(proto, name, c.checkJoin)
		case "concat":
			c.array(proto, name, func(call *goja.FunctionCall) {
				call.Arguments = slices.Clone(call.Arguments)
				c.checkTotal(call, call.Arguments)
			})
		case "flat":
			c.array(proto, name, func(call *goja.FunctionCall) { c.checkTotal(call, c.elements(call.This)) })
		default:
			c.array(proto, name, nil)
		}
	}
	// [...a] and for-of ask the iterator: the capped one.
	_ = proto.DefineDataPropertySymbol(goja.SymIterator, proto.Get("values"), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	c.cap(c.global("Array"), "from", func(call *goja.FunctionCall) {
		if c.checkLength(call.Argument(0)); len(call.Arguments) > 0 && !c.iterable(call.Arguments[0]) {
			call.Arguments = append([]goja.Value{c.copied(call.Arguments[0])}, call.Arguments[1:]...)
		}
	})
	c.construct("Array", func(args []goja.Value) {
		if len(args) == 1 && textLength(args[0]) == 0 {
			if _, isObject := args[0].(*goja.Object); !isObject && args[0].ToFloat() > maxNativeLength {
				c.refuse("the array would be too long")
			}
		}
	})
}

// array caps a method. What only looks like an array may tell another length
// each time: the method works on a copy, which is then written back.
func (c arrayCaps) array(proto *goja.Object, name string, check func(*goja.FunctionCall)) {
	run, original := nativeOf(proto.Get(name))
	if run == nil {
		return
	}
	iterates := name == "keys" || name == "values" || name == "entries"
	c.put(proto, name, c.wrap(func(call goja.FunctionCall) goja.Value {
		like, isLike := call.This.(*goja.Object)
		if isLike = isLike && !isArray(like) && !iterates; isLike {
			call.This = c.copied(like)
		}
		c.checkLength(call.This)
		if check != nil {
			check(&call)
		}
		result := run(call)
		if isLike && changing[name] {
			c.writeBack(like, call.This.ToObject(c.rt))
			if result == call.This {
				result = like
			}
		}
		return result
	}, nil), original.Get("length"))
}

var changing = map[string]bool{
	"push": true, "pop": true, "shift": true, "unshift": true, "splice": true, "sort": true, "reverse": true, "fill": true, "copyWithin": true,
}

// copied is an array with the elements of something like an array.
func (c arrayCaps) copied(v goja.Value) goja.Value {
	like, ok := v.(*goja.Object)
	if !ok || isArray(like) {
		return v
	}
	n := c.checkLength(like)
	list := c.rt.NewArray()
	_ = list.Set("length", max(n, 0))
	for i := range int(n) {
		if i&1023 == 0 {
			c.enter()
			c.leave()
		}
		name := strconv.Itoa(i)
		if element := like.Get(name); element != nil {
			_ = list.Set(name, element)
		}
	}
	return list
}

func (c arrayCaps) writeBack(like, list *goja.Object) {
	before, after := int(c.length(like)), int(c.length(list))
	for i := range after {
		name := strconv.Itoa(i)
		c.must(like.Set(name, list.Get(name)))
	}
	for i := after; i < min(before, maxNativeLength); i++ {
		c.must(like.Delete(strconv.Itoa(i)))
	}
	c.must(like.Set("length", after))
}

func (c arrayCaps) must(err error) {
	if err != nil {
		panic(err)
	}
}

func (c arrayCaps) iterable(v goja.Value) bool {
	object, ok := v.(*goja.Object)
	if !ok {
		return true
	}
	method := object.GetSymbol(goja.SymIterator)
	return method != nil && !goja.IsUndefined(method) && !goja.IsNull(method)
}

func (c arrayCaps) checkJoin(call *goja.FunctionCall) {
	n := c.length(call.This)
	separator := int64(1)
	if s := call.Argument(0); !goja.IsUndefined(s) {
		separator = textLength(s.ToString())
	}
	size := n * separator
	for _, element := range c.elements(call.This) {
		size += max(textLength(element), 1)
	}
	c.spend(size)
}

// elements are those of a plain array.
func (c arrayCaps) elements(v goja.Value) []goja.Value {
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

// checkTotal bounds the sum of what is put together. A list that only says it is
// one is copied.
func (c arrayCaps) checkTotal(call *goja.FunctionCall, more []goja.Value) {
	total := c.length(call.This)
	for i, v := range more {
		object, ok := v.(*goja.Object)
		if !ok {
			continue
		}
		if spread := object.GetSymbol(goja.SymIsConcatSpreadable); !isArray(v) && spread != nil && spread.ToBoolean() {
			more[i] = c.copied(object)
		}
		if isArray(more[i]) {
			total += c.checkLength(more[i])
		}
	}
	if total > maxNativeLength {
		c.refuse("the array would be too long")
	}
}
