package session_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"parley/internal/session"
)

// TestAcceptance39_WebSettings: what is set under web is what a widget can use.
func TestAcceptance39_WebSettings(t *testing.T) {
	t.Parallel()
	check := func(text string) error {
		var s session.Settings
		if err := json.Unmarshal([]byte(`{"web":`+text+`}`), &s); err != nil {
			t.Fatal(err)
		}
		s = s.WithDefaults(session.KindWeb)
		return s.Check()
	}
	good := `{"name":"Shop","accent_color":"#1b5","background_color":"#FFFFFF","auto_open":true,"waiting_time_threshold":30,
		"required_fields":["email"],"optional_fields":[],"widget_position":"left","my_own_key":{"a":1}}`
	if err := check(good); err != nil {
		t.Error(err)
	}
	for field, text := range map[string]string{
		"web.accent_color": `{"accent_color":"red;}"}`, "web.background_color": `{"background_color":7}`, "web.auto_open": `{"auto_open":"yes"}`,
		"web.waiting_time_threshold": `{"waiting_time_threshold":-1}`, "web.external_urls_limit": `{"external_urls_limit":1.5}`,
		"web.required_fields": `{"required_fields":["email",""]}`, "web.optional_fields": `{"optional_fields":"email"}`, "web.name": `{"name":1}`,
		"web.session_timeout": `{"session_timeout":60}`, "web.welcome_message": `{"welcome_message":"` + strings.Repeat("x", 4001) + `"}`,
	} {
		e, ok := errors.AsType[*session.Error](check(text))
		if !ok || e.Code != session.CodeInvalidPayload || e.Field != field {
			t.Errorf("%s: %v", text, e)
		}
	}
}
