package nlu

import (
	"math"
	"sort"
	"unicode/utf8"
)

// vocabulary are the words of the example phrases. Forms of one word are one
// term.
type vocabulary struct {
	terms   []term
	byStem  map[string]int
	forms   map[string]int // folded words, to their term
	byForm  []string
	byGram  map[string][]int // places in byForm
	byCount map[int][]int    // places in byForm by number of letters
	unknown float64
}

// term is a word in all its forms.
type term struct {
	stem    string
	filler  bool
	intents int
	weight  float64
}

// similar is a term that a word may be.
type similar struct {
	term int
	like float64
}

func newVocabulary() *vocabulary {
	return &vocabulary{byStem: map[string]int{}, forms: map[string]int{}, byGram: map[string][]int{}, byCount: map[int][]int{}}
}

// learn takes a word of an example and gives its term.
func (v *vocabulary) learn(word Word) int {
	at, ok := v.byStem[word.Stem]
	if !ok {
		at = len(v.terms)
		v.byStem[word.Stem] = at
		v.terms = append(v.terms, term{stem: word.Stem, filler: isFiller(word.Folded)})
	}
	if _, ok := v.forms[word.Folded]; !ok {
		v.forms[word.Folded] = at
		place := len(v.byForm)
		v.byForm = append(v.byForm, word.Folded)
		if word.Folded[0] != '@' {
			for _, gram := range grams(word.Folded) {
				v.byGram[gram] = append(v.byGram[gram], place)
			}
			n := utf8.RuneCountInString(word.Folded)
			v.byCount[n] = append(v.byCount[n], place)
		}
	}
	return at
}

// finish weighs the terms when all phrases are learnt.
func (v *vocabulary) finish(intents int) {
	for i := range v.terms {
		t := &v.terms[i]
		t.weight = math.Log(1 + float64(intents)/float64(max(t.intents, 1)))
		if t.filler {
			t.weight *= fillerWeight
		}
	}
	v.unknown = math.Log(1+float64(max(intents, 1))) * unknownWeight
}

const (
	// fillerWeight makes words that carry little meaning count little.
	fillerWeight = 0.3
	// unknownWeight is that of words no example has, against the rarest that one
	// has.
	unknownWeight = 0.8
)

// understand gives the weight of a word that is said and the terms it may be.
func (v *vocabulary) understand(word Word) (weight float64, found []similar) {
	at, ok := v.byStem[word.Stem]
	if !ok {
		at, ok = v.forms[word.Folded]
	}
	if ok {
		return v.terms[at].weight, append(v.related(word, at), similar{term: at, like: 1})
	}
	weight = v.unknown
	if isFiller(word.Folded) {
		return weight * fillerWeight, nil
	}
	found = v.repaired(word)
	for _, s := range found {
		weight = min(weight, v.terms[s.term].weight)
	}
	return weight, append(found, v.related(word, -1)...)
}

// repaired are the terms a misspelt word may be.
func (v *vocabulary) repaired(word Word) []similar {
	letters := []rune(word.Folded)
	limit := mistakes(word.Folded)
	if limit == 0 {
		return nil
	}
	least := map[int]int{}
	nearest := limit
	for _, place := range v.candidates(word.Folded, limit) {
		n := distance(letters, []rune(v.byForm[place]), nearest)
		if n > nearest {
			continue
		}
		if at := v.forms[v.byForm[place]]; n < nearest || least[at] == 0 {
			nearest = n
			least[at] = n
		}
	}
	var found []similar
	for at, n := range least {
		if n == nearest {
			found = append(found, similar{term: at, like: 1 - 0.12*float64(n)})
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].term < found[j].term })
	return found
}

// candidates are places of forms worth comparing letter by letter. A long word
// shares letters in a row with what it was meant to be; a short one may not.
func (v *vocabulary) candidates(word string, limit int) []int {
	n := utf8.RuneCountInString(word)
	if n > 6 {
		var places []int
		for place, shared := range v.sharing(word) {
			if shared > 1 {
				places = append(places, place)
			}
		}
		sort.Ints(places)
		return places
	}
	var places []int
	for count := n - limit; count <= n+limit; count++ {
		places = append(places, v.byCount[count]...)
	}
	return places
}

// sharing counts the letters in a row that forms have in common with a word.
func (v *vocabulary) sharing(word string) map[int]int {
	shared := map[int]int{}
	for _, gram := range grams(word) {
		for _, place := range v.byGram[gram] {
			shared[place]++
		}
	}
	return shared
}

// related are terms made from the same root, such as "оплата" and "оплатить".
func (v *vocabulary) related(word Word, own int) []similar {
	n := utf8.RuneCountInString(word.Folded)
	if n < 5 || word.Folded[0] == '@' {
		return nil
	}
	best := map[int]float64{}
	for place, shared := range v.sharing(word.Folded) {
		form := v.byForm[place]
		length := utf8.RuneCountInString(form)
		at := v.forms[form]
		if dice := 2 * float64(shared) / float64(n+length); at != own && length > 4 && dice >= leastDice && sameStart(word.Folded, form) {
			best[at] = max(best[at], dice*relatedLike)
		}
	}
	found := make([]similar, 0, len(best))
	for at, like := range best {
		found = append(found, similar{term: at, like: like})
	}
	sort.Slice(found, func(i, j int) bool { return found[i].term < found[j].term })
	return found
}

const (
	leastDice   = 0.4
	relatedLike = 0.85
)

// sameStart tells whether the first three letters are equal: roots come first.
func sameStart(a, b string) bool {
	cut := byteOffset(a, 3)
	return len(b) >= cut && a[:cut] == b[:cut]
}

// grams are the groups of three letters of a word with its borders, as many as it
// has letters.
func grams(word string) []string {
	letters := []rune("^" + word + "$")
	var all []string
	for i := 0; i+3 <= len(letters); i++ {
		all = append(all, string(letters[i:i+3]))
	}
	return all
}
