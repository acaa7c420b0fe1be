package script

import (
	"testing"

	"parley/internal/session"
)

func TestRequest_WidgetStart(t *testing.T) {
	for _, c := range []struct {
		channel session.Kind
		web     map[string]any
		text    string
		want    string
	}{
		{session.KindWeb, nil, "defaultstartmessage", "/start"},
		{session.KindWeb, map[string]any{"welcome_trigger_message": "go"}, "go", "/start"},
		{session.KindWeb, map[string]any{"welcome_trigger_message": "go"}, "defaultstartmessage", "defaultstartmessage"},
		{session.KindCustom, nil, "defaultstartmessage", "defaultstartmessage"},
	} {
		turn := &session.Turn{
			Session:     &session.Session{Channel: string(c.channel)},
			Integration: &session.Integration{Settings: session.Settings{Web: c.web}},
			Input:       session.Input{Text: c.text},
		}
		if got := requestOf(turn).Query; got != c.want {
			t.Errorf("%s %v %q: query %q, want %q", c.channel, c.web, c.text, got, c.want)
		}
	}
}
