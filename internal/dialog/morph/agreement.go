package morph

// conform gives the word as it stands behind a number: 1 рубль, 2 рубля, 5 рублей.
// A word that has no such form, and a word of another kind than a noun, an adjective
// or a participle, stays as it is. With women's and feminine nouns adjectives take
// the nominative: "2 новые копейки".
func (p Parse) conform(n int64, feminine bool) string {
	kind := p.Tag.Part()
	if kind != "NOUN" && kind != "ADJF" && kind != "PRTF" {
		return p.Form
	}
	class := countOf(n)
	if own, ok := counted()[p.Lemma]; ok && kind == "NOUN" && class == many && p.subject() {
		return own
	}
	if agreed, ok := p.Inflect(p.wanted(class, feminine)...); ok {
		return agreed.Form
	}
	return p.Form
}

// counted are nouns with another form behind numbers.
func counted() map[string]string {
	return map[string]string{"год": "лет", "человек": "человек"}
}

// subject tells whether the word stands as a subject or an object, not in one of
// the other cases, where numbers do not change the case.
func (p Parse) subject() bool { return p.Tag.Has("nomn") || p.Tag.Has("accs") }

func (p Parse) wanted(class count, feminine bool) []string {
	noun := p.Tag.Part() == "NOUN"
	switch {
	case noun && !p.subject():
		if class == one {
			return []string{"sing"}
		}
		return []string{"plur"}
	case class == one && p.Tag.Has("accs"):
		return []string{"sing", "accs"}
	case class == one:
		return []string{"sing", "nomn"}
	case class == few && noun:
		return []string{"sing", "gent"}
	case class == few && feminine:
		return []string{"plur", "nomn"}
	}
	return []string{"plur", "gent"}
}

// count is the class of a number in Russian.
type count int

const (
	one count = iota
	few
	many
)

func countOf(n int64) count {
	last := n % 100
	last = max(last, -last)
	switch {
	case last >= 11 && last <= 14:
		return many
	case last%10 == 1:
		return one
	case last%10 >= 2 && last%10 <= 4:
		return few
	}
	return many
}
