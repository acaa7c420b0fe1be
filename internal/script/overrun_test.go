package script

import (
	"strings"
	"testing"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// lag lets the clock by which regexp2 ends a search be late, as on a machine whose
// processors are all taken: it ticks every 400 ms, and what began just before a
// tick is given up there.
func lag(t *testing.T) {
	const period = 400 * time.Millisecond
	limitRegexps()
	set := func(every, limit time.Duration) {
		regexp2.StopTimeoutClock()
		regexp2.SetTimeoutCheckPeriod(every)
		regexp2.DefaultMatchTimeout = limit
	}
	set(period, 100*time.Millisecond-period) // regexp2 adds a period
	t.Cleanup(func() { set(regexp2.DefaultClockPeriod, regexpTime) })
}

// TestSearchGivenUpTooEarly: a search that was given up is never taken for one that
// found nothing: it is repeated, or refused.
func TestSearchGivenUpTooEarly(t *testing.T) {
	lag(t)
	bot := load(t, Options{}, map[string]string{"main.sc": `
theme: /
    state: Slow
        q!: slow
        script:
            for (var i = 0; i < 5; i++) {
                var all = /(?:((a+)+)+\1!|a+(b)(?=$))/g, text = "a".repeat(7) + "b";
                $temp.found = all.test(text) && all.lastIndex;
                if ($temp.found !== 8) break;
            }
        a: {{$temp.found}}
    state: Endless
        q!: endless
        script: "a".repeat(1e4).replace(/(a+)+\1!/g, "b");
        a: dropped
    state: Short
        q!: short
        script: /^((((((a+)+)+)+)+)+)+\1!/.test("aaaaaaaaaaa");
        a: dropped
`})
	searches := 0
	for began := time.Now(); time.Since(began) < 2*time.Second; searches += 5 {
		c := newTalk(t, bot)
		c.expect("slow", "8")
		c.noFailure()
	}
	t.Logf("%d searches", searches)
	for _, attack := range []string{"endless", "short"} {
		c := newTalk(t, bot)
		c.say(attack)
		if f := c.last.Failure; f == nil || !strings.HasPrefix(f.Message, "RangeError: the regular expression takes too long") {
			t.Errorf("%s ended with %+v %s", attack, f, c.last.Replies)
		}
	}
}
