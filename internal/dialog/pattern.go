package dialog

// Pattern is a parsed pattern of a trigger or of a named pattern (dialog-language
// 4.1). It does not depend on the language or on other patterns; a Matcher
// compiles it. It is immutable.
type Pattern struct {
	Source Source
	body   expression
}

// MaxPatternDepth is how deep brackets of one pattern may nest.
const MaxPatternDepth = 200

// MaxPermutation is how many members one { } may have.
const MaxPermutation = 8

// ParsePattern reads a pattern. The pattern is never nil: one with errors matches
// nothing.
func ParsePattern(source Source) (*Pattern, []Diagnostic) {
	p := &patternParser{patternCursor: &patternCursor{source: source, text: source.Text}}
	body := p.whole()
	if HasErrors(p.found) {
		body = neverExpr{}
	}
	return &Pattern{Source: source, body: body}, p.found
}

// expression is a node of the parsed pattern.
type expression interface {
	// compile gives the element that matches it.
	compile(c *patternCompiler) element
	// demands tells whether it needs at least one word of the request: beside
	// such a neighbour a punctuation character of the pattern is optional.
	demands() bool
}

type (
	sequenceExpr struct{ items []expression }
	choiceExpr   struct{ alternatives []expression }
	optionExpr   struct{ body expression }
	// permutationExpr holds the members of each alternative of { }.
	permutationExpr struct {
		alternatives [][]expression
	}
	// wordExpr is a run of characters: words, wildcards and punctuation.
	wordExpr  struct{ text string }
	lemmaExpr struct {
		pos  Pos
		text string
	}
	// anyExpr is $oneWord, garbageExpr is $nonEmptyGarbage.
	anyExpr     struct{ alias string }
	garbageExpr struct{ alias string }
	refExpr     struct {
		pos         Pos
		name, alias string
		repeat      bool
	}
	regexpExpr struct {
		alias    string
		compiled textRegexp
	}
	morphExpr struct {
		pos  Pos
		tags string
	}
	entityExpr struct {
		pos               Pos
		dictionary, alias string
	}
	nluExpr struct {
		pos         Pos
		name, alias string
	}
	weightExpr struct{ modifier modifier }
	valueExpr  struct {
		item  expression
		value string
	}
	neverExpr struct{}
)
