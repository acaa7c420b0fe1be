package script

import (
	"strings"
	"testing"
)

// fillingMain asks for the slots of /Delivery: script-api 4.5.
const fillingMain = `
theme: /SlotFilling
    state: Unused
        a: never
theme: /
    state: Start
        q!: start
        a: started
        state: Delivery
            intent: /Delivery
            a: to {{$parseTree._mail}}: {{$parseTree._what}} ({{$context.intent.path}} {{$context.contextPath}} {{$request.query}})
        state: None
            event: noMatch
            a: given up
    state: Price
        intent!: /Price
        a: price
    state: Stop
        q!: stop
        a: stopped
    state: Event
        event!: ring
        a: rang
    state: None
        event!: noMatch
        a: none
`

// TestSlotFilling: script-api 4.5. Each case is a dialog after "start"; "!x" sends
// an event.
func TestSlotFilling(t *testing.T) {
	const asksMail, asksWhat = "Your address?", "What shall we bring?"
	for _, c := range []struct{ name, config, say, want string }{
		{"all slots at once", "", "bring the cake home to a@b.co", `to a@b.co: [{"id":1}] (/Delivery /Start/Delivery bring the cake home to a@b.co)`},
		{"one question", "", "bring the cake home|it is a@b.co",
			asksMail + `|to a@b.co: [{"id":1}] (/Delivery /Start/Delivery it is a@b.co)`},
		{"two questions, an array of values", "", "deliver it|a@b.co|the cake and the tea",
			asksMail + "|" + asksWhat + `|to a@b.co: [{"id":1},"tea"] (/Delivery /Start/Delivery the cake and the tea)`},
		{"one answer fills both", "", "deliver it|tea to a@b.co", asksMail + `|to a@b.co: ["tea"] (/Delivery /Start/Delivery tea to a@b.co)`},
		{"a later slot is kept while the first is asked again", "", "deliver it|tea|a@b.co",
			asksMail + "|" + asksMail + `|to a@b.co: ["tea"] (/Delivery /Start/Delivery a@b.co)`},
		{"maxSlotRetries is 2, then noMatch in the context before", "", "deliver it|x|y|z",
			asksMail + "|" + asksMail + "|" + asksMail + "|given up"},
		{"maxSlotRetries of the injector", "injector:\n  slotfilling:\n    maxSlotRetries: 0\n", "deliver it|x", asksMail + "|given up"},
		{"the count starts anew with each question", "injector:\n  slotfilling:\n    maxSlotRetries: 1\n", "deliver it|x|a@b.co|y|tea",
			asksMail + "|" + asksMail + "|" + asksWhat + "|" + asksWhat + `|to a@b.co: ["tea"] (/Delivery /Start/Delivery tea)`},
		{"patterns and intents wait", "", "deliver it|stop|what does it cost|a@b.co", asksMail + "|" + asksMail + "|" + asksMail + "|" + asksWhat},
		{"stopOnAnyIntent", "injector:\n  slotfilling:\n    stopOnAnyIntent: true\n", "deliver it|what does it cost|a@b.co", asksMail + "|price|none"},
		{"stopOnAnyIntentThreshold", "injector:\n  slotfilling:\n    stopOnAnyIntent: true\n    stopOnAnyIntentThreshold: 1.5\n",
			"deliver it|what does it cost", asksMail + "|" + asksMail},
		{"an event ends it", "", "deliver it|!ring|a@b.co", asksMail + "|rang|none"},
		{"a text over the limit ends it", "nlp:\n  lengthLimit:\n    symbols: 30\n", "deliver it|an address that is far too long a@b.co|a@b.co", asksMail + "|given up"},
		{"a new dialog afterwards", "", "deliver it|x|y|z|deliver it|a@b.co", asksMail + "|" + asksMail + "|" + asksMail + "|given up|" + asksMail + "|" + asksWhat},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk := shop(t, c.config, fillingMain)
			talk.expect("start", "started")
			var got []string
			for text := range strings.SplitSeq(c.say, "|") {
				if event, ok := strings.CutPrefix(text, "!"); ok {
					got = append(got, talk.event(event)...)
				} else {
					got = append(got, talk.say(text)...)
				}
			}
			if list := strings.Join(got, "|"); list != c.want {
				t.Errorf("got  %s\nwant %s (failure: %+v)", list, c.want, talk.last.Failure)
			}
		})
	}
}

// TestSlotFillingIsSwitchedOn: without the state the intent is entered at once, and
// the question keeps the context and is a reply of /SlotFilling.
func TestSlotFillingIsSwitchedOn(t *testing.T) {
	main := strings.Replace(fillingMain, "theme: /SlotFilling\n    state: Unused\n        a: never\n", "", 1)
	talk := shop(t, "", main)
	talk.say("start")
	talk.expect("deliver it", "to :  (/Delivery /Start/Delivery deliver it)")
	talk = shop(t, "", fillingMain)
	talk.say("start")
	talk.say("deliver it")
	if talk.vars.Position != "/Start" || talk.last.State != fillingState {
		t.Errorf("position %s, state %s", talk.vars.Position, talk.last.State)
	}
	if e := parseExtra(talk.vars.Extra); e.Filling == nil || e.Filling.Intent != "/Delivery" {
		t.Errorf("%s", talk.vars.Extra)
	}
	talk.say("a@b.co")
	talk.say("tea")
	if e := parseExtra(talk.vars.Extra); e.Filling != nil {
		t.Errorf("%s", talk.vars.Extra)
	}
}

// TestSlotFillingEnds: whatever leads the turn elsewhere ends the questions.
func TestSlotFillingEnds(t *testing.T) {
	for _, c := range []struct{ name, handler string }{
		{"preProcess", `bind("preProcess", function($context) { if ($context.request.query === "deliver it") $context.temp.targetState = "/Stop"; });`},
		{"stopSession", `bind("postProcess", function($context) { if ($context.request.query === "deliver it") $jsapi.stopSession(); });`},
		{"preMatch", `bind("preMatch", function($context) { if ($context.request.query === "a@b.co") $context.temp.targetState = "/Stop"; });`},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk := shop(t, "", "init:\n    "+c.handler+"\n"+fillingMain)
			talk.say("start")
			talk.say("deliver it")
			talk.say("a@b.co")
			if e := parseExtra(talk.vars.Extra); e.Filling != nil {
				t.Errorf("%s", talk.vars.Extra)
			}
		})
	}
}

// TestSlotFillingOutlivesForeignEvents: an event that nobody waits for does nothing,
// so the question stays open (dialog-language 5.3 rule 2).
func TestSlotFillingOutlivesForeignEvents(t *testing.T) {
	talk := newTalk(t, load(t, Options{Log: testLog(t)}, map[string]string{
		"main.sc": fillingMain, "nlu.json": shopExport, "chatbot.yaml": shopConfig,
	}))
	talk.say("start")
	talk.expect("deliver it", "Your address?")
	if got := talk.event("gone"); len(got) != 0 || talk.last.Failure != nil {
		t.Errorf("%q %+v", got, talk.last.Failure)
	}
	talk.expect("a@b.co", "What shall we bring?")
}
