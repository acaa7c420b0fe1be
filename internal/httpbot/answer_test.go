package httpbot

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley/internal/session"
)

func testEndpoint() endpoint {
	b := New(Options{Now: time.Now, Log: slog.New(slog.DiscardHandler), Random: func(int) int { return 0 }})
	return endpoint{b, &session.Settings{}}
}

func testTurn() *session.Turn {
	return &session.Turn{
		Integration: &session.Integration{ID: "i"}, Session: &session.Session{}, Client: &session.Client{},
		Document: session.Document{"user": map[string]any{}, "tags": []any{"old"}}, Vars: &session.Vars{Data: []byte(`{"kept":1}`)},
	}
}

// TestAnswer checks every field of an answer.
func TestAnswer(t *testing.T) {
	d, err := testEndpoint().read(testTurn(), []byte(`{"responses":[{"type":"text","text":"a"},{"type":"tag","tags":["new"]},{"type":"event","name":"e"}],
		"context":{"plan":"gold"},"handover":{"department":"sales","first_message":"m","attributes":{"a":"b"}},
		"close_conversation":true,"end_session":true,"session_result":"sold"}`))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Replies) != 1 || len(d.Pushes) != 1 || d.Pushes[0].Event != "e" || len(d.Patches) != 2 {
		t.Errorf("%+v", d)
	}
	if string(d.Patches[1].Context.JSON()) != `{"tags":["old","new"]}` || string(d.Vars.Data) != `{"kept":1}` {
		t.Errorf("%s, %s", d.Patches[1].Context.JSON(), d.Vars.Data)
	}
	if h := d.Handover; h.Department != "sales" || h.FirstMessage != "m" || h.Attributes["a"] != "b" || h.Reason != "bot" {
		t.Errorf("%+v", h)
	}
	if !d.CloseConversation || d.Switch != session.SwitchStop || d.SessionResult != "sold" {
		t.Errorf("%+v", d)
	}
	for _, empty := range []string{`{}`, `{"responses":null,"handover":false,"context":null}`} {
		if d, err = testEndpoint().read(testTurn(), []byte(empty)); err != nil || len(d.Replies)+len(d.Patches) > 0 || d.Handover != nil {
			t.Errorf("%s: %+v %v", empty, d, err)
		}
	}
}

func TestAnswerIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		``: "JSON", `[]`: "JSON object", `{"a":1,"a":2}`: "a", `{"text":"a"}`: "text: is no field", `{"responses":{}}`: "responses: must be an array",
		`{"context":[]}`: "context: must be an object", `{"context":{"tags":"x"}}`: "context.tags", `{"handover":"yes"}`: "handover: must be",
		`{"handover":{"department":1}}`: "department: must be a string", `{"handover":{"attributes":{"a":1}}}`: "a: must be a string",
		`{"close_conversation":1}`: "close_conversation", `{"session_result":true}`: "session_result",
	} {
		if _, err := testEndpoint().read(testTurn(), []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// A timeout that a bot before this one armed is no message.
func TestTimeoutIsNotAsked(t *testing.T) {
	turn := testTurn()
	turn.TargetState = "/Later"
	d, err := testEndpoint().Run(t.Context(), turn)
	if err != nil || d.Failure != nil || len(d.Replies) > 0 {
		t.Errorf("%+v %v", d, err)
	}
}

// Whatever comes is a decision or an error.
func FuzzAnswer(f *testing.F) {
	f.Add(`{"responses":[{"type":"text","texts":["a"]}],"context":{"user.email":"e"},"handover":{"attributes":{}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := testEndpoint().read(testTurn(), []byte(text))
		if (d == nil) == (err == nil) {
			t.Errorf("%q: %v %v", text, d, err)
		}
	})
}
