package session_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"parley/internal/session"
)

// TestHookSettings checks the configuration of AI webhooks (contract b.2) and of
// bots that are HTTP endpoints.
func TestHookSettings(t *testing.T) {
	var eleven []string
	for i := range 11 {
		eleven = append(eleven, fmt.Sprintf(`"X-%d":"v"`, i))
	}
	hook := func(more string) string {
		return `{"ai_webhooks":[{"name":"a","url":"https://x","type":"dialog"` + more + `}]}`
	}
	for _, test := range []struct{ settings, field string }{
		{hook(`,"verification_token":"t","headers":{"X-Own":"v"},"fallback":"f","fail_on_error":true,"enabled":false`), ""},
		{`{"ai_webhooks":[{"name":"a","type":"dialog"},{"name":"b","type":"dialog"},{"name":"c","type":"first_message"},{"name":"d","type":"pre_message"},{"name":"e","type":"post_message"}]}`, ""},
		{`{"ai_webhooks":[{"type":"dialog"}]}`, "ai_webhooks[0].name"},
		{`{"ai_webhooks":[{"name":"a","type":"dialog"},{"name":"a","type":"post_message"}]}`, "ai_webhooks[1].name"},
		{`{"ai_webhooks":[{"name":"a","type":"message"}]}`, "ai_webhooks[0].type"},
		{`{"ai_webhooks":[{"name":"a","type":"pre_message"},{"name":"b","type":"pre_message","enabled":false}]}`, "ai_webhooks[1].type"},
		{hook(`,"headers":{` + strings.Join(eleven[:10], ",") + `}`), ""},
		{hook(`,"headers":{` + strings.Join(eleven, ",") + `}`), "ai_webhooks[0].headers"},
		{hook(`,"headers":{"x-moveo-signature":"v"}`), "ai_webhooks[0].headers"},
		{hook(`,"headers":{"Content-Type":"v"}`), "ai_webhooks[0].headers"},
		{hook(`,"headers":{"X Own":"v"}`), "ai_webhooks[0].headers"},
		{hook(`,"headers":{"X-Own":"a\r\nb"}`), "ai_webhooks[0].headers"},
		{hook(`,"verification_token":"***"`), "ai_webhooks[0].verification_token"},
		{`{"bot_url":"https://x","bot_secret":"s","bot_timeout_seconds":25}`, ""},
		{`{"bot_url":"https://x"}`, "bot_secret"},
		{`{"bot_url":"https://x","bot_secret":"s","bot":"/bots/shop"}`, "bot_url"},
		{`{"bot_url":"https://x","bot_secret":"s","bot_timeout_seconds":26}`, "bot_timeout_seconds"},
		{`{"bot_url":"https://x","bot_secret":"s","bot_timeout_seconds":-1}`, "bot_timeout_seconds"},
	} {
		var set session.Settings
		if err := json.Unmarshal([]byte(test.settings), &set); err != nil {
			t.Fatalf("%s: %v", test.settings, err)
		}
		set = set.WithDefaults(session.KindCustom)
		err := set.Check()
		refused, _ := err.(*session.Error)
		if (err != nil) != (test.field != "") || err != nil && refused.Field != test.field {
			t.Errorf("%s: %v, want %q", test.settings, err, test.field)
		}
	}
}

// A list that is set again keeps nothing of the one before, and a misspelt field
// is told.
func TestHookSettingsAreReplaced(t *testing.T) {
	var set session.Settings
	for _, text := range []string{
		`{"ai_webhooks":[{"name":"a","type":"dialog","verification_token":"t","headers":{"X-Own":"v"}}]}`, `{"ai_webhooks":[{"name":"b","type":"dialog"}]}`,
	} {
		if err := json.Unmarshal([]byte(text), &set); err != nil {
			t.Fatal(err)
		}
	}
	if h := set.AIWebhooks[0]; h.Name != "b" || h.Token != "" || h.Headers != nil {
		t.Errorf("%+v", h)
	}
	err := json.Unmarshal([]byte(`{"ai_webhooks":[{"name":"a","token":"t"}]}`), &set)
	if err == nil || !strings.Contains(err.Error(), `"token"`) {
		t.Errorf("%v", err)
	}
}

// Secrets are not shown.
func TestHookRedacted(t *testing.T) {
	h := session.AIWebhook{Name: "a", Token: "t", Headers: map[string]string{"X-Key": "k"}}
	if shown := h.Redacted(); shown.Token != session.Stars || shown.Headers["X-Key"] != session.Stars || h.Headers["X-Key"] != "k" {
		t.Errorf("%+v", shown)
	}
}

// TestReadVariables checks what an AI webhook may answer: contract b.2.
func TestReadVariables(t *testing.T) {
	for _, test := range []struct{ body, output, patch string }{
		{`{}`, `{}`, `{}`},
		{`{"output":null,"responses":[]}`, `{}`, `{}`},
		{`{"output":{"a":0.50}}`, `{"a":0.50}`, `{"a":0.50}`},
		{`{"context":{"a":1}}`, `{"a":1}`, `{"a":1}`},
		{`{"output":{"a":1,"b":2},"context":{"a":3}}`, `{"a":3,"b":2}`, `{"a":3,"b":2}`},
		{`{"output":{"user":{"email":"e"}}}`, `{"user":{"email":"e"}}`, `{"user":{"email":"e"}}`},
		{`{"output":{"user.email":"e"}}`, `{"user.email":"e"}`, `{"user":{"email":"e"},"user.email":"e"}`},
		{`{"output":{"user.location.city":"c","user":{"location":{"city":"d"}}}}`, `{"user":{"location":{"city":"d"}},"user.location.city":"c"}`,
			`{"user":{"location":{"city":"d"}},"user.location.city":"c"}`},
		{`{"output":{"a.b":1}}`, `{"a.b":1}`, `{"a.b":1}`},
		{`{"output":[]}`, "", ""}, {`{"context":"x"}`, "", ""}, {`{"output":{"user":1}}`, "", ""}, {`{"output":{"tags":[1]}}`, "", ""},
	} {
		body, err := session.ParseEnvelope([]byte(test.body))
		if err != nil {
			t.Fatal(err)
		}
		output, patch, err := session.ReadVariables(body)
		if (err != nil) != (test.output == "") {
			t.Errorf("%s: %v", test.body, err)
		}
		if err == nil && (sorted(output) != test.output || sorted(patch) != test.patch) {
			t.Errorf("%s: %s and %s, want %s and %s", test.body, sorted(output), sorted(patch), test.output, test.patch)
		}
	}
}

func sorted(d session.Document) string {
	raw, _ := json.Marshal(map[string]any(d))
	return string(raw)
}

// Whatever a webhook answers, a patch that is read merges or is refused.
func FuzzReadVariables(f *testing.F) {
	f.Add(`{"output":{"user.email":"e","user":{"a":1}},"context":{"tags":null,"global.x.y":[1]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		body, err := session.ParseEnvelope([]byte(text))
		if err != nil {
			return
		}
		_, patch, err := session.ReadVariables(body)
		if err != nil {
			return
		}
		if doc, err := session.NewDocument().Merge(patch); err == nil && doc["user"] == nil {
			t.Errorf("%s: %s", text, doc.JSON())
		}
	})
}
