package script

import "github.com/dop251/goja"

// textCaps bounds the natives of String.
type textCaps struct{ *capper }

func (c textCaps) apply() {
	proto := c.proto("String")
	checks := map[string]func(*goja.FunctionCall){
		"repeat": func(call *goja.FunctionCall) {
			n := call.Argument(0).ToInteger()
			if n > maxNativeString {
				c.refuse("the text would be too long")
			}
			c.spend(textLength(call.This) * max(n, 0))
		},
		"concat": c.checkConcat, "replace": c.checkReplace, "replaceAll": c.checkReplace,
		"padStart": func(call *goja.FunctionCall) { c.spend(call.Argument(0).ToInteger()) },
		"padEnd":   func(call *goja.FunctionCall) { c.spend(call.Argument(0).ToInteger()) },
		"split":    c.checkSplit,
	}
	for _, name := range []string{"normalize", "matchAll", "match"} {
		checks[name] = func(call *goja.FunctionCall) { c.spend(textLength(call.This)) }
	}
	for _, name := range proto.GetOwnPropertyNames() {
		if name == "constructor" {
			continue
		}
		check := checks[name]
		c.cap(proto, name, func(call *goja.FunctionCall) {
			c.own(call)
			if check != nil {
				check(call)
			}
		})
	}
	c.capSymbol(proto, goja.SymIterator, func(call *goja.FunctionCall) {
		c.own(call)
		c.checkText(call.This)
	})
	c.put(c.global("String"), "raw", c.wrap(c.raw, nil), c.rt.ToValue(1))
}

// own makes a string of what the method is called on, so that its length is known.
func (c textCaps) own(call *goja.FunctionCall) {
	if object, ok := call.This.(*goja.Object); ok {
		call.This = object.ToString()
	}
}

func (c textCaps) checkConcat(call *goja.FunctionCall) {
	size, args := textLength(call.This), make([]goja.Value, len(call.Arguments))
	for i, arg := range call.Arguments {
		args[i] = arg.ToString()
		size += textLength(args[i])
	}
	call.Arguments = args
	c.spend(size)
}

// checkReplace bounds what a replacement text makes: it stands in at most once
// for each character and one more; a $ in it may stand for the whole text.
func (c textCaps) checkReplace(call *goja.FunctionCall) {
	if len(call.Arguments) < 2 {
		return
	}
	call.Arguments = append([]goja.Value{call.Arguments[0], c.plain(call.Arguments[1])}, call.Arguments[2:]...)
	length, by := textLength(call.This)+1, textLength(call.Arguments[1])
	if by <= 1 {
		return
	}
	if size := length * by; size > maxNativeString || length*size > maxNativeString && c.refersBack(call.Arguments[1]) {
		c.refuse("the text would be too long")
	}
	c.spend(length * by)
}

// refersBack tells whether a replacement text repeats what stands before or
// behind a match.
func (c textCaps) refersBack(v goja.Value) bool {
	text := v.String()
	for i := 0; i+1 < len(text); i++ {
		if text[i] == '$' && (text[i+1] == '`' || text[i+1] == '\'') {
			return true
		}
	}
	return false
}

// checkSplit allows as many parts as an array may have.
func (c textCaps) checkSplit(call *goja.FunctionCall) {
	c.spend(textLength(call.This))
	if _, isText := call.Argument(0).(goja.String); isText && textLength(call.Argument(0)) == 0 {
		c.checkText(call.This)
	}
}

// raw is String.raw.
func (c textCaps) raw(call goja.FunctionCall) goja.Value {
	texts := call.Argument(0).ToObject(c.rt).Get("raw").ToObject(c.rt)
	n := c.checkLength(texts)
	var parts []goja.Value
	size := int64(0)
	add := func(v goja.Value) {
		if v == nil {
			v = goja.Undefined()
		}
		text := v.ToString()
		if size += textLength(text); size > maxNativeString {
			c.refuse("the text would be too long")
		}
		parts = append(parts, text)
	}
	for i := range int(n) {
		add(texts.Get(c.rt.ToValue(i).String()))
		if i+1 < int(n) && i+1 < len(call.Arguments) {
			add(call.Arguments[i+1])
		}
	}
	c.spend(size)
	joined, _ := nativeOf(c.proto("String").Get("concat"))
	return joined(goja.FunctionCall{This: c.rt.ToValue(""), Arguments: parts})
}
