package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"parley/e2e/history"
	"parley/internal/session"
)

// counter is the counting bot. The first word of a message says what it does,
// the second comes back. A message that is to be held waits at the gate.
type counter struct {
	gate history.Gate
	node string
}

// pause is how long the bot thinks. A nap is longer than the shortest session
// timeout of a run.
func pause(verb string) time.Duration {
	switch {
	case strings.HasPrefix(verb, "slow"):
		return 150 * time.Millisecond
	case strings.HasPrefix(verb, "long"):
		return 700 * time.Millisecond
	case verb == "nap":
		return 4 * time.Second
	}
	return 0
}

// count is $session and $client of the counting bot.
type count struct {
	N int64 `json:"n"`
}

func counted(raw []byte) (c count) {
	_ = json.Unmarshal(raw, &c) // nothing stored yet counts as 0
	c.N++
	return c
}

func encode(v any) []byte {
	raw, _ := json.Marshal(v) // plain structs
	return raw
}

// Run is session.Bot's.
func (b counter) Run(ctx context.Context, t *session.Turn) (*session.Decision, error) {
	if t.Input.Event != nil { // of the people it works with; it has nothing to add
		return &session.Decision{Vars: *t.Vars}, nil
	}
	verb, token, _ := strings.Cut(t.Input.Text, " ")
	thinks := pause(verb)
	if t.Message == nil {
		armed, of, _ := strings.Cut(t.TargetState, " ")
		verb, token, thinks = "timeout", of, pause(armed)
	}
	select {
	case <-time.After(thinks):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if strings.HasPrefix(verb, "held") {
		if err := b.gate.Hold(ctx, token, b.node); err != nil {
			return nil, err
		}
	}
	if verb == "fail" {
		return &session.Decision{Failure: &session.Failure{Code: "script", State: "/Fail", Where: "main.sc:1:1", Message: "told to"}}, nil
	}
	d := &session.Decision{}
	mine, theirs := counted(t.Vars.Data), counted(t.Client.Data)
	decide(d, verb, token)
	if d.Switch == session.SwitchStart || d.Switch == session.SwitchRestart {
		mine.N = 1
	}
	d.Replies = append(d.Replies, text("%s %s s=%d c=%d", verb, token, mine.N, theirs.N))
	if d.Switch == session.SwitchStop {
		mine.N = 0 // what the successor starts with
	}
	d.Vars.Data, d.Client = encode(mine), encode(theirs)
	return d, nil
}

// decide does what the verb says, without its pace.
func decide(d *session.Decision, verb, token string) {
	for _, pace := range []string{"slow", "long", "held"} {
		verb = strings.TrimPrefix(verb, pace)
	}
	switch verb {
	case "restart":
		d.Switch = session.SwitchStart
	case "new":
		d.Switch = session.SwitchRestart
		d.Before = []session.Reply{text("before %s", token)}
	case "stop":
		d.Switch = session.SwitchStop
	case "arm":
		d.Timeout = &session.Timeout{After: time.Second, TargetState: "arm " + token}
	case "armlong":
		d.Timeout = &session.Timeout{After: time.Second, TargetState: "long " + token}
	case "handover":
		d.Handover = &session.Handover{Reason: "told to"}
	case "close":
		d.CloseConversation = true
	case "merge":
		d.Patches = []session.Patch{{Context: session.Document{"h_script": token}}}
	}
}

func text(format string, args ...any) session.Reply {
	return encode(map[string]any{"type": "text", "text": fmt.Sprintf(format, args...)})
}
