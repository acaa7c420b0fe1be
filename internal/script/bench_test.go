package script

import (
	"context"
	"testing"
	"time"

	"parley/internal/session"
)

const echoBot = `
theme: /
    state: Start
        q!: hello
        a: Hi
    state: Echo
        event!: noMatch
        a: You said {{$request.query}}
`

// BenchmarkEchoTurn is a catch-all with one interpolated answer.
func BenchmarkEchoTurn(b *testing.B) {
	bot := load(b, Options{}, map[string]string{"main.sc": echoBot})
	turn := newVisitor(bot, time.Now()).turn()
	turn.Input = session.Input{Text: "how do you do"}
	b.ReportAllocs()
	for b.Loop() {
		d, err := bot.Run(context.Background(), turn)
		if err != nil || d.Failure != nil || len(d.Replies) != 1 {
			b.Fatal(err, d)
		}
	}
}

// BenchmarkScriptTurn is a turn that writes $session in a script block.
func BenchmarkScriptTurn(b *testing.B) {
	bot := load(b, Options{}, map[string]string{"main.sc": `
theme: /
    state: Any
        q!: *
        script:
            $session.n = ($session.n || 0) + 1;
            $client.name = $client.name || "Ada";
        a: {{$client.name}}, message {{$session.n}}
`})
	turn := newVisitor(bot, time.Now()).turn()
	turn.Input = session.Input{Text: "how do you do"}
	b.ReportAllocs()
	for b.Loop() {
		if d, err := bot.Run(context.Background(), turn); err != nil || d.Failure != nil {
			b.Fatal(err, d)
		}
	}
}

// BenchmarkNewEngine is a machine with its start-up code.
func BenchmarkNewEngine(b *testing.B) {
	bot := load(b, Options{}, map[string]string{"main.sc": echoBot})
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := bot.newVM(bot.options.Log); err != nil {
			b.Fatal(err)
		}
	}
}
