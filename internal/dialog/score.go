package dialog

import "math"

// Weights is how much of a token an element of a pattern explains, 0 to 1: the
// table of dialog-language 4.6. A wildcard word counts the share of the token
// that is written out, "*" and $nonEmptyGarbage count nothing.
type Weights struct {
	// Word is an exact word, or a lemma or synonym in the form that was written.
	Word float64
	// Form is a lemma or synonym recognised in another form.
	Form float64
	// Regexp is $regexp<> in all spellings.
	Regexp float64
	// Entity is an @entity found by the NLU.
	Entity float64
	// Morph is $morph<>.
	Morph float64
	// OneWord is $oneWord.
	OneWord float64
}

// DefaultWeights are the measured weights of dialog-language 4.6.
func DefaultWeights() Weights {
	return Weights{Word: 1, Form: 0.95, Regexp: 1, Entity: 1, Morph: 0.9, OneWord: 0.3}
}

// merit is the worth of one way to read a request, as a sum over its tokens.
// Sums of integers do not depend on their order, so equal readings tie exactly.
type merit struct {
	// weight is the explained share in units of 1e-9 tokens.
	weight int64
	// exact counts tokens matched by exact words.
	exact int32
	// covered counts tokens not left to "*"; it makes captures greedy.
	covered int32
}

const meritUnit = 1e9

func newMerit(weight float64, exact bool) merit {
	m := merit{weight: int64(math.Round(weight * meritUnit)), covered: 1}
	if exact {
		m.exact = 1
	}
	return m
}

func (m merit) plus(n merit) merit {
	return merit{weight: m.weight + n.weight, exact: m.exact + n.exact, covered: m.covered + n.covered}
}

// better orders readings of one pattern: explained share, exact words, tokens
// outside garbage.
func (m merit) better(than merit) bool {
	if m.weight != than.weight {
		return m.weight > than.weight
	}
	if m.exact != than.exact {
		return m.exact > than.exact
	}
	return m.covered > than.covered
}

// coverage is the score before modifiers: the explained share of the words.
func (m merit) coverage(words int) float64 {
	if words == 0 {
		return 0
	}
	return float64(m.weight) / meritUnit / float64(words)
}

// modifier is one $weight<> on the matched path: score*factor + term.
type modifier struct{ factor, term float64 }

// modified applies the modifiers in text order. ok is false when there were any
// and the result is not above 0: then the pattern does not match.
func modified(score float64, modifiers []modifier) (result float64, ok bool) {
	for _, m := range modifiers {
		score = score*m.factor + m.term
	}
	return score, len(modifiers) == 0 || score > 0
}
