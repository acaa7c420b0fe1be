package account

import (
	"crypto/sha256"
	"encoding/base64"
)

// Hash is what is stored of a secret with so many random bits that a plain
// hash cannot be searched.
type Hash [sha256.Size]byte

func hashText(text string) Hash { return sha256.Sum256([]byte(text)) }

const tokenBytes = 32

// newToken returns a secret for a cookie or a link, and what is stored of it.
func newToken() (string, Hash) {
	text := base64.RawURLEncoding.EncodeToString(random(tokenBytes))
	return text, hashText(text)
}

// tokenHash returns the hash of a token that a caller sent; ok is false for
// what cannot be one.
func tokenHash(text string) (Hash, bool) {
	if len(text) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return Hash{}, false
	}
	return hashText(text), true
}
