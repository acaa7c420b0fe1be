package morph

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Readings of words that are not in the dictionary are worth less the less of the
// word is known.
const (
	particleScore = 0.9
	prefixScore   = 0.75
	pairScore     = 0.8
	fixedScore    = 0.3
	endingScore   = 0.5
)

// predictor reads words that are not in the dictionary.
type predictor struct{ *Dictionary }

// predict reads a word that is not in the dictionary.
func (d predictor) predict(word string) []Parse {
	for _, reader := range []func(string) []Parse{d.withParticle, d.adverb, d.prefixed, d.hyphened} {
		if list := reader(word); len(list) > 0 {
			return guessed(list)
		}
	}
	return guessed(d.byEnding(word))
}

func guessed(list []Parse) []Parse {
	for i := range list {
		list[i].Predicted = true
	}
	return list
}

// productive tells whether new words of this kind come up.
func productive(t Tag) bool {
	return !slices.Contains([]string{"NUMR", "NPRO", "PRED", "PREP", "CONJ", "PRCL", "INTJ"}, t.Part()) && !t.Has("Apro")
}

// withParticle reads "смотри-ка".
func (d predictor) withParticle(word string) []Parse {
	at := strings.LastIndexByte(word, '-')
	if at < 0 || !slices.Contains([]string{"-то", "-ка", "-таки", "-де", "-с", "-либо", "-нибудь"}, word[at:]) {
		return nil
	}
	list := d.known(word[:at])
	for i, p := range list {
		p.tail = word[at:]
		p.Score *= particleScore
		list[i] = d.formOf(p, p.form)
		list[i].Lemma += p.tail
	}
	return list
}

// adverb reads "по-западному".
func (d predictor) adverb(word string) []Parse {
	rest, ok := strings.CutPrefix(word, "по-")
	if !ok {
		return nil
	}
	for _, p := range d.known(rest) {
		if p.Tag.Has("ADJF", "sing", "datv") {
			tag, err := d.grammar.tag("ADVB")
			if err != nil {
				return nil
			}
			return []Parse{{Form: word, Lemma: word, Tag: tag, Score: particleScore}}
		}
	}
	return nil
}

// prefixes are beginnings that make new words out of known ones.
func prefixes() []string {
	return strings.Fields("авиа авто аква анти архи аудио аэро био вело видео вице внутри гео гига гидро гипер дву двух " +
		"евро зоо интер квази кибер кило кино контр косм космо крипто лже макро макси мало мега меж мета метео микро милли мини " +
		"много моно мото мульти нано не недо нейро нео около онлайн офлайн пере поли полу после пост пра пред прото псевдо радио " +
		"ре ретро само сверх спец суб супер теле термо транс ультра фото экзо эко экс экстра электро энерго этно")
}

func (d predictor) prefixed(word string) []Parse {
	var list []Parse
	for _, prefix := range prefixes() {
		rest, ok := strings.CutPrefix(word, prefix)
		if !ok {
			continue
		}
		if rest = strings.TrimPrefix(rest, "-"); utf8.RuneCountInString(rest) < 3 {
			continue
		}
		list = append(list, d.behind(word[:len(word)-len(rest)], rest, prefixScore)...)
	}
	return list
}

// behind reads a known word behind a beginning that does not change.
func (d predictor) behind(lead, rest string, score float64) []Parse {
	var list []Parse
	for _, p := range d.known(rest) {
		if productive(p.Tag) {
			p.base = lead + p.base
			p.Score *= score
			list = append(list, d.formOf(p, p.form))
		}
	}
	return list
}

// hyphened reads "компания-производитель", both halves inflected, and
// "интернет-магазин", where only the last part is.
func (d predictor) hyphened(word string) []Parse {
	at := strings.LastIndexByte(word, '-')
	if at <= 0 || at == len(word)-1 {
		return nil
	}
	var list []Parse
	rights := d.known(word[at+1:])
	for _, left := range d.known(word[:at]) {
		for _, right := range rights {
			if agree(left.Tag, right.Tag) && !left.Tag.Has("Abbr") {
				list = append(list, pair(left, right))
			}
		}
	}
	return append(list, d.behind(word[:at+1], word[at+1:], fixedScore)...)
}

// agree tells whether the halves of a compound have the same part of speech,
// number and case.
func agree(a, b Tag) bool {
	for _, name := range a.Grammemes() {
		if slices.Contains([]string{"sing", "plur", "nomn", "gent", "datv", "accs", "ablt", "loct"}, name) && !b.Has(name) {
			return false
		}
	}
	return a.Part() == b.Part() && a.Part() == "NOUN"
}

func pair(left, right Parse) Parse {
	right.Form = left.Form + "-" + right.Form
	right.Lemma = left.Lemma + "-" + right.Lemma
	right.Score *= left.Score * pairScore
	right.left = &left
	return right
}

// maxEnding is the length of the longest ending that was counted, in letters.
const maxEnding = 5

// byEnding reads a word like the words of the dictionary with the longest common
// ending.
func (d predictor) byEnding(word string) []Parse {
	letters, ok := encode(word)
	if !ok || len(letters) < 4 || strings.Trim(word, "-абвгдеёжзийклмнопрстуфхцчшщъыьэюя") != "" {
		return nil
	}
	var list []Parse
	for which, prefix := range formPrefixes {
		lead, _ := encode(prefix)
		if !strings.HasPrefix(word, prefix) || len(letters)-len(lead) < 2 {
			continue
		}
		longest := min(maxEnding, len(letters)-len(lead)-1)
		for length := longest; length > 0; length-- {
			found := d.ending(which, letters[:len(letters)-length], letters[len(letters)-length:])
			if len(found) > 0 {
				list = append(list, found...)
				break
			}
		}
	}
	return list
}

// ending gives the readings that were counted for an ending.
func (d predictor) ending(which int, lead, ending []byte) []Parse {
	var list []Parse
	s := search{automaton: d.predictions[which], left: maxSteps}
	s.found = func(path []byte, end uint32) {
		start, ok := s.follow(end, 1)
		if !ok {
			return
		}
		spelled := decode(lead) + decode(path)
		counts := search{automaton: s.automaton, left: maxSteps}
		counts.found = func(path []byte, _ uint32) {
			e := entry{word: spelled, paradigm: number(path[2:]), form: number(path[4:])}
			if d.fits(e) && productive(d.tags[d.paradigms[e.paradigm].tags[e.form]]) {
				list = append(list, d.parse(e, endingScore*float64(number(path))))
			}
		}
		counts.below(6, make([]byte, 0, 6), start)
	}
	s.similar(ending, make([]byte, 0, len(ending)), 0)
	return list
}
