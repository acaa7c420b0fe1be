package script

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/internal/dialog"
	"parley/internal/session"
)

// The benchmarks whose names begin with BenchmarkLanguage stand in the table of
// docs/performance.md, with their goals (bench/language).

// twentyLines is a state with a script of twenty lines: session and client
// variables, a regular expression, underscore, moment, three answers, one with buttons.
const twentyLines = `
theme: /
    state: Order
        q!: * order *
        script:
            $session.orders = $session.orders || [];
            var count = /(\d+)/.exec($request.query);
            var amount = count ? parseInt(count[1], 10) : 1;
            var goods = [
                { name: "tea", price: 3, tags: ["hot", "leaf"] },
                { name: "coffee", price: 5, tags: ["hot", "bean"] },
                { name: "juice", price: 4, tags: ["cold"] }
            ];
            var hot = _.chain(goods).filter(function (g) { return _.contains(g.tags, "hot"); }).pluck("name").value();
            var total = _.reduce(goods, function (sum, g) { return sum + g.price * amount; }, 0);
            $session.orders.push({ at: $jsapi.currentTime(), amount: amount, total: total });
            $session.orders = _.last($session.orders, 5);
            $client.visits = ($client.visits || 0) + 1;
            var day = moment($jsapi.currentTime()).utc().format("DD.MM.YYYY");
            $temp.summary = _.map(goods, function (g) { return g.name + ": " + g.price; }).join(", ");
            $reactions.answer("Your order of " + day + ": " + $temp.summary);
            if (total > 10) {
                $reactions.answer("In all {{$session.orders.length}} orders");
            }
            $reactions.buttons(hot);
        a: Visit {{$client.visits}}, {{capitalize($temp.summary)}}
`

// BenchmarkLanguageTurn is a turn of the twenty lines. cpu-ms/op counts all
// threads of the process.
func BenchmarkLanguageTurn(b *testing.B) {
	bot := load(b, Options{}, map[string]string{"main.sc": twentyLines})
	turn := newVisitor(bot, time.Now()).turn()
	turn.Input = session.Input{Text: "please order 3 things"}
	before := processorTime(b)
	for b.Loop() {
		d, err := bot.Run(context.Background(), turn)
		if err != nil || d.Failure != nil || len(d.Replies) != 3 {
			b.Fatal(err, d)
		}
	}
	b.ReportMetric((processorTime(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/op")
}

func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkLanguageLoad reads, checks and compiles a project of 5,000 lines, as a
// server does that takes it into service.
func BenchmarkLanguageLoad(b *testing.B) {
	dir := project(b, largeProject())
	for b.Loop() {
		if bot, found := Load(dir, Options{}); bot == nil || dialog.HasErrors(found) {
			b.Fatal(found)
		}
	}
}

// largeProject is 5,000 lines in ten files: states, patterns, scripts, answers.
func largeProject() map[string]string {
	files := map[string]string{}
	var main strings.Builder
	for i := range 10 {
		name := fmt.Sprintf("part%d.sc", i)
		fmt.Fprintf(&main, "require: %s\n", name)
		files[name] = largePart(i)
	}
	files["main.sc"] = main.String()
	return files
}

func largePart(part int) string {
	var b strings.Builder
	b.WriteString("patterns:\n")
	lines := 1
	for i := range 30 {
		fmt.Fprintf(&b, "    $word%dx%d = (first%d|second%d*|[very] long %d)\n", part, i, i, i, i)
		lines++
	}
	fmt.Fprintf(&b, "theme: /Part%d\n", part)
	lines++
	for i := 0; lines < 500; i++ {
		fmt.Fprintf(&b, `    state: State %[1]d
        q!: * (word%[1]d/other%[1]d*) * [please] $word%[2]dx%[3]d *
        q: {yes [of course]} || fromState = /Part%[2]d
        script:
            $session.count = ($session.count || 0) + 1;
            $temp.list = _.map([1, 2, 3], function (n) { return n * $session.count; });
        if: $session.count > 3
            a: You were here {{$session.count}} times.
        else:
            a: Welcome, {{$request.channelUserId}}.
        buttons:
            "Next" -> /Part%[2]d/State %[1]d
        state: Inner
            event: noMatch
            go!: /Part%[2]d/State %[1]d
`, i, part, i%30)
		lines += 14
	}
	return b.String()
}

// BenchmarkLanguageCases runs 1,000 XML cases of three messages each.
func BenchmarkLanguageCases(b *testing.B) {
	var cases strings.Builder
	cases.WriteString("<test>\n")
	for range 1000 {
		cases.WriteString("<test-case><q>please order 3 things</q><a/><a/><a/><q>order 1</q><a/><a/><a/><q>order 2</q><a/><a/><a/></test-case>\n")
	}
	cases.WriteString("</test>\n")
	dir := project(b, map[string]string{"main.sc": twentyLines, "test/many.xml": cases.String()})
	for b.Loop() {
		report, found, err := TestPlan{}.Run(context.Background(), dir, Options{})
		if err != nil || report == nil || report.Passed != 1000 {
			b.Fatal(err, found, report)
		}
	}
}
