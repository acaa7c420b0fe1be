package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"parley/internal/session"
)

// counter is the counting bot. The first word of a message says what it does,
// the second comes back.
type counter struct{}

const (
	slow = 150 * time.Millisecond
	nap  = 4 * time.Second // longer than the shortest session timeout of a run
)

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
func (counter) Run(ctx context.Context, t *session.Turn) (*session.Decision, error) {
	verb, token, _ := strings.Cut(t.Input.Text, " ")
	if t.Message == nil {
		verb, token = "timeout", t.TargetState
	}
	pause := map[string]time.Duration{"slow": slow, "slowmerge": slow, "slowarm": slow, "nap": nap, "timeout": slow}[verb]
	select {
	case <-time.After(pause):
	case <-ctx.Done():
		return nil, ctx.Err()
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

// decide does what the verb says.
func decide(d *session.Decision, verb, token string) {
	switch verb {
	case "restart":
		d.Switch = session.SwitchStart
	case "new":
		d.Switch = session.SwitchRestart
		d.Before = []session.Reply{text("before %s", token)}
	case "stop":
		d.Switch = session.SwitchStop
	case "arm":
		d.Timeout = &session.Timeout{After: time.Second, TargetState: token}
	case "handover":
		d.Handover = &session.Handover{Reason: "told to"}
	case "close":
		d.CloseConversation = true
	case "merge", "slowmerge":
		d.Patches = []session.Patch{{Context: session.Document{"h_script": token}}}
	}
}

func text(format string, args ...any) session.Reply {
	return encode(map[string]any{"type": "text", "text": fmt.Sprintf(format, args...)})
}
