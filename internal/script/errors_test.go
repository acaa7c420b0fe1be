package script

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/internal/dialog"
	"parley/internal/session"
)

const faultyBot = `require: lib.js

init:
    bind("preProcess", function($context) {
        if ($context.request.query === "handler")
            missing.inHandler = 1;
    });

patterns:
    $X = x || converter = function(pt) { return pt.no.way; }

theme: /

    state: Script
        q!: script
        a: dropped
        script:
            // Привет, мир
            var привет = "ё"; null.field = 1;

    state: Same
        q!: same
        script: var a = 1; undefined.x;

    state: Text
        q!: text
        a: Привет {{$request.query}} and {{ nothing.here }}

    state: If
        q!: if
        if: $session.a && true || nothing.at.all
            a: never

    state: File
        q!: file
        script: breaks();

    state: Thrown
        q!: thrown
        script:
            throw {message: "own", code: 7};

    state: Button
        q!: button
        buttons:
            "one"
            "{{nothing}}"

    state: Handler
        q!: handler
        a: never
`

const faultyFile = `function breaks() {
    var deep = function () {
        return [1].map(function () { return gone(); });
    };
    deep();
}
`

func TestErrorPositions(t *testing.T) {
	bot := load(t, Options{Log: testLog(t)}, map[string]string{"main.sc": faultyBot, "lib.js": faultyFile})
	for _, test := range []struct{ text, state, where, message string }{
		{"script", "/Script", "src/main.sc:19:36", "TypeError: Cannot convert undefined or null to object"},
		{"same", "/Same", "src/main.sc:23:38", "TypeError: Cannot read property 'x' of undefined"},
		{"text", "/Text", "src/main.sc:27:45", "ReferenceError: nothing is not defined"},
		{"if", "/If", "src/main.sc:31:35", "ReferenceError: nothing is not defined"},
		{"file", "/File", "src/lib.js:3:49", "ReferenceError: gone is not defined"},
		{"thrown", "/Thrown", "src/main.sc:41:13", "own"},
		{"button", "/Button", "src/main.sc:47:16", "ReferenceError: nothing is not defined"},
		{"handler", "/Handler", "src/main.sc:6:13", "ReferenceError: missing is not defined"},
	} {
		t.Run(test.text, func(t *testing.T) {
			c := newTalk(t, bot)
			if got := c.say(test.text); len(got) != 0 {
				t.Errorf("replies of an error turn: %q", got)
			}
			f := c.last.Failure
			if f == nil || f.Code != "script" || f.State != test.state || f.Where != test.where || f.Message != test.message {
				t.Errorf("%+v, want %+v", f, test)
			}
		})
	}
}

func TestErrorTurn(t *testing.T) {
	const main = `
init:
    HANDLERS
theme: /
    state: Fine
        q!: fine
        script: $session.n = 1; $client.n = 1;
        a: fine
    state: Fault
        q!: fault
        a: dropped
        script:
            $session.n = 2;
            $client.n = 2;
            $reactions.timeout({interval: 1, targetState: "/Fine"});
            $parley.handover({});
            $parley.updateContext({a: 1});
            $jsapi.startSession();
            throw {message: "own", code: 7};
    state: Nowhere
        q!: nowhere
        script: $temp.x = 1;
        go!: {{"/no" + "where"}}
`
	config := func(errors string) string {
		return "name: test\nentryPoint: main.sc\nbotEngine: v2\nlanguage: ru\n" + errors
	}
	const messages = "messages:\n  onError:\n    defaultMessage: default\n    locales:\n      ru: простите\n"
	for _, test := range []struct{ name, handlers, config, text, want string }{
		{"silence", "", "", "fault", ""},
		{"message", "", messages, "fault", "простите"},
		{"default message", "", "messages:\n  onError:\n    defaultMessage: default\n", "fault", "default"},
		{"onScriptError", `bind("onScriptError", function($context) { $reactions.answer("{{$context.exception.code}} {{$session.n}} {{$client.n}} {{$context.currentState}} " + $request.query); });
    bind("onAnyError", function() { $reactions.answer("not this"); });`, messages, "fault", "7 1 1 /Fault fault"},
		{"onAnyError", `bind("onDialogError", function() { $reactions.answer("not this"); });
    bind("onScriptError", function() {});
    bind("onAnyError", function($context) { $reactions.answer($context.exception.message); });`, messages, "fault", "own"},
		{"onDialogError", `bind("onDialogError", function($context) { $reactions.answer($context.exception.message); });
    bind("onScriptError", function() { $reactions.answer("not this"); });`, messages, "nowhere", "State not found for path /nowhere"},
		{"no target", `bind("onDialogError", function($context) { $reactions.answer($context.exception.message + " " + $context.currentState); });`, messages,
			"unknown", "No target state was determined for query /Fine"},
		{"handler with a fault", `bind("onAnyError", function() { $reactions.answer("dropped"); nothing(); });`, messages, "fault", "простите"},
		{"handler without end", `bind("onAnyError", function() { for (;;); });`, messages, "fault", "простите"},
		{"handler that restarts", `bind("onAnyError", function() { $reactions.newSession({message: "fine"}); });`, messages, "fault", "простите"},
		{"handler of another path", `bind("onAnyError", function() { $reactions.answer("not this"); }, "/Fine");`, messages, "fault", "простите"},
	} {
		t.Run(test.name, func(t *testing.T) {
			options := Options{Log: testLog(t)}
			if strings.Contains(test.handlers, "for (;;)") {
				options.RunTime = time.Second
			}
			bot := load(t, options, map[string]string{
				"chatbot.yaml": config(test.config), "main.sc": strings.Replace(main, "HANDLERS", test.handlers, 1),
			})
			c := newTalk(t, bot)
			c.expect("fine", "fine")
			vars, client, id := string(c.vars.Data), string(c.client.Data), c.session.ID
			if got := strings.Join(c.say(test.text), "|"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			d := c.last
			if d.Failure == nil || d.Timeout != nil || d.Handover != nil || d.Patches != nil || d.Switch != "" || d.Client != nil {
				t.Errorf("effects of an error turn: %+v", d)
			}
			if string(c.vars.Data) != vars || string(c.client.Data) != client || string(d.Vars.Data) != vars || c.session.ID != id {
				t.Errorf("$session %s, $client %s: not as before", d.Vars.Data, c.client.Data)
			}
			c.expect("fine", "fine")
			c.noFailure()
		})
	}
}

func TestCheckTellsEverythingAtOnce(t *testing.T) {
	dir := project(t, map[string]string{"bad.js": "function f() {\n    return 1 +;\n}\n", "main.sc": `require: bad.js
patterns:
    $N = n || converter = function( {
theme: /
    state: A
        q!: (a
        a: {{ 1 + }} and {{ ok }}
        go!: /Nowhere
        script:
            var x = ;
            y(;
    state: B
        q!: b
        if: (1 == 2
            a: x
        scriptEs6:
            await 1;
        InputNumber:
            prompt = x
`})
	found, err := Check(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"src/bad.js:2:15: error: JavaScript: Unexpected token ; [javascript]",
		"src/main.sc:3:38: error: JavaScript: the code ends too early [javascript]",
		"src/main.sc:6:13: error",
		"src/main.sc:7:18: error: JavaScript: the code ends too early [javascript]",
		"src/main.sc:8:14: error",
		"src/main.sc:9:9: warning",
		"src/main.sc:10:21: error: JavaScript: Unexpected token ; [javascript]",
		"src/main.sc:14:20: error: JavaScript: the code ends too early [javascript]",
		`src/main.sc:18:9: error: "InputNumber" needs the parameter varName [missing-parameter]`,
	}
	for i, d := range found {
		if i >= len(want) || !strings.HasPrefix(d.String(), want[i]) {
			t.Errorf("%d: %s", i, d)
		}
	}
	if len(found) != len(want) {
		t.Errorf("%d findings, want %d", len(found), len(want))
	}
	if _, err := Check(dir+"/missing", Options{}); err == nil {
		t.Error("a missing directory is checked")
	}
}

func TestStartupErrors(t *testing.T) {
	for _, test := range []struct{ main, want string }{
		{"init:\n    var a = 1;\n    gone();\n", "src/main.sc:3:9: error: the start-up code failed: ReferenceError: gone is not defined [startup]"},
		{"init:\n    for (;;);\n", "src/main.sc:2:5: error: the start-up code failed: the script ran longer than 300ms [startup]"},
		{"init:\n    bind('onTuesday', function() {});\n", "src/main.sc:2:9: error: the start-up code failed: TypeError: bind knows no handler type \"onTuesday\" [startup]"},
		{"init:\n    var a = ;\n", "src/main.sc:2:13: error: JavaScript: Unexpected token ; [javascript]"},
	} {
		limits := Options{}
		if strings.Contains(test.main, "for (;;)") {
			limits.StartTime = 300 * time.Millisecond
		}
		bot, found := Load(project(t, map[string]string{"main.sc": test.main + "theme: /\n    state: A\n        q!: a\n        a: a\n"}), limits)
		if (bot == nil) != (limits.StartTime > 0) || len(found) != 1 || found[0].String() != test.want || found[0].Severity != dialog.Error {
			t.Errorf("%q: %v", test.main, found)
		}
	}
}

func TestWritesToSharedObjectsAreWarnings(t *testing.T) {
	found, err := Check(project(t, map[string]string{
		"lib.js": "var cache = {}, list = [], own = {};\nown.fine = 1;\nfunction f(cache) { cache.fine = 1; list.push(1); }\nfunction g() { var list = []; list.push(2); delete own.x; }\n",
		"main.sc": `require: lib.js
theme: /
    state: A
        q!: a
        script:
            cache.n++;
            cache = {fine: true};
            $session.cache = cache.n;
            var own = {}; own.x = 1;
            $session.list = [1]; $session.list.push(cache["a"].b);
            cache["a"].b = list.sort();
`}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"src/lib.js:3:37", "src/lib.js:4:52", "src/main.sc:6:13", "src/main.sc:11:13", "src/main.sc:11:28"}
	for i, d := range found {
		if d.Severity != dialog.Warning || d.Code != "shared-object" || i >= len(want) || d.Pos().String() != want[i] {
			t.Errorf("%s", d)
		}
	}
	if len(found) != len(want) {
		t.Errorf("%d findings, want %d", len(found), len(want))
	}
}

// TestErrorsLeaveTheRest: a state with an error fails when it is entered, and
// code behind start-up code that failed runs (dialog-language 2).
func TestErrorsLeaveTheRest(t *testing.T) {
	bot, found := Load(project(t, map[string]string{"main.sc": `init:
    $global.before = "b"; gone();
init:
    $global.after = "a";
theme: /
    state: Fine
        q!: fine
        a: {{before}}{{after}}
    state: Script
        q!: script
        script: var a = ;
    state: Answer
        q!: answer
        a: {{ 1 + }}
    state: Condition
        q!: condition
        if: (
            a: yes
`}), Options{Log: testLog(t)})
	if bot == nil || len(found) != 4 {
		t.Fatal(found)
	}
	v := newVisitor(bot, visitorTime())
	for query, where := range map[string]string{"fine": "", "script": "11", "answer": "14", "condition": "17"} {
		d, done := v.send(context.Background(), session.Input{Text: query})
		switch {
		case where == "" && (d.Failure != nil || len(done.replies) != 1 || done.replies[0]["text"] != "ba"):
			t.Errorf("%s: %+v %v", query, d.Failure, done.replies)
		case where != "" && (d.Failure == nil || !strings.HasPrefix(d.Failure.Where, "src/main.sc:"+where+":") || !strings.HasPrefix(d.Failure.Message, "SyntaxError: JavaScript: ")):
			t.Errorf("%s: %+v", query, d.Failure)
		}
	}
}

// dialog-language 1.2: the message of an error speaks the language of the person.
func TestErrorMessageSpeaksThePersonsLanguage(t *testing.T) {
	bot := load(t, Options{Log: testLog(t)}, map[string]string{
		"chatbot.yaml": "name: test\nentryPoint: main.sc\nlanguage: ru\nmessages:\n  onError:\n    defaultMessage: any\n    locales:\n      ru: простите\n      de: leider\n      en-GB: sorry\n",
		"main.sc":      "theme: /\n    state: Fault\n        q!: *\n        script: throw 1;\n",
	})
	for language, want := range map[string]string{"": "простите", "ru": "простите", "de": "leider", "de-AT": "leider", "en-GB": "sorry", "fr": "простите"} {
		c := newTalk(t, bot)
		doc, err := session.ParseDocument([]byte(`{"user":{"language":"`+language+`"}}`), "")
		if err != nil {
			t.Fatal(err)
		}
		c.document = doc
		if got := strings.Join(c.say("go"), "|"); got != want {
			t.Errorf("%q: got %q, want %q", language, got, want)
		}
	}
}

// dialog-language 9: the hard limit of $session holds for a request that no state
// answers, too.
func TestSizeLimitWithoutAnswer(t *testing.T) {
	c := newTalk(t, load(t, Options{Log: testLog(t)}, map[string]string{"main.sc": `
init:
    bind("preProcess", function($context) { $context.session.big = Array(1101).join(Array(1001).join("x")); });
theme: /
    state: Hi
        q!: hi
        a: hi
`}))
	c.event("unknown")
	if len(c.vars.Data) > session.HardVarsBytes || c.last.Failure == nil {
		t.Errorf("%d bytes are kept: %+v", len(c.vars.Data), c.last.Failure)
	}
}
