package morph

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxLetters is the length of the longest word that is looked up.
const maxLetters = 64

// Parse is one reading of a word.
type Parse struct {
	// Form is the word in lower case, with "ё" where the dictionary has it.
	Form string
	// Lemma is the dictionary form.
	Lemma string
	Tag   Tag
	// Score is how likely the reading is, 0 to 1; the scores of a word sum to 1.
	Score float64
	// Predicted is true for words that are not in the dictionary: they are read
	// like words with the same ending.
	Predicted bool

	dictionary     *Dictionary
	paradigm, form int
	// base is the word without what changes; tail never changes ("-то").
	base, tail string
	// left is the first half of "компания-производитель", inflected as well.
	left *Parse
}

// entry is one place of a word in the dictionary.
type entry struct {
	word           string
	paradigm, form int
}

// Parse gives the readings of a word, the likeliest first: those of the dictionary,
// else the predicted ones. None for words in other letters.
func (d *Dictionary) Parse(word string) []Parse {
	word = strings.ToLower(word)
	if word == "" || utf8.RuneCountInString(word) > maxLetters {
		return nil
	}
	list := d.known(word)
	if len(list) == 0 {
		list = predictor{d}.predict(word)
	}
	normalize(list)
	slices.SortStableFunc(list, func(a, b Parse) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return list
}

// normalize makes the scores sum to 1.
func normalize(list []Parse) {
	sum := 0.0
	for _, p := range list {
		sum += p.Score
	}
	for i := range list {
		if sum > 0 {
			list[i].Score /= sum
		} else {
			list[i].Score = 1 / float64(len(list))
		}
	}
}

// Lemmas gives the dictionary forms of a word of the dictionary, each once; nil
// when the word is not in it.
func (d *Dictionary) Lemmas(word string) []string {
	word = strings.ToLower(word)
	if utf8.RuneCountInString(word) > maxLetters {
		return nil
	}
	var lemmas []string
	for _, e := range d.entries(word) {
		if lemma := d.lemma(e); !slices.Contains(lemmas, lemma) {
			lemmas = append(lemmas, lemma)
		}
	}
	return lemmas
}

// Known tells whether a word is in the dictionary in this form.
func (d *Dictionary) Known(word string) bool { return len(d.Lemmas(word)) > 0 }

// entries looks a word up; "е" may stand for "ё", and "ё" where the dictionary has
// "е" is forgiven.
func (d *Dictionary) entries(word string) []entry {
	found := d.lookup(word)
	if len(found) == 0 && strings.Contains(word, "ё") {
		found = d.lookup(strings.ReplaceAll(word, "ё", "е"))
	}
	return found
}

func (d *Dictionary) lookup(word string) []entry {
	letters, ok := encode(word)
	if !ok {
		return nil
	}
	var found []entry
	s := search{automaton: d.words, left: maxSteps}
	s.found = func(path []byte, end uint32) {
		start, ok := d.words.follow(end, 1)
		if !ok {
			return
		}
		spelled := decode(path)
		places := search{automaton: d.words, left: maxSteps}
		places.found = func(path []byte, _ uint32) {
			e := entry{word: spelled, paradigm: number(path), form: number(path[2:])}
			if d.fits(e) {
				found = append(found, e)
			}
		}
		places.below(4, make([]byte, 0, 4), start)
	}
	s.similar(letters, make([]byte, 0, len(letters)), 0)
	return found
}

// number reads two bytes of seven bits each; their lowest bit is always set.
func number(path []byte) int { return int(path[0]^1)<<6 + int(path[1]>>1) }

// fits tells whether an entry names a form that is there and can be that word.
func (d *Dictionary) fits(e entry) bool {
	if e.paradigm >= len(d.paradigms) || e.form >= d.paradigms[e.paradigm].forms() {
		return false
	}
	prefix, ending := d.around(e.paradigm, e.form)
	return len(e.word) >= len(prefix)+len(ending) && strings.HasPrefix(e.word, prefix) && strings.HasSuffix(e.word, ending)
}

// around gives what stands before and behind the base of a form.
func (d *Dictionary) around(paradigm, form int) (prefix, ending string) {
	p := d.paradigms[paradigm]
	return formPrefixes[p.prefixes[form]], d.endings[p.endings[form]]
}

func (d *Dictionary) base(e entry) string {
	prefix, ending := d.around(e.paradigm, e.form)
	return e.word[len(prefix) : len(e.word)-len(ending)]
}

// first is the form that is the lemma of another.
func (d *Dictionary) first(paradigm, form int) int {
	if p := d.paradigms[paradigm]; p.ordinal > 0 && d.tags[p.tags[form]].Has("Anum") {
		return p.ordinal
	}
	return 0
}

func (d *Dictionary) lemma(e entry) string {
	prefix, ending := d.around(e.paradigm, d.first(e.paradigm, e.form))
	return prefix + d.base(e) + ending
}

// parse makes the reading of an entry.
func (d *Dictionary) parse(e entry, score float64) Parse {
	return d.formOf(Parse{dictionary: d, paradigm: e.paradigm, base: d.base(e), Score: score}, e.form)
}

// formOf is another form of the word.
func (d *Dictionary) formOf(p Parse, form int) Parse {
	prefix, ending := d.around(p.paradigm, form)
	first, last := d.around(p.paradigm, d.first(p.paradigm, form))
	p.form, p.Form, p.Lemma = form, prefix+p.base+ending+p.tail, first+p.base+last
	p.Tag = d.tags[d.paradigms[p.paradigm].tags[form]]
	return p
}

// known gives the readings of a word of the dictionary, scored by how often they
// occur in the corpus where that was counted.
func (d *Dictionary) known(word string) []Parse {
	var list []Parse
	counted := false
	for _, e := range d.entries(word) {
		p := d.parse(e, 0)
		p.Score = d.probability(p)
		counted = counted || p.Score > 0
		list = append(list, p)
	}
	for i := range list {
		if !counted {
			list[i].Score = 1
		}
	}
	return list
}

// probability is the share of a reading among the readings of its word.
func (d *Dictionary) probability(p Parse) float64 {
	key, ok := encode(p.Form + ":" + p.Tag.text)
	if !ok {
		return 0
	}
	millionths, _ := d.probabilities.find(key)
	return float64(millionths) / 1e6
}
