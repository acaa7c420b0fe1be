package morph

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Inflect gives a word or a short phrase in the form with the grammemes; letter case
// is kept. In a phrase the words up to the first noun change, adjectives as the noun
// needs it: "Нижний Новгород" with "loct" is "Нижнем Новгороде". What has no such
// form stays as it is.
func (d *Dictionary) Inflect(text string, grammemes ...string) string {
	words, head := d.phrase(text)
	for i := range words {
		if i > head || len(words[i].parses) == 0 {
			continue
		}
		p, wanted := words[i].parses[0], grammemes
		if i < head {
			wanted = words[head].parses[0].following(grammemes)
		}
		if form, ok := p.Inflect(wanted...); ok {
			words[i].to = form.Form
		}
	}
	return assemble(text, words)
}

// following are the grammemes of an adjective before the noun p.
func (p Parse) following(grammemes []string) []string {
	inflected, ok := p.Inflect(grammemes...)
	if !ok {
		return grammemes
	}
	wanted := common(slices.DeleteFunc(inflected.Tag.Grammemes(), func(name string) bool {
		return !slices.Contains([]string{"sing", "plur", "nomn", "gent", "gen2", "datv", "accs", "ablt", "loct", "loc2"}, name)
	}))
	if slices.Contains(wanted, "plur") {
		return wanted
	}
	for _, gender := range []string{"masc", "femn", "neut"} {
		if inflected.Tag.Has(gender) {
			wanted = append(wanted, gender)
		}
	}
	return wanted
}

// Conform gives a word or a short phrase as it stands behind a number (script-api
// 2.5): "рубль" with 5 is "рублей", "новый билет" with 2 is "новых билета".
func (d *Dictionary) Conform(text string, n int64) string {
	words, head := d.phrase(text)
	for i := range words {
		if i <= head && len(words[i].parses) > 0 {
			feminine := head < len(words) && len(words[head].parses) > 0 && words[head].parses[0].Tag.Has("femn")
			words[i].to = words[i].parses[0].conform(n, feminine)
		}
	}
	return assemble(text, words)
}

// phraseWord is one word of a phrase, bytes start to end of the text; to is what
// replaces it, "" for nothing.
type phraseWord struct {
	start, end int
	parses     []Parse
	to         string
}

// phrase splits a text and finds its head, the first noun; without one the head is
// the last word, so that all may change.
func (d *Dictionary) phrase(text string) (words []phraseWord, head int) {
	for at := 0; at < len(text); {
		skip := strings.IndexFunc(text[at:], isLetter)
		if skip < 0 {
			break
		}
		start := at + skip
		length := strings.IndexFunc(text[start:], func(r rune) bool { return !isLetter(r) && r != '-' })
		if length < 0 {
			length = len(text) - start
		}
		at = start + length
		words = append(words, phraseWord{start: start, end: at, parses: d.dictionaryFormFirst(text[start:at])})
	}
	head = slices.IndexFunc(words, func(w phraseWord) bool {
		return len(w.parses) > 0 && w.parses[0].Tag.Part() == "NOUN"
	})
	if head < 0 {
		head = len(words) - 1
	}
	return words, head
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// dictionaryFormFirst parses a word that a script wants to inflect: when it can be a
// dictionary form, it is meant as one.
func (d *Dictionary) dictionaryFormFirst(word string) []Parse {
	list := d.Parse(word)
	slices.SortStableFunc(list, func(a, b Parse) int { return b.plainness() - a.plainness() })
	return list
}

// plainness is 2 for a subject in its dictionary form, 1 for another dictionary form.
func (p Parse) plainness() int {
	switch {
	case p.Form != p.Lemma:
		return 0
	case p.Tag.Has("nomn"):
		return 2
	}
	return 1
}

func assemble(text string, words []phraseWord) string {
	var out strings.Builder
	at := 0
	for _, w := range words {
		if w.to == "" || sameLetters(w.to, text[w.start:w.end]) {
			continue
		}
		out.WriteString(text[at:w.start])
		out.WriteString(likeCase(w.to, text[w.start:w.end]))
		at = w.end
	}
	return out.String() + text[at:]
}

// sameLetters keeps the spelling of a word that does not change: "ребенок".
func sameLetters(a, b string) bool {
	plain := func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "ё", "е") }
	return plain(a) == plain(b)
}

// likeCase gives word the letter case of another: capitals, a capital at the start of
// each part, or small letters.
func likeCase(word, model string) string {
	if strings.ToUpper(model) == model && strings.ToLower(model) != model && utf8.RuneCountInString(model) > 1 {
		return strings.ToUpper(word)
	}
	parts, models := strings.Split(word, "-"), strings.Split(model, "-")
	for i := range parts {
		if first, _ := utf8.DecodeRuneInString(models[min(i, len(models)-1)]); unicode.IsUpper(first) {
			r, size := utf8.DecodeRuneInString(parts[i])
			parts[i] = string(unicode.ToUpper(r)) + parts[i][size:]
		}
	}
	return strings.Join(parts, "-")
}
