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
