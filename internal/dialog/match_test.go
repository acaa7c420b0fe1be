package dialog

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// newTestMatcher is a matcher without errors.
func newTestMatcher(t testing.TB, v Vocabulary) *Matcher {
	t.Helper()
	m, found := NewMatcher(v)
	for _, d := range found {
		if d.Severity == Error {
			t.Fatal(d)
		}
	}
	return m
}

// definePatterns makes named patterns from "Name = body" lines.
func definePatterns(lines ...string) []*NamedPattern {
	var list []*NamedPattern
	for i, line := range lines {
		name, body, _ := strings.Cut(line, " = ")
		pos := Pos{File: "named.sc", Line: i + 1, Column: 1}
		list = append(list, &NamedPattern{Pos: pos, Name: name, Body: NewSource(body, pos)})
	}
	return list
}

func compilePattern(t testing.TB, m *Matcher, source string) *CompiledPattern {
	t.Helper()
	pattern, found := ParsePattern(NewSource(source, Pos{File: "main.sc", Line: 1, Column: 1}))
	compiled, more := m.Compile(pattern)
	for _, d := range append(found, more...) {
		if d.Severity == Error {
			t.Fatalf("%s: %v", source, d)
		}
	}
	return compiled
}

// matchOne gives the match of one pattern, nil when there is none.
func matchOne(t testing.TB, m *Matcher, source, text string) *Match {
	t.Helper()
	matches, err := m.Input(text).Match(context.Background(), compilePattern(t, m, source))
	if err != nil {
		t.Fatal(err)
	}
	if len(matches) == 0 {
		return nil
	}
	return &matches[0]
}

func ruMatcher(t testing.TB, lines ...string) *Matcher {
	return newTestMatcher(t, Vocabulary{Language: "ru", Named: definePatterns(lines...)})
}

func enMatcher(t testing.TB, lines ...string) *Matcher {
	return newTestMatcher(t, Vocabulary{Language: "en", Named: definePatterns(lines...)})
}

// TestConstructs has a line for every element and every sentence of
// dialog-language 4.1 to 4.3 and for the acceptance check 6.
func TestConstructs(t *testing.T) {
	named := []string{
		"Number = (one:1|two:2|$regexp<\\d+>)", "Twenty = twenty [$Number]", "hi = (hello|hi) [there]",
		"nothing = [x]", "Text = * $nonEmptyGarbage *", "AnyWord = (a*|b*|c*|д*)",
	}
	for _, c := range []struct{ pattern, yes, no string }{
		{"word", "word|WORD|Word!|...word", "words|word word||wor"},
		{"hello", "Hello!|hello", "hello bot"},
		{"how are you", "how are you|How are, you?", "are how you|how are|how xx are you"},
		{"*", "|a|a b c|?!", ""},
		{"* word *", "word|a word|word b|a b word c d|a, word!", "|wor|words"},
		{"word *", "word|word a b", "a word"},
		{"* word", "word|a b word|a word?", "word b"},
		{"put*", "putter|put|Putin!", "pu|input"},
		{"*put", "input|put", "inputs"},
		{"*put*", "input|put|inputs|putter", "inpt"},
		{"p*t", "pt|put|pivot", "p|t|puts"},
		{"p*t*r", "ptr|putter", "ptor1|pr"},
		{"aa*aa", "aaaa|aabaa", "aaa"},
		{"(a|b c)", "a|b c", "b|c|a b c"},
		{"(a/b c)", "a|b c", "b|c|a b c"},
		{"a|b", "a|b", "a b|"},
		{"a / b", "a|b", "a b"},
		{"(a|) b", "a b|b", "a"},
		{"x [a]", "x|x a", "x b|a"},
		{"x [a|b/c]", "x|x a|x b|x c", "x d|x a b"},
		{"[a] [b]", "|a|b|a b", "b a"},
		{"{a b}", "a b|b a", "a|b|a a|a b a"},
		{"{a b (c|d)}", "a b c|d b a|b c a", "a b|a b c d"},
		{"{a [b] c}", "a c|c a|a b c|c a b", "b|a b"},
		{"{a * b}", "a b|b a|a x b|x y b a|b a x y", "a|a x y b z"},
		{"{a b|c d}", "a b|b a|d c", "a c|a b c d"},
		{"{* a *}", "a|x a y|a y", "x"},
		{"{(a {b c}) d}", "a b c d|d a c b", "b a c d|a b d c"},
		{"$Number", "one|two|17", "three|one two"},
		{"$Twenty", "twenty|twenty one", "one"},
		{"$hi::greeting bot", "hello bot|hi there bot", "bot"},
		{"$nothing", "|x", "y"},
		{"$Text", "a|a b|привет, мир!", "|?"},
		{"$AnyWord", "apple|дом", "zoo|apple boy"},
		{"$repeat<$Number>", "one|one two|1 2 3", "|one x"},
		{"$repeat<$Number::n> end", "one end|one two end", "end"},
		{"$oneWord", "a|привет|!x", "a b||"},
		{"x $oneWord y", "x a y|x, a y", "x y|x a b y|x , y"},
		{"$nonEmptyGarbage", "a|a b!", "|?|..."},
		{"x $nonEmptyGarbage", "x y|x, y!|x y z", "x|x?"},
		{"a $weight<1.5> b", "a b", "a"},
		{"[x $weight<-1>] y", "y", "x y"},
		{"* [x $weight<-1>] * y", "y|z y", "x y|z x y"},
		{"слово:1", "слово", "слово 1"},
		{"слово : 1", "слово", "слово 1"},
		{"$regex</start>", "/start", "/stop"},
		{"$regex<start>", "/start|start", "Start|starts"},
		{"$regexp<[а-я]+ дом>", "мой дом", "Мой дом|дом"},
		{"$regexp_i<[а-я]+ дом>", "мой дом|Мой ДОМ", "дом"},
		{"* $regexp<\\d{3}> *", "123|a 123 b|123, b", "1234|a 12 b"},
		{"$regexp<\\+7 \\d+>", "+7 999", "7 999"},
		{"$regexp<a.*b> c", "ab c|a x y b c", "a b"},
		{"$regexp<(?<year>\\d{4})>", "2024", "24"},
		{"$regexp<(?!99)\\d\\d>", "12", "99"},
		{"$regexp<(\\d)\\1>", "11", "12"},
		{"$regexp<[^>]+> x", "ab x", "x"},
		{"$regexp<\\bмир\\b>", "мир", "миры"},
		{"* $regexp<^мир$> *", "мир|привет мир всем", "миры"},
		{"$regexp<\\u043c\\p{IsCyrillic}+>", "мир", "mir|пир"},
		{"$regexp<x*+y>", "xxy", "xx"},
		{"елка ещё", "ёлка еще|Ёлка ЕЩЁ", "елка"},
		{"straße", "STRASSE|Straße", "strase"},
		{"привет , мир", "привет мир|привет, мир!", "привет"},
		{"* кто ты * ?", "кто ты|а кто ты?", "кто"},
		{"(да|+)", "да|+|Да!", "|?|-"},
		{"кто-то", "кто-то|Кто-то?", "кто то|кто"},
		{"кто-*", "кто-то|кто-нибудь", "кто|кто-"},
		{"100 $", "100|100 $", "100 x"},
		{"a@b", "a@b|a b", "ab"},
		{"/start", "start|/start|", "stop"},
		{"👍🏽 | ❤", "👍🏽|❤️", "👍 👎|x"},
	} {
		m := ruMatcher(t, named...)
		for text := range strings.SplitSeq(c.yes, "|") {
			if matchOne(t, m, c.pattern, text) == nil {
				t.Errorf("%q does not match %q", c.pattern, text)
			}
		}
		if c.no == "" {
			continue
		}
		for text := range strings.SplitSeq(c.no, "|") {
			if matchOne(t, m, c.pattern, text) != nil {
				t.Errorf("%q matches %q", c.pattern, text)
			}
		}
	}
}

func TestEnglishContractions(t *testing.T) {
	m := enMatcher(t)
	for _, c := range []struct{ pattern, text string }{
		{"do n't", "don't"}, {"don't", "don't"}, {"don't", "do n't"}, {"don't", "DON’T"},
		{"i ca n't go", "I can't go!"}, {"what 's up", "What's up?"}, {"what's up", "what 's up"},
		{"i 'm * ", "I'm here"}, {"they 're", "they’re"}, {"o'clock", "o'clock"}, {"'hi'", "hi"},
		{"john 's car", "John's car"},
	} {
		if matchOne(t, m, c.pattern, c.text) == nil {
			t.Errorf("%q does not match %q", c.pattern, c.text)
		}
	}
	for _, c := range []struct{ pattern, text string }{{"do", "don't"}, {"what s", "what's"}} {
		if matchOne(t, m, c.pattern, c.text) != nil {
			t.Errorf("%q matches %q", c.pattern, c.text)
		}
	}
	if matchOne(t, ruMatcher(t), "don't", "don't") == nil {
		t.Error("an apostrophe must match itself in other languages")
	}
}

func TestLemma(t *testing.T) {
	m := ruMatcher(t)
	for _, c := range []struct {
		pattern, text string
		score         float64
	}{
		{"~машина", "машина", 1}, {"~машина", "машины", 0.95}, {"~машина", "Машинами!", 0.95},
		{"~ёлка", "елки", 0.95}, {"~ёлка", "ёлка", 1}, {"~киев", "киеву", 0.95}, {"~робот *", "роботы тут", 0.475}, {"~table", "tables", 0.95},
	} {
		got := matchOne(t, m, c.pattern, c.text)
		if got == nil || math.Abs(got.Score-c.score) > 1e-9 {
			t.Errorf("%q on %q: got %+v, want score %v", c.pattern, c.text, got, c.score)
		}
	}
	if matchOne(t, m, "~машина", "машинист") != nil {
		t.Error("a lemma matched another word")
	}
}

// TestScores holds the coverage formula of dialog-language 4.6.
func TestScores(t *testing.T) {
	m := newTestMatcher(t, Vocabulary{Language: "ru",
		Named:        definePatterns("N = (one|two)", "W = x $weight<0.5>"),
		Dictionaries: []*Dictionary{cityDictionary(false)}, Entities: fakeEntities{"place": {{Start: 0, End: 3, Value: "p"}}}})
	for _, c := range []struct {
		pattern, text string
		score         float64
		exact         int
	}{
		{"test 1", "test 1", 1, 2},
		{"* test 1 *", "test 1", 1, 2},
		{"* test *", "test 1", 0.5, 1},
		{"test", "test!?", 1, 1},
		{"test ?", "test?", 1, 1},
		{"*", "a b", 0, 0},
		{"*", "", 0, 0},
		{"[a]", "", 0, 0},
		{"?", "?", 1, 1},
		{"$nonEmptyGarbage", "a b", 0, 0},
		{"$oneWord", "a", 0.3, 0},
		{"put*", "putter", 0.5, 0},
		{"*ивет", "привет", 4.0 / 6, 0},
		{"п*т", "привет", 2.0 / 6, 0},
		{"$regexp<.*>", "a b, c", 1, 0},
		{"$regex</start>", "/start", 1, 0},
		{"$entity<City>", "москва", 1, 0},
		{"$entity<City>", "москве", 0.95, 0},
		{"* $entity<City> *", "в новом уренгое", 0.95 * 2 / 3, 0},
		{"@place *", "abc d", 0.5, 0},
		{"$N x", "one x", 1, 2},
		{"test [me]", "test me", 1, 2},
		{"* [me] test", "me test", 1, 2},
		{"(te*|test)", "test", 1, 1},
		{"a $weight<0.5> b", "a b", 0.5, 2},
		{"a $weight<0.5+0.2> b", "a b", 0.7, 2},
		{"a $weight<0.5-0.2> b", "a b", 0.3, 2},
		{"a $weight<+0.5> b", "a b", 1.5, 2},
		{"a $weight<-0.25> b", "a b", 0.75, 2},
		{"a $weight<-0.25> b $weight<0.5>", "a b", 0.375, 2},
		{"[$weight<2> a] b", "b", 1, 1},
		{"* $W *", "x y", 0.25, 1},
		{"{a b $weight<0.5>}", "b a", 0.5, 2},
	} {
		got := matchOne(t, m, c.pattern, c.text)
		if got == nil || math.Abs(got.Score-c.score) > 1e-6 || got.Exact != c.exact || got.Truncated {
			t.Errorf("%q on %q: got %+v, want %v with %d exact words", c.pattern, c.text, got, c.score, c.exact)
		}
	}
}

func TestWeightDropsMatch(t *testing.T) {
	m := ruMatcher(t)
	for _, pattern := range []string{"a $weight<-1>", "a $weight<0>", "a $weight<0.5-0.5>", "[* a $weight<-1> *]", "* $weight<2>"} {
		if got := matchOne(t, m, pattern, "a"); got != nil {
			t.Errorf("%q matches with score %v", pattern, got.Score)
		}
	}
}

func TestSortMatches(t *testing.T) {
	m := ruMatcher(t)
	sources := []string{"*", "тес*", "~тест", "тест", "(тест|x)", "* тест *"}
	var patterns []*CompiledPattern
	for _, source := range sources {
		patterns = append(patterns, compilePattern(t, m, source))
	}
	matches, err := m.Input("тест").Match(context.Background(), patterns...)
	if err != nil {
		t.Fatal(err)
	}
	SortMatches(matches)
	var order []int
	for _, match := range matches {
		order = append(order, match.Index)
	}
	if fmt.Sprint(order) != "[3 4 5 2 1 0]" {
		t.Errorf("order %v", order)
	}
}

func TestMatchObeysContext(t *testing.T) {
	m := ruMatcher(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.Input("a").Match(ctx, compilePattern(t, m, "a")); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

// TestLongRequest: more tokens than one machine word has bits.
func TestLongRequest(t *testing.T) {
	m := ruMatcher(t, "Number = $regexp<\\d+>", "Pair = ($Number $Number|{x y})")
	for _, words := range []int{62, 63, 64, 65, 127, 128, 129, 1000} {
		text := strings.Repeat("слово ", words-3) + "17 18 конец"
		for _, pattern := range []string{"* конец", "* $Pair конец", "* {конец 18 *}", "$repeat<$Word> 17 18 конец", "* $regexp<1.*ц>"} {
			if pattern[0] == '$' {
				pattern = "* слово 17 $Number::last конец"
			}
			got := matchOne(t, m, pattern, text)
			if got == nil || got.Truncated || got.Score <= 0 {
				t.Errorf("%d words: %q: %+v", words, pattern, got)
			}
		}
		if matchOne(t, m, "* начало *", text) != nil {
			t.Error("matched a word that is not there")
		}
	}
}

// hostilePatterns explode in matchers that expand or backtrack.
func hostilePatterns(levels int) []*NamedPattern {
	lines := []string{"A0 = (a|* a *)"}
	for i := 1; i <= levels; i++ {
		lines = append(lines, fmt.Sprintf("A%d = * $A%d [$A%d] (* $A%d *|$A%d $A%d|[a])", i, i-1, i-1, i-1, i-1, i-1))
	}
	return definePatterns(lines...)
}

func TestHostilePatternsAreRecognisedInTime(t *testing.T) {
	nested := "{a a a a a a a a}"
	for range 4 {
		nested = "{* " + nested + " [a] [a] [a] * [a] *}"
	}
	m := newTestMatcher(t, Vocabulary{Language: "ru", Named: hostilePatterns(20)})
	expressions := strings.Repeat("$regexp<(a ?)*> ", 7)
	expressions = "{* {" + expressions + "*} " + expressions[:len(expressions)/7*5] + "}"
	text := strings.TrimSpace(strings.Repeat("a ", 60))
	for _, pattern := range []string{"* $A20 *", strings.Repeat("(* [", 90) + "a" + strings.Repeat("] *)", 90), nested, expressions, strings.Repeat("* a ", 60), strings.Repeat("[* a] ", 200)} {
		start := time.Now()
		got := matchOne(t, m, pattern, text)
		if got == nil {
			t.Fatalf("%.40q lost a match", pattern)
		}
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%.40q took %v", pattern, took)
		}
		if matchOne(t, m, pattern+" zzz", text) != nil {
			t.Errorf("%.40q matched what it must not", pattern)
		}
		t.Logf("%.40q: %v truncated=%v score=%v", pattern, time.Since(start), got.Truncated, got.Score)
	}
}

// TestTruncatedScoring: out of steps the match stays, with the lowest score.
func TestTruncatedScoring(t *testing.T) {
	m := ruMatcher(t)
	pattern := strings.Repeat("{[a] [a] [a] [a] [a] [a] [a] *} ", 12)
	got := matchOne(t, m, pattern, strings.Repeat("a b ", 200))
	if got == nil || !got.Truncated || got.Score != 0 || len(got.Tree.Children) != 0 || got.Tree.Text == "" {
		t.Errorf("got %+v", got)
	}
}
