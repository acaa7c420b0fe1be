package script

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley/internal/session"
)

// TestExpressions are one-line facts of script-api 1 and 2 about a turn with the
// text "привет мир".
func TestExpressions(t *testing.T) {
	bot := load(t, Options{Log: testLog(t)}, map[string]string{
		"chatbot.yaml": "name: My Bot\nentryPoint: main.sc\nbotEngine: v2\nlanguage: ru\ninjector:\n  limit: 3\n  nested: {a: 1}\n",
		"cities.csv":   "1;Москва,столица;{\"pop\": 12}\n2;Омск;plain\n",
		"src/c.csv":    "1;Москва,столица;{\"pop\": 12}\n2;Омск;plain\n",
		"src/d.yaml":   "list: [a, b]\ntext: \"hi {{$request.query}}\"\n",
		"lib.js":       "function inFile() { return $.request.query + $jsapi.context().request.query; }\nfunction strict() { 'use strict'; $session = {s: 1}; return $session.s; }\n",
		"main.sc": `require: lib.js
require: c.csv
    name = Cities
    var = $Cities
require: d.yaml
    var = data
init:
    $global.startState = "/X";
    var top = 1;
    $converters.own = function() { return 1; };
theme: /
    state: Any
        q!: *
        a: {{$session.expr}}
        script: $reactions.answer("{{" + $session.expr + "}}");
`})
	for _, test := range []struct{ expr, want string }{
		{"$request.query", "привет мир"},
		{"$context.request === $request", "true"},
		{"$request.channelType", "chatapi"},
		{"$request.event", ""},
		{"$request.requestType + $request.version", "query1"},
		{"$request.userFrom.firstName + '|' + $request.userFrom.lastName + '|' + $request.userFrom.id", "Ada|Lovelace|user-1"},
		{"$request.rawRequest.messages[0].text + $request.rawRequest.messages.length + $request.rawRequest.input.text.length", "привет мир110"},
		{"$request.data.context.user.display_name", "Ada Lovelace"},
		{"$request.data.attempt + ' ' + $request.data.livechatStatus.enabled", "1 false"},
		{"Object.keys($request.data).length + JSON.stringify($request.data)", "0{}"},
		{"$request.language", "ru"},
		{"$request.data.chatId === $parley.session().id", "true"},
		{"$parseTree.text + $parseTree.words.length", "привет мир2"},
		{"$context.currentState + $context.contextPath", "/Any/Any"},
		{"$session.contextPath + Object.keys($session).join()", "/expr"},
		{"$injector.limit + $injector.nested.a + typeof $injector.server.version", "4string"},
		{"$Cities[1].alternameNames[1] + $Cities[1].value.pop + $Cities[2].value", "столица12plain"},
		{"data.list.length + $global.data.list[0]", "2a"},
		{"data.text", "hi привет мир"},
		{"startState + top + $global.top", "/X11"},
		{"inFile()", "привет мирпривет мир"},
		{"strict() + $context.session.s", "2"},
		{"($session = {a: 1}, $context.session.a)", "1"},
		{"($context.session = {a: 1}, $session.a)", "1"},
		{"($client = {a: 1}, $context.client.a)", "1"},
		{"($temp = {a: 1}, $context.temp.a)", "1"},
		{"($response.extra = 1, $context.response.extra)", "1"},
		{"$entities.length + $context.entities.length", "0"},
		{"typeof $context.testContext + testMode()", "undefinedfalse"},
		{"$jsapi.context() === $context", "true"},
		{"$converters.own()", "1"},
		{"capitalize('привет')", "Привет"},
		{"toPrettyString({a: null, b: [1], c: undefined, d: {e: 'x'}})", "{\n  \"b\": [\n    1\n  ],\n  \"d\": {\n    \"e\": \"x\"\n  }\n}"},
		{"(function() { var o = {}; o.o = o; return toPrettyString(o); })()", "{\n  \"o\": \"cycle\"\n}"},
		{"$jsapi.currentTime()", "1772366400000"},
		{"Date.now() + ' ' + new Date().toISOString()", "1772366400000 2026-03-01T12:00:00.000Z"},
		{"$jsapi.timeForZone('Europe/Moscow') - $jsapi.currentTime()", "10800000"},
		{"$jsapi.dateForZone('Europe/Moscow', 'dd.MM.YY HH:mm')", "01.03.26 15:00"},
		{"$jsapi.dateForZone('Asia/Tokyo', \"YYYY/MM/dd EEE EEEE d MMMM MMM 'в' H ''\")", "2026/03/01 вс воскресенье 1 марта мар в 21 '"},
		{"$jsapi.dateForZone('UTC', 'LLLL k K h a s S D w u G X XXX Z')", "март 12 0 12 PM 0 0 60 9 7 н.э. Z Z +0000"},
		{"$jsapi.random(1)", "0"},
		{"$jsapi.random(100) < 100", "true"},
		{"$jsapi.resolvePath('../X') + $jsapi.resolvePath('/A', './B')", "/X/A/B"},
		{"typeof $jsapi.version().version", "string"},
		{"$jsapi.cailaService.getCurrentClassifierToken()", "My Bot"},
		{"/^undefined$/.test(undefined) + ' ' + /null/.exec(null)[0] + ' ' + 'a'.match(/b/)", "true null null"},
		{"/1/.test(21) + ' ' + RegExp.prototype.test.call(/x/, {toString: function () { return 'x'; }})", "true true"},
		{"$jsapi.chatHistory()", "Client: привет мир"},
		{"$jsapi.chatHistoryJson()[0].author + $jsapi.chatHistoryJson()[0].sendDateInUTC", "CLIENT1772366400"},
		{"hasOperatorsOnline()", "false"},
		{"moment($jsapi.currentTime()).utc().locale('ru').format('D MMMM YYYY')", "1 марта 2026"},
		{"moment.lang === moment.locale", "true"},
		{"moment.locale()", "en"},
		{"moment().valueOf()", "1772366400000"},
		{"currentDate().format('HH:mm')", "12:00"},
		{"_.contains([1, 2], 2) + ' ' + _.VERSION", "true 1.13.8"},
		{"_.chain([3, 1, 2]).sortBy().first().value()", "1"},
		{"_.sample([7])", "7"},
		{"selectRandomArg('a')", "a"},
		{"$reactions.template('{{1 + 1}}')", "2"},
		{"$reactions.random(1)", "0"},
		{"Array(3).join('-') + new Array(1, 2).length + Array.isArray([]) + ([] instanceof Array) + [].constructor.name", "--2truetrueArray"},
		{"Array.from('abc').join() + Array.of(1, 2).length + [...[1, 2]].length + Math.max.apply(null, [1, 5])", "a,b,c225"},
		{"(function() {}) instanceof Function && typeof (function() {}).constructor", "function"},
		{"'abc'.replace(/b/g, 'xx') + 'a-b'.split('-').length + 'x'.padStart(3, '.') + 'ab'.repeat(2)", "axxc2..xabab"},
		{"[3, 1, 2].sort().map(function (x) { return x * 2; }).join() + [1, [2]].flat().length + [1].concat([2], 3).length", "2,4,623"},
		{"`t${1}` + (() => 2)() + (null ?? 3) + 'abc'.startsWith('a')", "t123true"},
		{"$.session === $session", "true"},
		{"typeof globalThis.top + (globalThis === $global)", "numbertrue"},
	} {
		t.Run(test.expr, func(t *testing.T) {
			c := newTalk(t, bot)
			c.document = session.Document{"user": map[string]any{"display_name": "Ada Lovelace"}}
			program := bot.expandable("{{" + test.expr + "}}")
			if len(program) != 3 || program[1].wrong != "" {
				t.Fatal(program)
			}
			c.vars.Data = []byte(marshal(map[string]string{"expr": "1"}))
			m, err := bot.pool.get(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer bot.pool.put(m)
			turn := c.turn()
			turn.Input.Text = "привет мир"
			turn.Raw = json.RawMessage(`{"input":{"text":"привет мир"}}`)
			turn.Message = &session.Message{Author: session.AuthorUser, AtMs: c.now.UnixMilli(), Body: turn.Raw}
			r := newRun(t.Context(), bot, m, turn)
			r.state, r.next = "/Any", "/Any"
			m.begin(r)
			defer m.end()
			if err := r.call("begin"); err != nil {
				t.Fatal(err)
			}
			if got, err := r.print(program[1].code); err != nil || got != test.want {
				t.Errorf("got %q (%v), want %q", got, err, test.want)
			}
		})
	}
}

func TestSessionReplacedIsEmptyButKeepsItsPlace(t *testing.T) {
	for _, form := range []string{"$session = {};", "$context.session = {};", "$jsapi.context().session = {}; $session.x = undefined;", "$session = null;"} {
		c := scriptBot(t, `
theme: /
    state: A
        q!: fill
        script: $session.a = 1; $session.f = function() {}; $session.d = new Date(0);
        a: {{$session.a}}
        state: B
            q: clear
            script: `+form+`
            a: <{{$session && $session.a}}>
            state: C
                q: look
                a: {{$session}} {{$session.contextPath}}
`)
		c.expect("fill", "1")
		if string(c.vars.Data) != `{"a":1,"d":"1970-01-01T00:00:00.000Z"}` {
			t.Errorf("stored: %s", c.vars.Data)
		}
		c.expect("clear", "<>")
		c.expect("look", "{} /A/B")
	}
}

func TestContextPathIsWritten(t *testing.T) {
	c := scriptBot(t, `
init:
    bind("postProcess", function($context) { if ($context.request.query === "jump") $context.session.contextPath = "/B"; });
theme: /
    state: A
        q!: jump
        a: a
        state: In
            q: in
            a: in a
    state: B
        state: In
            q: in
            a: in b
`)
	c.expect("jump", "a")
	c.expect("in", "in b")
}

func TestHistory(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: A
        q!: a
        a: {{$context.contextHistory}}
    state: B
        q!: b
        a: {{$context.contextHistory}}
`)
	c.expect("a", "[]")
	c.expect("a", `["/"]`)
	c.expect("b", `["/"]`)
	c.expect("a", `["/","/A"]`)
	for range 30 {
		c.say("b")
		c.say("a")
	}
	if len(c.say("a")) != 1 || len(parseExtra(c.vars.Extra).History) != historyLength {
		t.Errorf("%s", c.vars.Extra)
	}
}

// TestWhatAUserTypesIsNoCode: {{ }} in the text of a user is never evaluated.
func TestWhatAUserTypesIsNoCode(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: Tag
        q!: tag *
        a: {{$request.query}}
    state: Script
        q!: script *
        script: $reactions.answer("{{$session.n || 'no'}} " + $request.query);
    state: Buttons
        q!: buttons *
        script: $reactions.buttons($request.query);
`)
	c.expect("tag {{$session.n = 1}}", "tag {{$session.n = 1}}")
	c.expect("script {{$session.n = 1}}", "no script {{$session.n = 1}}")
	c.say("buttons {{$session.n = 1}}")
	if !strings.Contains(string(c.last.Replies[0]), "{{$session.n = 1}}") || string(c.vars.Data) != "{}" {
		t.Errorf("%s %s", c.last.Replies, c.vars.Data)
	}
}

func TestAnswerSeesTheScript(t *testing.T) {
	c := newTalk(t, load(t, Options{}, map[string]string{"lib.js": "function twice(n) { return 2 * n; }\nvar base = 20;\n", "main.sc": `
require: lib.js
theme: /
    state: A
        q!: a
        script:
            own = 1;
            $session.s = 1;
            $reactions.answer("{{twice(base) + own + $session.s}} {{ no");
`}))
	c.expect("a", "42 {{ no")
}

func TestMembersOfServicesCanBeWrapped(t *testing.T) {
	c := scriptBot(t, `
init:
    $reactions.answer = _.wrap($reactions.answer, function(f, text) { f("<" + text + ">"); });
theme: /
    state: A
        q!: a
        script: $reactions.answer("x"); $reactions.say("y");
`)
	c.expect("a", "<x>", "y")
}

func TestBindOrderAndPaths(t *testing.T) {
	c := scriptBot(t, `
init:
    var add = function(what) { return function($context) { $context.session.log = ($context.session.log || "") + what + "@" + $context.currentState + " "; }; };
    bind("preMatch", add("match"));
    bind("preProcess", add("one"));
    $jsapi.bind({type: "preProcess", handler: add("two"), path: "/A", name: "two"});
    bind("preProcess", add("three"), "/A/B");
    bind("preProcess", add("again"), "/", "named");
    bind("preProcess", add("replaced"), "/", "named");
    bind("postProcess", add("post"), "/A");
theme: /
    state: A
        q!: a
        a: {{$session.log}}
        state: B
            q: b
            a: {{$session.log}}
            script: $session = {};
    state: AB
        q!: ab
        a: {{$session.log}}
`)
	c.expect("ab", "match@/ one@/AB replaced@/AB ")
	c.say("ab")
	c.say("a")
	c.expect("b", "match@/ one@/AB replaced@/AB match@/AB one@/AB replaced@/AB match@/AB one@/A two@/A replaced@/A post@/A match@/A one@/A/B two@/A/B three@/A/B replaced@/A/B ")
	if !strings.Contains(string(c.vars.Data), `"log":"post@/A/B "`) {
		t.Errorf("%s", c.vars.Data)
	}
}

func TestPreMatch(t *testing.T) {
	c := scriptBot(t, `
init:
    bind("preMatch", function($context) {
        if ($context.request.query === "direct") $context.temp.targetState = "/B";
        $context.request.query = $context.request.query.replace("pls ", "");
        if ($context.request.query === "as event") { $context.request.event = "own"; }
    });
    bind("preProcess", function($context) {
        if ($context.request.query === "override") $context.temp.targetState = "/B";
    });
theme: /
    state: A
        q!: hello
        a: {{$request.query}}
    state: B
        a: b
    state: Own
        event!: own
        a: own
    state: Over
        q!: override
        a: never
`)
	c.expect("direct", "b")
	c.expect("pls hello", "hello")
	c.expect("as event", "own")
	c.expect("override", "b")
	c.say("unknown")
	if f := c.last.Failure; f == nil || f.Message != "No target state was determined for query" {
		t.Errorf("%+v", f)
	}
}

func TestSelectNLUResult(t *testing.T) {
	c := scriptBot(t, `
init:
    bind("selectNLUResult", function($context) {
        var r = $context.nluResults;
        if ($context.request.query === "pick me now") r.selected = _.find(r.patterns, function(p) { return p.clazz === "/B"; });
        if ($context.request.query === "pick other now") r.selected = {clazz: "/C"};
        if ($context.request.query === "pick none now") r.selected = undefined;
        $context.session.seen = r.patterns.length + r.selected_;
    });
theme: /
    state: A
        q!: pick * now
        a: a{{$request.query === "pick best now" ? " " + $context.nBest[0].targetState + " " + $context.nBest.length + " " + $context.nBest[0].score.toFixed(6) : ""}}
    state: B
        q!: pick $oneWord::What *
        a: b {{$parseTree._What}}
    state: C
        a: c
    state: None
        event!: noMatch
        a: none
`)
	c.expect("pick it now", "a")
	c.expect("pick best now", "a /A 1 0.666667")
	c.expect("pick me now", "b me")
	c.expect("pick other now", "c")
	c.expect("pick none now", "none")
}

func TestEvents(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: Data
        event!: withData
        a: {{$request.event}} {{$request.data.eventData.a}} <{{$request.query}}> {{$request.rawRequest.messages[0].text}}
    state: File
        event!: fileEvent
        a: {{$request.data.eventData[0].type}} {{$request.data.eventData[0].url}} {{$request.data.eventData[0].mimeType}}
    state: Local
        q!: local
        a: local
        state: Event
            event: near
            a: near
    state: Far
        event!: near
        a: far
`)
	got := c.input(session.Input{Text: "t", Event: &session.InputEvent{Name: "withData", Data: json.RawMessage(`{"a":[1]}`)}})
	if got[0] != "withData [1] <> t" {
		t.Errorf("%q", got)
	}
	got = c.input(session.Input{Attachments: []session.Attachment{{Type: "image", URL: "http://x", MimeType: "image/png"}}})
	if got[0] != "image http://x image/png" {
		t.Errorf("%q", got)
	}
	if got := c.event("near"); got[0] != "far" {
		t.Errorf("%q", got)
	}
	c.expect("local", "local")
	if got := c.event("near"); got[0] != "near" {
		t.Errorf("%q", got)
	}
	if got := c.event("nobody"); len(got) != 0 || c.last.Failure != nil {
		t.Errorf("an event that no state waits for: %q %+v", got, c.last.Failure)
	}
}

func TestInputLimits(t *testing.T) {
	const main = `
theme: /
    state: Long
        EVENT
        a: too long
    state: Any
        q!: *
        a: any
`
	c := scriptBot(t, strings.Replace(main, "EVENT", "event!: lengthLimit", 1))
	c.expect(strings.Repeat("я", 400), "any")
	c.expect(strings.Repeat("я", 401), "too long")
	d := scriptBot(t, strings.Replace(main, "EVENT", "q!: never", 1))
	d.expect(strings.Repeat("я", 401))
	d.noFailure()
}

func TestDataLimits(t *testing.T) {
	const main = `
theme: /
    state: Fill
        q!: fill * 
        script: $VAR.data = "x".repeat(Number($request.query.slice(5)));
        a: filled
    state: Small
        q!: look
        a: {{($VAR.data || "").length}}
    state: Soft
        event!: VARDataSoftLimitExceeded
        a: soft
    state: Hard
        event!: HARD
        a: hard
`
	for _, name := range []string{"session", "client"} {
		bot := func(hard string) *talk {
			return scriptBot(t, strings.NewReplacer("VAR", name, "HARD", hard).Replace(main))
		}
		c := bot(name + "DataHardLimitExceeded")
		c.expect("fill 1000", "filled")
		c.expect("fill 102401", "filled", "soft")
		c.expect("look", "102401", "soft")
		c.expect("fill 1024001", "filled", "hard")
		c.expect("look", "102401", "soft")
		d := bot("other")
		d.expect("fill 1000", "filled")
		d.expect("fill 1024001")
		if f := d.last.Failure; f == nil || !strings.Contains(f.Message, "$"+name+" has 1024012 bytes, the limit is 1024000") {
			t.Errorf("%+v", f)
		}
		d.expect("look", "1000")
	}
}

func TestLog(t *testing.T) {
	var out bytes.Buffer
	bot := load(t, Options{Log: slog.New(slog.NewTextHandler(&out, nil))}, map[string]string{"main.sc": `
init: log("start");
theme: /
    state: A
        q!: a
        script: log({a: 1}); log("x", 2, null);
`})
	newTalk(t, bot).say("a")
	for _, want := range []string{"msg=start", `msg="{\n  \"a\": 1\n}"`, `msg="x 2 null"`, "state=/A", "bot=test"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in\n%s", want, &out)
		}
	}
	if n := strings.Count(out.String(), "msg=start"); n != 1 {
		t.Errorf("the start-up was logged %d times", n)
	}
}

func TestSessionResult(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: A || sessionResult = "Result {{$request.query}}"
        q!: a
        a: a
`)
	c.say("a")
	if c.last.SessionResult != "Result a" {
		t.Errorf("%q", c.last.SessionResult)
	}
}

func TestZonesAreChecked(t *testing.T) {
	for _, call := range []func() (any, error){
		func() (any, error) { return dateForZone(time.Now(), "Mars/Base", "yyyy", "en") },
		func() (any, error) { return dateForZone(time.Now(), "", "yyyy", "en") },
		func() (any, error) { return dateForZone(time.Now(), "UTC", "q", "en") },
		func() (any, error) { return timeForZone(time.Now(), "Local") },
	} {
		if got, err := call(); err == nil {
			t.Errorf("got %v", got)
		}
	}
}

// TestStrictCode writes to variables from strict functions and classes.
func TestStrictCode(t *testing.T) {
	bot := load(t, Options{Engines: 1}, map[string]string{"lib.js": `
var counter = 0;
var later;
class Shop { sell() { counter++; later = 1; $session = {sold: counter}; $client.n = 1; $temp = {t: 2}; } }
function strict() { "use strict"; counter++; $context.session.more = counter; }
`, "main.sc": `
require: lib.js
theme: /
    state: A
        q!: a
        script: new Shop().sell(); strict();
        a: {{$session}} {{counter}} {{later}} {{$client}} {{$temp.t}}
`})
	for range 3 {
		newTalk(t, bot).expect("a", `{"sold":1,"more":2} 2 1 {"n":1} 2`)
	}
}

// TestOwnShorthand: scripts of the older engine make $ themselves, in a way that
// only that engine knows.
func TestOwnShorthand(t *testing.T) {
	c := scriptBot(t, `
init:
    $global.$ = {__noSuchProperty__: function(name) { return $jsapi.context()[name]; }};
    bind("preProcess", function() { $.temp.x = $.currentState; });
theme: /
    state: A
        q!: a
        a: {{$.temp.x}}
`)
	c.expect("a", "/A")
}

// TestNothingTypedBecomesCode: {{ }} of a text is the author's (dialog-language 2);
// what came from outside is shown as it is, in whatever way it comes to an answer.
func TestNothingTypedBecomesCode(t *testing.T) {
	c := newTalk(t, load(t, Options{Log: testLog(t)}, map[string]string{
		"src/texts.yaml": "greet: Hi {{$session.name}}",
		"main.sc": `
require: texts.yaml
    var = texts
theme: /
    state: Keep
        q!: call me *
        script:
            $session.name = $request.query;
            $client.name = $request.query.toUpperCase();
            $session.later = texts.greet;
        a: kept
    state: Now
        q!: now *
        script: $reactions.answer("you: " + $request.query);
    state: Tell
        q!: tell
        script: $reactions.answer($session.name + " {{1 + 2}} " + $client.name);
    state: Later
        q!: later
        script: $reactions.answer($session.later);
    state: Event
        event!: told
        script: $reactions.answer($request.data.eventData.text + " {{$request.event}}");
`}))
	c.expect("now {{3 + 4}} {{ ( }}", "you: now {{3 + 4}} {{ ( }}")
	c.expect("call me {{3 + 4}}", "kept")
	c.expect("tell", "call me {{3 + 4}} 3 CALL ME {{3 + 4}}")
	c.expect("later", "Hi call me {{3 + 4}}")
	got := c.input(session.Input{Event: &session.InputEvent{Name: "told", Data: []byte(`{"text":"\u007b{5 + 6}}"}`)}})
	if len(got) != 1 || got[0] != "{{5 + 6}} told" {
		t.Errorf("an event: %q", got)
	}
}
