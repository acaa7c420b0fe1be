package account

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238 with SHA-1 is what every authenticator app computes
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

const (
	secretBytes = 20 // as long as the digest: RFC 4226, section 4
	codeDigits  = 6
	codeModulus = 1_000_000
)

// plain32 is base32 as apps and people read it.
func plain32() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

// NewSecret returns a key of a second factor.
func NewSecret() []byte { return random(secretBytes) }

// SecretText returns the form of a secret that a person can type into an app.
func SecretText(secret []byte) string { return plain32().EncodeToString(secret) }

// SecretURI returns the form of a secret that an app reads as a QR code.
func SecretURI(secret []byte, email string) string {
	label := url.PathEscape("Parley:" + email)
	return "otpauth://totp/" + label + "?secret=" + SecretText(secret) + "&issuer=Parley"
}

// Code returns the code of a moment (RFC 6238).
func Code(secret []byte, at time.Time) string { return codeOf(secret, stepOf(at)) }

func stepOf(at time.Time) int64 { return at.Unix() / int64(CodeStep/time.Second) }

func codeOf(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step))
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	n := binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", codeDigits, n%codeModulus)
}

// matchCode returns the step of a code that is valid at a moment and was not
// used: a step up to the last used one counts as used.
func matchCode(secret []byte, code string, at time.Time, used int64) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	now := stepOf(at)
	for s := now - CodeDrift; s <= now+CodeDrift; s++ {
		same := subtle.ConstantTimeCompare([]byte(codeOf(secret, s)), []byte(code)) == 1
		if same && s > used {
			step, ok = s, true
		}
	}
	return step, ok
}

// recoveryBytes of one recovery code: enough that a hash of it cannot be
// searched.
const recoveryBytes = 10

// newRecoveryCodes returns codes as people keep them, such as
// abcd-efgh-ijkl-mnop, with what is stored of them.
func newRecoveryCodes() (codes []string, hashes []Hash) {
	for range RecoveryCodes {
		text := strings.ToLower(plain32().EncodeToString(random(recoveryBytes)))
		codes = append(codes, text[:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:])
		hashes = append(hashes, hashText(text))
	}
	return codes, hashes
}

// recoveryHash reads a recovery code as typed.
func recoveryHash(typed string) (Hash, bool) {
	text := strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(strings.TrimSpace(typed)))
	raw, err := plain32().DecodeString(strings.ToUpper(text))
	if err != nil || len(raw) != recoveryBytes || len(text) != plain32().EncodedLen(recoveryBytes) {
		return Hash{}, false
	}
	return hashText(text), true
}
