package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley/internal/config"
	"parley/internal/session"
)

// private is a type of nobody: it may hold anything.
type private struct{ Text string }

// TestLog_ShowsNoContent: whatever a record is given, no secret and nothing that a
// person wrote gets into the log, in either form.
func TestLog_ShowsNoContent(t *testing.T) {
	const hidden = "what-nobody-may-read"
	id := session.NewID(time.Now())
	values := map[string]any{
		"settings":      session.Settings{WebhookSecret: hidden, BotSecret: hidden},
		"integration":   &session.Integration{ID: "shop", Name: hidden, Settings: session.Settings{WebhookSecret: hidden}},
		"hook":          session.AIWebhook{Name: "draw", Token: hidden, URL: hidden},
		"message":       &session.Message{ID: id, Author: session.AuthorUser, Body: []byte(hidden), ClientMessageID: hidden},
		"input":         session.Input{Text: hidden},
		"document":      session.Document{"email": hidden},
		"client":        &session.Client{ID: id, Key: hidden, Data: []byte(hidden)},
		"vars":          &session.Vars{Session: id, Data: []byte(hidden)},
		"event":         &session.Event{Kind: "message", Body: json.RawMessage(hidden)},
		"delivery":      &session.Delivery{ID: id, Kind: "message:send", Body: json.RawMessage(hidden)},
		"raw":           json.RawMessage(hidden),
		"bytes":         []byte(hidden),
		"map":           map[string]string{"a": hidden},
		"struct":        private{hidden},
		"pointer":       &private{hidden},
		"list":          []private{{hidden}},
		"config":        config.Config{OIDCClientSecret: hidden},
		"password":      hidden,
		"smtp_password": hidden,
		"Authorization": "Bearer " + hidden,
		"api_key":       hidden,
	}
	for _, form := range []string{"json", "text"} {
		for name, v := range values {
			var out bytes.Buffer
			log, err := newLog(config.Config{LogLevel: "info", LogFormat: form}, &out)
			if err != nil {
				t.Fatal(err)
			}
			log.Info("m", name, v)
			log.With(name, v).WithGroup("g").Warn("m", slog.Group("inner", name, v))
			if out.Len() == 0 || strings.Contains(out.String(), hidden) || strings.Contains(out.String(), "d2hhdC1ub2JvZHk") {
				t.Errorf("%s, %s: %s", form, name, out.String())
			}
		}
	}
}

// TestLog_ShowsWhatHelps keeps what a record is for.
func TestLog_ShowsWhatHelps(t *testing.T) {
	var out bytes.Buffer
	log, err := newLog(config.Config{LogLevel: "debug", LogFormat: "json"}, &out)
	if err != nil {
		t.Fatal(err)
	}
	id := session.NewID(time.Now())
	log.Debug("m", "error", errors.New("disk full"), "session", id, "took", time.Second, "n", 3, "states", []string{"/A"},
		"integration", &session.Integration{ID: "shop"}, "message", &session.Message{ID: id, Author: session.AuthorUser}, "nothing", nil, "struct", private{"x"})
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"level": "DEBUG", "error": "disk full", "session": id.String(), "n": 3.0, "integration": "shop", "nothing": nil, "struct": "(app.private)",
	} {
		if got[name] != want {
			t.Errorf("%s: %v, want %v", name, got[name], want)
		}
	}
	if m, _ := got["message"].(map[string]any); m["id"] != id.String() || m["author"] != "user" {
		t.Errorf("message: %v", got["message"])
	}
}
