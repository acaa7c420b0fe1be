package dialog

import (
	"slices"
	"strings"
)

// dictionaryIndex finds the synonyms of a dictionary in a request. Looking up
// costs one map access for each length of a synonym that begins with the word at
// hand, whatever the number of rows.
type dictionaryIndex struct {
	strict bool
	// longest is the greatest number of words of a synonym by its first key.
	longest map[string]int
	// rows holds the synonyms by their keys, joined.
	rows map[string][]synonym
}

// synonym is one name of a row.
type synonym struct{ folded, id string }

// keySeparator cannot occur in a token.
const keySeparator = " "

func newDictionaryIndex(m *Matcher, dictionary *Dictionary) *dictionaryIndex {
	d := &dictionaryIndex{strict: dictionary.Strict, longest: map[string]int{}, rows: map[string][]synonym{}}
	for i := range dictionary.Entries {
		for _, name := range dictionary.Entries[i].Names {
			d.add(m, name, dictionary.Entries[i].ID)
		}
	}
	return d
}

func (d *dictionaryIndex) add(m *Matcher, name, id string) {
	words := dictionaryWords(m.tokenizer.split(name))
	if len(words) == 0 {
		return
	}
	row := synonym{folded: strings.Join(words, keySeparator), id: id}
	if d.strict {
		d.file(row, words)
		return
	}
	stems, named := make([]string, len(words)), make([]string, len(words))
	for i, word := range words {
		stems[i], named[i] = m.stemmer.lemma(word)
	}
	d.file(row, stems)
	if !slices.Equal(stems, named) {
		d.file(row, named)
	}
}

func (d *dictionaryIndex) file(row synonym, keys []string) {
	d.longest[keys[0]] = max(d.longest[keys[0]], len(keys))
	key := strings.Join(keys, keySeparator)
	d.rows[key] = append(d.rows[key], row)
}

// dictionaryWords are the words of a synonym without punctuation, unless it has
// nothing else.
func dictionaryWords(tokens []Token) []string {
	var words, all []string
	for _, token := range tokens {
		all = append(all, token.Folded)
		if !token.Punctuation {
			words = append(words, token.Folded)
		}
	}
	if len(words) == 0 {
		return all
	}
	return words
}

// find implements spanSource.
func (d *dictionaryIndex) find(in *Input, start int) []span {
	var found []span
	var key, folded strings.Builder
	punctuation := in.tokens[start].Punctuation
	longest := d.longest[d.key(in, start)]
	for at := start; at < len(in.tokens) && longest > 0; at++ {
		if in.tokens[at].Punctuation != punctuation {
			if punctuation {
				break
			}
			continue
		}
		if at > start {
			key.WriteString(keySeparator)
			folded.WriteString(keySeparator)
		}
		key.WriteString(d.key(in, at))
		folded.WriteString(in.tokens[at].Folded)
		longest--
		if row, exact, ok := d.choose(key.String(), folded.String()); ok {
			found = append(found, span{end: at + 1, worth: in.entityMerit(start, at+1, exact), value: row.id})
		}
	}
	return found
}

func (d *dictionaryIndex) key(in *Input, at int) string {
	if d.strict {
		return in.tokens[at].Folded
	}
	return in.stems[at]
}

// choose prefers a synonym in the form that was typed, then the earlier row.
func (d *dictionaryIndex) choose(key, folded string) (row synonym, exact, ok bool) {
	rows := d.rows[key]
	for _, row := range rows {
		if row.folded == folded {
			return row, true, true
		}
	}
	if len(rows) == 0 {
		return synonym{}, false, false
	}
	return rows[0], false, true
}

func (in *Input) entityMerit(start, end int, exact bool) merit {
	weight := in.matcher.weights.Form
	if exact {
		weight = in.matcher.weights.Word
	}
	return in.merit(start, end, newMerit(weight, false))
}
