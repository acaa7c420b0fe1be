package script

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/session"
)

// leaks are ways in which one client's turn could be seen by another's.
func leaks() map[string]struct{ write, read string } {
	return map[string]struct{ write, read string }{
		"implicit global":       {"leak = $request.query;", "typeof leak"},
		"counter of a file":     {"counter++;", "counter"},
		"lexical of a file":     {"lexical++;", "lexical"},
		"function of a file":    {"shared = function () { return $request.query; };", "shared()"},
		"$global":               {"$global.leak = $request.query;", "typeof leak"},
		"this":                  {"this.leak = $request.query;", "typeof leak"},
		"globalThis":            {"globalThis.leak = $request.query;", "typeof leak"},
		"delete":                {"delete $global.counter; delete $global.toPrettyString;", "typeof counter + typeof toPrettyString"},
		"$session":              {"$session.leak = 1;", "$session.leak"},
		"$session replaced":     {"$session = {leak: 1};", "$session.leak"},
		"$client":               {"$client.leak = 1;", "$client.leak"},
		"$temp":                 {"$temp.leak = 1;", "$temp.leak"},
		"$context":              {"$context.leak = 1;", "$context.leak"},
		"$request":              {"$request.leak = 1; $request.data.leak = 1;", "$request.leak || $request.data.leak"},
		"accessor of $request":  {readAccessor + "a.get.leak = a.set.leak = 1; (a.get.prototype || {}).leak = 1; (a.set.prototype || {}).leak = 1; a.get.call({});", askAccessor},
		"$request of an heir":   {"Object.create($request).rawRequest.leak = 1;", "$request.rawRequest.leak"},
		"$injector":             {"$injector.leak = 1;", "$injector.leak"},
		"$parseTree":            {"$parseTree.leak = 1;", "$parseTree.leak"},
		"$response":             {"$response.leak = 1;", "$response.leak"},
		"$ shorthand":           {"$.leak = 1;", "$.leak"},
		"service":               {"$reactions.answer = function () {}; $jsapi.leak = 1;", "$jsapi.leak"},
		"service replaced":      {"$reactions = {};", "typeof $reactions.answer"},
		"closure":               {"var own = $request.query; later = function () { return own; };", "typeof later"},
		"Object.prototype":      {"Object.prototype.leak = $request.query;", "({}).leak"},
		"by computed name":      {"var o = {}; o['__pro' + 'to__'].leak = 1;", "({}).leak"},
		"Array.prototype":       {"Array.prototype.map = function () { return $request.query; };", "[1].map(function (x) { return x; })"},
		"String.prototype":      {"String.prototype.leak = 1;", "''.leak"},
		"Function.prototype":    {"Function.prototype.call = 1;", "typeof Function.prototype.call"},
		"hidden property":       {"Object.defineProperty(Array.prototype, 'leak', {value: 1});", "[].leak"},
		"symbol":                {"Object.prototype[Symbol.toStringTag] = 'leak';", "'' + {}"},
		"iterator":              {"Array.prototype[Symbol.iterator] = function* () { yield 'leak'; };", "[...[1]].join()"},
		"prototype's prototype": {"Object.setPrototypeOf(Array.prototype, {leak: 1});", "[].leak"},
		"hidden by Reflect":     {"Reflect.defineProperty(String.prototype, 'leak', {value: 1});", "''.leak"},
		"Math":                  {"Math.random = function () { return 4; };", "Math.random() === 4"},
		"JSON":                  {"JSON.stringify = function () { return 'leak'; };", "JSON.stringify({})"},
		"moment's locale":       {"moment.locale('ru');", "moment.locale()"},
		"moment's members":      {"moment.leak = 1;", "moment.leak"},
		"underscore's members":  {"_.leak = function () {};", "typeof _.leak"},
		"getter on a global":    {"Object.defineProperty($global, 'counter', {get: function () { return 'leak'; }});", "counter"},
	}
}

// readAccessor gets hold of the functions behind a field of $request, which turns share.
const (
	readAccessor = "var a = Object.getOwnPropertyDescriptor($request, 'data'); "
	askAccessor  = "(function (a) { return [a.get, a.set, a.get.prototype || '', a.set.prototype || ''].map(function (f) { return f.leak; }).join(''); })(Object.getOwnPropertyDescriptor($request, 'data'))"
)

const leakFile = `
var counter = 0;
let lexical = 0;
function shared() { return "fresh"; }
`

// TestIsolation runs a client that writes and another that reads on one machine,
// so that the second gets what the first left.
func TestIsolation(t *testing.T) {
	for name, leak := range leaks() {
		t.Run(name, func(t *testing.T) {
			bot := load(t, Options{Log: testLog(t), Engines: 1, Running: 1}, map[string]string{"leak.js": leakFile, "main.sc": `
require: leak.js
theme: /
    state: Write
        q!: secret
        script: ` + leak.write + `
    state: Read
        q!: read
        a: ={{` + leak.read + `}}
`})
			fresh := newTalk(t, bot).say("read")
			for range 3 {
				writer := newTalk(t, bot)
				writer.say("secret")
				writer.noFailure()
				reader := newTalk(t, bot)
				if got := reader.say("read"); strings.Join(got, "|") != strings.Join(fresh, "|") {
					t.Errorf("before the writer %q, after it %q", fresh, got)
				}
				reader.noFailure()
			}
		})
	}
}

// TestStrictIsolation shares nothing, not even objects of the start-up.
func TestStrictIsolation(t *testing.T) {
	for strict, want := range map[bool]string{true: "1", false: "3"} {
		bot := load(t, Options{Engines: 1, Strict: strict}, map[string]string{"main.sc": `
init: var cache = {n: 0};
theme: /
    state: Any
        q!: *
        script: cache.n++;
        a: {{cache.n}}
`})
		got := ""
		for range 3 {
			got = newTalk(t, bot).say("x")[0]
		}
		if got != want {
			t.Errorf("strict %t: the third client sees %s, want %s", strict, got, want)
		}
	}
}

// TestParallelClients is a seeded load of clients whose turns overlap: each must
// only ever see its own secret.
func TestParallelClients(t *testing.T) {
	bot := load(t, Options{Engines: 4, Running: 4}, map[string]string{"leak.js": leakFile, "main.sc": `
require: leak.js
theme: /
    state: Any
        q!: *
        script:
            leak = $request.query;
            $global.other = leak;
            counter++;
            lexical += 1;
            $session.n = ($session.n || 0) + 1;
            if ($session.n % 5 === 0) Object.prototype.polluted = leak;
        a: {{leak}} {{other}} {{counter}} {{lexical}} {{$session.n}} {{$session.n % 5 ? ({}).polluted : ""}}
`})
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			source := rand.New(rand.NewPCG(1, uint64(worker)))
			visitor := newVisitor(bot, time.Now())
			for n := 1; n <= 40; n++ {
				secret := fmt.Sprintf("secret%d", source.Int())
				d, _ := visitor.send(context.Background(), session.Input{Text: secret})
				want := fmt.Sprintf("%s %s 1 1 %d ", secret, secret, n)
				if got := texts(t, d.Replies); len(got) != 1 || got[0] != want {
					t.Errorf("got %q, want %q (%+v)", got, want, d.Failure)
				}
			}
		})
	}
	group.Wait()
}

// TestLibrariesSeeNoTurn: the turn that first names a library has replaced what the
// library takes for its own when it is loaded.
func TestLibrariesSeeNoTurn(t *testing.T) {
	bot := load(t, Options{Engines: 1}, map[string]string{"main.sc": `
theme: /
    state: First
        q!: first
        script: isNaN = function () { return true; }; Date = function () {};
        a: {{_.VERSION ? "loaded" : ""}} {{moment.version ? "loaded" : ""}} {{isNaN(5)}}
    state: Second
        q!: second
        a: {{_.isNaN(5)}} {{moment.isDate(new Date())}} {{isNaN(5)}}
`})
	newTalk(t, bot).expect("first", "loaded loaded true")
	newTalk(t, bot).expect("second", "false true false")
}

// Underscore takes functions of a bot while it is loaded; later it is the same
// for all clients, and says so.
func TestMixin(t *testing.T) {
	c := newTalk(t, load(t, Options{Log: testLog(t)}, map[string]string{"main.sc": `
init:
    _.mixin({shout: function (s) { return s.toUpperCase(); }});
theme: /
    state: Shout
        q!: shout
        a: {{ _.shout("hey") + _("you").shout() + _.chain("x").shout().value() }}
    state: Mix
        q!: mix
        script:
            _.mixin({late: function () {}});
`}))
	c.expect("shout", "HEYYOUX")
	c.say("mix")
	if f := c.last.Failure; f == nil || !strings.Contains(f.Message, "_.mixin works only while the bot is loaded") {
		t.Errorf("%+v", f)
	}
	c.expect("shout", "HEYYOUX")
}
