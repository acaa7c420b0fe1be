package webhook_test

import (
	"errors"
	"testing"
	"time"

	"parley/internal/session"
	"parley/internal/webhook"
)

const signedBody = `{"event_type":"message:brain_send","request_id":"0190b2f0-0000-7000-8000-000000000001","text":"Grüße, 世界"}`

// The expected values were computed by three other programs, which agreed:
//
//	openssl dgst -sha256 -hmac SECRET body.json
//	node:   crypto.createHmac("sha256", SECRET).update(body).digest("hex")
//	python: hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
//
// PHP's hash_hmac("sha256", $body, SECRET) and Go's own are the same function.
func TestSignature(t *testing.T) {
	for secret, want := range map[string]string{
		"whsec_bW92ZW8tc2VjcmV0LWtleS0yNA==": "3a7eca48df33deb60dc77824b6fa63b8e70ab3e9409b389f8d69ed1c39a62b88",
		"shared secret ключ":                 "91f9eaa59c9d6bfec2792a939deec2f20c75d9820156dd6f001c37777023f6c1",
	} {
		if got := webhook.Signature(secret, []byte(signedBody)); got != want {
			t.Errorf("%s: got %s", secret, got)
		}
	}
}

func TestStandardSignature(t *testing.T) {
	at := time.Unix(1767225600, 999_000_000)
	for secret, want := range map[string]string{
		"whsec_bW92ZW8tc2VjcmV0LWtleS0yNA==": "v1,z6xl/GUjLBEmzkAhmIXUI1x24T9CeRuCobW2Ezsw/ZU=",
		"shared secret ключ":                 "v1,zaL/n8Wuj7qCFcOfJ72KwpZGUjRxeTlq0hZ9EBmPecY=",
	} {
		if got := webhook.StandardSignature(secret, "msg_1", at, []byte(signedBody)); got != want {
			t.Errorf("%s: got %s", secret, got)
		}
	}
	// The example of the Standard Webhooks reference libraries.
	got := webhook.StandardSignature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
		time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

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
