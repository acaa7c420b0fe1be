package script

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"parley/internal/session"
)

// wired decodes the replies of the last turn without their ids, which must be
// UUIDs.
func (c *talk) wired() []map[string]any {
	c.t.Helper()
	c.noFailure()
	var list []map[string]any
	for _, r := range c.last.Replies {
		var object map[string]any
		if err := json.Unmarshal(r, &object); err != nil {
			c.t.Fatal(err)
		}
		id, _ := object["action_id"].(string)
		if _, err := session.ParseID(id); err != nil {
			c.t.Errorf("action_id %q: %s", id, err)
		}
		delete(object, "action_id")
		list = append(list, object)
	}
	return list
}

func TestReactionsOnTheWire(t *testing.T) {
	for _, test := range []struct{ name, tags, want string }{
		{"text", `a: Hello\nyou`, `[{"type":"text","text":"Hello\nyou","state":"/A"}]`},
		{"text with more", `a: Hi || html = "<b>Hi</b>", htmlEnabled = true, tts = "hai", lang = "en"`,
			`[{"type":"text","text":"Hi","html":"<b>Hi</b>","markup":"html","tts":"hai","lang":"en","state":"/A"}]`},
		{"image", `image: http://x/{{1+1}}.png || text = "two"`, `[{"type":"image","url":"http://x/2.png","name":"two","state":"/A"}]`},
		{"audio", `audio: http://x/a.mp3 || name = "song"`, `[{"type":"audio","url":"http://x/a.mp3","name":"song","state":"/A"}]`},
		{"video", `video: http://x/v.mp4`, `[{"type":"video","url":"http://x/v.mp4","state":"/A"}]`},
		{"buttons", "a: One\n        a: Two\n        buttons:\n            \"x{{1}}\" -> /A\n            {text: \"y\", request_contact: true}",
			`[{"type":"text","text":"One","state":"/A"},{"type":"text","text":"Two","state":"/A","options":[{"label":"x1","text":"x1"},{"label":"y","text":"y"}]}]`},
		{"buttons alone", "buttons:\n            \"x\"", `[{"type":"text","text":"","state":"/A","options":[{"label":"x","text":"x"}]}]`},
		{"inline buttons", "a: Choose\n        inlineButtons:\n            {text: \"site\", url: \"http://x\"}\n            {text: \"click\", callback_data: \"c\"}",
			`[{"type":"text","text":"Choose","state":"/A","options":[{"label":"click","text":"click"}]},
			  {"type":"carousel","cards":[{"title":"site","buttons":[{"type":"url","label":"site","url":"http://x"}]}],"state":"/A"}]`},
		{"object answer", `script: $reactions.answer({value: "v {{1}}", tts: "t"});`, `[{"type":"text","text":"v 1","tts":"t","state":"/A"}]`},
		{"say", `script: $reactions.say("s");`, `[{"type":"text","text":"s","state":"/A"}]`},
		{"buttons of a script", `script: ["a", "b"].forEach($reactions.buttons); $reactions.buttons("c", {text: "d", transition: "/A"}); $reactions.buttons(["e"]);`,
			`[{"type":"text","text":"","state":"/A","options":[{"label":"a","text":"a"},{"label":"b","text":"b"},{"label":"c","text":"c"},{"label":"d","text":"d"},{"label":"e","text":"e"}]}]`},
		{"media of a script", `script: $reactions.image("http://i", "cap"); $reactions.audio({value: "http://a", name: "n"}); $reactions.video("http://v");`,
			`[{"type":"image","url":"http://i","name":"cap","state":"/A"},{"type":"audio","url":"http://a","name":"n","state":"/A"},{"type":"video","url":"http://v","state":"/A"}]`},
		{"own replies", `script: $response.replies = $response.replies || []; $response.replies.push({type: "text", text: "own"}, {type: "location", lat: 1, lon: 2}, 7);`,
			`[{"type":"text","text":"own"},{"type":"location","lat":1,"lon":2}]`},
		{"carousel", `script: $response.replies.push({type: "carousel", text: "T", content: [{title: "a", description: "b", image: "http://i", url: "http://u", btnText: "go"}, {title: "c", btnText: "d"}]});`,
			`[{"type":"carousel","text":"T","cards":[{"title":"a","subtitle":"b","media":{"type":"image","url":"http://i"},"buttons":[{"type":"url","label":"go","url":"http://u"}]},
			  {"title":"c","buttons":[{"type":"postback","label":"d","value":"d"}]}]}]`},
		{"file", `script: $response.replies.push({type: "file", fileUrl: "http://f", fileName: "f.pdf", size: 3});`,
			`[{"type":"file","url":"http://f","name":"f.pdf","size":3}]`},
		{"interpolation", `a: {{null}}{{undefined}}{{0.1 + 0.2}} {{({a: [1]})}} {{"x"; }} {{true}}`, `[{"type":"text","text":"0.30000000000000004 {\"a\":[1]} x true","state":"/A"}]`},
		{"if", "if: false\n            a: 1\n        elseif: $request.query // the text\n            a: 2\n        else:\n            a: 3", `[{"type":"text","text":"2","state":"/A"}]`},
		{"else", "if: 0\n            a: 1\n        elseif: ({}).x\n            a: 2\n        else:\n            a: 3", `[{"type":"text","text":"3","state":"/A"}]`},
		{"return", "script:\n            $temp.x = 1;\n            return;\n            $temp.x = 2;\n        a: {{$temp.x}}", `[{"type":"text","text":"1","state":"/A"}]`},
		{"comment", "script:\n            # a comment\n            $temp.x = 1; // and\n        a: {{$temp.x}}", `[{"type":"text","text":"1","state":"/A"}]`},
		{"flat answer", "a: one\n        a: two\n        script: $reactions.answer($response.answer);", `[{"type":"text","text":"one","state":"/A"},{"type":"text","text":"two","state":"/A"},{"type":"text","text":"one\n\ntwo","state":"/A"}]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := scriptBot(t, "theme: /\n    state: A\n        q!: x\n        "+test.tags+"\n")
			c.say("x")
			var want []map[string]any
			if err := json.Unmarshal([]byte(test.want), &want); err != nil {
				t.Fatal(err)
			}
			if got := c.wired(); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %s\nwant %s", marshal(got), marshal(want))
			}
		})
	}
}

func TestSwitchHandsOver(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: A
        q!: x
        script: $response.replies.push({type: "switch", destination: "sales", firstMessage: "help", closeChatPhrases: ["end"], attributes: {plan: "gold"}});
    state: B
        q!: y
        script: $parley.handover({department: "d", firstMessage: "m", attributes: {a: "b"}}); $parley.closeConversation();
`)
	c.say("x")
	if want := (session.Handover{Reason: "script", Department: "sales", FirstMessage: "help", Attributes: map[string]string{"plan": "gold"}, OnlyOnline: true}); c.last.Handover == nil || !reflect.DeepEqual(*c.last.Handover, want) {
		t.Errorf("%+v", c.last.Handover)
	}
	if got := c.wired(); len(got) != 1 || got[0]["type"] != "handover" || got[0]["name"] != "sales" {
		t.Errorf("%v", got)
	}
	c.say("y")
	if want := (session.Handover{Reason: "script", Department: "d", FirstMessage: "m", Attributes: map[string]string{"a": "b"}}); c.last.Handover == nil || !reflect.DeepEqual(*c.last.Handover, want) || !c.last.CloseConversation {
		t.Errorf("%+v", c.last)
	}
}

func TestUpdateContext(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: A
        q!: x
        script:
            $parley.updateContext({user: {phone: "1"}, a: $request.data.context.tags.length});
            $parley.updateContext({b: null});
        a: {{$parley.session().id === $request.data.chatId}} {{$parley.session().predecessor}} {{$parley.session().openedAt > 0}}
    state: B
        q!: y
        script: $parley.updateContext({"__proto__2": {"constructor": 1}});
`)
	c.expect("x", "true  true")
	if len(c.last.Patches) != 2 || string(c.last.Patches[0].Context.JSON()) != `{"a":0,"user":{"phone":"1"}}` || string(c.last.Patches[1].Context.JSON()) != `{"b":null}` {
		t.Errorf("%s", marshal(c.last.Patches))
	}
	c.say("y")
	if c.last.Failure == nil || !strings.Contains(c.last.Failure.Message, "constructor") || len(c.last.Patches) != 0 {
		t.Errorf("%+v", c.last)
	}
}

func TestTransitions(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: Immediate
        q!: immediate
        script:
            try { $reactions.transition("/Target"); } catch (e) {}
            $reactions.answer("runs on");
        a: skipped
    state: Deferred
        q!: deferred
        script: $reactions.transition({value: "/Target", deferred: true});
        a: not skipped
    state: Last
        q!: last
        script: $reactions.transition("/Deferred"); $reactions.transition("../Target");
    state: Go
        q!: go
        go: /Target
        a: goes on
    state: GoNow
        q!: now
        if: true
            go!: ../{{"Tar" + "get"}}
        a: skipped
    state: Missing
        q!: missing
        script: $reactions.transition("./nowhere");
    state: Silent || noContext = true
        q!: silent
        a: {{$context.currentState}} {{$context.contextPath}}
    state: Target
        a: target
        state: Inner
            q: inner
            a: inner
    state: Any
        event!: noMatch
        a: any
`)
	c.expect("inner", "any")
	c.expect("immediate", "runs on", "target")
	c.expect("inner", "inner")
	c.expect("deferred", "not skipped")
	c.expect("inner", "inner")
	c.expect("last", "target")
	c.expect("go", "goes on")
	c.expect("silent", "/Silent /Target")
	c.expect("inner", "inner")
	c.expect("now", "target")
	c.say("missing")
	if f := c.last.Failure; f == nil || f.Code != "dialog" || f.Message != "State not found for path /Missing/nowhere" || f.Where != "src/main.sc:27:9" {
		t.Errorf("%+v", f)
	}
	if c.vars.Position != "/Target" {
		t.Errorf("the error turn moved the context to %s", c.vars.Position)
	}
}

func TestModal(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: Game || modal = true
        q!: play
        a: guess
        state: Number
            q: $regexp<\d+>
            a: a number
            state: Deep
                q: deep
                a: deep
        state: Other
            event: noMatch
            a: only numbers
    state: Leave
        q: leave || fromState = /Game
        a: left
    state: Hello
        q!: hello
        a: hello
`)
	c.expect("play", "guess")
	c.expect("hello", "only numbers")
	c.expect("42", "a number")
	c.expect("hello", "only numbers")
	c.expect("leave", "left")
	c.expect("hello", "hello")
}

func TestParseTree(t *testing.T) {
	c := scriptBot(t, `
init:
    function both(node, context) { return {sum: node.Number[0].value + node.Number[1].value, text: context.request.query}; }
patterns:
    $Digits = $regexp<\d+>
    $Number = $Digits || converter = function(pt) { return parseInt(pt.text); }
    $Pair = $Number and $Number || converter = both
    $Broken = broken || converter = function() { throw new Error("no"); }
    $Kind = (big:large|small:little)
theme: /
    state: Pair
        q!: sum $Pair
        a: {{$parseTree._Pair.sum}} {{$parseTree.Pair[0].Number[1]._Digits}} {{$parseTree.Pair[0].Number.length}} {{$parseTree.text}} {{$parseTree.words.length}} {{$parseTree.tag}}
    state: Alias
        q!: $Number::from to $Number::to
        a: {{$parseTree._from}}-{{$parseTree._to}} {{$parseTree.from[0].tag}} {{$parseTree.from[0].pattern}}
    state: Broken
        q!: $Broken
        a: {{$parseTree._Broken}}
    state: Kind
        q!: a $Kind thing
        a: {{$parseTree._Kind}}
    state: Root
        q!: (yesterday:past/tomorrow:future)
        a: {{$parseTree._Root}} {{$parseTree.value}}
    state: Event
        event!: e
        a: <{{$parseTree.text}}> {{$parseTree.words.length}} {{$parseTree.tag}}
    state: Any
        event!: noMatch
        script: $parseTree = {_x: 1};
        a: {{$parseTree._x}} {{$context.parseTree._x}}
`)
	c.expect("sum 1 and 22", "23 22 2 sum 1 and 22 4 root")
	c.expect("3 to 4", "3-4 from Number")
	c.expect("broken", "broken")
	c.expect("a big thing", "large")
	c.expect("tomorrow", "future future")
	c.expect("whatever else", "1 1")
	if got := c.event("e"); got[0] != "<> 0 root" {
		t.Errorf("%q", got)
	}
}

func TestButtonsAreRemembered(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: Offer || modal = true
        q!: offer
        a: choose
        buttons:
            "Left" -> ./L
            "Right"
        script: $reactions.buttons({text: "Up", transition: "./U"});
        state: L
            a: left {{$request.query}}
        state: U
            a: up
        state: Text
            q: *
            a: text
`)
	c.expect("offer", "choose")
	c.expect("LEFT", "left LEFT")
	c.expect("left", "text")
	d := newTalk(t, c.bot)
	d.expect("offer", "choose")
	d.expect("up", "up")
	e := newTalk(t, c.bot)
	e.expect("offer", "choose")
	e.expect("right", "text")
}

func TestRandomDoesNotRepeat(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: A
        q!: tag
        random:
            a: 1
            a: 2
            a: 3
            a: 4
    state: B
        q!: script
        a: {{$reactions.random(4)}}
`)
	for _, text := range []string{"tag", "script"} {
		var last []string
		seen := map[string]bool{}
		for range 60 {
			got := c.say(text)[0]
			for _, earlier := range last {
				if earlier == got {
					t.Fatalf("%s came again before half of the variants were used", got)
				}
			}
			last = append(last, got)
			last = last[max(len(last)-2, 0):]
			seen[got] = true
		}
		if len(seen) != 4 {
			t.Errorf("only %v were used", seen)
		}
	}
}

// What random remembers in a session and what it costs do not grow with the number
// of variants.
func TestRandomOfManyVariants(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: Draw
        q!: draw
        script:
            for (var i = 0; i < 300; i++) $reactions.random(1000000);
            $temp.last = $reactions.random(2000000000);
        a: {{$temp.last >= 0 && $temp.last < 2000000000}}
`)
	c.expect("draw", "true")
	if n := len(c.vars.Extra); n > 4000 {
		t.Errorf("the session remembers %d bytes", n)
	}
}
