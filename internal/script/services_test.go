package script

import (
	"strings"
	"testing"
	"time"

	"parley/internal/session"
)

// script-api 2.1, 2.11, 2.13; script-engine 1.3.
func TestSmallServices(t *testing.T) {
	for _, tt := range []struct{ shown, want string }{
		{`(1234567.891).toLocaleString("ru-RU")`, "1\u00a0234\u00a0567,891"},
		{`(1234567.891).toLocaleString()`, "1,234,567.891"},
		{`(-0.5).toLocaleString("en", {style: "percent"})`, "-50%"},
		{`(1999.5).toLocaleString("ru", {style: "currency", currency: "RUB"})`, "1\u00a0999,50\u00a0₽"},
		{`(5).toLocaleString("en", {minimumFractionDigits: 2})`, "5.00"},
		{`(123456).toLocaleString("en", {useGrouping: false})`, "123456"},
		{`new Date(0).toLocaleDateString("ru-RU")`, "01.01.1970"},
		{`new Date(0).toLocaleDateString("en-US")`, "1/1/1970"},
		{`new Date(0).toLocaleDateString("ru", {day: "numeric", month: "long", year: "numeric", weekday: "long"})`, "четверг, 1 января 1970 г."},
		{`new Date(0).toLocaleDateString("en", {day: "numeric", month: "long", year: "numeric"})`, "January 1, 1970"},
		{`new Date(0).toLocaleTimeString("ru", {timeZone: "Europe/Moscow"})`, "03:00:00"},
		{`new Date(0).toLocaleTimeString("ru", {hour: "2-digit", minute: "2-digit"})`, "00:00"},
		{`new Date(0).toLocaleString("en-US")`, "1/1/1970, 12:00:00 AM"},
		{`new Date(0).toLocaleString("ru", {month: "long"})`, "января"},
		{`new Date(NaN).toLocaleString("ru")`, "Invalid Date"},
		{`JSON.stringify(parseXml("<a b='1'><c>x</c><c/>y</a>"))`, `{"a":{"b":"1","c":["x",""],"content":"y"}}`},
		{`hasOperatorsOnline()`, "false"},
		{`$integration.googleSheets.writeDataToLine("a", "b", "c", []).isOk`, "false"},
		{`typeof $storage.clear()`, "undefined"},
		{`$dialer.getCaller() + ($dialer.getPayload().name || "stranger")`, "stranger"},
		{`$dialer.redial({startDateTime: new Date(0), finishDateTime: new Date(1), maxAttempts: 50, retryIntervalInMinutes: 1})`, "undefined"},
	} {
		c := scriptBot(t, asks("1", tt.shown))
		c.expect("go", tt.want)
	}
}

func TestSmallServicesRefuse(t *testing.T) {
	for call, want := range map[string]string{
		`parseXml("<a>")`:                                             "parseXml: ",
		`$imputer.generate("x")`:                                      "there is no service $imputer",
		`$rag.processQuery("x")`:                                      "there is no service $rag",
		`$storage.getTempDir()`:                                       "scripts have no files",
		`$dialer.redial({maxAttempts: 51})`:                           "maxAttempts must be 1 to 50",
		`$dialer.redial({retryIntervalInMinutes: 0})`:                 "1 or more",
		`$dialer.redial({startDateTime: 2, finishDateTime: 2})`:       "before finishDateTime",
		`$dialer.redial({startDateTime: "soon"})`:                     "startDateTime is no time",
		`$conversationApi.sendRepliesToClient({})`:                    "takes a list",
		`$conversationApi.sendRepliesToClient([{}])`:                  "with a type",
		`new Date(0).toLocaleString("en", {timeZone: "Mars/Phobos"})`: "no time zone",
	} {
		c := scriptBot(t, asks(call, "1"))
		c.say("go")
		if c.last.Failure == nil || !strings.Contains(c.last.Failure.Message, want) {
			t.Errorf("%s: %+v, want %q", call, c.last.Failure, want)
		}
	}
}

// What is sent at once keeps its place; a call that ends is a reply.
func TestConversationAndDialerReplies(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: All
        q!: *
        a: one
        script:
            $conversationApi.sendTextToClient("two {{1 + 1}}");
            $conversationApi.sendRepliesToClient([{type: "text", text: "three"}, {type: "image", imageUrl: "https://x.example/i.png"}]);
            $dialer.reportData("History", "ill");
            $dialer.setCallResult("done");
        a: four
        script: $dialer.hangUp();
`)
	c.say("go")
	var kinds []string
	for _, r := range c.last.Replies {
		_, rest, _ := strings.Cut(string(r), `"type":"`)
		kind, _, _ := strings.Cut(rest, `"`)
		kinds = append(kinds, kind)
	}
	if got := texts(t, c.last.Replies); strings.Join(got, "|") != "one|two 2|three||four|" || strings.Join(kinds, "|") != "text|text|text|image|text|hangup" {
		t.Errorf("got %q of %q", got, kinds)
	}
	if len(c.last.Facts) != 1 || string(c.last.Facts[0].Body) != `{"sessionData":{"History":"ill","callResult":"done"}}` {
		t.Errorf("%+v", c.last.Facts)
	}
}

// script-api 2.2: the dialog as a language model takes it.
func TestChatHistoryInLlmFormat(t *testing.T) {
	c := scriptBot(t, asks("1", "JSON.stringify($jsapi.chatHistoryInLlmFormat())"))
	turn := c.turn()
	turn.Input = session.Input{Text: "hi"}
	asked, goOn := make(chan struct{}), make(chan struct{})
	close(goOn)
	turn.Transcript = blockingTranscript(asked, goOn)
	turn.Message = &session.Message{ID: turn.RequestID, Author: session.AuthorUser, AtMs: time.Now().UnixMilli(), Body: []byte(`{"input":{"text":"hi"}}`)}
	d, _ := c.visitor.run(t.Context(), turn)
	if got := texts(t, d.Replies); len(got) != 1 || got[0] != `[{"role":"user","content":"earlier"},{"role":"user","content":"hi"}]` {
		t.Errorf("got %q (%+v)", got, d.Failure)
	}
}
