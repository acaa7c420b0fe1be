package dialog

import (
	"slices"
	"time"

	"parley/internal/dialog/nlu"
)

// Input is one request prepared for matching: split, folded and stemmed once.
// Everything patterns share while they are matched is remembered in it. An Input
// belongs to one goroutine.
type Input struct {
	text   string
	tokens []Token
	stems  []string
	// words counts the tokens a score is divided by: those that are no
	// punctuation, or all when there is nothing else.
	words           int
	onlyPunctuation bool

	// places holds where each folded token stands, punctuation which tokens may
	// be skipped; hasPunctuation spares the work when there is none.
	places         map[string]positions
	punctuation    positions
	hasPunctuation bool

	matcher *Matcher
	arena   positionArena
	tables  map[*sharedElement]*endTable
	readings
	spans       map[spanSource]*spanTable
	entities    map[string][][]span
	now         time.Time
	lookup      nlu.Lookup // finds entities instead of those of the matcher
	backtracked map[backtrackKey]positions
	forms       tokenTable
	// slow are the expressions that ran into backtrackTimeout.
	slow map[*backtrackRegexp]bool
}

// Input prepares a request.
func (m *Matcher) Input(text string) *Input {
	in := &Input{text: text, matcher: m, tokens: m.tokenizer.split(text)}
	in.arena.width = len(in.tokens)>>6 + 1
	in.punctuation = in.newPositions()
	in.places = make(map[string]positions, len(in.tokens))
	in.stems = make([]string, len(in.tokens))
	for i, token := range in.tokens {
		in.place(i, token)
		in.stems[i] = m.stemmer.stem(token.Folded)
	}
	in.forms = tokenTable{lexicon: m.lexicon, tokens: in.tokens, stems: in.stems}
	in.countWords()
	return in
}

// At sets the moment of the request, which relative dates count from.
func (in *Input) At(now time.Time) *Input {
	in.now = now
	return in
}

// Text is the request as it was given.
func (in *Input) Text() string { return in.text }

// Tokens are the words and punctuation characters of the request. Do not change
// them.
func (in *Input) Tokens() []Token { return in.tokens }

func (in *Input) newPositions() positions { return make(positions, in.arena.width) }

func (in *Input) place(i int, token Token) {
	if in.places[token.Folded] == nil {
		in.places[token.Folded] = in.newPositions()
	}
	in.places[token.Folded].add(i)
	if token.Punctuation {
		in.punctuation.add(i)
		in.hasPunctuation = true
	}
}

func (in *Input) countWords() {
	for _, token := range in.tokens {
		if !token.Punctuation {
			in.words++
		}
	}
	if in.words == 0 {
		in.words, in.onlyPunctuation = len(in.tokens), true
	}
}

// skipped adds to a set the places reached by skipping punctuation.
func (in *Input) skipped(starts positions) positions {
	if !in.hasPunctuation {
		return starts
	}
	out := in.arena.empty()
	copy(out, starts)
	for at := in.punctuation.first(); at >= 0; at = in.punctuation.next(at + 1) {
		if out.has(at) {
			out.add(at + 1)
		}
	}
	return out
}

// counts tells whether a token takes part in the score.
func (in *Input) counts(at int) bool {
	return in.onlyPunctuation || !in.tokens[at].Punctuation
}

// merit is the worth of the tokens from start to end when each is worth one.
func (in *Input) merit(start, end int, one merit) merit {
	var sum merit
	for at := start; at < end; at++ {
		if in.counts(at) {
			sum = sum.plus(one)
		} else {
			sum.covered++
		}
	}
	return sum
}

// slice is the text of the tokens from start to end, as it was typed.
func (in *Input) slice(start, end int) string {
	if start >= end {
		return ""
	}
	return in.text[in.tokens[start].Start:in.tokens[end-1].End]
}

// SharedWords counts the words of a request that stand in another one, in some form.
func SharedWords(in, other *Input) int {
	count := 0
	for i, token := range in.tokens {
		if !token.Punctuation && slices.Contains(other.stems, in.stems[i]) {
			count++
		}
	}
	return count
}
