package script

import (
	"strings"
	"testing"

	"parley/internal/session"
)

// steps plays a dialog: "text", "!event" or ">/path" (a click that names its target), and
// gives the states entered with the context path after each turn.
func (c *talk) steps(list string) string {
	c.t.Helper()
	var got []string
	for step := range strings.SplitSeq(list, " | ") {
		if event, ok := strings.CutPrefix(step, "!"); ok {
			c.event(event)
		} else if target, ok := strings.CutPrefix(step, ">"); ok {
			c.given.targetState = target
			c.say("")
			c.given.targetState = ""
		} else {
			c.say(step)
		}
		state := c.last.State
		if c.last.Failure != nil {
			state = "failed"
		}
		got = append(got, state+"@"+c.vars.Position)
	}
	return strings.Join(got, " | ")
}

// TestDecisionOrder: dialog-language 5.3, rule by rule.
func TestDecisionOrder(t *testing.T) {
	const main = `
init:
    bind("preMatch", function($context) { if ($context.request.query === "temp") $context.temp.targetState = "/Temp"; });
    bind("preProcess", function($context) { if ($context.request.query === "rescue me") $context.temp.targetState = "/Temp"; });
theme: /
    state: Menu
        q!: menu
        buttons:
            "cheap" -> /Clicked
            "temp" -> /Clicked
        state: Any
            q: *
            a: any
    state: Clicked
        a: clicked
    state: Temp
        a: temp
    state: Cheap
        q!: * cheap *
        q!: temp
        event!: cheap
        a: cheap
    state: Example
        e!: surprise me with something sweet
        a: example
    state: Order
        intent!: /Order
        a: order
    state: Match
        event!: match
        a: match
    state: Long
        event!: lengthLimit
        a: long
    state: Closed
        q!: closed
        a: closed
`
	noMatch := "    state: NoMatch\n        event!: noMatch\n        a: none\n"
	config := "nlp:\n  lengthLimit:\n    symbols: 40\n"
	for _, c := range []struct{ name, more, say, want string }{
		{"1: preMatch beats the button and the pattern", noMatch, "menu | temp", "/Menu@/Menu | /Temp@/Temp"},
		{"1: targetState of the request beats everything", noMatch, "menu | >/Closed", "/Menu@/Menu | /Closed@/Closed"},
		{"1, 3.5: a button beats the local catch-all and the pattern", noMatch, "menu | CHEAP", "/Menu@/Menu | /Clicked@/Clicked"},
		{"3.5: the buttons live for one turn", noMatch, "menu | other | cheap", "/Menu@/Menu | /Menu/Any@/Menu/Any | /Cheap@/Cheap"},
		{"2: an event, NLU is skipped", noMatch, "!cheap", "/Cheap@/Cheap"},
		{"2: an event that nobody handles changes nothing", noMatch, "closed | !gone", "/Closed@/Closed | /Closed@/Closed"},
		{"3: a text over the limit is not matched", noMatch, "cheap cheap cheap cheap cheap cheap cheap cheap", "/Long@/Long"},
		{"4: patterns beat examples and intents", noMatch, "order a cheap cake", "/Cheap@/Cheap"},
		{"4: examples beat intents", noMatch, "something sweet, order a cake", "/Example@/Example"},
		{"4: intents", noMatch, "want to order a cake", "/Order@/Order"},
		{"6: an intent that no state waits for", noMatch, "what does it cost", "/Match@/Match"},
		{"6: nothing", noMatch, "hm", "/NoMatch@/NoMatch"},
		{"7: no target", "", "closed | hm", "/Closed@/Closed | failed@/Closed"},
		{"7: preProcess may find one", "", "rescue me", "/Temp@/Temp"},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk := newTalk(t, load(t, Options{Log: testLog(t)}, map[string]string{
				"main.sc": main + c.more, "nlu.json": shopExport, "chatbot.yaml": shopConfig + config,
			}))
			if got := talk.steps(c.say); got != c.want {
				t.Errorf("got  %s\nwant %s (failure: %+v)", got, c.want, talk.last.Failure)
			}
		})
	}
}

// TestContextAfterTheTurn: dialog-language 5.4, 3.1 and 3.3.
func TestContextAfterTheTurn(t *testing.T) {
	const main = `
init:
    bind("postProcess", function($context) {
        $context.session.seen = $context.session.contextPath + " " + $context.currentState;
        if ($context.request.query === "fake") { $context.session.contextPath = "/Plain"; }
    });
theme: /
    state: Plain
        q!: plain
        a: plain
        state: Below
            q: below
            a: below
    state: Aside || noContext = true
        q!: aside
        a: {{$context.currentState}} {{$context.contextPath}}
        state: Below
            q: under
            a: under
    state: AsideGo || noContext = true
        q!: aside go
        go!: /Plain
    state: AsideLater || noContext = true
        q!: aside later
        go: /Plain
    state: Later
        q!: later
        go: /Plain
        a: said all the same
    state: LaterAside
        q!: to the side
        go: /Aside
    state: Fake
        q!: fake
        a: fake
`
	for _, c := range []struct{ name, say, want string }{
		{"the last state entered", "plain | below", "/Plain@/Plain | /Plain/Below@/Plain/Below"},
		{"noContext leaves it", "plain | aside | below", "/Plain@/Plain | /Aside@/Plain | /Plain/Below@/Plain/Below"},
		{"its children are not near", "plain | aside | under", "/Plain@/Plain | /Aside@/Plain | failed@/Plain"},
		{"noContext, then go! to a normal state", "aside go", "/Plain@/Plain"},
		{"noContext, then go", "aside later", "/AsideLater@/Plain"},
		{"go only changes the context", "later | below", "/Later@/Plain | /Plain/Below@/Plain/Below"},
		{"go to a noContext state leaves that of the state", "to the side", "/LaterAside@/LaterAside"},
		{"postProcess sees the context written and may overwrite it", "fake | below", "/Fake@/Plain | /Plain/Below@/Plain/Below"},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk := scriptBot(t, main)
			if got := talk.steps(c.say); got != c.want {
				t.Errorf("got  %s\nwant %s (failure: %+v)", got, c.want, talk.last.Failure)
			}
		})
	}
	talk := scriptBot(t, main)
	talk.say("plain")
	talk.expect("aside", "/Aside /Plain")
	if !strings.Contains(string(talk.vars.Data), `"seen":"/Plain /Aside"`) {
		t.Errorf("%s", talk.vars.Data)
	}
}

// TestContextHistoryDepth: nlp.contextHistoryDepth (dialog-language 1.2).
func TestContextHistoryDepth(t *testing.T) {
	const main = `
theme: /
    state: A
        q!: a
        a: {{$context.contextHistory}}
    state: B
        q!: b
        a: {{$context.contextHistory}}
`
	talk := shop(t, "nlp:\n  contextHistoryDepth: 2\n", main)
	for _, text := range []string{"a", "b", "a", "b"} {
		talk.say(text)
	}
	talk.expect("a", `["/B","/A"]`)
}

// TestTreesOfTriggers: acceptance checks 10a.4 and 10a.5.
func TestTreesOfTriggers(t *testing.T) {
	const main = `
patterns:
    $Numeral = (one:1|two:2|three:3)
    $Number = $Numeral || converter = function(pt) { return parseInt(pt.Numeral[0].value); }
theme: /
    state: Minus
        q!: $Number::minuend minus $Number::subtrahend
        a: {{$parseTree._minuend - $parseTree._subtrahend}} {{$parseTree.minuend[0].pattern}}
    state: Plus
        q!: $Number::Number1 plus $Number::Number2
        a: {{$parseTree._Number1 + $parseTree._Number2}} {{$parseTree.Number1[0].Numeral[0].value}} {{$parseTree.Number1[0]._Numeral}}
    state: When
        q!: * (was:past|will:future) *
        a: {{$parseTree._Root}} {{$parseTree.value}}
`
	for _, c := range []struct{ say, want string }{
		{"three minus two", "1 Number"}, {"two plus two", "4 2 2"}, {"it will rain", "future future"}, {"it was so", "past past"},
	} {
		scriptBot(t, main).expect(c.say, c.want)
	}
}

// TestHandlersAroundTheTarget: dialog-language 6 and acceptance check 10a.7, for
// every way to a target.
func TestHandlersAroundTheTarget(t *testing.T) {
	const main = `
init:
    var note = function(type) { return function($context) {
        $context.temp.seen = ($context.temp.seen || []).concat(type + " " + $context.currentState);
    }; };
    ["preMatch", "selectNLUResult", "preProcess"].forEach(function(type) { bind(type, note(type)); });
theme: /
    state: Start
        q!: start
        a: {{$temp.seen.join(", ")}}
        buttons:
            "click" -> /Start/Clicked
        state: Clicked
            a: {{$temp.seen.join(", ")}}
    state: Event
        event!: ring
        a: {{$temp.seen.join(", ")}}
    state: Order
        intent!: /Order
        a: {{$temp.seen.join(", ")}}
    state: None
        event!: noMatch
        a: {{$temp.seen.join(", ")}}
`
	talk := shop(t, "", main)
	talk.expect("start", "preMatch /, selectNLUResult /, preProcess /Start")
	talk.expect("click", "preMatch /Start, preProcess /Start/Clicked")
	if got := talk.input(session.Input{Event: &session.InputEvent{Name: "ring"}}); got[0] != "preMatch /Start/Clicked, preProcess /Event" {
		t.Errorf("%q", got)
	}
	talk.expect("order a cake", "preMatch /Event, selectNLUResult /Event, preProcess /Order")
	talk.expect("hm", "preMatch /Order, selectNLUResult /Order, preProcess /None")
}

// TestAssignedVariables is acceptance check 10a.16.
func TestAssignedVariables(t *testing.T) {
	const main = `
theme: /
    state: Set
        q!: set
        script: $session.x = 1; $client.y = 1;
        a: {{$session.x}}{{$client.y}}
    state: Short
        q!: short
        script: $session = {z: 2};
        a: {{$session.x}}{{$session.z}}{{$context.session.z}}
    state: Long
        q!: long
        script: $context.session = {z: 3}; $context.client = {};
        a: {{$session.x}}{{$session.z}}{{$client.y}}
    state: Jump
        q!: jump
        script: $reactions.transition("/Set");
        a: never
`
	talk := scriptBot(t, main)
	talk.expect("set", "11")
	talk.expect("short", "22")
	talk.expect("set", "11")
	talk.expect("long", "3")
	talk.expect("jump", "11")
}
