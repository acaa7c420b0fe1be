package dialog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is one word or one punctuation character of a request (dialog-language
// 4.3). Start and End are byte offsets in the request. Folded is the form that
// is compared: case folded, NFC, "ё" as "е".
type Token struct {
	Start, End int
	Folded     string
	// Punctuation tokens may be skipped wherever the pattern does not name them.
	Punctuation bool
}

// tokenizer splits text. English contractions are split only when english is
// set; stars makes "*" a letter, as patterns need it.
type tokenizer struct {
	english bool
	stars   bool
}

// split gives the tokens of text from left to right.
func (t tokenizer) split(text string) []Token {
	var tokens []Token
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if isBlank(r) {
			at += size
			continue
		}
		end := t.wordEnd(text, at)
		if end > at {
			tokens = t.appendWord(tokens, text, at, end)
			at = end
			continue
		}
		end = symbolEnd(text, at)
		tokens = append(tokens, newToken(text, at, end, !unicode.Is(unicode.So, r)))
		at = end
	}
	return tokens
}

func newToken(text string, start, end int, punctuation bool) Token {
	return Token{Start: start, End: end, Folded: fold(text[start:end]), Punctuation: punctuation}
}

// wordEnd is the end of the word that begins at start, start when none does.
func (t tokenizer) wordEnd(text string, start int) int {
	at := start
	if t.english {
		at += cliticLength(text[start:])
	}
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		inner := at > start && t.joins(r) && t.letterAt(text, at+size)
		if !t.isLetter(r) && !inner && !(at > start && isMark(r)) {
			break
		}
		at += size
	}
	return at
}

func (t tokenizer) isLetter(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || t.stars && r == '*'
}

func (t tokenizer) letterAt(text string, at int) bool {
	r, _ := utf8.DecodeRuneInString(text[at:])
	return at < len(text) && t.isLetter(r)
}

// joins tells whether r between two letters belongs to the word.
func (t tokenizer) joins(r rune) bool {
	return r == '-' || r == '\u2010' || r == '\u2011' || t.english && isApostrophe(r)
}

// appendWord adds the word text[start:end], in parts when it has apostrophes.
func (t tokenizer) appendWord(tokens []Token, text string, start, end int) []Token {
	if !t.english || !strings.ContainsAny(text[start:end], apostrophes) {
		return append(tokens, newToken(text, start, end, false))
	}
	cut := start + contractionCut(text[start:end])
	tokens = appendQuoted(tokens, text, start, cut)
	if cut < end {
		tokens = append(tokens, newToken(text, cut, end, false))
	}
	return tokens
}

// appendQuoted splits at every apostrophe, as in languages without contractions.
func appendQuoted(tokens []Token, text string, start, end int) []Token {
	from := start
	for at, r := range text[start:end] {
		if !isApostrophe(r) {
			continue
		}
		at += start
		if at > from {
			tokens = append(tokens, newToken(text, from, at, false))
		}
		from = at + utf8.RuneLen(r)
		tokens = append(tokens, newToken(text, at, from, true))
	}
	if from < end {
		tokens = append(tokens, newToken(text, from, end, false))
	}
	return tokens
}

// symbolEnd is the end of the symbol at start: one character with the marks,
// joiners and skin tones that belong to it.
func symbolEnd(text string, start int) int {
	_, size := utf8.DecodeRuneInString(text[start:])
	at := start + size
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if r == zeroWidthJoiner {
			_, next := utf8.DecodeRuneInString(text[at+size:])
			at += size + next
			continue
		}
		if !isMark(r) && !(r >= '\U0001F3FB' && r <= '\U0001F3FF') {
			break
		}
		at += size
	}
	return at
}

const (
	zeroWidthJoiner = '\u200d'
	softHyphen      = '\u00ad'
)

// isBlank tells whether r separates tokens and is none itself. Control and
// invisible format characters do, except those that stand inside words.
func isBlank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && !isMark(r)
}

// isMark tells whether r belongs to the character before it.
func isMark(r rune) bool {
	return unicode.IsMark(r) || r == zeroWidthJoiner || r == '\u200c' || r == softHyphen
}
