package dialog

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// naive reads an element from one start by trying everything: the ends and the
// best merit for each. It shares nothing with the matcher but the tests of single
// tokens.
func naive(in *Input, e element, start int) map[int]merit {
	switch e := e.(type) {
	case wordElement:
		return naiveToken(in, e, start)
	case testElement:
		return naiveToken(in, e.test, start)
	case starElement:
		return naiveGarbage(in, start, false)
	case garbageElement:
		return naiveGarbage(in, start, true)
	case effectElement:
		return map[int]merit{start: {}}
	case sequenceElement:
		return naiveSequence(in, e.items, start)
	case choiceElement:
		out := map[int]merit{}
		for _, alternative := range e.alternatives {
			keepBest(out, naive(in, alternative, start), merit{})
		}
		return out
	case optionElement:
		out := map[int]merit{start: {}}
		keepBest(out, naive(in, e.body, start), merit{})
		return out
	case permutationElement:
		return naivePermutation(in, e.members, start)
	case nestedElement:
		return naive(in, e.shared.body, start)
	case *namedElement:
		return naive(in, e.shared.body, start)
	case repeatElement:
		return naiveRepeat(in, e, start)
	case neverElement:
		return nil
	}
	panic(fmt.Sprintf("no naive reading of %T", e))
}

func keepBest(out, found map[int]merit, before merit) {
	for end, m := range found {
		sum := before.plus(m)
		if old, ok := out[end]; !ok || sum.better(old) {
			out[end] = sum
		}
	}
}

func naiveToken(in *Input, test tokenTest, start int) map[int]merit {
	out := map[int]merit{}
	for at := start; at < len(in.tokens); at++ {
		if worth, ok := test.weigh(in, at); ok {
			keepBest(out, map[int]merit{at + 1: in.merit(at, at+1, worth)}, merit{})
		}
		if !in.tokens[at].Punctuation {
			break
		}
	}
	return out
}

func naiveGarbage(in *Input, start int, nonEmpty bool) map[int]merit {
	out := map[int]merit{}
	solid := false
	for end := start; ; end++ {
		switch {
		case !nonEmpty:
			out[end] = merit{}
		case solid:
			out[end] = merit{covered: int32(end - start)}
		}
		if end == len(in.tokens) {
			return out
		}
		solid = solid || !in.tokens[end].Punctuation
	}
}

func naiveSequence(in *Input, items []element, start int) map[int]merit {
	reached := map[int]merit{start: {}}
	for _, item := range items {
		next := map[int]merit{}
		for at, before := range reached {
			keepBest(next, naive(in, item, at), before)
		}
		reached = next
	}
	return reached
}

func naivePermutation(in *Input, members []element, start int) map[int]merit {
	if len(members) == 0 {
		return map[int]merit{start: {}}
	}
	out := map[int]merit{}
	for i, member := range members {
		rest := slices.Delete(slices.Clone(members), i, i+1)
		for at, before := range naive(in, member, start) {
			keepBest(out, naivePermutation(in, rest, at), before)
		}
	}
	return out
}

func naiveRepeat(in *Input, e repeatElement, start int) map[int]merit {
	out := naive(in, e.shared.body, start)
	for range in.tokens {
		for at, before := range maps.Clone(out) {
			keepBest(out, naive(in, e.shared.body, at), before)
		}
	}
	return out
}

// patternMaker makes random patterns.
type patternMaker struct {
	*rand.Rand
	names []string
}

func (p *patternMaker) pattern(depth int) string {
	parts := make([]string, 1+p.IntN(3))
	for i := range parts {
		parts[i] = p.item(depth)
	}
	return strings.Join(parts, " ")
}

func (p *patternMaker) item(depth int) string {
	leaves := []string{"a", "b", "c", "a*", "*b", "*", "*", "?", ",", "~a", "$oneWord", "$nonEmptyGarbage", "a:1", "[b]"}
	for _, name := range p.names {
		leaves = append(leaves, "$"+name, "$repeat<$"+name+">")
	}
	if depth == 0 {
		return leaves[p.IntN(len(leaves))]
	}
	switch p.IntN(8) {
	case 0:
		return "(" + p.pattern(depth-1) + "|" + p.pattern(depth-1) + ")"
	case 1:
		return "[" + p.pattern(depth-1) + "]"
	case 2:
		return "{" + p.pattern(depth-1) + " " + p.item(depth-1) + "}"
	case 3:
		return "(" + p.pattern(depth-1) + "/)"
	}
	return leaves[p.IntN(len(leaves))]
}

func (p *patternMaker) text() string {
	words := []string{"a", "b", "c", "ab", "x", ",", "?"}
	parts := make([]string, p.IntN(6))
	for i := range parts {
		parts[i] = words[p.IntN(len(words))]
	}
	return strings.Join(parts, " ")
}

// TestMatcherAgreesWithNaive: recogniser and scoring walk find exactly what trying
// everything finds, and the walk finds the best reading of it.
func TestMatcherAgreesWithNaive(t *testing.T) {
	maker := &patternMaker{Rand: rand.New(rand.NewPCG(1, 2))}
	matched := 0
	for range 4000 {
		maker.names = nil
		lines := []string{"A = " + maker.pattern(1)}
		maker.names = []string{"A"}
		lines = append(lines, "B = "+maker.pattern(1))
		maker.names = []string{"A", "B"}
		m := newTestMatcher(t, Vocabulary{Language: "en", Named: definePatterns(lines...)})
		pattern := compilePattern(t, m, maker.pattern(2))
		for range 5 {
			matched += agree(t, m.Input(maker.text()), pattern, lines)
		}
	}
	if matched < 2000 {
		t.Errorf("only %d random patterns matched, the test is too weak", matched)
	}
}

// agree compares the readings of one pattern; it returns the number of matches.
func agree(t *testing.T, in *Input, pattern *CompiledPattern, named []string) int {
	t.Helper()
	want := naive(in, pattern.body, 0)
	start := in.newPositions()
	start.add(0)
	ends := pattern.body.ends(in, start)
	s := &scorer{in: in, steps: scoringSteps}
	row := pattern.body.walk(s, s.newRow(0))
	for at := 0; at <= len(in.tokens); at++ {
		best, ok := want[at]
		if ends.has(at) != ok || row[at].live != ok || ok && row[at].merit != best {
			t.Fatalf("%q on %q with %q at %d: naive %v %+v, recognised %v, walk %+v",
				pattern.Pattern.Source.Text, in.text, named, at, ok, best, ends.has(at), row[at])
		}
	}
	matches, _ := in.Match(t.Context(), pattern)
	return len(matches)
}

// TestLinearRegexpAgreesWithPackageRegexp: the set of ends for every start is what
// the standard engine says about each stretch of tokens.
func TestLinearRegexpAgreesWithPackageRegexp(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	atoms := []string{"a", "b", ".", `\s`, `\w+`, "[ab]*", "(a|ab)", "(?:a|b c)*", "^", "$", `\b`, `\B`, "a?", "(b|)", ",", ".*", "a{1,2}", `\S`}
	for range 3000 {
		source := ""
		for range 1 + random.IntN(5) {
			source += atoms[random.IntN(len(atoms))]
		}
		compiled, err := compileTextRegexp(source, false)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		if _, ok := compiled.(*linearRegexp); !ok {
			t.Fatalf("%s is not run in linear time", source)
		}
		maker := &patternMaker{Rand: random}
		in := enMatcher(t).Input(maker.text())
		compareRegexp(t, in, compiled, regexp.MustCompile(`\A(?:`+source+`)\z`))
	}
}

func compareRegexp(t *testing.T, in *Input, compiled textRegexp, whole *regexp.Regexp) {
	t.Helper()
	all, union := in.newPositions(), in.newPositions()
	for start := range in.tokens {
		one, ends := in.newPositions(), in.newPositions()
		one.add(start)
		all.add(start)
		compiled.ends(in, one, ends)
		union.union(ends)
		for end := start + 1; end <= len(in.tokens); end++ {
			if want := whole.MatchString(in.slice(start, end)); want != ends.has(end) {
				t.Fatalf("%s on %q: want %v, got %v", whole, in.slice(start, end), want, ends.has(end))
			}
		}
	}
	together := in.newPositions()
	compiled.ends(in, all, together)
	if !slices.Equal(together, union) {
		t.Fatalf("%s on %q: all starts together give %b, one by one %b", whole, in.text, together, union)
	}
}
