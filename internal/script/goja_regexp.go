package script

import (
	"time"

	"github.com/dop251/goja"

	"parley/internal/session"
)

// Regular expressions run without looking at an interrupt: one search takes at
// most so many steps, which is some tenths of a second.
const (
	maxRegexpSource = 16 << 10 // characters
	maxRegexpSize   = 20_000   // steps for one character
	maxRegexpWork   = 64 << 20 // steps of one search
	shortText       = 2 << 10  // characters that any expression may look at
)

// regexpCaps bounds regular expressions.
type regexpCaps struct {
	*capper
	source goja.Callable // the getter of the engine: a script may put another in its place
}

func (c regexpCaps) apply() {
	proto := c.proto("RegExp")
	if getter, err := c.rt.RunString("Object.getOwnPropertyDescriptor(RegExp.prototype, 'source').get"); err == nil {
		c.source, _ = goja.AssertFunction(getter)
	}
	search := func(call *goja.FunctionCall) { c.search(call) }
	c.capTimed(proto, "exec", search)
	c.capTimed(proto, "test", search)
	for _, symbol := range []*goja.Symbol{goja.SymMatch, goja.SymMatchAll, goja.SymReplace, goja.SymSearch, goja.SymSplit} {
		c.capSymbol(proto, symbol, search)
	}
	compile := func(args []goja.Value) {
		if len(args) > 0 && !isRegexp(args[0]) {
			c.checkSource(args[0].String())
		}
	}
	c.construct("RegExp", compile)
	c.cap(proto, "compile", func(call *goja.FunctionCall) { compile(call.Arguments) })
}

// capTimed repeats a search that was given up before its time, and refuses the
// answer of one that was given up in time: it would be wrong.
func (c regexpCaps) capTimed(proto *goja.Object, name string, check func(*goja.FunctionCall)) {
	run, original := nativeOf(proto.Get(name))
	c.put(proto, name, c.wrap(func(call goja.FunctionCall) goja.Value {
		check(&call)
		began := time.Now()
		for {
			at := lastIndex(call.This)
			var found goja.Value
			if given := c.searches.of(func() { found = run(call) }); !given || found != nil && found.ToBoolean() {
				return found
			}
			if time.Since(began) >= regexpTime {
				c.refuse("the regular expression takes too long")
			}
			if at != nil {
				_ = call.This.ToObject(c.rt).Set("lastIndex", at)
			}
		}
	}, nil), original.Get("length"))
}

// lastIndex is where the next search of a global expression begins, nil for none.
func lastIndex(v goja.Value) goja.Value {
	if !isRegexp(v) {
		return nil
	}
	return v.(*goja.Object).Get("lastIndex")
}

// search checks what a method of an expression is about to do.
func (c regexpCaps) search(call *goja.FunctionCall) {
	text, isText := call.Argument(0).(goja.String)
	if !isText && len(call.Arguments) > 0 {
		// The engine's ToString leaves undefined as it is.
		if text, isText = call.Arguments[0].ToString().(goja.String); !isText {
			text = c.rt.ToValue(call.Arguments[0].String()).(goja.String)
		}
		call.Arguments = append([]goja.Value{text}, call.Arguments[1:]...)
	}
	n := textLength(text)
	if n <= shortText || !isRegexp(call.This) {
		return
	}
	source, err := c.source(call.This)
	if err != nil {
		panic(err)
	}
	if n > maxNativeLength || n*regexpSize(source.String()) > maxRegexpWork {
		c.refuse("the text is too long for the regular expression")
	}
}

func isRegexp(v goja.Value) bool {
	object, ok := v.(*goja.Object)
	return ok && object.ClassName() == "RegExp"
}

func (c regexpCaps) checkSource(source string) {
	if len(source) > maxRegexpSource || regexpSize(source) > maxRegexpSize {
		c.refuse("the regular expression is too large")
	}
}

// regexpSize estimates how many steps an expression takes for a character at
// most: its characters, those that {n,m} repeats as often.
func regexpSize(source string) int64 {
	const most = session.MaxJSONParseBytes << 10 // more makes no difference
	sizes, starts := []int64{0}, []int64{0}      // of the open groups: all of it, where the last atom begins
	last := func() int { return len(sizes) - 1 }
	atom := func(size int64) {
		starts[last()] = sizes[last()]
		sizes[last()] = min(sizes[last()]+size, most)
	}
	for i := 0; i < len(source); i++ {
		switch source[i] {
		case '\\':
			i++
			atom(1)
		case '[':
			for i++; i < len(source) && source[i] != ']'; i++ {
				if source[i] == '\\' {
					i++
				}
			}
			atom(1)
		case '(':
			sizes, starts = append(sizes, 1), append(starts, 1)
		case ')':
			if size := sizes[last()]; last() > 0 {
				sizes, starts = sizes[:last()], starts[:last()]
				atom(size)
			}
		case '{':
			times, end := repetition(source[i:])
			if end > 0 {
				size := sizes[last()] - starts[last()]
				sizes[last()] = min(starts[last()]+size*max(times, 1), most)
				i += end - 1
				continue
			}
			atom(1)
		case '*', '+', '?', '|', '^', '$':
			sizes[last()]++
		default:
			atom(1)
		}
	}
	for last() > 0 {
		size := sizes[last()]
		sizes, starts = sizes[:last()], starts[:last()]
		atom(size)
	}
	return sizes[0]
}

// repetition reads {n}, {n,} or {n,m}: the higher number, and how long it is; 0
// when it is none.
func repetition(source string) (times int64, end int) {
	number := int64(0)
	for i := 1; i < len(source); i++ {
		switch b := source[i]; {
		case b >= '0' && b <= '9':
			number = min(number*10+int64(b-'0'), 1<<20)
			times = max(times, number)
		case b == ',':
			number = 0
		case b == '}':
			return times, i + 1
		default:
			return 0, 0
		}
	}
	return 0, 0
}
