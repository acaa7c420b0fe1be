package script

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"parley/internal/session"
)

// hostile are scripts that must not stop the process, with the failure they end
// in: "*" is any (time or memory, whichever comes first), "" a turn that goes well.
func hostile() map[string]struct{ script, code, message string } {
	const deadline, memory = "the script ran longer than", "the script used too much memory"
	return map[string]struct{ script, code, message string }{
		"endless loop":            {"for (;;) {}", "deadline", deadline},
		"caught endless loop":     {"for (;;) { try { for (;;) {} } catch (e) {} finally { continue; } }", "deadline", deadline},
		"endless callback":        {"[1].forEach(function () { for (;;) {} });", "deadline", deadline},
		"array push":              {"var a = []; for (;;) a.push(a.length + 0.5);", "*", ""},
		"object keys":             {"var o = {}; for (var i = 0;; i++) o['k' + i] = i;", "*", ""},
		"string doubling":         {"var s = 'x'; for (;;) s += s;", "*", ""},
		"recursion":               {"(function f() { f(); })();", "script", "RangeError: more than 2000 calls are nested"},
		"huge repeat":             {"'x'.repeat(Math.pow(2, 40));", "script", "RangeError: the text would be too long"},
		"large repeat":            {"'x'.repeat(Math.pow(2, 30));", "script", "RangeError: the text would be too long"},
		"many repeats":            {"var a = []; for (;;) a.push('x'.repeat(1e6) + a.length);", "*", ""},
		"padStart":                {"'x'.padStart(1e12);", "script", "RangeError: the text would be too long"},
		"padEnd":                  {"'x'.padEnd(1e12);", "script", "RangeError: the text would be too long"},
		"concat of texts":         {"var s = 'x'.repeat(4e6); s.concat(s, s, s);", "script", "RangeError: the text would be too long"},
		"replace":                 {"'x'.repeat(1e6).replace(/x/g, 'y'.repeat(1e6));", "script", "RangeError: the text would be too long"},
		"long array":              {"new Array(3e8).join();", "script", "RangeError: the array would be too long"},
		"long array by a call":    {"Array(4e8).fill(0);", "script", "RangeError: the array would be too long"},
		"long array by length":    {"var a = []; a.length = 4e9; a.fill(0);", "script", "RangeError: the array is too long"},
		"forEach over nothing":    {"var a = []; a.length = 4e9; a.forEach(function () {});", "script", "RangeError: the array is too long"},
		"sort of a like":          {"Array.prototype.sort.call({length: 9e15});", "script", "RangeError: the array is too long"},
		"indexOf of a like":       {"Array.prototype.indexOf.call({length: 9e15}, 1);", "script", "RangeError: the array is too long"},
		"Array.from":              {"Array.from({length: 1e9});", "script", "RangeError: the array is too long"},
		"spread":                  {"var a = []; a.length = 4e9; [...a];", "script", "RangeError: the array is too long"},
		"rest of destructuring":   {"var a = []; a.length = 4e9; var [x, ...rest] = a;", "script", "RangeError: the array is too long"},
		"set of a long array":     {"var a = []; a.length = 4e9; new Set(a);", "script", "RangeError: the array is too long"},
		"apply":                   {"Math.max.apply(null, {length: 4e9});", "script", "RangeError: too many arguments"},
		"Reflect.apply":           {"Reflect.apply(Math.max, null, {length: 4e9});", "script", "RangeError: too many arguments"},
		"concat of arrays":        {"var a = []; a.length = 4e9; [].concat(a);", "script", "RangeError: the array is too long"},
		"join of large texts":     {"var s = 'x'.repeat(1e6), a = []; for (var i = 0; i < 100; i++) a.push(s); a.join();", "script", "RangeError: the text would be too long"},
		"nested joins":            {"var s = 'x'.repeat(1e6), a = []; for (var i = 0; i < 1000; i++) a.push([s]); '' + a;", "*", ""},
		"typed array":             {"new Uint8Array(1e13);", "script", "ReferenceError: Uint8Array is not defined"},
		"array buffer":            {"new ArrayBuffer(Math.pow(2, 40));", "script", "ReferenceError: ArrayBuffer is not defined"},
		"eval":                    {"eval('1');", "script", "ReferenceError: eval is not defined"},
		"Function":                {"new Function('return 1')();", "script", "TypeError: Function does not compile text here"},
		"Function by constructor": {"(function () {}).constructor('return 1')();", "script", "TypeError: Function does not compile text here"},
		"generator constructor":   {"Object.getPrototypeOf(function* () {}).constructor('yield 1');", "script", "TypeError: Function does not compile text here"},
		"async constructor":       {"Object.getPrototypeOf(async function () {}).constructor('return 1');", "script", "TypeError: Function does not compile text here"},
		"deep JSON":               {"var s = '['; while (s.length < 3e6) s += s; JSON.parse(s);", "script", "RangeError: JSON.parse takes at most 1 MB of text"},
		"deep stringify":          {"var a = []; for (;;) a = [a];", "*", ""},
		"cycle in $session":       {"$session.own = $session;", "script", "TypeError: Converting circular structure to JSON"},
		"regexp that backtracks":  {"/(a+)+\\1!$/.test('a'.repeat(34));", "script", "RangeError: the regular expression takes too long"},
		"expression that lies":    {"var r = /(?:x?){900}(?:x?){900}y/; Object.defineProperty(r, 'source', {value: 'x'}); r.test('x'.repeat(1e6));", "script", "RangeError: the text is too long for the regular expression"},
		"expressions that lie":    {"Object.defineProperty(RegExp.prototype, 'source', {get: function () { return 'x'; }}); /(?:x?){900}(?:x?){900}y/.test('x'.repeat(1e6));", "script", "RangeError: the text is too long for the regular expression"},
		"huge log":                {"log('x'.repeat(4e6));", "", ""},
		"huge date format":        {"$jsapi.dateForZone('Europe/Moscow', 'y'.repeat(1e6));", "script", "TypeError: the format is longer than 200 characters"},
		"getter that throws":      {"throw {get message() { for (;;) {} }};", "*", ""},
		"error without a name":    {"throw null;", "script", "null"},
		"deep $parley patch":      {"var o = {}; for (var i = 0; i < 100; i++) o = {o: o}; $parley.updateContext(o);", "script", ""},
		"toString without end":    {"$reactions.answer({value: {toString: function () { for (;;) {} }, toJSON: function () { for (;;) {} }}});", "deadline", deadline},
		"proxy of an array":       {"new Proxy([], {get: function () { for (;;) {} }}).join();", "deadline", deadline},
		"promise without end":     {"(function f() { Promise.resolve().then(f); })();", "deadline", deadline},
		"generator without end":   {"[...(function* () { for (;;) yield 1; })()];", "*", ""},
	}
}

func TestHostileScripts(t *testing.T) {
	for name, test := range hostile() {
		t.Run(name, func(t *testing.T) {
			limit := time.Second // also what others run in it
			if test.code == "script" || test.code == "" {
				limit = 20 * time.Second // not the limit that ends it, also on a busy machine
			}
			bot := load(t, Options{RunTime: limit, Engines: 1}, map[string]string{"main.sc": `
theme: /
    state: Attack
        q!: attack
        a: dropped
        script:
            ` + test.script + `
    state: Hello
        q!: hello
        a: hello
`})
			c := newTalk(t, bot)
			began := time.Now()
			c.say("attack")
			if took := time.Since(began); took > time.Minute {
				t.Errorf("it took %s", took)
			}
			f := c.last.Failure
			if test.code == "*" && f == nil {
				t.Error("it ended well")
			}
			if test.code == "" && f != nil {
				t.Errorf("ended with %+v", f)
			}
			if len(test.code) > 1 && (f == nil || f.Code != test.code || !strings.HasPrefix(f.Message, test.message)) {
				t.Errorf("ended with %+v, want %s: %s", f, test.code, test.message)
			}
			if f != nil && (!strings.HasPrefix(f.Where, "src/main.sc:") || f.State != "/Attack" || len(c.last.Replies) != 0) {
				t.Errorf("%+v: where it happened is not told", f)
			}
			runtime.GC()
			c.expect("hello", "hello")
			c.noFailure()
		})
	}
}

func TestBigIntIsRefused(t *testing.T) {
	_, found := Load(project(t, map[string]string{"main.sc": "theme: /\n    state: A\n        q!: a\n        script: var x = 2n ** 1000000000n;\n"}), Options{})
	if len(found) != 1 || found[0].Line != 4 || found[0].Column != 25 || found[0].Message != "JavaScript: BigInt is not available" {
		t.Errorf("%v", found)
	}
}

// TestHandlersAfterTheDeadline: an endless script ends with its handlers, and
// others are served meanwhile.
func TestHandlersAfterTheDeadline(t *testing.T) {
	bot := load(t, Options{Log: testLog(t), RunTime: time.Second, Running: 2}, map[string]string{"main.sc": `
init:
    bind("onScriptError", function($context) { log("handled"); });
    bind("onAnyError", function($context) { $reactions.answer("sorry: " + $context.exception.message + " in " + $context.currentState); });
theme: /
    state: Loop
        q!: loop
        script: $session.x = 1; for(;;);
    state: Hello
        q!: hello
        a: hello
`})
	done := make(chan struct{})
	go func() {
		defer close(done)
		c := newTalk(t, bot)
		c.expect("loop", "sorry: the script ran longer than 1s in /Loop")
		if c.last.Failure == nil || c.last.Failure.Code != "deadline" || c.vars.Data != nil {
			t.Errorf("%+v %s", c.last.Failure, c.vars.Data)
		}
	}()
	for n := 0; ; n++ {
		newTalk(t, bot).expect("hello", "hello")
		select {
		case <-done:
			if n < 3 {
				t.Errorf("only %d other turns ran during the loop", n)
			}
			return
		default:
		}
	}
}

// TestEngineWait: a turn waits for a machine only so long.
func TestEngineWait(t *testing.T) {
	bot := load(t, Options{EngineWait: 20 * time.Millisecond, Engines: 1}, map[string]string{
		"chatbot.yaml": "name: test\nentryPoint: main.sc\nlanguage: en\nmessages:\n  onError:\n    defaultMessage: busy\n",
		"main.sc":      echoBot,
	})
	held, err := bot.pool.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := newTalk(t, bot)
	c.expect("hello", "busy")
	if f := c.last.Failure; f == nil || f.Code != "deadline" || f.Message != "no script engine became free within 20ms" {
		t.Errorf("%+v", f)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if d, err := bot.Run(ctx, c.turn()); d != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v %v: draining is no error turn", d, err)
	}
	bot.pool.put(held)
	c.expect("hello", "Hi")
}

// TestOneMachineForManyWaits: a machine that waits in a host call does not
// count as running.
func TestOneMachineForManyWaits(t *testing.T) {
	bot := load(t, Options{Running: 1}, map[string]string{"main.sc": `
theme: /
    state: Wait
        q!: wait
        a: {{$jsapi.chatHistory()}}
    state: Hello
        q!: hello
        a: hello
`})
	waits, goOn := make(chan struct{}), make(chan struct{})
	c := newVisitor(bot, time.Now())
	turn := c.turn()
	turn.Input = session.Input{Text: "wait"}
	turn.Transcript = blockingTranscript(waits, goOn)
	done := make(chan *session.Decision)
	go func() {
		d, err := bot.Run(t.Context(), turn)
		if err != nil {
			t.Error(err)
		}
		done <- d
	}()
	<-waits
	newTalk(t, bot).expect("hello", "hello")
	close(goOn)
	if d := <-done; d.Failure != nil || texts(t, d.Replies)[0] != "Client: earlier" {
		t.Errorf("%+v %s", d.Failure, d.Replies)
	}
}

// TestMachineAfterAsyncFailure: calls that an asynchronous script left open when
// it was stopped do not reach the next turn.
func TestMachineAfterAsyncFailure(t *testing.T) {
	for name, script := range map[string]string{
		"recursion":  "async function f() { await f(); } await f();",
		"endless":    "await 1; for (;;);",
		"newSession": `await 0; $reactions.newSession({message: "hello"});`,
	} {
		t.Run(name, func(t *testing.T) {
			bot := load(t, Options{Log: testLog(t), Engines: 1, RunTime: 2 * time.Second}, map[string]string{"main.sc": `
theme: /
    state: Attack
        q!: attack
        scriptEs6:
            ` + script + `
    state: Hello
        q!: hello
        scriptEs6:
            const x = await Promise.resolve("hel").then(s => s + "lo");
            await {then(done) { $reactions.answer(x); done(); }};
`})
			for range 3 {
				newTalk(t, bot).say("attack")
				c := newTalk(t, bot)
				c.expect("hello", "hello")
				c.noFailure()
			}
			if name == "newSession" {
				c := newTalk(t, bot)
				c.expect("attack", "hello")
				c.noFailure()
			}
		})
	}
}
