package account

import (
	"strings"
	"testing"
)

// Hashes of the reference implementation's own test program.
func TestParsePHC(t *testing.T) {
	good := "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	h, err := parsePHC(good)
	if err != nil || h.String() != good || h.cost != (Cost{65536, 2, 1}) || string(h.salt) != "somesalt" {
		t.Fatalf("got %v, %v", h, err)
	}
	fits, _, err := NewPasswords(Cost{Memory: 64, Passes: 1, Lanes: 1}).Check(t.Context(), good, "password")
	if !fits || err != nil {
		t.Errorf("the reference's hash does not fit: %v", err)
	}
	for _, change := range [][2]string{
		{"argon2id", "argon2i"}, {"v=19", "v=16"}, {"v=19$", ""}, {"m=65536", "m=065536"}, {"m=65536", "m=4294967296"},
		{"m=65536", "m=2097152"}, {"m=65536", "m=7"}, {"t=2", "t=0"}, {"t=2", "t=17"}, {"p=1", "p=0"}, {"p=1", "p=17"},
		{"p=1", "p=-1"}, {"m=65536,t=2", "t=2,m=65536"}, {",p=1", ""}, {"p=1", "p=1,x=1"}, {"c29tZXNhbHQ", ""},
		{"c29tZXNhbHQ", "c29tZXNhbHQ="}, {"c29tZXNhbHQ", "c29t"}, {"c29t", "c2\n9t"}, {"GRPPc", "GRPPc$"}, {"$argon2id", "argon2id"},
	} {
		if h, err := parsePHC(strings.Replace(good, change[0], change[1], 1)); err == nil {
			t.Errorf("%q for %q passes: %v", change[1], change[0], h)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Add("$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAA")
	f.Add("$$$$$")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parsePHC(text)
		if err != nil {
			return
		}
		if h.String() != text {
			t.Errorf("%q is written as %q", text, h.String())
		}
		if h.cost.Memory > maxMemory || h.cost.Passes > maxPasses || h.cost.Lanes > maxLanes || len(h.hash) > maxDigest {
			t.Errorf("%q costs too much", text)
		}
	})
}
