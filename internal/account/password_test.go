package account_test

import (
	"strings"
	"sync"
	"testing"

	"parley/internal/account"
	"parley/internal/session"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPasswords(t *testing.T) {
	p := account.NewPasswords(account.Cost{})
	stored, err := p.Hash(t.Context(), "correct mule battery")
	must(t, err)
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("stored as %s", stored)
	}
	again, err := p.Hash(t.Context(), "correct mule battery")
	must(t, err)
	if stored == again {
		t.Error("two hashes have the same salt")
	}
	for password, want := range map[string]bool{
		"correct mule battery": true, "Correct mule battery": false, "correct mule battery ": false, "": false,
	} {
		fits, outdated, err := p.Check(t.Context(), stored, password)
		if err != nil || fits != want || outdated {
			t.Errorf("%q: %v, %v, %v", password, fits, outdated, err)
		}
	}
	for _, nothing := range []string{"", "x", strings.Replace(stored, "argon2id", "argon2i", 1), stored[:len(stored)-30]} {
		for _, password := range []string{"", "correct mule battery"} {
			if fits, _, err := p.Check(t.Context(), nothing, password); fits || err != nil {
				t.Errorf("%q fits %q: %v", password, nothing, err)
			}
		}
	}
}

// A letter that a keyboard writes in one piece or in two is one letter.
func TestPasswords_Composition(t *testing.T) {
	p := account.NewPasswords(account.Cost{Memory: 64, Passes: 1, Lanes: 1})
	stored, err := p.Hash(t.Context(), "caf\u00e9 au lait")
	must(t, err)
	if fits, _, err := p.Check(t.Context(), stored, "cafe\u0301 au lait"); !fits || err != nil {
		t.Errorf("does not fit: %v", err)
	}
}

func TestPasswords_Outdated(t *testing.T) {
	weak, strong := account.Cost{Memory: 64, Passes: 1, Lanes: 1}, account.Cost{Memory: 128, Passes: 1, Lanes: 1}
	stored, err := account.NewPasswords(weak).Hash(t.Context(), "correct mule battery")
	must(t, err)
	for cost, want := range map[account.Cost]bool{weak: false, strong: true, {Memory: 64, Passes: 2, Lanes: 1}: true} {
		fits, outdated, err := account.NewPasswords(cost).Check(t.Context(), stored, "correct mule battery")
		if !fits || outdated != want || err != nil {
			t.Errorf("%v: %v, %v, %v", cost, fits, outdated, err)
		}
	}
}

// TestPasswords_Bounded: more callers than slots are all served, and one who
// waits for a slot and leaves does not hash.
func TestPasswords_Bounded(t *testing.T) {
	p := account.NewPasswords(account.Cost{Memory: 1 << 10, Passes: 1, Lanes: 1})
	var all sync.WaitGroup
	for range 10 * account.HashesAtOnce {
		all.Go(func() {
			if _, err := p.Hash(t.Context(), "correct mule battery"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestCheckPassword(t *testing.T) {
	for password, ok := range map[string]bool{
		"correct mule battery":  true,
		"пароль из многих слов": true,
		"short":                        false,
		"123456789":                    false,
		"1234567890":                   false,
		"Password123!":                 false,
		"йцукенгшщзх":                  false,
		"abababababab":                 false,
		strings.Repeat("abcdefgh", 16): true,
		strings.Repeat("abcdefgh", 17): false,
		"ada.lovelace@example.com":     false,
		"Ada.Lovelace1815!":            false,
		"\xff\xfe not text at all":     false,
	} {
		err := account.CheckPassword("password", password, "ada.lovelace@example.com", "Ada")
		if (err == nil) != ok {
			t.Errorf("%q: %v", password, err)
		}
		if err != nil && session.CodeOf(err) != session.CodeInvalidPayload {
			t.Errorf("%q: code %s", password, session.CodeOf(err))
		}
	}
}
