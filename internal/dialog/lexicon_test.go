package dialog

import (
	"math"
	"testing"

	"parley/internal/dialog/morph"
)

// TestForms: dialog-language 4.2, ~lemma and $morph<>; 1.3, synonyms; 4.6, scores.
func TestForms(t *testing.T) {
	places := &Dictionary{Name: "Place", Pos: Pos{File: "place.csv", Line: 1, Column: 1}, Entries: []Entry{
		{ID: "1", Names: []string{"Нижний Новгород"}}, {ID: "2", Names: []string{"люди"}}, {ID: "3", Names: []string{"Орёл"}},
		{ID: "4", Names: []string{"Мурмяндия"}}, {ID: "5", Names: []string{"Новгород", "Нижний"}}, {ID: "6", Names: []string{"children"}},
		{ID: "7", Names: []string{"Моа"}}, {ID: "8", Names: []string{"Поёт"}}, {ID: "9", Names: []string{"Остров"}},
	}}
	strict := &Dictionary{Name: "Strict", Strict: true, Pos: Pos{File: "strict.csv", Line: 1, Column: 1}, Entries: places.Entries}
	russian := newTestMatcher(t, Vocabulary{Language: "ru", Dictionaries: []*Dictionary{places, strict}})
	english := newTestMatcher(t, Vocabulary{Language: "en", Dictionaries: []*Dictionary{places}})
	for _, c := range []struct {
		matcher       *Matcher
		pattern, text string
		score         float64 // -1: no match
	}{
		{russian, "~человек", "людей", 0.95}, {russian, "~идти", "шёл", 0.95}, {russian, "~идти", "шел", 0.95}, {russian, "~день", "дней", 0.95},
		{russian, "~человек", "человек", 1}, {russian, "~сталь", "стали", 0.95}, {russian, "~стать", "стали", 0.95}, {russian, "~банк", "банки", 0.95},
		{russian, "~банка", "банки", 0.95}, {russian, "~хочу", "хотим", 0.95}, {russian, "~заказ", "заказать", -1}, {russian, "~гугл", "гуглом", 0.95},
		{russian, "~ёлка", "елкой", 0.95}, {russian, "~ребенок", "детям", 0.95}, {russian, "~buy", "bought", 0.95}, {russian, "~работа", "работать", -1},
		{english, "~buy", "bought", 0.95}, {english, "~buy", "buying", 0.95}, {english, "~leave", "left", 0.95}, {english, "~left", "left", 1},
		{english, "~child", "children", 0.95}, {english, "~ticket", "tickets", 0.95}, {english, "~go", "good", -1},
		{russian, "$morph<С тв мн>", "людьми", 0.9}, {russian, "$morph<С тв мн>", "людям", -1}, {russian, "$morph<Г прш> домой", "шла домой", 0.95},
		{russian, "$morph<ИНФИНИТИВ дст>", "идти", 0.9}, {russian, "$morph<С>", "!", -1},
		{russian, "$entity<Place>", "нижнем новгороде", 0.95}, {russian, "$entity<Place>", "Нижний Новгород", 1}, {russian, "$entity<Place>", "людям", 0.95},
		{russian, "$entity<Place>", "человек", 0.95}, {russian, "$entity<Place>", "орла", 0.95}, {russian, "$entity<Place>", "мурмяндии", 0.95},
		{russian, "в $entity<Place>", "в новгороде", 0.975}, {english, "$entity<Place>", "child", 0.95},
		// A common word is no form of a name that looks alike, nor is a letter one of what it abbreviates.
		{russian, "$entity<Place>", "мою", -1}, {russian, "$entity<Place>", "моа", 1},
		{russian, "$entity<Place>", "пой", -1}, {russian, "$entity<Place>", "поёт", 1}, {russian, "$entity<Place>", "о", -1}, {russian, "$entity<Place>", "островом", 0.95},
		{russian, "$entity<Strict>", "Орел", 1}, {russian, "$entity<Strict>", "орла", -1}, {russian, "$entity<Strict>", "нижний новгород", 1},
	} {
		got := matchOne(t, c.matcher, c.pattern, c.text)
		if (got == nil) != (c.score < 0) || got != nil && math.Abs(got.Score-c.score) > 1e-9 {
			t.Errorf("%q on %q: got %+v, want score %v", c.pattern, c.text, got, c.score)
		}
	}
}

// TestLemmasAreFolded: what the dictionary writes with "ё" is compared without.
func TestLemmasAreFolded(t *testing.T) {
	if got := newLexicon("ru-RU").lemmas("детей"); len(got) != 1 || got[0] != "ребенок" {
		t.Errorf("%q", got)
	}
	if _, err := morph.Russian(); err != nil {
		t.Fatal("the embedded dictionary cannot be read:", err)
	}
	if got := newLexicon("de").lemmas("дней"); got != nil {
		t.Errorf("a German bot has Russian lemmas: %q", got)
	}
}
