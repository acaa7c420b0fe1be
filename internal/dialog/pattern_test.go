package dialog

import (
	"fmt"
	"strings"
	"testing"
)

func TestPatternErrors(t *testing.T) {
	for _, c := range []struct{ source, code, at string }{
		{"a (b", "pattern-unclosed", "1:5"},
		{"a [b c", "pattern-unclosed", "1:5"},
		{"a )", "pattern-unexpected", "1:5"},
		{"a ) b ]", "pattern-unexpected", "1:5"},
		{"(a]", "pattern-unexpected", "1:5"},
		{"(a\n  b]", "pattern-unexpected", "2:4"},
		{"ещё $regexp<(>", "pattern-regexp", "1:15"},
		{"$regexp<a", "pattern-unclosed", "1:3"},
		{"$entity<a", "pattern-unclosed", "1:3"},
		{"$repeat<a>", "pattern-repeat", "1:3"},
		{"$repeat<$oneWord>", "pattern-repeat", "1:3"},
		{"$repeat<$A $B>", "pattern-repeat", "1:3"},
		{"$weight<x>", "pattern-weight", "1:3"},
		{"$weight<>", "pattern-weight", "1:3"},
		{"$weight<1+>", "pattern-weight", "1:3"},
		{"$foo<x>", "pattern-unknown-element", "1:3"},
		{"a ~", "pattern-lemma", "1:5"},
		{"~ a", "pattern-lemma", "1:3"},
		{"word::x", "pattern-alias", "1:7"},
		{"$A::(b)", "pattern-alias", "1:5"},
		{"{a b c d e f g h i}", "pattern-permutation", "1:3"},
		{strings.Repeat("(", 201) + strings.Repeat(")", 201), "pattern-depth", "1:203"},
		{strings.Repeat("[", 1000), "pattern-depth", "1:203"},
	} {
		pattern, found := ParsePattern(NewSource(c.source, Pos{File: "a.sc", Line: 1, Column: 3}))
		if len(found) == 0 || found[0].Code != c.code || fmt.Sprintf("%d:%d", found[0].Line, found[0].Column) != c.at || found[0].Severity != Error {
			t.Errorf("%.40q: got %v, want %s at %s", c.source, found, c.code, c.at)
			continue
		}
		m := ruMatcher(t)
		compiled, _ := m.Compile(pattern)
		if matches, _ := m.Input("a").Match(t.Context(), compiled); len(matches) > 0 {
			t.Errorf("%.40q has errors and matches", c.source)
		}
	}
}

func TestPatternWarnings(t *testing.T) {
	for _, c := range []struct{ source, code, at string }{
		{"a: ", "pattern-value", "1:2"}, {"(a: |b)", "pattern-value", "1:3"}, {"~маш*", "pattern-lemma", "1:1"},
	} {
		_, found := ParsePattern(NewSource(c.source, Pos{File: "a.sc", Line: 1, Column: 1}))
		if len(found) != 1 || found[0].Code != c.code || fmt.Sprintf("%d:%d", found[0].Line, found[0].Column) != c.at || found[0].Severity != Warning {
			t.Errorf("%q: got %v, want warning %s at %s", c.source, found, c.code, c.at)
		}
	}
}

func TestDepthLimitAllowsItsOwnNumber(t *testing.T) {
	source := strings.Repeat("(", MaxPatternDepth) + "a" + strings.Repeat(")", MaxPatternDepth)
	if _, found := ParsePattern(NewSource(source, Pos{})); len(found) > 0 {
		t.Error(found)
	}
}

func TestNamesAreChecked(t *testing.T) {
	for _, c := range []struct {
		source     string
		incomplete bool
		code       string
		severity   Severity
		hint       string
	}{
		{"* $Nunber", false, "pattern-unknown", Error, "Number"},
		{"$repeat<$Nunber>", false, "pattern-unknown", Error, "Number"},
		{"* $Nunber", true, "pattern-unknown", Warning, "Number"},
		{"* $zzzzzz", false, "pattern-unknown", Error, ""},
		{"$entity<city>", false, "pattern-unknown-dictionary", Error, "City"},
		{"$morph<С чушь>", false, "pattern-morph", Warning, "NOUN"},
		{"@duckling.number", false, "entity-without-data", Warning, "export"},
	} {
		m := newTestMatcher(t, Vocabulary{Language: "ru", Named: definePatterns("Number = 1"), Incomplete: c.incomplete,
			Dictionaries: []*Dictionary{cityDictionary(false)}})
		pattern, _ := ParsePattern(NewSource(c.source, Pos{File: "a.sc", Line: 4, Column: 9}))
		compiled, found := m.Compile(pattern)
		if len(found) != 1 || found[0].Code != c.code || found[0].Severity != c.severity || found[0].Line != 4 ||
			!strings.Contains(found[0].Hint, c.hint) || c.hint == "" && found[0].Hint != "" {
			t.Errorf("%s: got %v", c.source, found)
		}
		if matches, _ := m.Input("a 1 2").Match(t.Context(), compiled); len(matches) > 0 {
			t.Errorf("%s matches", c.source)
		}
	}
}

func TestLanguageWithoutStems(t *testing.T) {
	m := newTestMatcher(t, Vocabulary{Language: "xx"})
	pattern, _ := ParsePattern(NewSource("a ~words", Pos{File: "a.sc", Line: 1, Column: 1}))
	if _, found := m.Compile(pattern); len(found) != 1 || found[0].Code != "pattern-no-stems" || found[0].Column != 3 {
		t.Errorf("got %v", found)
	}
	if matchOne(t, m, "~words", "Words") == nil || matchOne(t, m, "~words", "word") != nil {
		t.Error("without stems a lemma matches itself only")
	}
}

func TestNamedPatternDefinitions(t *testing.T) {
	m, found := NewMatcher(Vocabulary{Language: "ru", Named: definePatterns(
		"A = x", "B = a $A", "A = y", "oneWord = z", "R = (x|$S)", "S = b [$R]", "Self = $Self", "Uses = $R", "Bad = (", "Both = $R $S")})
	codes := map[string]string{}
	for _, d := range found {
		codes[d.Code] += fmt.Sprintf("%d:%d %s;", d.Line, d.Column, d.Severity)
	}
	want := map[string]string{
		"pattern-again": "3:1 warning;", "pattern-built-in": "4:1 warning;",
		"pattern-recursion": "6:4 warning;7:1 warning;", "pattern-unclosed": "9:1 error;",
	}
	for code, places := range want {
		if codes[code] != places {
			t.Errorf("%s: got %q, want %q", code, codes[code], places)
		}
	}
	if len(codes) != len(want) {
		t.Errorf("diagnostics %v", found)
	}
	for _, c := range []struct {
		pattern, text string
		matches       bool
	}{{"$B", "a y", true}, {"$B", "a x", false}, {"$R", "x", true}, {"$R", "b x", false}, {"$R", "b", true}, {"$S", "b x", false}, {"$Self", "", false}, {"[$Uses] q", "q", true}} {
		if got := matchOne(t, m, c.pattern, c.text) != nil; got != c.matches {
			t.Errorf("%s on %q: %v", c.pattern, c.text, got)
		}
	}
}

func TestDictionaries(t *testing.T) {
	for _, c := range []struct {
		strict   bool
		text, id string
	}{
		{false, "москва", "1"}, {false, "Москвы!", "1"}, {false, "столица", "1"}, {false, "столицы", "7"}, {false, "столицей", "1"},
		{false, "мск", "1"}, {false, "Мск.", "1"}, {false, "новом уренгое", "2"}, {false, "новый", "3"},
		{false, "Ростове-на-Дону", "4"}, {false, "ростов на дону", "4"}, {false, "st petersburg", "5"}, {false, "St. Petersburg", "5"},
		{false, "санкт-петербурге", "5"}, {false, "+", "6"}, {false, "уренгой", ""}, {false, "", ""},
		{true, "москва", "1"}, {true, "москвы", ""}, {true, "столицы", "7"}, {true, "НОВЫЙ УРЕНГОЙ", "2"},
	} {
		m := newTestMatcher(t, Vocabulary{Language: "ru", Dictionaries: []*Dictionary{cityDictionary(c.strict)}})
		got := matchOne(t, m, "$entity<City>", c.text)
		switch {
		case got == nil && c.id != "":
			t.Errorf("strict=%v %q: no match, want %s", c.strict, c.text, c.id)
		case got != nil && (len(got.Tree.Children) != 1 || got.Tree.Children[0].Value != c.id):
			t.Errorf("strict=%v %q: got %s, want %q", c.strict, c.text, outline(got.Tree), c.id)
		}
	}
}

func TestRegexpEnd(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"/start>", "/start"}, {"(?<n>a)\\k<n>> x>", "(?<n>a)\\k<n>"}, {"(?>a)>", "(?>a)"}, {"(?<=a)b(?<!c)>", "(?<=a)b(?<!c)"},
		{"a\\>b>", "a\\>b"}, {"[>]>", "[>]"}, {"[]>]>", "[]>]"}, {"[^>]+>", "[^>]+"}, {"[>", "["}, {"a|(b)>)>", "a|(b)"}, {">", ""},
		{"a", "none"}, {"\\", "none"}, {"(?<a", "none"},
	} {
		got := "none"
		if end := regexpEnd(c.text); end >= 0 {
			got = c.text[:end]
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestTranslateJava(t *testing.T) {
	for source, want := range map[string]string{
		`\u0430`: `\x{0430}`, `\p{IsCyrillic}`: `\p{Cyrillic}`, `\p{InCYRILLIC}`: `\p{Cyrillic}`, `\P{L}`: `\P{L}`,
		`\p{Alpha}`: `[[:alpha:]]`, `[\p{Alpha}_]`: `[[:alpha:]_]`, `\P{Digit}`: `[[:^digit:]]`, `\\u0430`: `\\u0430`,
		`\h`: `[\t\x{20}\x{a0}]`, `\`: `\`, `\W[\W]`: `[^\w][\W]`, `a\.b`: `a\.b`,
	} {
		if got := translateJava(source); got != want {
			t.Errorf("%s: got %s, want %s", source, got, want)
		}
	}
}
