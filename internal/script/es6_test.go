package script

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/dialog"
)

// TestES6 checks the tag scriptEs6: script-api 2.13.
func TestES6(t *testing.T) {
	for name, test := range map[string]struct{ code, want string }{
		"await of a value":             {`$reactions.answer(await 5 + "");`, "5"},
		"await of a chain":             {`const f = async x => { await null; return x * 2; }; $reactions.answer(String(await f(await f(3))));`, "12"},
		"the answer waits":             {`await Promise.resolve(); $session.a = 1; $reactions.answer("a" + $session.a);`, "a1"},
		"a promise nobody waits for":   {`Promise.resolve().then(() => $reactions.answer("later")); $reactions.answer("now");`, "now|later"},
		"return":                       {`if (true) return; $reactions.answer("no");`, ""},
		"a caught rejection":           {`try { await Promise.reject(new Error("x")) } catch (e) { $reactions.answer(e.message) }`, "x"},
		"global":                       {`global.made = 1; $reactions.answer(made + typeof moment + typeof _.map);`, "1functionfunction"},
		"a variable replaced":          {`$session = {n: 1}; $temp = {t: 2}; await 0; $reactions.answer($session.n + $temp.t + "");`, "3"},
		"a transition after an await":  {`await 0; $reactions.transition("/Other");`, "other"},
		"newSession is not caught":     {`await 0; try { if ($request.query === "go") $reactions.newSession({message: "again"}) } catch (e) { $reactions.answer("caught") }`, "again"},
		"newer syntax":                 {`const {a, ...rest} = {a: 1, b: 2}; let n = null; n ??= rest?.b; $reactions.answer(` + "`${n}${rest.c ?? \"-\"}`" + `);`, "2-"},
		"a console line is no reply":   {`console.log("seen", {a: 1}); console.error(new Error("x"));`, ""},
		"a rejection nobody waits for": {`Promise.reject(new Error("lost")); $reactions.answer("fine");`, "fine"},
	} {
		t.Run(name, func(t *testing.T) {
			c := scriptBot(t, "theme: /\n    state: A\n        q!: go\n        scriptEs6:\n            "+test.code+
				"\n    state: Other\n        a: other\n    state: Again\n        q!: again\n        a: again\n")
			if got := strings.Join(c.say("go"), "|"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			c.noFailure()
		})
	}
}

// TestES6Errors checks that errors of scriptEs6 are script errors at their place.
func TestES6Errors(t *testing.T) {
	for name, test := range map[string]struct{ code, where, message string }{
		"thrown":              {"const a = 1;\n            throw new Error('x');", "src/main.sc:5:19", "Error: x"},
		"after an await":      {"await 1;\n            null.x;", "src/main.sc:5:18", "TypeError"},
		"of a host function":  {"await 1;\n            $jsapi.timeForZone('nowhere');", "src/main.sc:5:31", "nowhere"},
		"no error object":     {"await 1; throw 'plain';", "src/main.sc:3:9", "plain"},
		"rejected":            {"await Promise.reject(new TypeError('y'));", "src/main.sc:4:34", "TypeError: y"},
		"never settled":       {"await new Promise(() => {});", "src/main.sc:3:9", "nothing will settle"},
		"endless":             {"await 1; for (;;);", "src/main.sc:4", "the script "},
		"endless micro tasks": {"const f = () => Promise.resolve().then(f); await f();", "src/main.sc:", "the script "},
	} {
		t.Run(name, func(t *testing.T) {
			options := Options{Log: testLog(t)}
			if strings.HasPrefix(name, "endless") {
				options.RunTime = time.Second
			}
			bot := load(t, options, map[string]string{
				"main.sc": "theme: /\n    state: A\n        scriptEs6:\n            " + test.code + "\n        q!: go\n    state: B\n        q!: b\n        a: b\n",
			})
			c := newTalk(t, bot)
			c.say("go")
			f := c.last.Failure
			if f == nil || !strings.HasPrefix(f.Where, test.where) || !strings.Contains(f.Message, test.message) {
				t.Fatalf("%+v", f)
			}
			c.expect("b", "b")
		})
	}
}

func moduleBot(t *testing.T, files map[string]string) (*talk, []dialog.Diagnostic) {
	t.Helper()
	bot, found := Load(project(t, files), Options{Log: testLog(t)})
	if bot == nil {
		t.Fatal(found)
	}
	return newTalk(t, bot), found
}

// TestModules checks `require ... type = scriptEs6`: script-api 2.13,
// dialog-language 1.3.
func TestModules(t *testing.T) {
	c, found := moduleBot(t, map[string]string{
		"main.sc": `require: js/tools.js
    type = scriptEs6
    name = tools
require: js/old.js
    type = scriptEs6
    name = $old
require: js/named.js
    type = scriptEs6
    name = named
require: plain.js
theme: /
    state: A
        q!: go
        scriptEs6:
            $reactions.answer(tools.twice(4) + old.name + named.one + (await tools.later("x")));
            $reactions.answer(tools.state.n + " " + old.count() + " " + named.lib + " " + plain());
    state: B
        q!: es5
        script:
            $reactions.answer(tools.twice(5) + tools.query());
`,
		"src/js/tools.js": `import { double } from "./lib/double";
import data from "./data.json";
import moment from "moment";
import * as state from "./state.js";
const later = async x => { await null; return x + data.word + moment.utc(0).format("YYYY"); };
export default { twice: double, later, state, query: () => $request.query };
`,
		"src/js/lib/double.js":                        "export function double(x) { return 2 * x }\n",
		"src/js/data.json":                            `{"word": "json"}`,
		"src/js/state.js":                             "export let n = 7;\nexport function add() { n++ }\n",
		"src/js/old.js":                               "const state = require('./state');\nstate.add();\nmodule.exports = { name: 'old', count: () => state.n };\n",
		"src/js/named.js":                             "import lib from 'lib';\nimport { deep } from '@scope/pack/deep';\nexport const one = 1;\nexport { lib2 as lib };\nconst lib2 = lib.word + deep;\n",
		"src/js/package.json":                         `{"dependencies": {"lib": "1.0.0"}}`,
		"src/js/node_modules/lib/lib.js":              "exports.word = 'lib';\n",
		"src/js/node_modules/lib/package.json":        `{"main": "lib.js"}`,
		"src/node_modules/@scope/pack/package.json":   `{"exports": {"./deep": "./inner/deep.mjs"}}`,
		"src/node_modules/@scope/pack/inner/deep.mjs": "export const deep = 'deep';\n",
		"plain.js":                                    "function plain() { return typeof global.tools; }\n",
	})
	for _, d := range found {
		t.Error(d)
	}
	c.expect("go", "8old1xjson1970|8 8 libdeep object")
	c.expect("es5", "10es5")
}

// TestMissingPackages checks that a package that is not there is a warning and
// that only the states which use it fail.
func TestMissingPackages(t *testing.T) {
	c, found := moduleBot(t, map[string]string{
		"main.sc": `require: far.js
    type = scriptEs6
    name = far
require: top.js
    type = scriptEs6
    name = top
theme: /
    state: A
        q!: far
        scriptEs6:
            $reactions.answer(far.evaluate("1"));
    state: B
        q!: top
        scriptEs6:
            $reactions.answer(top.anything.at.all());
    state: C
        q!: near
        scriptEs6:
            $reactions.answer(far.near());
`,
		"far.js": "import { evaluate } from \"mathjs\";\nimport fs from 'node:fs';\nconst { a, b } = fs.promises;\nexport default { evaluate, a, near: () => 'near' };\n",
		"top.js": "const Client = require('client');\nconst c = new Client();\nmodule.exports = c;\n",
	})
	want := []string{
		`src/far.js:1:26: warning: the package "mathjs" is not in the project`,
		`src/far.js:2:16: warning: the module "node:fs" of Node.js does not exist here`,
		`src/top.js:1:24: warning: the package "client" is not in the project`,
	}
	for i, d := range found {
		if i >= len(want) || !strings.HasPrefix(d.String(), want[i]) || d.Code != "missing-package" {
			t.Errorf("%d: %s", i, d)
		}
	}
	if len(found) != len(want) {
		t.Errorf("%d findings, want %d", len(found), len(want))
	}
	for text, part := range map[string]string{"far": `the package "mathjs"`, "top": `the package "client"`} {
		c.say(text)
		if f := c.last.Failure; f == nil || !strings.Contains(f.Message, part) || !strings.HasPrefix(f.Where, "src/main.sc:") {
			t.Errorf("%s: %+v", text, f)
		}
	}
	c.expect("near", "near")
	c.noFailure()
}

// TestBrokenModules checks the places of what is wrong in modules.
func TestBrokenModules(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret.json")
	if err := os.WriteFile(outside, []byte(`{"a": 1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ code, want string }{
		"syntax":           {"const a = 1;\n\n  const b = ;\n", "src/m.js:3:13: error: JavaScript: Unexpected \";\" [javascript]"},
		"a missing file":   {"const я = 1; import x from './gone';\n", "src/m.js:1:28: error: the file ./gone does not exist in the project [missing-file]"},
		"outside":          {"import x from '" + outside + "';\n", "[missing-file]"},
		"a missing export": {"import { gone } from './n';\nexport default gone;\n", "src/m.js:1:10: "},
		"an error at load": {"import { boom } from './n';\n\n   boom(2);\n", "src/n.js:2:9: error: the start-up code failed: Error: boom 2 [startup]"},
		"a big integer":    {"export const a = 1;\nexport const b = 10n;\n", "src/m.js:2:18: error: JavaScript: BigInt is not available [javascript]"},
		"an endless loop":  {"for (;;);\n", "src/m.js:1:1: error: the start-up code failed: the script ran longer than 5s [startup]"},
		"top-level await":  {"await 1;\nexport default 1;\n", "src/m.js:1:1: error"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, found := Load(project(t, map[string]string{
				"main.sc": "require: m.js\n    type = scriptEs6\n    name = m\ntheme: /\n    state: A\n        q!: a\n        a: a\n",
				"m.js":    test.code, "n.js": "export function boom(n) {\n  throw new Error('boom ' + n);\n}\n",
			}), Options{StartTime: 5 * time.Second})
			if len(found) == 0 || !strings.Contains(found[0].String(), test.want) {
				t.Errorf("got %v, want %s", found, test.want)
			}
		})
	}
}

// TestFetch checks the global fetch: script-api 2.4.
func TestFetch(t *testing.T) {
	receiver := func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		if q.URL.Path == "/bad" {
			w.WriteHeader(http.StatusTeapot)
		}
		w.Header().Set("X-Seen", q.Header.Get("X-Own"))
		fmt.Fprintf(w, `{"m":%q,"b":%q}`, q.Method, body)
	}
	for _, tt := range []struct{ code, want string }{
		{`const r = await fetch("SERVER/"); const d = await r.json(); $reactions.answer(r.ok + " " + r.status + " " + d.m);`, "true 200 GET"},
		{`const r = await fetch("SERVER/", {method: "POST", headers: {"X-Own": "o"}, body: JSON.stringify({a: 1})}); $reactions.answer(await r.text() + r.headers.get("x-seen") + r.headers.get("none"));`,
			`{"m":"POST","b":"{\"a\":1}"}onull`},
		{`const r = await fetch("SERVER/bad"); $reactions.answer(r.ok + " " + r.status);`, "false 418"},
		{`try { await fetch("http://127.0.0.1:1/"); } catch (e) { $reactions.answer(e.name + e.message.slice(0, 14)); }`, "TypeErrorfetch failed: "},
		{`fetch("SERVER/").then(r => r.json()).then(d => $reactions.answer(d.m)); $reactions.answer("first");`, "first|GET"},
	} {
		c := webBot(t, receiver, "theme: /\n    state: Ask\n        q!: go\n        scriptEs6:\n            "+tt.code+"\n")
		if got := strings.Join(c.say("go"), "|"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.code, got, tt.want)
		}
	}
}

// TestModuleErrorsHavePlaces checks the places of errors in turns.
func TestModuleErrorsHavePlaces(t *testing.T) {
	c, _ := moduleBot(t, map[string]string{
		"main.sc": "require: m.js\n    type = scriptEs6\n    name = m\ntheme: /\n    state: A\n        q!: a\n        scriptEs6:\n            await m.fail();\n    state: B\n        q!: b\n        script:\n            m.now();\n",
		"m.js":    "/* a long\n   comment */\nexport async function fail() {\n  await 1;\n  const ж = 'я'; throw new Error(ж);\n}\nexport const now = () => undefined.x;\n",
	})
	for text, where := range map[string]string{"a": "src/m.js:5:24", "b": "src/m.js:7:36"} {
		c.say(text)
		if f := c.last.Failure; f == nil || f.Where != where {
			t.Errorf("%s: %+v, want %s", text, f, where)
		}
	}
}
