package script

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const testedBot = `
init:
    bind("onScriptError", function($context) { if ($context.request.query === "handled") $reactions.answer("sorry"); });
patterns:
    $N = $regexp<\d+>
theme: /
    state: Hello
        q!: hello
        a: Hello,   you
        go!: /Hello/More
        state: More
            a: more
    state: Silent
        q!: silent
    state: Time
        q!: time
        a: {{$jsapi.dateForZone("UTC", "yyyy-MM-dd HH:mm:ss")}} {{$jsapi.currentTime()}}
    state: Random
        q!: random
        a: {{$jsapi.random(10)}} {{$jsapi.random(10)}} {{$jsapi.random(10)}}
    state: Choice
        q!: choice
        random:
            a: zero
            a: one
            a: two
    state: Vars
        q!: vars
        a: {{$session}} {{$client}} {{$context.testContext !== undefined}} {{testMode()}}
    state: Wait
        q!: wait
        a: waiting
        timeout: /Late || interval = 2
    state: Late
        a: late
    state: Data
        q!: data
        a: {{$request.data.a}} {{$request.rawRequest.message.id}}
        script: $response.data = {list: [1, {b: 2}], c: "d"}; $reactions.buttons({text: "x", transition: "/Late"});
    state: Restart
        q!: restart
        script: $reactions.newSession({message: "vars", data: {from: {x: 1}}});
    state: Event
        event!: own
        a: event
    state: Fault
        q!: (fault|handled)
        script: nothing();
    state: Smart
        q!: smart
        a: {{$reactions.random(5)}} {{$reactions.random(5)}} {{$reactions.random(5)}}
    state: Place
        a: place
        state: Inner
            q: inner
            a: inner
`

// TestXMLSteps: each line is the body of a case and what becomes of it, with the
// line of the complaint.
func TestXMLSteps(t *testing.T) {
	for _, test := range []struct{ body, status, message string }{
		{`<q>hello</q><a>Hello, you</a><a>more</a>`, "passed", ""},
		{`<q>hello</q><a state="Hello" class="/Hello">Hello,
			you</a><a state="/Hello/More" class="/Hello"/>`, "passed", ""},
		{`<q>hello</q><a>Hello</a><a/>`, "failed", `3: expected the reply "Hello", got "Hello,   you" from the state /Hello`},
		{`<q>hello</q><a state="/X"/><a/>`, "failed", `3: expected the reply from the state /X, got it from /Hello: "Hello,   you"`},
		{`<q>hello</q><a/><a class="/Hello/More"/>`, "failed", `3: expected the turn to start in the state /Hello/More, got /Hello`},
		{`<q>hello</q><a/>`, "failed", `3: no <a> for the reply "more" of the state /Hello/More`},
		{"<q>hello</q>\n<q>hello</q>", "failed", `3: no <a> for the reply "Hello,   you" of the state /Hello`},
		{`<q>silent</q><a/>`, "failed", `3: expected the reply "", got none`},
		{`<q>silent</q>`, "passed", ""},
		{``, "passed", ""},
		{`<a/>`, "failed", `3: <a> stands before anything was sent`},
		{`<q>what is this</q>`, "failed", `3: the turn failed in the state /: No target state was determined for query`},
		{`<event>own</event><a>event</a>`, "passed", ""},
		{`<event>none</event>`, "failed", `3: the turn failed in the state /: No target state was determined for query`},
		{`<q>fault</q>`, "failed", `3: the turn failed in the state /Fault at src/main.sc:48:24: ReferenceError: nothing is not defined`},
		{`<q>handled</q><a>sorry</a>`, "passed", ""},
		{`<dateTime>2026-01-02 03:04:05</dateTime><q>time</q><a>2026-01-02 03:04:05 1767323045000</a>`, "passed", ""},
		{`<dateTime>tomorrow</dateTime>`, "failed", `3: "tomorrow" is no date and time: write yyyy-MM-dd HH:mm:ss`},
		{`<random>1, 2</random><q>random</q><a>1 2 0</a>`, "passed", ""},
		{`<q>choice</q><a>zero</a><random>2</random><q>choice</q><a>two</a><q>choice</q><a>zero</a>`, "passed", ""},
		{`<random>1,x</random>`, "failed", `3: "x" is no number of a list such as 1, 2, 3`},
		{`<context var="session">{"a": {"b": 1, "c": 2}}</context><context var="session">{"a": {"c": 3}}</context>
			<context var="client">{"n": 1}</context><q>vars</q><a>{"a":{"b":1,"c":3}} {"n":1} true true</a>`, "passed", ""},
		{`<context var="other">{}</context>`, "failed", `3: <context> needs var="client" or var="session"`},
		{`<context var="client">[</context>`, "failed", `3: <context> holds no JSON: unexpected end of JSON input`},
		{`<state>Place</state><q>inner</q><a class="/Place/Inner"/>`, "passed", ""},
		{`<q>wait</q><a/><timeoutReply interval="2" targetState="/Late"/><timeout/><a state="/Late" class="/Late">late</a>`, "passed", ""},
		{`<q>wait</q><a/><timeoutReply interval="3"/>`, "failed", `3: expected a timeout after 3s, got one after 2s`},
		{`<q>wait</q><a/><timeoutReply targetState="/X"/>`, "failed", `3: expected a timeout to /X, got one to /Late`},
		{`<q>wait</q><a/><q>silent</q><timeoutReply/>`, "failed", `3: expected an armed timeout, there is none`},
		{`<q>wait</q><a/><q>silent</q><timeout/>`, "failed", `3: no timeout is armed`},
		{`<requestData>{"a": 1}</requestData><rawRequest>{"message": {"id": 7}}</rawRequest><q>data</q><a>1 7</a><q>data</q><a> 7</a>`, "passed", ""},
		{`<rawRequest>{"message": {"id": 7}}</rawRequest><q>data</q><a/><responseData field="replies[0].text">" 7"</responseData>
			<responseData field="replies[1].buttons">[{text: "x"}]</responseData><responseData field="$.data">{list: [1, {'b': 2}]}</responseData>
			<responseData field="list[1].b">2</responseData>`, "passed", ""},
		{`<rawRequest>{"message": {"id": 7}}</rawRequest><q>data</q><a/><responseData field="data.c">"e"</responseData>`, "failed", `3: expected in data.c "e", got "d"`},
		{`<rawRequest>{"message": {}}</rawRequest><q>data</q><a/><responseData field="data.list">[1, 2, 3]</responseData>`, "failed", `3: expected in data.list 3 elements, got [1,{"b":2}]`},
		{`<rawRequest>{"message": {}}</rawRequest><q>data</q><a/><responseData field="data.x.y">1</responseData>`, "failed", `3: $response has no field data.x.y`},
		{`<q>restart</q><newSession message="vars"><data>{from: {x: 1}}</data></newSession><a/>`, "passed", ""},
		{`<q>restart</q><newSession message="x"/><a/>`, "failed", `3: expected newSession with the message "x", got "vars"`},
		{`<q>restart</q><newSession><data>{"from": {"x": 2}}</data></newSession><a/>`, "failed", `3: expected in data.from.x 2, got 1`},
		{`<q>silent</q><newSession/>`, "failed", `3: expected newSession, it was not called`},
		{`<request>{"query": "data", "data": {"a": 5}, "rawRequest": {"message": {"id": 6}}, "unknown": 1}</request><a>5 6</a>`, "passed", ""},
		{`<request>{"targetState": "/Late"}</request><a state="/Late">late</a>`, "passed", ""},
		{`<request>{"event": "own"}</request><a>event</a>`, "passed", ""},
		{`<request>{</request>`, "failed", `3: <request> holds no JSON: unexpected end of JSON input`},
		{`<requestData>{"smartRandom": [3, 1]}</requestData><q>smart</q><a>3 1 0</a>`, "passed", ""},
		{`<requestData>{"smartRandom": [2, 1]}</requestData><q>choice</q><a>two</a><q>choice</q><a>zero</a>`, "passed", ""},
		{`<q>hello</q><mail/>`, "failed", `3: expected a mail, none was sent`},
		{`<surprise/>`, "failed", `3: <surprise> is no element of a test case`},
	} {
		t.Run(test.body, func(t *testing.T) {
			report := runXML(t, "<test>\n<test-case id=\"c\">\n"+test.body+"\n</test-case>\n</test>")
			if len(report.Cases) != 1 {
				t.Fatalf("%+v", report)
			}
			message := test.message
			if message != "" {
				message = "test/a.xml:" + message
			}
			got := report.Cases[0]
			if got.File != "test/a.xml" || got.ID != "c" || got.Line != 2 || got.Status != Status(test.status) || got.Message != message ||
				got.Stale != (strings.Contains(test.body, `state="/X"`)) {
				t.Errorf("got  %+v\nwant %s %s", got, test.status, message)
			}
		})
	}
}

func runXML(t *testing.T, content string) *TestReport {
	t.Helper()
	dir := project(t, map[string]string{"main.sc": testedBot, "test/a.xml": content})
	report, found, err := RunTests(context.Background(), dir, Options{Log: testLog(t)})
	if err != nil || report == nil {
		t.Fatal(found, err)
	}
	return report
}

func TestXMLCasesAreFresh(t *testing.T) {
	report := runXML(t, `<test>
	<test-case id="one"><context var="client">{"n": 1}</context><random>5</random><q>wait</q><a/></test-case>
	<test-case><timeout/></test-case>
	<test-case><q>vars</q><a>{} {} true true</a></test-case>
	<test-case><q>random</q><a>0 0 0</a></test-case>
</test>`)
	if report.Passed != 3 || report.Failed != 1 || report.Cases[1].ID != "#2" || report.Cases[1].Status != Failed {
		t.Errorf("%+v", report)
	}
}

func TestXMLFiles(t *testing.T) {
	for content, want := range map[string]string{
		"<test>\n<test-case>":        "test/a.xml:2: unexpected EOF",
		"<tests/>":                   "test/a.xml:1: the root element is <tests>, not <test>",
		"<test>\n<other/></test>":    "test/a.xml:2: <test> holds no <other>",
		"<test>\n<mockData/></test>": "test/a.xml:2: <mockData> needs a <query> with the address",
		"<test>" + strings.Repeat("<a>", 100) + "</test>": "test/a.xml:1: elements nest too deep",
	} {
		report := runXML(t, content)
		if len(report.Cases) != 1 || report.Cases[0].Message != want {
			t.Errorf("%q: %+v", content, report.Cases)
		}
	}
}

const callingBot = `theme: /
    state: Weather
        q!: weather *
        script:
            var r = $http.get("http://w.example/now?q=${q}", {query: {q: $request.query.split(" ")[1]}});
            $reactions.answer(r.isOk ? "it is " + r.data.text : "failed " + r.status);
    state: Order
        q!: order
        script:
            var r = $http.post("http://w.example/order", {body: {list: [{id: 1, n: 2}], who: "me"}});
            $reactions.answer(r.isOk ? String(r.data) : "failed " + r.status);
    state: Meaning
        intent!: /Unknown
        a: meant
    state: Nothing
        event!: noMatch
        a: nothing
`

// TestXMLMocks: only the mocks before a request count, and the last one that fits
// (dialog-language 8).
func TestXMLMocks(t *testing.T) {
	weather := `<mockData><query method="get">http://w.example/now?q=${q}</query><parameters><q>%s</q></parameters><response>{"text": "%s"}</response></mockData>`
	order := `<mockData><query method="POST">http://w.example/order</query><body %s>%s</body><response status="201" type="text">done</response></mockData><q>order</q><a>%s</a>`
	for _, test := range []struct{ file, body, status, message string }{
		{"", fmt.Sprintf(weather, "oslo", "cold") + `<q>weather oslo</q><a>it is cold</a>`, "passed", ""},
		{fmt.Sprintf(weather, "oslo", "cold"), `<q>weather oslo</q><a>it is cold</a>`, "passed", ""},
		{fmt.Sprintf(weather, "oslo", "cold"), fmt.Sprintf(weather, "oslo", "warm") + `<q>weather oslo</q><a>it is warm</a>` + fmt.Sprintf(weather, "oslo", "hot"), "passed", ""},
		{fmt.Sprintf(weather, "oslo", "cold"), fmt.Sprintf(weather, "rome", "warm") + `<q>weather oslo</q><a>it is cold</a><q>weather rome</q><a>it is warm</a>`, "passed", ""},
		{"", `<mockData><query>http://w.example/now?q=oslo</query><response>{text: 'wet'}</response></mockData><q>weather oslo</q><a>it is wet</a>`, "passed", ""},
		{"", `<mockData><query method="POST">http://w.example/now?q=oslo</query><response/></mockData><q>weather oslo</q><a>it is wet</a>`, "skipped",
			`5: no <mockData> answers GET http://w.example/now?q=oslo; expected the reply "it is wet", got "failed -1" from the state /Weather`},
		{"", `<q>weather oslo</q><a>failed -1</a>`, "passed", ""},
		{"", `<mockService><query>http://w.example/now?q=oslo</query><response status="500"/></mockService><q>weather oslo</q><a>failed 500</a>`, "passed", ""},
		{"", fmt.Sprintf(order, "", `{who: "me", list: [{"id": 1, "n": 2}]}`, "done"), "passed", ""},
		{"", fmt.Sprintf(order, "", `{"who": "me"}`, "failed -1"), "passed", ""},
		{"", fmt.Sprintf(order, `strictMatch="false"`, `{"who": "me"}`, "done"), "passed", ""},
		{"", fmt.Sprintf(order, `field="$.list[0].id"`, `1`, "done"), "passed", ""},
		{"", fmt.Sprintf(order, `field="$.list[*].n"`, `[2]`, "done"), "passed", ""},
		{"", `<mockData><query>http://w.example</query><what/></mockData>`, "failed", `5: <mockData> holds no <what>`},
		{"", `<mockData><query>http://w.example</query><response status="ok"/></mockData>`, "failed", `5: "ok" is no status of HTTP`},
		{"", `<q>something</q><a>meant</a>`, "skipped", `5: "something" was not understood and the project holds no data for intent /Unknown at src/main.sc:13:9; expected the reply "meant", got "nothing" from the state /Nothing`},
		{"", `<q>something</q><a>nothing</a>`, "passed", ""},
		{"", `<q>weather oslo</q><a/><q>order</q><a/>`, "passed", ""},
	} {
		dir := project(t, map[string]string{"main.sc": callingBot, "test/a.xml": "<test>\n" + test.file + "\n<test-case id='c'>\n\n" + test.body + "</test-case></test>"})
		report, _, err := RunTests(context.Background(), dir, Options{Log: testLog(t)})
		if err != nil || report == nil || len(report.Cases) != 1 {
			t.Fatalf("%+v %v", report, err)
		}
		if test.message != "" {
			test.message = "test/a.xml:" + test.message
		}
		if got := report.Cases[0]; string(got.Status) != test.status || got.Message != test.message {
			t.Errorf("%s\ngot  %s %s\nwant %s %s", test.body, got.Status, got.Message, test.status, test.message)
		}
	}
}

// TestXMLSkips: each reason is found by the runner, and only for cases that fail.
func TestXMLSkips(t *testing.T) {
	files := map[string]string{
		"chatbot.yaml":   "entryPoint: main.sc\ntests:\n  exclude:\n    - old\\*\n    - deep/\ndependencies:\n  - name: far\n    type: git\n",
		"main.sc":        "require: gone.sc\n    module = far\ntheme: /\n    state: A\n        q!: a\n        a: a\n",
		"test/a.xml":     `<test><test-case><q>a</q><a>a</a></test-case><test-case><q>a</q><a>b</a></test-case></test>`,
		"test/b.xml":     `<test integration="true"><test-case><q>a</q><a>b</a></test-case></test>`,
		"test/c.xml":     `<test><test-case integration="True"><q>a</q><a>a</a></test-case></test>`,
		"test/d.xml":     `<dialog/>`,
		"test/old/e.xml": `<test><test-case/></test>`, "test/deep/er/f.xml": `<test><test-case/></test>`,
	}
	report, _, err := RunTests(context.Background(), project(t, files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range report.Cases {
		got = append(got, c.File+" "+string(c.Status)+" "+string(c.Reason))
	}
	want := []string{
		"test/a.xml passed ", "test/a.xml skipped missing-module", "test/b.xml skipped integration", "test/c.xml skipped integration",
		"test/d.xml skipped other-format", "test/deep/er/f.xml skipped excluded", "test/old/e.xml skipped excluded",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	plan := TestPlan{Integration: true, Filter: regexp.MustCompile(`/c\.xml #1`), Coverage: true, Workers: 1}
	var done []TestCase
	plan.Done = func(c TestCase) { done = append(done, c) }
	report, _, err = plan.Run(context.Background(), project(t, files), Options{})
	if err != nil || report.Passed != 1 || len(report.Cases) != 1 || len(done) != 1 {
		t.Fatalf("%+v %v %v", report, done, err)
	}
	if c := report.Coverage; c.States.Total != 1 || c.States.Seen != 1 || c.Triggers.Seen != 1 || len(c.Triggers.Missed) != 0 {
		t.Errorf("%+v", c)
	}
}

func TestXMLSelection(t *testing.T) {
	dir := project(t, map[string]string{
		"chatbot.yaml": "entryPoint: main.sc\nlanguage: en\ntests:\n  include:\n    - '**/*.xml'\n  exclude:\n    - old/*.xml\n",
		"main.sc":      testedBot, "test/b.xml": "<test/>", "test/sub/a.xml": "<test><test-case/></test>", "test/old/x.xml": "<test><test-case/></test>",
		"test/notes.txt": "no test",
	})
	report, _, err := RunTests(context.Background(), dir, Options{})
	if err != nil || report.Passed != 1 || report.Skipped != 1 || report.Cases[0].Reason != SkipExcluded || report.Cases[1].File != "test/sub/a.xml" {
		t.Errorf("%+v %v", report, err)
	}
	report, found, err := RunTests(context.Background(), project(t, map[string]string{"chatbot.yaml": "entryPoint: gone.sc\n"}), Options{})
	if report != nil || err != nil || len(found) == 0 {
		t.Errorf("%+v %v %v: a project that does not load", report, found, err)
	}
	report, _, err = RunTests(context.Background(), project(t, map[string]string{"main.sc": testedBot}), Options{})
	if err != nil || len(report.Cases) != 0 {
		t.Errorf("%+v %v: a project without tests", report, err)
	}
}

func FuzzTestFile(f *testing.F) {
	for _, seed := range []string{
		"<test><test-case><q>hello</q><a/></test-case></test>", "<test", "<test><test-case><responseData>{a: 'b\"'}</responseData></test-case></test>",
		"<test><test-case><context var='session'>{}</context><random>1</random><dateTime>x</dateTime></test-case></test>",
	} {
		f.Add([]byte(seed))
	}
	f.Add([]byte("<test><mockData><query>a</query><body field='$.a[0][*]'>{}</body><response status='1'/></mockData><test-case/></test>"))
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, c := range planFile("a.xml", content) {
			if c.line < 1 || c.wrong != nil && (c.wrong.line < 1 || c.wrong.message == "") {
				t.Errorf("a complaint without a line or message: %+v", c)
			}
			for _, e := range c.steps {
				_, _ = readMock(e)
				field, _ := e.attr("field")
				if path, err := parseJSONPath(field); err == nil {
					path.in([]any{map[string]any{"a": 1}})
				}
				if v, wrong := lenientJSON(e); wrong == nil && v != nil && difference(e, "", v, v) != nil {
					t.Errorf("%s differs from itself", fmt.Sprint(v))
				}
			}
		}
	})
}
