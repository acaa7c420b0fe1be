package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"time"

	"parley/internal/session"
)

const (
	// KeyPrefix starts every API key, so that leaked ones can be searched for.
	KeyPrefix = "prl_"
	// LiveKeys is how many keys of an integration may be in use at the same
	// time: the old and the new one of a rotation (contract a.0).
	LiveKeys = 2
	// maxKeyChars bounds what is hashed for a caller who is not known yet.
	maxKeyChars = 128
)

// NewKey makes an API key of 256 random bits. The text is shown once to its
// owner and stored nowhere; the row holds its SHA-256.
func NewKey(integration string, at time.Time) (text string, key *session.Key) {
	text = KeyPrefix + strings.ToLower(rand.Text()+rand.Text())
	return text, &session.Key{
		ID: session.NewID(at), Integration: integration, Hash: hashKey(text), CreatedMs: at.UnixMilli(),
	}
}

func hashKey(text string) [sha256.Size]byte { return sha256.Sum256([]byte(text)) }

// keyOf returns the key of an Authorization header "apikey KEY". The scheme is
// compared without regard to case (contract a.0).
func keyOf(header string) (key string, ok bool) {
	scheme, key, found := strings.Cut(header, " ")
	return key, found && strings.EqualFold(scheme, "apikey") && key != "" && len(key) <= maxKeyChars
}
