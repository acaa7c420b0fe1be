package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"parley/internal/session"
)

// secretPrefix starts a Standard Webhooks secret; base64 follows.
const secretPrefix = "whsec_"

// Signature returns the value of X-Moveo-Signature: the HMAC-SHA256 of the
// exact body in lower-case hex, keyed with the secret's UTF-8 bytes.
func Signature(secret string, body []byte) string {
	return hex.EncodeToString(mac([]byte(secret), body))
}

// StandardSignature returns the value of webhook-signature (Standard Webhooks
// 1.0) for an attempt at a moment. The key is the secret's UTF-8 bytes, or the
// bytes that stand in base64 after whsec_.
func StandardSignature(secret, id string, at time.Time, body []byte) string {
	key, err := standardKey(secret)
	if err != nil {
		key = []byte(secret) // settings of an older version; CheckSettings refuses them now
	}
	signed := append([]byte(id+"."+strconv.FormatInt(at.Unix(), 10)+"."), body...)
	return "v1," + base64.StdEncoding.EncodeToString(mac(key, signed))
}

func standardKey(secret string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(secret, secretPrefix)
	if !ok {
		return []byte(secret), nil
	}
	return base64.StdEncoding.DecodeString(encoded)
}

func mac(key, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(message)
	return h.Sum(nil)
}

// CheckSettings refuses webhook settings that could never work; the error is a
// [session.Error] naming the field.
func CheckSettings(s *session.Settings, guard Guard) error {
	if s.WebhookURL != "" {
		if _, err := guard.CheckURL(s.WebhookURL); err != nil {
			return session.Invalid("webhook_url", "%v", err)
		}
	}
	if key, err := standardKey(s.WebhookSecret); err != nil || len(key) == 0 && s.WebhookSecret != "" {
		return session.Invalid("webhook_secret", "after %s comes the base64 form of the key", secretPrefix)
	}
	return nil
}
