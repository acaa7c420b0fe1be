package account

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"
)

// The vectors of RFC 6238, appendix B, for SHA-1; the last six of their eight
// digits.
func TestCode_RFC6238(t *testing.T) {
	secret := []byte("12345678901234567890")
	for seconds, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := Code(secret, time.Unix(seconds, 0)); got != want {
			t.Errorf("at %d: %s, want %s", seconds, got, want)
		}
	}
}

// TestMatchCode_Time lets a code grow old: it is good in its step and one step
// before and after it, and never again once it was used.
func TestMatchCode_Time(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		secret := NewSecret()
		code := Code(secret, time.Now().Add(CodeStep)) // of a phone that is a step ahead
		for i, want := range []bool{true, true, true, false, false} {
			step, ok := matchCode(secret, code, time.Now(), 0)
			if ok != want {
				t.Errorf("after %d steps: %v", i, ok)
			}
			if _, again := matchCode(secret, code, time.Now(), step); again && step > 0 {
				t.Errorf("after %d steps the code is good twice", i)
			}
			<-time.After(CodeStep)
		}
		now := Code(secret, time.Now())
		if _, ok := matchCode(secret, " "+now[:3]+" "+now[3:]+" ", time.Now(), 0); !ok {
			t.Error("spaces, as apps show them, are not taken")
		}
		for _, bad := range []string{"", now[:5], now + "0", "abcdef"} {
			if _, ok := matchCode(secret, bad, time.Now(), 0); ok {
				t.Errorf("%q passes", bad)
			}
		}
	})
}

func TestGuesses_Time(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGuesses(2)
		try := func() time.Duration { return g.Begin("ada", time.Now()) }
		want := func(what string, got, want time.Duration) {
			t.Helper()
			if got != want {
				t.Errorf("%s: wait %v, want %v", what, got, want)
			}
		}
		want("first", try(), 0)
		want("second", try(), 0)
		wait := LockFirst
		for range 12 {
			want("locked", try(), wait)
			<-time.After(wait)
			want("after the wait", try(), 0)
			wait = min(2*wait, LockMost)
		}
		want("at most", wait, LockMost)
		if !g.Locked("ada", time.Now()) || g.Locked("bob", time.Now()) {
			t.Error("somebody else is locked, or she is not")
		}
		<-time.After(GuessMemory + time.Second)
		want("an hour later", try(), 0)
		want("an hour later", try(), 0)
		want("and again", try(), LockFirst)
	})
}

// TestGuesses_Bounded: a flood of names takes no more memory, and does not
// forgive a name that is being guessed at.
func TestGuesses_Bounded(t *testing.T) {
	g := NewGuesses(1)
	at := time.Unix(1e9, 0)
	name := make([]byte, 8)
	for i := range 2 * GuessedNames {
		for b := range name {
			name[b] = byte(i >> (8 * b))
		}
		if i%1000 == 0 {
			g.Begin("ada", at)
		}
		g.Begin(string(name), at)
		at = at.Add(time.Millisecond)
	}
	if n := len(g.names); n > GuessedNames {
		t.Errorf("%d names are kept", n)
	}
	if !g.Locked("ada", at) {
		t.Error("the flood forgave her")
	}
}

func TestRecoveryCodes(t *testing.T) {
	codes, hashes := newRecoveryCodes()
	seen := map[Hash]bool{}
	for i, code := range codes {
		hash, ok := recoveryHash(code)
		if !ok || hash != hashes[i] || seen[hash] {
			t.Errorf("%s is not read as it was written, or stands twice", code)
		}
		seen[hash] = true
	}
	for _, bad := range []string{"", "abcd", "123456", "abcd-efgh-ijkl-mno1", "abcd-efgh-ijkl-mnopq"} {
		if _, ok := recoveryHash(bad); ok {
			t.Errorf("%q is read", bad)
		}
	}
}

func FuzzRecoveryHash(f *testing.F) {
	f.Add("abcd-efgh-ijkl-mnop")
	f.Fuzz(func(t *testing.T, typed string) {
		hash, ok := recoveryHash(typed)
		if ok && bytes.Equal(hash[:], make([]byte, len(hash))) {
			t.Error("no hash")
		}
	})
}
