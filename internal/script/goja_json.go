package script

import (
	"fmt"

	"github.com/dop251/goja"

	"parley/internal/session"
)

// maxNesting is how deep JSON that scripts read and write may be nested.
const maxNesting = 1000

// jsonCaps bounds JSON.parse and JSON.stringify.
type jsonCaps struct{ *capper }

func (c jsonCaps) apply() {
	json := c.global("JSON")
	deep := func(call *goja.FunctionCall) {
		if text := call.Argument(0); textLength(text) > maxNesting && tooDeep(text.String()) {
			c.refuse(fmt.Sprintf("JSON.parse takes at most %d nested objects", maxNesting))
		}
	}
	parse, original := nativeOf(json.Get("parse"))
	c.parse = c.function("parse", original.Get("length"), c.wrap(parse, deep))
	c.cap(json, "parse", func(call *goja.FunctionCall) {
		if len(call.Arguments) > 0 {
			call.Arguments = append([]goja.Value{call.Arguments[0].ToString()}, call.Arguments[1:]...)
		}
		if textLength(call.Argument(0)) > session.MaxJSONParseBytes {
			c.refuse("JSON.parse takes at most 1 MB of text")
		}
		deep(call)
	})
	c.stringify(json)
}

// tooDeep tells whether more brackets are open at once than may be nested.
func tooDeep(text string) bool {
	open, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '[' || b == '{':
			if open++; open > maxNesting {
				return true
			}
		case b == ']' || b == '}':
			open--
		}
	}
	return false
}

// jsonWriter counts what one call of JSON.stringify makes. It sees every value
// as the replacer of the call.
type jsonWriter struct {
	holders []*goja.Object // from the outermost to the one being written
	inner   goja.Callable  // the script's own replacer
	indent  int64
	size    int64
	values  int
}

func (c jsonCaps) stringify(json *goja.Object) {
	run, original := nativeOf(json.Get("stringify"))
	see := c.rt.ToValue(c.see)
	write := func(call goja.FunctionCall, inner goja.Callable, replacer goja.Value) goja.Value {
		outer := c.json
		c.json = &jsonWriter{inner: inner}
		if space := call.Argument(2); !goja.IsUndefined(space) {
			c.json.indent = 10
		}
		defer func() { c.json = outer }()
		return run(goja.FunctionCall{This: call.This, Arguments: []goja.Value{call.Argument(0), replacer, call.Argument(2)}})
	}
	c.put(json, "stringify", c.wrap(func(call goja.FunctionCall) goja.Value {
		if _, isObject := call.Argument(0).(*goja.Object); !isObject {
			return run(call)
		}
		replacer := call.Argument(1)
		inner, _ := goja.AssertFunction(replacer)
		if list, isList := replacer.(*goja.Object); isList && inner == nil {
			c.checkLength(list)
			write(call, nil, see) // it bounds the list's, which can only be shorter
			return run(call)
		}
		return write(call, inner, see)
	}, nil), original.Get("length"))
}

// see is the replacer.
func (c jsonCaps) see(call goja.FunctionCall) goja.Value {
	w, v := c.json, call.Argument(1)
	if w.inner != nil {
		var err error
		if v, err = w.inner(call.This, call.Arguments...); err != nil {
			panic(err)
		}
	}
	if w.values++; w.values&255 == 0 {
		c.enter()
		c.leave()
	}
	holder := call.This.ToObject(c.rt)
	for len(w.holders) > 0 && w.holders[len(w.holders)-1] != holder {
		w.holders = w.holders[:len(w.holders)-1]
	}
	if len(w.holders) == 0 {
		w.holders = append(w.holders, holder)
	}
	if w.size += textLength(v) + textLength(call.Argument(0)) + 4 + w.indent*int64(len(w.holders)); w.size > maxNativeString {
		c.refuse("the text would be too long")
	}
	if object, ok := v.(*goja.Object); ok {
		if w.holders = append(w.holders, object); len(w.holders) > maxNesting+1 {
			c.refuse(fmt.Sprintf("JSON.stringify takes at most %d nested objects", maxNesting))
		}
	}
	return v
}
