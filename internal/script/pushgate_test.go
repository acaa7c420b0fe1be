package script

import (
	"strings"
	"testing"
	"time"

	"parley/internal/session"
)

const reminder = `
theme: /
    state: Zone
        q!: zone
        script: $reactions.setClientTimezone("Asia/Novosibirsk");
        a: set
    state: Remind
        q!: remind
        script: $session.event = $pushgate.createEvent("2026-03-01T20:00:00", "reminderEvent", {text: "water"}).id;
        a: will do
    state: Forget
        q!: forget
        script: $pushgate.cancelEvent($session.event);
        a: done
    state: Never
        q!: never
        script: $pushgate.cancelEvent($pushgate.createEvent("2026-03-01T20:00:00"));
        a: never
    state: Fire
        event!: reminderEvent
        a: {{$request.rawRequest.eventData.text}} {{$request.data.eventData.text}}
`

// script-api 2.8: the time is read in the client's zone.
func TestPushgate(t *testing.T) {
	c := scriptBot(t, reminder)
	c.expect("remind", "will do")
	p := c.last.Pushes
	if len(p) != 1 || p[0].DueMs != time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC).UnixMilli() || p[0].Event != "reminderEvent" || string(p[0].Data) != `{"text":"water"}` {
		t.Fatalf("%+v", p)
	}
	c.expect("zone", "set")
	c.expect("remind", "will do")
	if p = c.last.Pushes; p[0].DueMs != time.Date(2026, 3, 1, 13, 0, 0, 0, time.UTC).UnixMilli() {
		t.Errorf("%s is not 20:00 in Novosibirsk", time.UnixMilli(p[0].DueMs).UTC())
	}
	c.expect("forget", "done")
	if len(c.last.CancelPushes) != 1 || c.last.CancelPushes[0] != p[0].ID {
		t.Errorf("%v is cancelled, want %s", c.last.CancelPushes, p[0].ID)
	}
	c.expect("never", "never")
	if len(c.last.Pushes)+len(c.last.CancelPushes) != 0 {
		t.Errorf("%+v: what one turn sends and takes back is nothing", c.last)
	}
	turn := c.turn()
	turn.Input = session.Input{Event: &session.InputEvent{Name: "reminderEvent", Data: p[0].Data}}
	turn.Raw = []byte(`{"event":"reminderEvent","eventData":{"text":"water"}}`)
	d, _ := c.visitor.run(t.Context(), turn)
	if got := texts(t, d.Replies); len(got) != 1 || got[0] != "water water" {
		t.Errorf("got %q", got)
	}
}

// script-api 2.8: a token by which an outside service sends an event.
func TestPushback(t *testing.T) {
	c := scriptBot(t, asks(`$pushgate.createPushback($request.channelType, $request.botId, $request.channelUserId, "paid", {order: 7})`,
		`r.path === "/api/v1/pushbacks/" + r.id`))
	c.expect("go", "true")
	p := c.last.Pushes
	life := visitorTime().Add(session.PushbackLife).UnixMilli()
	if len(p) != 1 || !p[0].Pushback || p[0].Event != "paid" || string(p[0].Data) != `{"order":7}` || p[0].DueMs < life || p[0].DueMs > life+60_000 {
		t.Errorf("%+v", p)
	}
}

func TestPushgateTimes(t *testing.T) {
	at := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	for _, call := range []string{
		`"2026-03-01T20:00:00"`, `"2026-03-01 20:00:00"`, `"2026-03-01T20:00"`, `"2026-03-01T23:00:00+03:00"`, `"2026-03-01T20:00:00Z"`, `"2026-03-01T20:00:00.000Z"`,
		`new Date("2026-03-01T20:00:00Z")`, `moment.utc("2026-03-01T20:00:00Z")`, `1772395200000`,
	} {
		c := scriptBot(t, asks(`$pushgate.createEvent(`+call+`)`, "r.id.length"))
		c.expect("go", "36")
		if len(c.last.Pushes) != 1 || c.last.Pushes[0].DueMs != at.UnixMilli() || c.last.Pushes[0].Event != "timerEvent" {
			t.Errorf("%s: %+v", call, c.last.Pushes)
		}
	}
}

func TestPushgateRefuses(t *testing.T) {
	for call, want := range map[string]string{
		`$pushgate.createEvent("tomorrow")`: "is no time",
		`$pushgate.createEvent("123 days")`: "is no time",
		`(function () { for (var i = 0; i < 65; i++) $pushgate.cancelEvent($request.questionId); })()`: "more than 64 events",
		`$pushgate.createEvent("2026-03-01T20:00:00", "")`:                                             "1 to 128 characters",
		`$pushgate.createEvent("2026-03-01T20:00:00", "e", "text")`:                                    "eventData must be an object",
		`$pushgate.createEvent("2026-03-01T20:00:00", "e", {}, "telegram")`:                            `channelType is "telegram", not "chatapi"; leave channelType out`,
		`$pushgate.createEvent("1", "e", {}, null, "other-bot")`:                                       `botId is "other-bot"`,
		`$pushgate.createEvent("1", "e", {}, null, null, "other-chat")`:                                `chatId is "other-chat"`,
		`$pushgate.createPushback("telegram", null, null, "e", {})`:                                    "$pushgate.createPushback reaches the current client only",
		`$pushgate.createPushback(null, null, null, "e", [1])`:                                         "createPushback: eventData must be an object",
		`$pushgate.createEvent("2026-03-01T20:00:00", "e", {a: "x".repeat(70000)})`:                    "the limit is 65536",
		`$pushgate.cancelEvent("7")`:                                                                   "is no id of an event",
		`$pushgate.createPushback(null, null, null, "")`:                                               "createPushback: the name of the event has 1 to 128",
		`(function () { for (var i = 0; i < 65; i++) $pushgate.createEvent("1"); })()`:                 "more than 64 events",
	} {
		c := scriptBot(t, asks(call, "1"))
		c.say("go")
		if c.last.Failure == nil || !strings.Contains(c.last.Failure.Message, want) {
			t.Errorf("%s: %+v, want %q", call, c.last.Failure, want)
		}
	}
}

// A client has so many events at most, also over many turns.
func TestPushgateOfOneClient(t *testing.T) {
	c := scriptBot(t, asks(`$pushgate.createEvent("2026-03-01T20:00:00")`, "r.id.length"))
	c.client.Pushes = session.MaxPushesPerClient - 1
	c.expect("go", "36")
	c.client.Pushes++
	c.say("go")
	if c.last.Failure == nil || !strings.Contains(c.last.Failure.Message, "256 events and pushbacks of this client wait") {
		t.Errorf("%+v", c.last.Failure)
	}
}

// script-api 2.3: dates that the client names are those of its zone.
func TestDatesInTheZoneOfTheClient(t *testing.T) {
	c := scriptBot(t, `theme: /
    state: Zone
        q!: zone
        script: $reactions.setClientTimezone("Asia/Novosibirsk");
        a: set
    state: Date
        q!: * @duckling.date *
        a: {{JSON.stringify($parseTree["_duckling.date"])}}
`)
	before := strings.Join(c.say("завтра в 10:00"), "")
	c.expect("zone", "set")
	c.now = time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC) // the second of March there
	after := strings.Join(c.say("завтра в 10:00"), "")
	if !strings.Contains(before, "2026-03-02T10:00") || !strings.Contains(after, "2026-03-03T10:00") {
		t.Errorf("%q, then %q: %+v", before, after, c.last.Failure)
	}
}
