package inbox

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley/internal/session"
)

// Limits of a search.
const (
	MaxQueryChars = 200
	MaxQueryWords = 10
	MaxHits       = 50 // of a kind
	DefaultHits   = 20
	QueryDepth    = 2000 // newest matches that a filter looks through
)

// Query is what a search looks for: each word at the start of a word of the
// text, in any order. A text has to hold them all.
type Query []string

// ParseQuery splits what a person typed. There are no operators: everything
// but letters and digits only parts words.
func ParseQuery(typed string) (Query, error) {
	if utf8.RuneCountInString(typed) > MaxQueryChars {
		return nil, session.Invalid("query", "longer than %d characters", MaxQueryChars)
	}
	var q Query
	words(Fold(typed), func(start, end int) { q = append(q, Fold(typed)[start:end]) })
	switch {
	case len(q) == 0:
		return nil, session.Invalid("query", "must hold a letter or a digit")
	case len(q) > MaxQueryWords:
		return nil, session.Invalid("query", "more than %d words", MaxQueryWords)
	}
	return q, nil
}

// Fold brings a text to the form in which it is compared: lower case, ё as е.
// A valid character keeps its place in the order of characters.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r = unicode.ToLower(r); r == 'ё' {
			return 'е'
		}
		return r
	}, s)
}

// Words returns the words of a text, each once, as an engine without a tokenizer
// of its own compares them: folded, Latin letters without their accents, cut after
// as many characters as a query may have.
func Words(text string) []string {
	folded := Fold(unaccented(text))
	known := map[string]bool{}
	var list []string
	words(folded, func(start, end int) {
		word := folded[start:end]
		if len(word) > MaxQueryChars {
			chars := []rune(word)
			word = string(chars[:min(len(chars), MaxQueryChars)])
		}
		if !known[word] {
			known[word] = true
			list = append(list, word)
		}
	})
	return list
}

// unaccented takes the marks off Latin letters and composes all others.
func unaccented(s string) string {
	var b strings.Builder
	latin := false
	for _, r := range norm.NFD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			if latin {
				continue
			}
		} else {
			latin = unicode.Is(unicode.Latin, r)
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// words calls word with the bounds of every run of letters, marks and digits.
func words(s string, word func(start, end int)) {
	start := -1
	for i, r := range s {
		inside := unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
		switch {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			word(start, i)
			start = -1
		}
	}
	if start >= 0 {
		word(start, len(s))
	}
}
