// Package signing signs what goes to customers and checks what they sign, in the two forms of contract
// b.1: that of Moveo and that of Standard Webhooks 1.0.
package signing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Headers of the two forms.
const (
	HeaderMoveo     = "X-Moveo-Signature"
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderStandard  = "webhook-signature"
)

// secretPrefix starts a Standard Webhooks secret; base64 follows.
const secretPrefix = "whsec_"

// Moveo returns the value of X-Moveo-Signature: the HMAC-SHA256 of the exact
// body in lower-case hex, keyed with the secret's UTF-8 bytes.
func Moveo(secret string, body []byte) string {
	return hex.EncodeToString(mac([]byte(secret), body))
}

// Standard returns the value of webhook-signature (Standard Webhooks 1.0) for
// an attempt at a moment. The key is the secret's UTF-8 bytes, or the bytes that
// stand in base64 after whsec_.
func Standard(secret, id string, at time.Time, body []byte) string {
	return "v1," + base64.StdEncoding.EncodeToString(standardMAC(secret, id, at, body))
}

// Verify tells whether one of the signatures of a webhook-signature header is
// that of the body.
func Verify(secret, id string, at time.Time, body []byte, header string) bool {
	want := standardMAC(secret, id, at, body)
	for one := range strings.FieldsSeq(header) {
		encoded, ok := strings.CutPrefix(one, "v1,")
		got, err := base64.StdEncoding.DecodeString(encoded)
		if ok && err == nil && hmac.Equal(got, want) {
			return true
		}
	}
	return false
}

// CheckSecret refuses a secret whose base64 part is broken or empty. An empty
// secret is none.
func CheckSecret(secret string) error {
	if key, err := standardKey(secret); err != nil || len(key) == 0 && secret != "" {
		return errors.New("after " + secretPrefix + " comes the base64 form of the key")
	}
	return nil
}

func standardMAC(secret, id string, at time.Time, body []byte) []byte {
	key, err := standardKey(secret)
	if err != nil {
		key = []byte(secret) // settings of an older version; CheckSecret refuses them now
	}
	return mac(key, append([]byte(id+"."+strconv.FormatInt(at.Unix(), 10)+"."), body...))
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
