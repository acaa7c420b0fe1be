package postgres

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestEscape(t *testing.T) {
	for plain, stored := range map[string]string{
		"": "", "plain é 😀 \t\x7f": "plain é 😀 \t\x7f", "\x00": "\x1a00", "a\x1ab": "a\x1a1ab", "\xff\xfe": "\x1aff\x1afe", "é\xc3": "é\x1ac3",
	} {
		if got := Escape(plain); got != stored {
			t.Errorf("Escape(%q) = %q, want %q", plain, got, stored)
		}
	}
	for _, foreign := range []string{"\x1a", "\x1a0", "a\x1azz", "\x1a\x1a"} { // not written by Escape: kept
		if got := Unescape(foreign); got != foreign {
			t.Errorf("Unescape(%q) = %q", foreign, got)
		}
	}
}

func FuzzEscape(f *testing.F) {
	f.Add("a\x00b\x1a\xff")
	f.Fuzz(func(t *testing.T, s string) {
		stored := Escape(s)
		if strings.IndexByte(stored, 0) >= 0 || !utf8.ValidString(stored) {
			t.Errorf("Escape(%q) = %q, which PostgreSQL refuses", s, stored)
		}
		if back := Unescape(stored); back != s {
			t.Errorf("%q came back as %q", s, back)
		}
	})
}
