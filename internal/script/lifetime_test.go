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

func (c *talk) after(d time.Duration) { c.now = c.now.Add(d) }

func (c *talk) noFailure() {
	c.t.Helper()
	if c.last.Failure != nil {
		c.t.Errorf("error turn: %+v", c.last.Failure)
	}
}

// idiom is the timeout of 10 seconds, with the given call in preProcess.
func idiom(call string) string {
	return `
init:
    bind("postProcess", function($context) { $context.session.lastActiveTime = $jsapi.currentTime(); });
    bind("preProcess", function($context) {
        var last = $context.session.lastActiveTime;
        if (last && $jsapi.currentTime() - last > 10000) { ` + call + ` }
    });
theme: /
    state: Any
        q!: *
        script: $session.seen = ($session.seen || "") + $request.query;
        a: {{$session.seen}}@{{$request.data.chatId}}
`
}

func TestTimeoutIdiomStartsANewSession(t *testing.T) {
	for _, call := range []string{
		"$jsapi.startSession();",
		"$reactions.newSession({message: $context.request.query});",
		"$reactions.newSession({message: $request.query, session: $request.data});",
		"$jsapi.newSession({request: $request});",
	} {
		t.Run(call, func(t *testing.T) {
			c := scriptBot(t, idiom(call))
			first := c.session.ID.String()
			c.expect("a", "a@"+first)
			c.after(10 * time.Second)
			c.expect("b", "ab@"+first)
			c.after(11 * time.Second)
			replies := c.say("c")
			c.noFailure()
			second := c.session.ID.String()
			if first == second || len(replies) != 1 || replies[0] != "c@"+second {
				t.Errorf("got %q in session %s, the first was %s", replies, second, first)
			}
			var kept map[string]any
			if err := json.Unmarshal(c.vars.Data, &kept); err != nil || len(kept) != 2 {
				t.Errorf("$session holds more than the new turn wrote: %s", c.vars.Data)
			}
		})
	}
}

func TestStartSession(t *testing.T) {
	c := scriptBot(t, `
init:
    bind("preProcess", function($context) { if ($request.query === "new") $jsapi.startSession(); });
theme: /
    state: Any
        q!: *
        a: before
        script:
            $session.n = ($session.n || 0) + 1;
            $client.n = ($client.n || 0) + 1;
        a: {{$session.n}} {{$client.n}}
        state: Below
            q: below
            a: below
`)
	first := c.session.ID
	c.expect("new", "before", "1 1")
	if c.session.ID != first {
		t.Error("startSession in the first turn changed the id")
	}
	c.expect("on", "before", "2 2")
	c.expect("new", "before", "1 3")
	if c.session.ID == first || c.session.Predecessor != first {
		t.Error("no successor was opened")
	}
	if c.last.Switch != session.SwitchStart || len(c.last.Before) != 0 {
		t.Errorf("%+v: all replies belong to the new session", c.last)
	}
	c.expect("below", "below") // the context goes on in the successor
}

func TestStopSession(t *testing.T) {
	for _, end := range []string{"script: $jsapi.stopSession();", "EndSession:"} {
		t.Run(end, func(t *testing.T) {
			c := scriptBot(t, `
init:
    bind("postProcess", function($context) { $context.session.late = $context.session.early || "empty"; });
theme: /
    state: Start
        q!: start
        script: $session.early = 1; $client.kept = true;
        a: started
    state: End
        q!: end
        `+end+`
        a: bye {{$session.early}}
        state: Local
            q: local
            a: {{$session.early}} {{$session.late}} {{$client.kept}} {{$request.data.chatId}}
`)
			first := c.session.ID
			c.expect("start", "started")
			c.expect("end", "bye ")
			if c.last.Switch != session.SwitchStop || !c.closed || c.session.ID != first {
				t.Fatalf("the session did not end: %+v", c.last)
			}
			replies := c.say("local")
			if want := " empty true " + c.session.ID.String(); len(replies) != 1 || replies[0] != want || c.session.ID == first {
				t.Errorf("got %q, want %q", replies, want)
			}
		})
	}
}

func TestStopAndStartInOneTurn(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: Hello
        q!: hello
        a: hello
    state: StartStop
        q!: start stop
        script: $jsapi.startSession(); $jsapi.stopSession();
        a: a
    state: StopStart
        q!: stop start
        script: $jsapi.stopSession(); $jsapi.startSession();
        a: b
`)
	c.expect("hello", "hello")
	c.expect("start stop", "a")
	if c.last.Switch != session.SwitchStart || !c.last.StopAfter || !c.closed {
		t.Errorf("stop after start closes the new session: %+v", c.last)
	}
	c.expect("hello", "hello")
	c.expect("stop start", "b")
	if c.last.Switch != session.SwitchStart || c.last.StopAfter || c.closed {
		t.Errorf("start after stop wins: %+v", c.last)
	}
}

const newSessionBot = `
theme: /
    state: Call
        q!: call *
        a: before
        script:
            $session.lost = 1;
            $client.kept = 1;
            $temp.lost = 1;
            try { $reactions.newSession(JSON.parse($request.query.slice(5))); } catch (e) { $client.caught = 1; } finally { $client.caught = 1; }
            $client.after = 1;
        a: after
        state: Local
            q: show
            a: local
    state: Show
        q!: show
        a: {{$session}} {{$client}} {{$temp}} {{$request.data}} {{$context.contextPath}}
`

func TestNewSession(t *testing.T) {
	for _, test := range []struct{ name, options, want string }{
		{"message", `{"message":"show"}`, `{} {"kept":1} {} {} /Show`},
		{"data", `{"message":"show","data":{"a":1}}`, `{} {"kept":1} {} {"a":1} /Show`},
		{"session", `{"message":"show","session":{"a":1}}`, `{"a":1} {"kept":1} {} {} /Show`},
		{"client", `{"message":"show","client":{}}`, `{} {} {} {} /Show`},
		{"request", `{"request":{"query":"show","data":{"b":2}}}`, `{} {"kept":1} {} {"b":2} /Show`},
		{"request and message", `{"message":"show","request":{"query":"x","data":{"b":2}},"data":{"c":3}}`, `{} {"kept":1} {} {"c":3} /Show`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := scriptBot(t, strings.Replace(newSessionBot, "q!: call *", "q!: $regexp<call .*>", 1))
			first := c.session.ID
			c.expect("show", "{} {} {} {} /Show")
			c.expect("call "+test.options, "before", test.want)
			if c.last.Switch != session.SwitchRestart || len(c.last.Before) != 1 || len(c.last.Replies) != 1 || c.session.ID == first {
				t.Errorf("%+v: the reply before the call stays in the old session", c.last)
			}
		})
	}
}

func TestNewSessionWithoutTextRunsTheRoot(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: Restart
        event!: restart
        script:
            $request.event = null;
            $reactions.newSession({});
    state: Any
        event!: noMatch
        a: nothing fits
`)
	c.event("restart")
	c.noFailure()
	if len(c.last.Replies) != 0 || c.vars.Position != "/" {
		t.Errorf("%+v at %s: the state / has no reactions", c.last, c.vars.Position)
	}
}

func TestNewSessionTag(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: Now
        q!: now
        newSession:
            message = show
            data = {a: "{{$request.query}}"}
    state: Later
        q!: later
        newSession:
            data = {"later": true}
            deferred = true
        script: $session.old = 1;
        a: {{$request.data.chatId}}
    state: Show
        q!: show
        a: {{$request.data}} {{$session}}
`)
	c.expect("now", `{"a":"now"} {}`)
	c.say("later")
	before := c.session.ID
	if c.last.Switch != session.SwitchNone {
		t.Errorf("deferred means at the next request: %+v", c.last)
	}
	c.expect("show", `{"later":true} {}`)
	if c.session.ID == before {
		t.Error("the next request opened no session")
	}
	c.expect("show", `{} {}`)
}

func TestEventWithTextIsAnsweredInTheNewSession(t *testing.T) {
	c := newTalk(t, loadDir(t, "../../examples/session-event"))
	c.expect("hello", "Hello for the first time in this session.")
	first := c.session.ID
	replies := c.input(session.Input{Text: "hello bot", Event: &session.InputEvent{Name: "newSession"}})
	c.noFailure()
	if len(replies) != 1 || replies[0] != "Hello for the first time in this session." || c.session.ID == first {
		t.Errorf("got %q in %s", replies, c.session.ID)
	}
}

func loadDir(t *testing.T, dir string) *Bot {
	t.Helper()
	bot, found := Load(dir, Options{Log: testLog(t)})
	if bot == nil {
		t.Fatal(found)
	}
	return bot
}

// TestEndlessNewSession is the loop of the page: the event outranks the text.
func TestEndlessNewSession(t *testing.T) {
	var log bytes.Buffer
	bot, found := Load("../../examples/session-loop", Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if bot == nil {
		t.Fatal(found)
	}
	c := newTalk(t, bot)
	c.expect("hello", "Hello.")
	vars, first := *c.vars, c.session.ID
	replies := c.event("newSession")
	if len(replies) != 1 || replies[0] != "The bot went round in circles and was stopped." {
		t.Errorf("got %q: no reply of the passes is sent", replies)
	}
	f := c.last.Failure
	if f == nil || f.Code != session.FailureLoop || f.State != "/Restart" || f.Message != "Infinite loop was detected for state /Restart in newSession" {
		t.Errorf("%+v", f)
	}
	if c.last.Switch != session.SwitchNone || c.session.ID != first || string(c.vars.Data) != string(vars.Data) {
		t.Errorf("the old session is touched: %+v", c.last)
	}
	if len(c.last.Facts) != 1 || c.last.Facts[0].Kind != session.EventRestartLoop || !strings.Contains(string(c.last.Facts[0].Body), `"restarts":5`) {
		t.Errorf("facts: %+v", c.last.Facts)
	}
	if n := strings.Count(log.String(), "$request.event = null"); n != 1 {
		t.Errorf("the log names the remedy %d times:\n%s", n, &log)
	}
	c.expect("hello", "Hello.")
}

func TestRestartCountsPasses(t *testing.T) {
	c := scriptBot(t, `
init:
    bind("preProcess", function($context) {
        $context.client.n = ($context.client.n || 0) + 1;
        if ($context.client.n <= Number($context.request.query)) $reactions.newSession({message: $context.request.query});
    });
theme: /
    state: Any
        q!: *
        a: {{$client.n}} passes
`)
	c.expect("5", "6 passes")
	e := newTalk(t, c.bot)
	e.say("6")
	if e.last.Failure == nil || e.last.Failure.Code != session.FailureLoop {
		t.Errorf("the sixth restart is not stopped: %+v", e.last)
	}
	if e.client.Data != nil {
		t.Errorf("$client is not as before: %s", e.client.Data)
	}
}

func TestLoops(t *testing.T) {
	for _, test := range []struct{ name, main, code, message string }{
		{"preProcess", `
init:
    bind("preProcess", function($context) { $reactions.newSession({message: "x"}); });
theme: /
    state: A
        q!: *
        a: never
`, session.FailureLoop, "Infinite loop was detected for state /A in newSession"},
		{"the same message", `
theme: /
    state: A
        q!: x
        script: $reactions.newSession({message: "x"});
`, session.FailureLoop, "Infinite loop was detected for state /A in newSession"},
		{"go!", `
theme: /
    state: A
        q!: x
        go!: /B
    state: B
        go!: /A
`, session.FailureLoop, "Infinite loop was detected for state /A: more than 50 transitions"},
		{"postProcess", `
init:
    bind("postProcess", function() { $reactions.transition("/A"); });
theme: /
    state: A
        q!: x
        a: a
`, session.FailureLoop, "Infinite loop was detected for state /A in postProcess transition"},
		{"replies", `
theme: /
    state: A
        q!: x
        script: for (;;) $reactions.answer("x");
`, session.FailureLoop, "more than 64 replies in one turn"},
		{"reply text", `
theme: /
    state: A
        q!: x
        script: for (var i = 0; i < 64; i++) $reactions.answer("x".repeat(2000));
`, session.FailureLoop, "more than 64 KB of reply text in one turn"},
		{"startSession is harmless", `
theme: /
    state: A
        q!: x
        script: for (var i = 0; i < 100; i++) $jsapi.startSession();
        a: fine
`, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := scriptBot(t, test.main)
			c.say("x")
			if f := c.last.Failure; test.code == "" && f != nil || test.code != "" && (f == nil || f.Code != test.code || f.Message != test.message) {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestPostProcessTransitionsRunFiveTimes(t *testing.T) {
	c := scriptBot(t, `
init:
    bind("postProcess", function() { $session.n = ($session.n || 0) + 1; if ($session.n <= 5) $reactions.transition("/A"); });
theme: /
    state: A
        q!: x
        a: a
`)
	c.expect("x", "a", "a", "a", "a", "a", "a")
}

// TestModuleFlow is the way the standard module starts sessions: a marker in
// data is its own guard, data.targetState survives the restart.
func TestModuleFlow(t *testing.T) {
	c := scriptBot(t, `
init:
    bind("preProcess", function($context) {
        if ($context.request.data.targetState) {
            $context.temp.targetState = $context.request.data.targetState;
        } else if ($jsapi.currentTime() - ($context.session.last || $jsapi.currentTime()) > 60000) {
            $context.request.data.newSession = true;
            $context.request.data.targetState = $context.currentState;
            $reactions.newSession({message: $context.request.query, data: $context.request.data});
        }
    });
    bind("postProcess", function($context) { $context.session.last = $jsapi.currentTime(); });
theme: /
    state: Start
        q!: $regex</start>
        script:
            if (!$request.data.newSession) $reactions.newSession({message: "/start", data: {newSession: true}});
        a: welcome
        state: Inner
            q: inner
            a: inner
            state: Deep
                q: deep
                a: deep
`)
	c.expect("/start", "welcome")
	c.expect("inner", "inner")
	first := c.session.ID
	c.after(2 * time.Minute)
	c.expect("deep", "deep")
	if c.session.ID == first {
		t.Error("no new session after the pause")
	}
}

func TestTimeout(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: Ask
        q!: ask
        a: well?
        timeout: ./Late || interval = 2 seconds
        state: Late
            a: too late{{$request.query}}
        state: Answer
            q: yes
            a: fine
    state: Script
        q!: script
        script:
            $reactions.timeout({interval: 5, targetState: "/Ask"});
            $reactions.timeout({interval: "1h 5m", targetState: "/Ask/Late"});
            $jsapi.stopSession();
`)
	c.expect("ask", "well?")
	if c.timeout == nil || *c.timeout != (session.Timeout{After: 2 * time.Second, TargetState: "/Ask/Late"}) {
		t.Fatalf("armed: %+v", c.timeout)
	}
	d, done := c.fire(t.Context())
	if len(done.replies) != 1 || str(done.replies[0], "text") != "too late" || d.Failure != nil || c.timeout != nil {
		t.Errorf("%+v %+v", d, done)
	}
	c.expect("ask", "well?")
	c.expect("yes", "fine")
	if c.timeout != nil {
		t.Error("an answer leaves the timeout")
	}
	c.say("script")
	if want := (session.Timeout{After: 65 * time.Minute, TargetState: "/Ask/Late"}); c.last.Timeout == nil || *c.last.Timeout != want {
		t.Errorf("the last call wins: %+v", c.last.Timeout)
	}
	if c.timeout != nil {
		t.Error("the timeout outlives its session")
	}
}
