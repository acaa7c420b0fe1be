package webhook_test

import (
	"errors"
	"testing"

	"parley/internal/session"
	"parley/internal/webhook"
)

func TestCheckSettings(t *testing.T) {
	tests := []struct {
		name     string
		settings session.Settings
		guard    webhook.Guard
		field    string
	}{
		{"no webhook", session.Settings{}, webhook.Guard{}, ""},
		{"https", session.Settings{WebhookURL: "https://shop.example/hook?x=1"}, webhook.Guard{}, ""},
		{"plain secret", session.Settings{WebhookURL: "https://shop.example", WebhookSecret: "s"}, webhook.Guard{}, ""},
		{"standard secret", session.Settings{WebhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, webhook.Guard{}, ""},
		{"broken standard secret", session.Settings{WebhookSecret: "whsec_*"}, webhook.Guard{}, "webhook_secret"},
		{"empty standard secret", session.Settings{WebhookSecret: "whsec_"}, webhook.Guard{}, "webhook_secret"},
		{"http", session.Settings{WebhookURL: "http://shop.example"}, webhook.Guard{}, "webhook_url"},
		{"http admitted", session.Settings{WebhookURL: "http://shop.example"}, webhook.Guard{AllowHTTP: true}, ""},
		{"other scheme", session.Settings{WebhookURL: "ftp://shop.example"}, webhook.Guard{AllowHTTP: true}, "webhook_url"},
		{"no scheme", session.Settings{WebhookURL: "shop.example/hook"}, webhook.Guard{}, "webhook_url"},
		{"no host", session.Settings{WebhookURL: "https:///hook"}, webhook.Guard{}, "webhook_url"},
		{"only a port", session.Settings{WebhookURL: "https://:443/hook"}, webhook.Guard{}, "webhook_url"},
		{"private literal", session.Settings{WebhookURL: "https://10.0.0.1/hook"}, webhook.Guard{}, "webhook_url"},
		{"private literal admitted", session.Settings{WebhookURL: "https://10.0.0.1/hook"}, webhook.Guard{AllowPrivate: true}, ""},
		{"callback over http", session.Settings{ChatCallbackURL: "http://shop.example"}, webhook.Guard{}, "chat_callback_url"},
		{"callback", session.Settings{ChatCallbackURL: "https://shop.example/chat"}, webhook.Guard{}, ""},
		{"metadata literal", session.Settings{WebhookURL: "http://169.254.169.254/x"}, webhook.Guard{AllowHTTP: true, AllowPrivate: true}, "webhook_url"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := webhook.CheckSettings(&test.settings, test.guard)
			if test.field == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			refusal, ok := errors.AsType[*session.Error](err)
			if !ok || refusal.Field != test.field || refusal.Code != session.CodeInvalidPayload {
				t.Errorf("got %v", err)
			}
		})
	}
}
