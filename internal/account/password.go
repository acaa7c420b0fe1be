package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"parley/internal/session"
)

// Passwords hashes and checks passwords, a bounded number at once.
type Passwords struct {
	cost  Cost
	slots chan struct{}
	decoy phc // is checked where there is no password, so that it takes the same time
}

// NewPasswords returns what hashes with a cost; the zero Cost is DefaultCost.
func NewPasswords(cost Cost) *Passwords {
	if cost == (Cost{}) {
		cost = DefaultCost()
	}
	p := &Passwords{cost: cost, slots: make(chan struct{}, HashesAtOnce)}
	p.decoy = phc{cost, random(saltBytes), random(hashBytes)}
	return p
}

// Hash returns the stored form of a password, or session.CodeUnavailable when
// too many are being hashed.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	h := phc{cost: p.cost, salt: random(saltBytes)}
	var err error
	h.hash, err = p.digest(ctx, h, hashBytes, password)
	return h.String(), err
}

// Check reports whether a password fits a stored hash, and whether the hash
// should be made anew because it is cheaper than today's. Against "" and what
// is no hash nothing fits, and it takes as long.
func (p *Passwords) Check(ctx context.Context, stored, password string) (fits, outdated bool, err error) {
	h, parseErr := parsePHC(stored)
	if parseErr != nil {
		h = p.decoy
	}
	got, err := p.digest(ctx, h, len(h.hash), password)
	if err != nil {
		return false, false, err
	}
	fits = subtle.ConstantTimeCompare(got, h.hash) == 1 && parseErr == nil
	return fits, h.cost.Memory < p.cost.Memory || h.cost.Passes < p.cost.Passes, nil
}

func (p *Passwords) digest(ctx context.Context, h phc, size int, password string) ([]byte, error) {
	patience := time.NewTimer(HashWait)
	defer patience.Stop()
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-patience.C:
		return nil, session.Unavailable("too many people sign in at once")
	}
	if utf8.RuneCountInString(password) > MaxPasswordChars {
		password = "" // never set (CheckPassword), so it fits nothing
	}
	// One password is one text, however a keyboard composes its letters.
	plain := norm.NFC.Bytes([]byte(password))
	return argon2.IDKey(plain, h.salt, h.cost.Passes, h.cost.Memory, h.cost.Lanes, uint32(size)), nil
}

// random returns bytes that nobody can guess.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (Go 1.24)
	return b
}

// CheckPassword refuses a new password that is easily guessed. field names it
// in the error; of are texts that it must not be made of, such as the e-mail.
func CheckPassword(field, password string, of ...string) error {
	n := utf8.RuneCountInString(password)
	if !utf8.ValidString(password) || n < MinPasswordChars || n > MaxPasswordChars {
		return session.Invalid(field, "must have %d to %d characters", MinPasswordChars, MaxPasswordChars)
	}
	plain := strings.ToLower(norm.NFC.String(password))
	kinds := map[rune]bool{}
	for _, r := range plain {
		kinds[r] = true
	}
	if len(kinds) < MinPasswordKinds {
		return session.Invalid(field, "must have at least %d different characters", MinPasswordKinds)
	}
	if _, known := commonPasswords()[plain]; known {
		return session.Invalid(field, "is one of the passwords that are tried first; choose another")
	}
	for _, text := range of {
		text = strings.ToLower(norm.NFC.String(strings.TrimSpace(text)))
		name, _, _ := strings.Cut(text, "@")
		if text != "" && (plain == text || plain == name || strings.Trim(plain, "0123456789!.") == name) {
			return session.Invalid(field, "must not be made of the name or e-mail")
		}
	}
	return nil
}
