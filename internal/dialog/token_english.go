package dialog

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// apostrophes are the characters people type for one.
const apostrophes = "'’‘ʼ"

func isApostrophe(r rune) bool { return strings.ContainsRune(apostrophes, r) }

// isClitic tells whether folded text is an English ending that is a token of its
// own, as in "what 's".
func isClitic(folded string) bool {
	return slices.Contains([]string{"'s", "'m", "'d", "'re", "'ve", "'ll"}, folded)
}

// cliticLength is the length of a clitic that stands alone at the start of text,
// 0 when there is none.
func cliticLength(text string) int {
	quote, size := utf8.DecodeRuneInString(text)
	if !isApostrophe(quote) {
		return 0
	}
	end := size
	for end < len(text) && (tokenizer{}).letterAt(text, end) {
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	if !isClitic(fold(text[:end])) {
		return 0
	}
	return end
}

// contractionCut is the place where an English word with an apostrophe is cut:
// before "n't" or before the clitic. It is 0 when the word is one of them, and
// the length of the word when it is no contraction.
func contractionCut(word string) int {
	quote := strings.LastIndexAny(word, apostrophes)
	tail := fold(word[quote:])
	switch {
	case tail == "'t" && quote > 0 && (word[quote-1] == 'n' || word[quote-1] == 'N'):
		return quote - 1
	case isClitic(tail):
		return quote
	}
	return len(word)
}
