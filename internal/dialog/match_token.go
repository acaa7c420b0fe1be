package dialog

import (
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/dialog/morph"
)

// tokenTest decides about one token.
type tokenTest interface {
	// weigh tells whether the token at a place matches and what it is worth.
	weigh(in *Input, at int) (merit, bool)
}

// wordElement is an exact word or a punctuation character.
type wordElement struct {
	folded string
	worth  merit
}

func (e wordElement) ends(in *Input, starts positions) positions {
	out := in.arena.empty()
	places, ok := in.places[e.folded]
	if !ok {
		return out
	}
	carry := uint64(0)
	for i, start := range in.skipped(starts) {
		hit := start & places[i]
		out[i] = hit<<1 | carry
		carry = hit >> 63
	}
	return out
}

func (e wordElement) walk(s *scorer, from row) row { return walkToken(s, from, e) }

func (e wordElement) weigh(in *Input, at int) (merit, bool) {
	return e.worth, in.tokens[at].Folded == e.folded
}

// testElement is any other element that takes one token.
type testElement struct {
	test tokenTest
	node *nodeName // nil: it makes no node
}

func (e testElement) ends(in *Input, starts positions) positions {
	out := in.arena.empty()
	starts = in.skipped(starts)
	for at := starts.first(); at >= 0 && at < len(in.tokens); at = starts.next(at + 1) {
		if _, ok := e.test.weigh(in, at); ok {
			out.add(at + 1)
		}
	}
	return out
}

func (e testElement) walk(s *scorer, from row) row {
	out := walkToken(s, from, e.test)
	if e.node != nil {
		out.wrap(func(at int, c cell) effect { return nodeEffect{name: e.node, start: at - 1, end: at} })
	}
	return out
}

func walkToken(s *scorer, from row, test tokenTest) row {
	out := s.blank()
	from = s.skipped(from)
	for at, c := range from[:len(s.in.tokens)] {
		if !c.live {
			continue
		}
		if worth, ok := test.weigh(s.in, at); ok {
			out.offer(at+1, c.consume(at, s.in.merit(at, at+1, worth)))
		}
	}
	return out
}

// wildcardTest is a word with "*" in it: head*middle*tail.
type wildcardTest struct {
	head, tail string
	middle     []string
	letters    int
}

func newWildcard(folded string) wildcardTest {
	parts := strings.Split(folded, "*")
	test := wildcardTest{head: parts[0], tail: parts[len(parts)-1], middle: parts[1 : len(parts)-1]}
	test.letters = utf8.RuneCountInString(strings.Join(parts, ""))
	return test
}

func (t wildcardTest) weigh(in *Input, at int) (merit, bool) {
	word := in.tokens[at].Folded
	if !t.matches(word) {
		return merit{}, false
	}
	share := float64(t.letters) / float64(utf8.RuneCountInString(word))
	return newMerit(in.matcher.weights.Word*share, false), true
}

func (t wildcardTest) matches(word string) bool {
	if !strings.HasPrefix(word, t.head) || !strings.HasSuffix(word[len(t.head):], t.tail) {
		return false
	}
	word = word[len(t.head) : len(word)-len(t.tail)]
	for _, part := range t.middle {
		_, after, ok := strings.Cut(word, part)
		if !ok {
			return false
		}
		word = after
	}
	return true
}

// lemmaTest is ~word: the word or any form of it (dialog-language 4.2).
type lemmaTest struct{ word wordForms }

func (t lemmaTest) weigh(in *Input, at int) (merit, bool) {
	if in.tokens[at].Folded == t.word.folded {
		return newMerit(in.matcher.weights.Word, false), true
	}
	return newMerit(in.matcher.weights.Form, false), in.forms.isForm(at, t.word)
}

// morphTest is $morph<>: a word that can be read with the tags.
type morphTest struct{ requirement morph.Requirement }

func (t morphTest) weigh(in *Input, at int) (merit, bool) {
	return newMerit(in.matcher.weights.Morph, false), slices.ContainsFunc(in.forms.parses(at), t.requirement.Fits)
}

// oneWordTest is $oneWord: any token but punctuation, any at all when the request
// has nothing else.
type oneWordTest struct{}

func (oneWordTest) weigh(in *Input, at int) (merit, bool) {
	return newMerit(in.matcher.weights.OneWord, false), in.counts(at)
}
