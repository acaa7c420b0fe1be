package dialog

import (
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzPattern: no pattern and no request makes the matcher panic or hang, and
// what is recognised is scored.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{
		"* (a|b) [c/d] {e f *} *", "~дом $oneWord::x $repeat<$N> $N:1", "$regexp<(?<n>a)\\k<n>> $regexp_i<\\w+>", "$entity<City>::to @e.x::y",
		"$weight<1.5-0.2> x $morph<а б>", "((((", "{{{a b} c} d}", "a : b :: c", "$regexp<[>", "|/|", "~*", "*a*b*", "'s n't don't", "\xff$\xfe<",
	} {
		f.Add(seed, "a b c, ёж! don't")
		f.Add(seed, "\xffa\u0301 👍🏽 17-18")
	}
	matchers := make([]*Matcher, 0, 2)
	for _, language := range []string{"ru", "en"} {
		matchers = append(matchers, newTestMatcher(f, Vocabulary{Language: language, Named: definePatterns("N = (a:1|[b] c)"),
			Dictionaries: []*Dictionary{cityDictionary(false)}, Entities: fakeEntities{"e.x": {{Start: -3, End: 2}, {Start: 1, End: 1 << 30}}}}))
	}
	f.Fuzz(func(t *testing.T, source, text string) {
		if len(source) > 300 || len(text) > 300 {
			return
		}
		start := time.Now()
		pattern, found := ParsePattern(NewSource(source, Pos{File: "a.sc", Line: 1, Column: 1}))
		for _, d := range found {
			if d.Line < 1 || d.Column < 1 || d.Column > utf8.RuneCountInString(source)+1 {
				t.Errorf("%v is outside of the pattern", d)
			}
		}
		for _, m := range matchers {
			compiled, _ := m.Compile(pattern)
			in := m.Input(text)
			recognised, err := in.Recognise(t.Context(), compiled)
			if err != nil {
				t.Fatal(err)
			}
			matches, err := in.Match(t.Context(), compiled)
			if err != nil || len(matches) > len(recognised) || len(matches) == 1 && matches[0].Tree == nil {
				t.Fatalf("recognised %v, matches %v, %v", recognised, matches, err)
			}
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
