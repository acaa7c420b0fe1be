package script

import (
	"strings"
	"testing"

	"parley/internal/session"
)

// script-api 2.7: everything a turn says is one event; the result of the session
// is also a field of it, and the last call wins.
func TestAnalytics(t *testing.T) {
	c := scriptBot(t, `
theme: /
    state: All || sessionResult = "entered"
        q!: all
        script:
            $analytics.setSessionResult("first");
            $analytics.setSessionResult("sold");
            $analytics.setMessageLabel("good", "mood");
            $analytics.setMessageLabel("any");
            $analytics.setSessionData("Order", 7);
            $analytics.setSessionData("Order", 8);
            $analytics.setSessionLabel("vip", "new");
            $analytics.setComment("odd");
            $analytics.setScenarioAction("buy");
            $temp.branch = $analytics.joinExperiment("button");
        a: {{$temp.branch === $analytics.joinExperiment("button")}}
    state: Tag || sessionResult = "entered"
        q!: tag
        a: ok
    state: None
        q!: none
        a: ok
    state: Fails
        q!: fails
        script:
            $analytics.setComment("lost");
            throw new Error("no");
`)
	c.expect("all", "true")
	if c.last.SessionResult != "sold" || len(c.last.Facts) != 1 || c.last.Facts[0].Kind != session.EventAnalytics {
		t.Fatalf("%+v", c.last)
	}
	body := string(c.last.Facts[0].Body)
	want := `{"sessionResult":"sold","comment":"odd","sessionData":{"Order":"8"},"sessionLabels":["vip","new"],` +
		`"messageLabels":[{"labelName":"good","groupName":"mood"},{"labelName":"any"}],"scenarioAction":"buy","experiments":{"button":"`
	if !strings.HasPrefix(body, want) {
		t.Errorf("got  %s\nwant %s...", body, want)
	}
	c.expect("tag", "ok")
	if c.last.SessionResult != "entered" || len(c.last.Facts) != 1 || string(c.last.Facts[0].Body) != `{"sessionResult":"entered"}` {
		t.Errorf("%+v", c.last)
	}
	c.expect("none", "ok")
	if len(c.last.Facts) != 0 {
		t.Errorf("%+v: nothing was said", c.last.Facts)
	}
	c.say("fails")
	for _, fact := range c.last.Facts {
		if fact.Kind == session.EventAnalytics {
			t.Errorf("an error turn says %s", fact.Body)
		}
	}
	long := scriptBot(t, asks(`$analytics.setComment("x".repeat(1001))`, "1"))
	long.say("go")
	many := scriptBot(t, asks(`(function () { for (var i = 0; i < 101; i++) $analytics.setMessageLabel("l" + i); })()`, "1"))
	many.say("go")
	if long.last.Failure == nil || many.last.Failure == nil {
		t.Errorf("no limit: %+v %+v", long.last.Failure, many.last.Failure)
	}
}
