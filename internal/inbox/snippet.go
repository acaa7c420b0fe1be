package inbox

import (
	"strings"
	"unicode/utf16"
)

// Snippet is a part of a text with the words that were found. Marks are
// [start, end) in UTF-16 code units of Text, as a page's own strings count;
// there is no markup in it.
type Snippet struct {
	Text  string   `json:"text"`
	Marks [][2]int `json:"marks"`
}

// Lengths of a snippet and of a preview, in characters.
const (
	SnippetChars = 160
	PreviewChars = 160
)

// Cut returns the part of a text around the first word that a query finds.
func (q Query) Cut(whole string) Snippet {
	chars := []rune(strings.Join(strings.Fields(whole), " "))
	marks := q.find(chars)
	from, to := 0, len(chars)
	if to > SnippetChars {
		if len(marks) > 0 {
			from = min(max(0, marks[0][0]-SnippetChars/4), to-SnippetChars)
		}
		to = from + SnippetChars
	}
	s := Snippet{Text: string(chars[from:to]), Marks: [][2]int{}}
	for _, m := range marks {
		if m[0] >= from && m[1] <= to {
			start := units(chars[from:m[0]])
			s.Marks = append(s.Marks, [2]int{start, start + units(chars[m[0]:m[1]])})
		}
	}
	return s
}

// find returns the bounds, in characters, of what the query's words match:
// each from the start of a word of the text.
func (q Query) find(chars []rune) (marks [][2]int) {
	folded := []rune(Fold(string(chars)))
	if len(folded) != len(chars) {
		return nil // not valid text
	}
	text := string(folded)
	at, chr := 0, 0 // bytes and characters passed
	words(text, func(start, end int) {
		chr += len([]rune(text[at:start]))
		at = start
		longest := 0
		for _, w := range q {
			if strings.HasPrefix(text[start:end], w) {
				longest = max(longest, len([]rune(w)))
			}
		}
		if longest > 0 {
			marks = append(marks, [2]int{chr, chr + longest})
		}
	})
	return marks
}

func units(chars []rune) (n int) {
	for _, r := range chars {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// shorten returns a text in one line of at most limit characters.
func shorten(s string, limit int) string {
	chars := []rune(strings.Join(strings.Fields(s), " "))
	if len(chars) <= limit {
		return string(chars)
	}
	return string(chars[:limit-1]) + "…"
}
