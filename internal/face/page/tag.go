package page

import (
	"crypto/sha256"
	"encoding/hex"
)

// tagOf names a content by its hash.
func tagOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:12])
}
