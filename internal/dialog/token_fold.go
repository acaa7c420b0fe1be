package dialog

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold gives the form in which words are compared: without regard to case, to
// the way accents are encoded, to "ё" against "е", to invisible characters and
// to the shape of apostrophes and hyphens.
func fold(text string) string {
	if isPlain(text) {
		return text
	}
	if isSimple(text) {
		return strings.Map(foldSimple, text)
	}
	folded := cases.Fold().String(norm.NFC.String(text))
	return strings.Map(foldRune, norm.NFC.String(folded))
}

func foldRune(r rune) rune {
	switch {
	case r == 'ё':
		return 'е'
	case isApostrophe(r):
		return '\''
	case r == '\u2010' || r == '\u2011':
		return '-'
	case r == softHyphen || r == zeroWidthJoiner || r == '\u200c':
		return -1
	case r >= '\ufe00' && r <= '\ufe0f':
		return -1
	}
	return r
}

// isPlain tells whether text is lower-case ASCII already.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf || 'A' <= text[i] && text[i] <= 'Z' {
			return false
		}
	}
	return true
}

// isSimple tells whether text is ASCII and Russian letters only, which nearly all
// words are: for them folding is a matter of two ranges.
func isSimple(text string) bool {
	for _, r := range text {
		if r >= utf8.RuneSelf && !('А' <= r && r <= 'я') && r != 'ё' && r != 'Ё' {
			return false
		}
	}
	return true
}

func foldSimple(r rune) rune {
	switch {
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A'
	case 'А' <= r && r <= 'Я':
		return r + 'а' - 'А'
	case r == 'ё' || r == 'Ё':
		return 'е'
	}
	return r
}
