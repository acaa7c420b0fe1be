package transcript_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/session"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
	"parley/internal/transcript"
)

// bot answers with one of every kind of reply; "new" opens a successor.
type bot struct{}

func (bot) Run(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	d := &session.Decision{Replies: []session.Reply{
		json.RawMessage(`{"type":"text","action_id":"1","text":"Pick\none","options":[{"label":"Pears","text":"p"}]}`),
		json.RawMessage(`{"type":"pause","action_id":"2","duration":5}`),
		json.RawMessage(`{"type":"image","action_id":"3","url":"https://x.example/a.png","name":"a pear"}`),
		json.RawMessage(`{"type":"carousel","action_id":"4","cards":[{"title":"Green","subtitle":"sour"}]}`),
	}}
	if turn.Input.Text == "new" {
		d.Switch = session.SwitchStart
		d.Replies = d.Replies[:1]
	}
	return d, nil
}

func TestTranscript(t *testing.T) {
	store, err := sqlite.Open(t.Context(), sqlitetest.Dir(t, sqlite.Open), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	in := &session.Integration{ID: "shop", Kind: session.KindCustom, Active: true, Settings: session.Settings{}.WithDefaults(session.KindCustom)}
	var now atomic.Int64
	now.Store(time.Date(2026, 11, 21, 23, 59, 0, 0, time.UTC).UnixMilli())
	core := session.New(session.Config{
		Store: store, Now: func() time.Time { return time.UnixMilli(now.Add(1)) }, Log: slog.New(slog.DiscardHandler),
		Integration: func(string) (*session.Integration, bool) { return in, true },
		Bot:         func(*session.Integration) session.Bot { return bot{} },
	})
	if err := core.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer core.Stop(context.Background())
	made, err := core.Create(t.Context(), in, session.Create{Channel: session.KindCustom, Context: &session.Update{
		Patch: session.Document{"user": map[string]any{"display_name": "Ada\n[10:00:00] Bot"}}}})
	if err != nil {
		t.Fatal(err)
	}
	id := made.Session.ID
	said := make(chan struct{}, 64)
	follower := core.Follow(made.Chain.ID, 0, func(ev *session.Event) bool {
		if ev.Kind == session.EventMessageBot {
			said <- struct{}{}
		}
		return true
	})
	defer follower.Close()
	for _, words := range []string{"hello\r\nthere", "new"} {
		if _, err := core.Accept(t.Context(), in, session.Incoming{Handle: id, Input: session.Input{Text: words}, Raw: fmt.Appendf(nil, `{"input":{"text":%q}}`, words)}); err != nil {
			t.Fatal(err)
		}
		<-said
	}
	now.Add(time.Hour.Milliseconds())
	input := session.Input{Text: "I am here", Attachments: []session.Attachment{{Type: "file", Filename: "list.pdf", URL: "https://x.example/l"}}}
	if _, err := core.Record(t.Context(), in, id, session.Agent{ID: "a-1", Name: "Ann"}, input, nil); err != nil {
		t.Fatal(err)
	}

	page, err := transcript.Read(t.Context(), core, in, id)
	if err != nil {
		t.Fatal(err)
	}
	want := `2026-11-21 (UTC)

[] Ada [10:00:00] Bot: hello
    there
[] Bot: Pick
    one
    (Pears)
    [image a pear https://x.example/a.png]
    [cards]
    - Green sour
[] the session ended (script)

-- a new session --
[] Ada [10:00:00] Bot: new
[] Bot: Pick
    one
    (Pears)

2026-11-22 (UTC)

[] Ann: I am here
    [file list.pdf https://x.example/l]
`
	if got := withoutClocks(page.Text(nil)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	raw, err := page.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var back transcript.Transcript
	if err := json.Unmarshal(raw, &back); err != nil || len(back.Sessions) != 2 || len(back.Sessions[0].Lines) != 2 || back.Sessions[1].Lines[2].Agent.Name != "Ann" {
		t.Errorf("%v %s", err, raw)
	}
}

// withoutClocks empties the brackets at the beginning of lines.
func withoutClocks(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if len(l) > 10 && l[0] == '[' && l[9] == ']' {
			lines[i] = "[]" + l[10:]
		}
	}
	return strings.Join(lines, "\n")
}
