package dialog

import (
	"context"
	"sort"
)

// Match is one pattern that fits a request.
type Match struct {
	// Index is the place of the pattern in the list given to Input.Match.
	Index int
	// Score is 0 to 1 before $weight<>, which may raise it (dialog-language 4.6).
	Score float64
	// Exact is the number of tokens matched by exact words: the more, the more
	// specific the pattern.
	Exact int
	Tree  *ParseNode
	// Truncated tells that scoring took too many steps: the pattern does match, but
	// Score is 0 and Tree has only the root.
	Truncated bool
}

// CompiledPattern is a pattern bound to a Matcher: its language, named patterns
// and dictionaries. It is immutable and safe for concurrent use.
type CompiledPattern struct {
	Pattern *Pattern
	body    element
}

// Match gives the patterns that fit the request, in the order given. All are
// recognised first, which is cheap; only those that fit are scored. The error is
// that of ctx, looked at between patterns.
func (in *Input) Match(ctx context.Context, patterns ...*CompiledPattern) ([]Match, error) {
	recognised, err := in.Recognise(ctx, patterns...)
	if err != nil {
		return nil, err
	}
	var matches []Match
	for _, i := range recognised {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if match, ok := in.score(patterns[i]); ok {
			match.Index = i
			matches = append(matches, match)
		}
	}
	return matches, nil
}

// Recognise gives the indexes of the patterns that fit before $weight<> is
// applied; a weight can still refuse some of them.
func (in *Input) Recognise(ctx context.Context, patterns ...*CompiledPattern) ([]int, error) {
	var recognised []int
	for i, pattern := range patterns {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if in.recognises(pattern.body) {
			recognised = append(recognised, i)
		}
	}
	return recognised, nil
}

func (in *Input) recognises(body element) bool {
	mark := in.arena.mark()
	defer in.arena.release(mark)
	start := in.arena.empty()
	start.add(0)
	return in.skipped(body.ends(in, start)).has(len(in.tokens))
}

// score finds the best reading of a recognised pattern.
func (in *Input) score(pattern *CompiledPattern) (Match, bool) {
	s := &scorer{in: in, steps: scoringSteps}
	last := s.skipped(pattern.body.walk(s, s.newRow(0)))[len(in.tokens)]
	builder := &treeBuilder{in: in}
	if s.exhausted() || !last.live {
		return Match{Tree: builder.root(nil), Truncated: true}, true
	}
	tree := builder.root(last.trace)
	score, ok := modified(last.merit.coverage(in.words), builder.modifiers)
	return Match{Score: score, Exact: int(last.merit.exact), Tree: tree}, ok
}

// SortMatches puts the best match first: by score, then by exact words, then by
// the order given. Distance between contexts, which comes before exact words, is
// the caller's.
func SortMatches(matches []Match) {
	sort.SliceStable(matches, func(i, j int) bool {
		a, b := matches[i], matches[j]
		if diff := a.Score - b.Score; diff > ScoreTie || diff < -ScoreTie {
			return diff > 0
		}
		if a.Exact != b.Exact {
			return a.Exact > b.Exact
		}
		return a.Index < b.Index
	})
}

// ScoreTie is the difference below which two scores are equal.
const ScoreTie = 1e-6
