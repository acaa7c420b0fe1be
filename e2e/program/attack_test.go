package program

import (
	"fmt"
	"strings"
)

// attack is a script that must not hurt anybody else. want is how the reason of
// its error turn goes on after "in /state at place: ", "" for a turn that goes well.
type attack struct{ name, want, script string }

const (
	late    = "the script ran longer than 2s"
	fat     = "the script used too much memory"
	tooLong = "RangeError: the text would be too long"
	endless = late + "|" + fat
)

// attacks are the hostile set. Names that begin with es6 are blocks of scriptEs6.
func attacks() []attack {
	return []attack{
		// Loops, caught or not.
		{"loop", late, "for (;;) {}"},
		{"loop with labels", late, "outer: for (;;) { inner: do { continue outer; } while (true); }"},
		{"loop in finally", late, "while (true) { try { for (;;) {} } catch (e) { continue; } finally { continue; } }"},
		{"recursion", "RangeError: more than 2000 calls are nested", "(function f() { f(); })();"},
		{"caught recursion", "RangeError: more than 2000 calls are nested", "function f() { try { f(); } finally { f(); } } f();"},
		{"getter", late, "var o = {get a() { for (;;) {} }}; o.a;"},
		{"toString", late, "'' + {toString: function () { for (;;) {} }};"},
		{"valueOf", late, "1 * {valueOf: function () { for (;;) {} }};"},
		{"toPrimitive", late, "var o = {}; o[Symbol.toPrimitive] = function () { for (;;) {} }; o > 1;"},
		{"proxy", late, "Object.keys(new Proxy({}, {ownKeys: function () { for (;;) {} }}));"},
		{"with", late, "with (new Proxy({}, {has: function () { for (;;) {} }})) { x; }"},
		{"sort", endless, "var a = []; for (var i = 0; i < 5e5; i++) a.push(i ^ 0x5555); for (;;) a.sort(function (x, y) { return Math.random() - 0.5; });"},
		{"natives in natives", endless, "var a = []; for (var i = 0; i < 5e5; i++) a.push({}); a.map(a.indexOf, a);"},
		{"texts in natives", late, "var a = []; a.length = 1e6; a.fill('y'); a.map(String.prototype.indexOf, 'x'.repeat(8e6));"},
		{"generator", late, "for (var x of (function* () { for (;;) yield 1; })()) {}"},
		{"iterator", endless, "var o = {}; o[Symbol.iterator] = function () { return {next: function () { return {value: 1}; }}; }; [...o];"},

		// Growth in scripts.
		{"growing array", endless + "|RangeError: the array is too long", "var a = []; for (;;) a.push(a.length + 0.5);"},
		{"growing object", endless, "var o = {}; for (var i = 0;; i++) o['k' + i] = i;"},
		{"growing text", tooLong, "var s = 'x'; for (;;) s += s;"},
		{"growing unicode text", tooLong, "var s = 'ж'; for (;;) s = s + s;"},
		{"growing map", endless, "var m = new Map(); for (var i = 0;; i++) m.set({}, i);"},
		{"growing closures", endless, "var f = function () {}; for (;;) f = (function (g) { return function () { g(); }; })(f);"},
		{"growing chain of binds", endless + "|RangeError", "var f = function () {}; for (var i = 0; i < 1e6; i++) f = f.bind(null, i); f();"},
		{"growing chain of prototypes", endless, "var o = {}; for (var i = 0; i < 3e5; i++) o = Object.create(o); for (;;) o.missing;"},
		{"growing chain of proxies", endless + "|RangeError", "var o = {}; for (var i = 0; i < 1e6; i++) o = new Proxy(o, {}); o.a;"},

		// One call of a native.
		{"repeat 2 to 40", tooLong, "'x'.repeat(Math.pow(2, 40));"},
		{"repeat 2 to 30", tooLong, "'x'.repeat(Math.pow(2, 30));"},
		{"many repeats", endless + "|RangeError: too much text was made in one turn", "var a = []; for (;;) a.push('x'.repeat(1e6) + a.length);"},
		{"fill", "RangeError: the array would be too long", "new Array(4e8).fill(0);"},
		{"join", "RangeError: the array would be too long", "new Array(3e8).join('x');"},
		{"join by length", "RangeError: the array is too long", "var a = []; a.length = 4e9; a.join('x');"},
		{"map", "RangeError: the array is too long", "var a = []; a.length = 4e9; a.map(function (x) { return x; });"},
		{"concat", "RangeError: the array is too long", "var a = []; a.length = 4e9; a.concat(a);"},
		{"Array.from", "RangeError: the array is too long", "Array.from({length: 1e9});"},
		{"apply", "RangeError: too many arguments", "Math.max.apply(null, {length: 4e9});"},
		{"padStart", tooLong, "'x'.padStart(1e12);"},
		{"padEnd", tooLong, "'x'.padEnd(1e12, 'ж');"},
		{"split", endless + "|RangeError", "var s = 'x'.repeat(8e6), a = []; for (;;) a.push(s.split(''));"},
		{"spread of a text", "RangeError", "var s = 'x'.repeat(8e6); [...s];"},
		{"spread of a text into an object", "RangeError", "var s = 'x'.repeat(8e6); ({...s});"},
		{"keys of a text", "RangeError", "Object.keys('x'.repeat(8e6));"},
		{"text assigned to an object", "RangeError", "Object.assign({}, 'x'.repeat(8e6));"},
		{"for in of a text", endless + "|RangeError", "var s = 'x'.repeat(8e6); for (;;) for (var k in s) { break; }"},
		{"concat of texts", tooLong, "var s = 'x'.repeat(4e6); s.concat(s, s, s);"},
		{"String.raw", tooLong, "var s = 'x'.repeat(8e6), a = []; for (var i = 0; i < 999; i++) a.push(s); String.raw.apply(null, [{raw: new Array(1000).fill('')}].concat(a));"},
		{"template literal", endless + "|" + tooLong, "var s = 'x'.repeat(8e6); s = `" + strings.Repeat("${s}", 900) + "`;"},
		{"replace that grows", endless + "|" + tooLong, "var s = 'x'.repeat(1e6); s.replace(/x/g, function () { return s; });"},
		{"replace by references", endless + "|RangeError", "var s = 'x'.repeat(1e6); s.replace(/x+/, \"$&\".repeat(1e5));"},
		{"typed array", "ReferenceError: Uint8Array is not defined", "new Uint8Array(1e13);"},
		{"array buffer", "ReferenceError: ArrayBuffer is not defined", "new ArrayBuffer(Math.pow(2, 40));"},
		{"power of a big integer", "ReferenceError: BigInt is not defined", "var x = BigInt(2); x ** (x ** BigInt(30));"},
		{"eval", "ReferenceError: eval is not defined", "eval('('.repeat(2e6));"},
		{"Function", "TypeError: Function does not compile text here", "new Function('('.repeat(2e6));"},
		{"large radix text", "", "Number.MAX_VALUE.toString(2); (1e21).toLocaleString('ru-RU');"},
		{"extreme dates", "RangeError: Invalid time value|", "var d = new Date(8.64e15); d.setFullYear(1e9); moment(d).format('x'.repeat(1e4)); new Date(NaN).toISOString();"},

		// JSON.
		{"JSON of three million brackets", "RangeError: JSON.parse takes at most 1 MB of text", "var s = '['; while (s.length < 3e6) s += s; JSON.parse(s);"},
		{"JSON of a million brackets", "RangeError", "JSON.parse('['.repeat(1e6));"},
		{"JSON of a deep array", "RangeError", "var a = []; for (var i = 0; i < 5e4; i++) a = [a]; JSON.stringify(a);"},
		{"JSON of one text many times", "RangeError", "var s = 'x'.repeat(8e6), a = []; for (var i = 0; i < 1000; i++) a.push(s); JSON.stringify(a);"},
		{"JSON of a lattice", endless + "|RangeError", "var a = ['x']; for (var i = 0; i < 60; i++) a = [a, a]; JSON.stringify(a);"},
		{"JSON that indents", endless + "|RangeError", "var a = []; for (var i = 0; i < 900; i++) a = [a, a]; JSON.stringify(a, null, 10);"},
		{"text of a deep array", "RangeError", "var a = []; for (var i = 0; i < 5e4; i++) a = [a]; '' + a;"},
		{"text of a lattice", endless + "|RangeError", "var a = ['x']; for (var i = 0; i < 60; i++) a = [a, a]; '' + a;"},
		{"flat of a deep array", endless + "|RangeError", "var a = []; for (var i = 0; i < 4e5; i++) a = [a]; for (;;) a.flat(Infinity);"},

		// Regular expressions of both engines.
		{"look-ahead", endless, "for (;;) /^(?=(a+)+$)x/.test('a'.repeat(40) + '!');"},
		{"back-reference", endless + "|RangeError", "for (;;) /(a+)+\\1!$/.test('a'.repeat(40));"},
		{"replace by a back-reference", endless + "|RangeError", "'a'.repeat(1e4).replace(/(a+)+\\1!/g, 'b');"},
		{"quadratic search", endless + "|RangeError", "'x'.repeat(3e6).replace(/x(x*y)?/g, 'b');"},
		{"quadratic match", endless + "|RangeError", "'x'.repeat(3e6).match(/x(x*y)?/g);"},
		{"quadratic split", endless + "|RangeError", "'x'.repeat(3e6).split(/x(x*y)?/);"},
		{"large expression", "RangeError|SyntaxError", "new RegExp('(?:a{1000}|b){1000}'.repeat(1e4));"},
		{"deep expression", "RangeError|SyntaxError", "new RegExp('('.repeat(4e6));"},
		{"deep expression with a reference", "RangeError|SyntaxError", "new RegExp('(?=' + '('.repeat(1e6) + ')'.repeat(1e6) + ')');"},
		{"slow expression", endless + "|RangeError", "/(?:x?){900}(?:x?){900}y/.test('x'.repeat(8e6));"},
		{"slow expression that lies", endless + "|RangeError", "var r = /(?:x?){900}(?:x?){900}y/; Object.defineProperty(r, 'source', {value: 'x'}); r.test('x'.repeat(1e6));"},

		// Promises.
		{"es6 microtasks", late, "(function f() { Promise.resolve().then(f); })();"},
		{"es6 await loop", late, "for (;;) await null;"},
		{"es6 promise that never settles", "the script waits for a promise that nothing will settle", "await new Promise(function () {});"},
		{"es6 chain of promises", endless, "var p = Promise.resolve(); for (;;) p = p.then(function () { return p; });"},
		{"es6 thenable", late, "await {then: function () { for (;;) {} }};"},
		{"es6 async recursion", "RangeError: more than 2000 calls are nested", "async function f() { await f(); } await f();"},

		// Libraries and services.
		{"range", "RangeError|" + endless, "_.range(1e9);"},
		{"times", endless + "|RangeError", "_.times(1e12, function () {});"},
		{"moment loop", late, "var m = moment(); for (;;) m.add(1, 'day').format('LLLL');"},
		{"template of underscore", "TypeError: Function does not compile text here", "_.template('<% for (;;) {} %>')();"},
		{"many answers", "the turn has more than 64 replies|.*64.*", "for (;;) $reactions.answer('x');"},
		{"large answer", ".*64 KB.*|.*65536.*", "$reactions.answer('x'.repeat(1e6));"},
		{"many buttons", endless + "|.*", "for (;;) $reactions.buttons('x');"},
		{"cycle in $session", "TypeError: Converting circular structure to JSON", "$session.own = $session;"},
		{"many keys in $client", ".*the limit is .*|" + endless, "for (var i = 0; i < 2e5; i++) $client['key' + i] = i;"},
		{"deep $session", "RangeError.*", "var a = []; for (var i = 0; i < 1e5; i++) a = [a]; $session.a = a;"},
		{"flood of the log", late + "|.*", "for (;;) log('x'.repeat(100));"},
		{"log of a deep object", "RangeError.*", "var a = []; for (var i = 0; i < 5e4; i++) a = [a]; log(a);"},
		{"flood of $http", "the script ran longer than |.*15.*", "for (;;) $http.get('http://127.0.0.1:1/', {timeout: 100});"},
		{"flood of templates", endless + "|.*", "var s = '{{1}}'; for (;;) $reactions.template(s + Math.random());"},
		{"template that expands itself", endless + "|.*RangeError.*", "$temp.f = function () { return $reactions.template('{{$temp.f()}}'); }; $temp.f();"},
		{"jump without end", ".*", "$reactions.transition('/jump without end');"},
		{"newSession without end", "Infinite loop was detected.*", "$reactions.newSession({message: $request.query, data: $request.data});"},
		{"converter", late, "$nlp.matchPatterns('converted', ['$converted']);"},

		// Errors and prototypes.
		{"giant message", "Error: x+…?", "throw new Error('x'.repeat(8e6));"},
		{"message that loops", ".*", "throw {get message() { for (;;) {} }};"},
		{"thrown proxy", ".*", "throw new Proxy({}, {get: function () { for (;;) {} }, has: function () { for (;;) {} }});"},
		{"thrown null", "null", "throw null;"},
		{"stack that loops", ".*", "Error.prototype.toString = function () { for (;;) {} }; Object.prototype.toJSON = function () { for (;;) {} }; throw new Error('x');"},
		{"patched prototypes", ".*", "Array.prototype.push = Array.prototype.forEach = Array.prototype.map = Object.prototype.hasOwnProperty = function () { for (;;) {} }; $reactions.answer('x'); _.map([1], function (x) { return x; });"},
		{"setter of every object", late, "Object.defineProperty(Object.prototype, 'type', {set: function () { for (;;) {} }, get: function () { for (;;) {} }}); $reactions.buttons('x'); ({}).type;"},
	}
}

// hostileProject is a bot with a state for each attack, whose error handler
// never ends either.
func hostileProject() string {
	var b strings.Builder
	b.WriteString(`patterns:
    $converted = converted || converter = function () { for (;;) {} }

init:
    bind("postProcess", function ($context) { if ($context.request.query === "post-process") for (;;) {} });
    bind("onAnyError", function ($context) { if ($context.request.query === "handler") for (;;) {} });

theme: /

    state: Hello
        q!: hello *
        script: $session.n = ($session.n || 0) + 1;
        a: hello {{$session.n}}

    state: post-process
        q!: post-process
        a: dropped

    state: handler
        q!: handler
        script: throw new Error("x");
`)
	for i, a := range attacks() {
		tag := "script"
		if strings.HasPrefix(a.name, "es6") {
			tag = "scriptEs6"
		}
		fmt.Fprintf(&b, "\n    state: %s\n        q!: attack %d\n        a: dropped\n        %s:\n            %s\n", a.name, i, tag, a.script)
	}
	return b.String()
}
