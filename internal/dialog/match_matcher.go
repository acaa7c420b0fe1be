package dialog

import (
	"sync"
	"time"
)

// Vocabulary is what patterns of a project refer to.
type Vocabulary struct {
	// Language chooses stemmer and tokenizer, for example "ru" or "en".
	Language string
	// Named are the named patterns in load order; the last definition of a name
	// wins.
	Named []*NamedPattern
	// Dictionaries serve $entity<>; the last one of a name wins.
	Dictionaries []*Dictionary
	// Entities serves @entity; nil means that none ever matches.
	Entities Entities
	// Incomplete makes unknown names warnings: a module is missing.
	Incomplete bool
	// Weights is the scoring table; the zero value means DefaultWeights.
	Weights Weights
}

// Entities finds NLU entities in a request.
type Entities interface {
	// Known tells whether there is anything to find by a name; Names are those
	// that are.
	Known(name string) bool
	Names() []string
	// Find gives the places of the entity in the text; relative dates count from
	// now. It is called at most once for each name and request, from many goroutines
	// at once.
	Find(text, name string, now time.Time) []EntitySpan
}

// EntitySpan is one entity found: bytes Start to End of the text. It is widened
// to whole tokens.
type EntitySpan struct {
	Start, End int
	Value      any // nil for none: then the text counts
}

// Matcher compiles patterns of one project and prepares requests for them. It is
// immutable and safe for concurrent use.
type Matcher struct {
	tokenizer  tokenizer
	stemmer    stemmer
	stems      bool // the language has a stemmer
	lexicon    lexicon
	weights    Weights
	named      map[string]*sharedElement
	indexes    map[string]func() *dictionaryIndex
	entities   Entities
	incomplete bool
}

// NewMatcher compiles the named patterns. Errors in one of them leave the others
// usable; the one with the error matches nothing.
func NewMatcher(v Vocabulary) (*Matcher, []Diagnostic) {
	m := &Matcher{weights: v.Weights, entities: v.Entities, incomplete: v.Incomplete}
	if m.weights == (Weights{}) {
		m.weights = DefaultWeights()
	}
	m.tokenizer.english = isEnglish(v.Language)
	m.stemmer, m.stems = newStemmer(v.Language)
	m.lexicon = newLexicon(v.Language)
	var found []Diagnostic
	m.indexes, found = m.dictionaries(v.Dictionaries)
	return m, append(found, m.define(v.Named)...)
}

// Compile binds a pattern to the matcher. A pattern with errors matches nothing.
func (m *Matcher) Compile(pattern *Pattern) (*CompiledPattern, []Diagnostic) {
	c := &patternCompiler{matcher: m}
	body := pattern.body.compile(c)
	return &CompiledPattern{Pattern: pattern, body: body}, c.found
}

// dictionaries prepares the indexes; each is built when a pattern first uses it.
func (m *Matcher) dictionaries(list []*Dictionary) (map[string]func() *dictionaryIndex, []Diagnostic) {
	var found []Diagnostic
	indexes := make(map[string]func() *dictionaryIndex, len(list))
	places := map[string]Pos{}
	for _, dictionary := range list {
		name := dictionary.Name
		if first, ok := places[name]; ok && first != dictionary.Pos {
			found = append(found, newDiagnostic(Warning, dictionary.Pos, "dictionary-again",
				"dictionary "+name+" replaces the one at "+first.String(), ""))
		}
		places[name] = dictionary.Pos
		indexes[name] = sync.OnceValue(func() *dictionaryIndex { return newDictionaryIndex(m, dictionary) })
	}
	return indexes, found
}
