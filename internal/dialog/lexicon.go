package dialog

import (
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/dialog/morph"
)

// lexicon gives the dictionary forms of words in the language of a bot. The Russian
// dictionary is unpacked when the first Russian word is looked up, never for bots
// that need no forms.
type lexicon struct{ russian, english bool }

func newLexicon(language string) lexicon {
	russian := strings.HasPrefix(strings.ToLower(language), "ru")
	return lexicon{russian: russian, english: russian || isEnglish(language)}
}

// lemmas gives the dictionary forms of a folded word, folded as well; nil when no
// dictionary has it.
func (l lexicon) lemmas(folded string) []string {
	if folded == "" {
		return nil
	}
	if folded[0] < utf8.RuneSelf {
		if l.english {
			return morph.EnglishLemmas(folded)
		}
		return nil
	}
	d := l.dictionary()
	if d == nil {
		return nil
	}
	lemmas := d.Lemmas(folded)
	if len(lemmas) > 0 && utf8.RuneCountInString(folded) == 1 {
		return []string{folded} // it abbreviates many words and is a form of none
	}
	for i, lemma := range lemmas {
		lemmas[i] = fold(lemma)
	}
	return lemmas
}

// parses gives the readings of a folded word, predicted ones if need be.
func (l lexicon) parses(folded string) []morph.Parse {
	if d := l.dictionary(); d != nil {
		return d.Parse(folded)
	}
	return nil
}

// finite tells whether a folded word can only be a personal form of a verb.
func (l lexicon) finite(folded string) bool {
	parses := l.parses(folded)
	return len(parses) > 0 && !slices.ContainsFunc(parses, func(p morph.Parse) bool { return p.Predicted || p.Tag.Part() != "VERB" })
}

// dictionary is the Russian one, nil when the language has none. It is part of the
// program, so reading it cannot fail.
func (l lexicon) dictionary() *morph.Dictionary {
	if !l.russian {
		return nil
	}
	d, err := morph.Russian()
	if err != nil {
		return nil
	}
	return d
}

// wordForms is a word of a pattern or of a dictionary by what its other forms are
// recognised: a lemma they share, or, where a word is in no dictionary, the stem.
type wordForms struct {
	folded string
	// lemmas is nil for a word that no dictionary has. A word that is a dictionary
	// form itself stands for no other.
	lemmas []string
	stems  []string
}

func (m *Matcher) forms(folded string) wordForms {
	f := wordForms{folded: folded, lemmas: m.lexicon.lemmas(folded)}
	if slices.Contains(f.lemmas, folded) {
		f.lemmas = []string{folded}
	}
	stem, named := m.stemmer.lemma(folded)
	f.stems = []string{stem}
	if named != stem {
		f.stems = append(f.stems, named)
	}
	return f
}

// tokenTable is what is known of the tokens of a request, each looked up when
// something asks for it.
type tokenTable struct {
	lexicon lexicon
	tokens  []Token
	stems   []string
	rows    []tokenForms // nil when nothing asked
}

type tokenForms struct {
	lemmas   []string
	parses   []morph.Parse
	lemmasOK bool
	parsesOK bool
}

func (t *tokenTable) row(at int) *tokenForms {
	if t.rows == nil {
		t.rows = make([]tokenForms, len(t.tokens))
	}
	return &t.rows[at]
}

// lemmas gives the dictionary forms of a token, all homonyms; nil when no dictionary
// has it.
func (t *tokenTable) lemmas(at int) []string {
	row := t.row(at)
	if !row.lemmasOK {
		row.lemmas, row.lemmasOK = t.lexicon.lemmas(t.tokens[at].Folded), true
	}
	return row.lemmas
}

func (t *tokenTable) parses(at int) []morph.Parse {
	row := t.row(at)
	if !row.parsesOK {
		row.parses, row.parsesOK = t.lexicon.parses(t.tokens[at].Folded), true
	}
	return row.parses
}

// isForm tells whether a token is a form of a word.
func (t *tokenTable) isForm(at int, word wordForms) bool {
	if len(word.lemmas) > 0 {
		if lemmas := t.lemmas(at); len(lemmas) > 0 {
			return slices.ContainsFunc(lemmas, func(lemma string) bool { return slices.Contains(word.lemmas, lemma) })
		}
	}
	return slices.Contains(word.stems, t.stems[at])
}
