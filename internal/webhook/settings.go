package webhook

import (
	"parley/internal/session"
	"parley/internal/signing"
)

// CheckSettings refuses webhook settings that could never work; the error is a
// [session.Error] naming the field.
func CheckSettings(s *session.Settings, guard Guard) error {
	if s.WebhookURL != "" {
		if _, err := guard.CheckURL(s.WebhookURL); err != nil {
			return session.Invalid("webhook_url", "%v", err)
		}
	}
	if s.ChatCallbackURL != "" {
		if _, err := guard.CheckURL(s.ChatCallbackURL); err != nil {
			return session.Invalid("chat_callback_url", "%v", err)
		}
	}
	if err := signing.CheckSecret(s.WebhookSecret); err != nil {
		return session.Invalid("webhook_secret", "%v", err)
	}
	return nil
}
