package script

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"parley/internal/session"
)

// place is one where a script can leave something. Each read gives what a fresh
// machine has, or the mark that this client left in a place of its own; what the
// turn itself has just written it sees too.
type place struct {
	name, write, read string
	fresh             any
	kind              placeKind
}

type placeKind int

const (
	placeTurn   placeKind = iota // lasts for the turn
	placeOwn                     // the client's
	placeLoaded                  // an object made at load: shared, fresh only with isolation strict
	placeRare                    // a write costs the machine, so few turns do it
	placeFrozen                  // a write is ignored
)

// places are where a mark M can be written.
func places() []place {
	return []place{
		{name: "implicit global", write: "leaked = M", read: "typeof leaked === 'undefined' ? null : leaked"},
		{name: "var of init", write: "initial = M", read: "initial", fresh: 0.0},
		{name: "var of a file", write: "counter = M", read: "counter", fresh: 0.0},
		{name: "let of a file", write: "lexical = M", read: "lexical", fresh: 0.0},
		{name: "function of a file", write: "shared = function () { return M; }", read: "shared()", fresh: "fresh"},
		{name: "class of a file", write: "Kind = {mark: M}", read: "Kind.mark"},
		{name: "var of the script", write: "var local = M", read: "local"},
		{name: "$global", write: "$global.there = M", read: "$global.there"},
		{name: "this", write: "this.these = M", read: "globalThis.these"},
		{name: "hidden global", write: "Object.defineProperty(globalThis, 'hidden', {value: M, configurable: true})", read: "$global.hidden"},
		{name: "built-in global", write: "isNaN = function () { return M; }", read: "isNaN('x')", fresh: true},
		{name: "closure", write: "later = (function (m) { return function () { return m; }; })(M)", read: "typeof later === 'undefined' ? null : later()"},
		{name: "closure by a function of a file", write: "$temp.get = closed(M)", read: "$temp.get ? $temp.get() : null"},
		{name: "$temp", write: "$temp.mark = M", read: "$temp.mark"},
		{name: "$context", write: "$context.mark = M", read: "$context.mark"},
		{name: "$request", write: "$request.data.mark = M", read: "$request.data.mark"},
		{name: "$response", write: "$response.mark = M", read: "$response.mark"},
		{name: "$injector", write: "$injector.deep.value = M", read: "$injector.deep.value", fresh: 0.0},
		{name: "$parseTree", write: "$parseTree.mark = M", read: "$parseTree.mark"},
		{name: "$session", write: "$session.mark = M", read: "$session.mark", kind: placeOwn},
		{name: "deep in $session", write: "$session.deep = {list: [M]}", read: "$session.deep ? $session.deep.list[0] : null", kind: placeOwn},
		{name: "$client", write: "$client.mark = M", read: "$client.mark", kind: placeOwn},
		{name: "console", write: "console.mark = M", read: "console.mark", kind: placeFrozen},
		{name: "$jsapi", write: "$jsapi.mark = M", read: "$jsapi.mark"},
		{name: "member of $reactions", write: "$reactions.image = function () { return M; }; $reactions.image.mark = M", read: "$reactions.image.mark"},
		{name: "$reactions replaced", write: "$reactions = {mark: M, image: $reactions.image}", read: "$reactions.mark"},
		{name: "locale of moment", write: "moment.locale('ru'); $temp.locale = M", read: "moment.locale() === 'ru' ? $temp.locale : null"},
		{name: "$converters", write: "$converters.mark = M", read: "$converters.mark", kind: placeRare},
		{name: "converter", write: "$converters.made = function () { return M; }", read: "$converters.made()", fresh: "fresh", kind: placeRare},
		{name: "Object.prototype", write: "Object.prototype.protoMark = M", read: "({}).protoMark", kind: placeRare},
		{name: "Array.prototype.fill", write: "Array.prototype.fill = function () { return M; }", read: "'' + [0].fill(1)", fresh: "1", kind: placeRare},
		{name: "hidden in a prototype", write: "Object.defineProperty(String.prototype, 'hiddenMark', {value: M})", read: "''.hiddenMark", kind: placeRare},
		{name: "prototype of generators", write: "Object.getPrototypeOf(function* () {}).mark = M", read: "Object.getPrototypeOf(function* () {}).mark", kind: placeFrozen},
		{name: "Math", write: "Math.mark = M", read: "Math.mark", kind: placeRare},
		{name: "underscore", write: "_.mixed = function () { return M; }", read: "_.mixed ? _.mixed() : null", kind: placeFrozen},
		{name: "prototype of moment", write: "moment.fn.mark = M", read: "moment.fn.mark", kind: placeFrozen},
		{name: "object of a file", write: "cache.value = M", read: "cache.value", fresh: 0.0, kind: placeLoaded},
		{name: "kept closure", write: "keep(M)", read: "kept()", fresh: 0.0, kind: placeLoaded},
		{name: "prototype of a file", write: "Klass.prototype.mark = M", read: "new Klass().mark", kind: placeLoaded},
		{name: "lastIndex", write: "cache.pattern.lastIndex = M.length", read: "cache.pattern.lastIndex ? M : null", kind: placeLoaded},
		{name: "module", write: "state.put(M)", read: "state.take()", fresh: 0.0, kind: placeLoaded},
	}
}

const placesFile = `
var counter = 0;
let lexical = 0;
class Kind {}
function shared() { return "fresh"; }
function closed(mark) { var held = mark; return function () { return held; }; }
function Klass() {}
var cache = {value: 0, pattern: /x/g};
var keep, kept;
(function () { var held = 0; keep = function (v) { held = v; }; kept = function () { return held; }; })();
$global.$converters = $global.$converters || {};
$converters.made = function () { return "fresh"; };
`

// placesBot answers each message "mark place place ..." with what it reads of all
// places before and after it wrote its mark to those named.
func placesBot(t *testing.T, strict bool) *Bot {
	var reads, writes strings.Builder
	for i, p := range places() {
		fmt.Fprintf(&reads, "[%s][0], ", p.read)
		fmt.Fprintf(&writes, "                case %d: %s; break;\n", i, p.write)
	}
	read := "            $temp.seen.push([" + strings.TrimSuffix(reads.String(), ", ") + "]);\n"
	return load(t, Options{Engines: 2, Running: 2, Strict: strict}, map[string]string{
		"chatbot.yaml": "name: test\nentryPoint: main.sc\nbotEngine: v2\nlanguage: en\ninjector:\n  deep:\n    value: 0\n",
		"places.js":    placesFile,
		"state.js":     "let held = 0;\nexport default {put: v => { held = v; }, take: () => held};\n",
		"main.sc": `require: places.js
require: state.js
    type = scriptEs6
    name = state
init: var initial = 0;
theme: /
    state: Any
        q!: *
        script:
            var words = $request.query.split(" "), M = words[0], answer = $reactions.answer;
            $temp.seen = [];
` + read + `            for (var i = 1; i < words.length; i++) switch (+words[i]) {
` + writes.String() + `            }
` + read + `            answer(JSON.stringify($temp.seen));
`})
}

// TestNothingLeaks is the property of guarantee "clients": interleaved turns of 500
// clients on two machines, each writing its mark to some places, against a model
// of what each may see.
func TestNothingLeaks(t *testing.T) {
	for strict, turns := range map[bool]int{false: 10_000, true: 1_000} {
		t.Run(fmt.Sprintf("strict %t", strict), func(t *testing.T) {
			const clients, workers = 500, 4
			bot, list := placesBot(t, strict), places()
			var group sync.WaitGroup
			for worker := range workers {
				group.Go(func() {
					source := rand.New(rand.NewPCG(7, uint64(worker)))
					mine := make([]*markedClient, clients/workers)
					for n := range turns / workers {
						i := source.IntN(len(mine))
						if mine[i] == nil {
							mine[i] = &markedClient{visitor: newVisitor(bot, visitorTime()), places: list, own: make([]any, len(list)), strict: strict}
						}
						if fault := mine[i].turn(fmt.Sprintf("w%dc%dn%d", worker, i, n), source); fault != "" {
							t.Errorf("worker %d, client %d, turn %d: %s", worker, i, n, fault)
							return
						}
					}
				})
			}
			group.Wait()
		})
	}
}

// markedClient is a client with the marks in its own places.
type markedClient struct {
	*visitor
	places []place
	own    []any
	strict bool
}

// choose draws the places that a turn writes to.
func (c *markedClient) choose(source *rand.Rand) map[int]bool {
	chosen := map[int]bool{}
	for range source.IntN(4) {
		at := source.IntN(len(c.places))
		if c.places[at].kind != placeRare || c.strict || source.IntN(12) == 0 {
			chosen[at] = true
		}
	}
	return chosen
}

// turn sends one message and tells what is wrong with what it saw.
func (c *markedClient) turn(mark string, source *rand.Rand) string {
	chosen := c.choose(source)
	words := mark
	for at := range chosen {
		words += fmt.Sprint(" ", at)
	}
	d, _ := c.send(context.Background(), session.Input{Text: words})
	if d.Failure != nil || len(d.Replies) != 1 {
		return fmt.Sprintf("%q ended with %+v and %q", words, d.Failure, d.Replies)
	}
	var body struct{ Text string }
	var seen [2][]any
	if err := json.Unmarshal(d.Replies[0], &body); err != nil {
		return err.Error()
	}
	if err := json.Unmarshal([]byte(body.Text), &seen); err != nil {
		return fmt.Sprintf("%s in %s", err, body.Text)
	}
	for at, p := range c.places {
		if p.kind == placeLoaded && !c.strict {
			continue
		}
		before, after := p.fresh, p.fresh
		if p.kind == placeOwn {
			before, after = c.own[at], c.own[at]
		}
		if chosen[at] && p.kind != placeFrozen {
			after = mark
		}
		if seen[0][at] != before || seen[1][at] != after {
			return fmt.Sprintf("after %q %s was %v and became %v, want %v and %v", words, p.name, seen[0][at], seen[1][at], before, after)
		}
		if p.kind == placeOwn {
			c.own[at] = after
		}
	}
	return ""
}
