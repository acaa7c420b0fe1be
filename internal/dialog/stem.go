package dialog

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"
)

type stemFunc func(*snowballstem.Env) bool

// stemmer cuts inflected endings. Two words are forms of one lemma when their
// stems are equal; that is close to a dictionary, not the same.
type stemmer struct {
	// own stems the bot's language; Latin words in a Cyrillic bot are taken for
	// English and Cyrillic words elsewhere for Russian.
	own      stemFunc
	cyrillic bool
}

// newStemmer gives the stemmer of a language ("ru", "en-US"). ok is false when
// there is none: then a word has one form only.
func newStemmer(language string) (s stemmer, ok bool) {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	own, ok := stemFuncs()[base]
	return stemmer{own: own, cyrillic: base == "ru"}, ok
}

func stemFuncs() map[string]stemFunc {
	return map[string]stemFunc{
		"ru": russian.Stem, "en": english.Stem, "de": german.Stem, "fr": french.Stem,
		"es": spanish.Stem, "it": italian.Stem, "pt": portuguese.Stem, "nl": dutch.Stem,
		"sv": swedish.Stem, "da": danish.Stem, "no": norwegian.Stem, "nb": norwegian.Stem,
		"fi": finnish.Stem, "hu": hungarian.Stem, "ro": romanian.Stem, "tr": turkish.Stem,
	}
}

// stem gives the stem of a folded word; the parts of a hyphenated word are
// stemmed one by one.
func (s stemmer) stem(folded string) string {
	if !strings.Contains(folded, "-") {
		return s.part(folded)
	}
	parts := strings.Split(folded, "-")
	for i, part := range parts {
		parts[i] = s.part(part)
	}
	return strings.Join(parts, "-")
}

// lemma gives the stems that forms of a dictionary form can have: the usual one,
// and for Russian names in "-ов" and "-ев" one with the ending, which elsewhere is
// a plural's. "Саратов" has the form "Саратове".
func (s stemmer) lemma(folded string) (stem, named string) {
	stem = s.stem(folded)
	parts := strings.Split(folded, "-")
	if !slices.ContainsFunc(parts, keepsEnding) {
		return stem, stem
	}
	for i, part := range parts {
		if !keepsEnding(part) {
			parts[i] = s.part(part)
		}
	}
	return stem, strings.Join(parts, "-")
}

func keepsEnding(word string) bool {
	return strings.HasSuffix(word, "ов") || strings.HasSuffix(word, "ев")
}

func (s stemmer) part(word string) string {
	run := s.choose(word)
	if run == nil {
		return word
	}
	env := snowballstem.NewEnv(word)
	run(env)
	return env.Current()
}

// choose picks the stemmer by the script of the first letter.
func (s stemmer) choose(word string) stemFunc {
	switch r, _ := utf8.DecodeRuneInString(word); {
	case unicode.Is(unicode.Cyrillic, r) && !s.cyrillic && s.own != nil:
		return russian.Stem
	case unicode.Is(unicode.Latin, r) && s.cyrillic:
		return english.Stem
	case unicode.IsLetter(r):
		return s.own
	}
	return nil
}
