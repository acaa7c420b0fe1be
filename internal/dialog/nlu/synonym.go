package nlu

// synonymIndex finds the synonyms of one entity, words in a row.
type synonymIndex struct {
	exact bool
	fuzzy bool
	// starts holds the synonyms by their first word.
	starts map[string][]synonym
}

type synonym struct {
	record int
	words  []Word
}

// hit is a part of the text, with the record found there or the value.
type synonymHit struct {
	Range
	record int
}

func newSynonymIndex(entity *Entity, o Options) *synonymIndex {
	index := &synonymIndex{exact: entity.Exact, fuzzy: entity.Fuzzy, starts: map[string][]synonym{}}
	for i, record := range entity.Records {
		if record.Type != Synonyms {
			continue
		}
		for _, rule := range record.Rules {
			if words := o.spoken(rule.Text); len(words) > 0 {
				index.add(synonym{record: i, words: words})
			}
		}
	}
	return index
}

// add files a synonym under its first word: a Russian name in "-ов" has forms that
// keep the ending, which elsewhere is a plural's.
func (x *synonymIndex) add(s synonym) {
	first := s.words[0]
	x.starts[x.key(first)] = append(x.starts[x.key(first)], s)
	if x.key(first) != first.Folded {
		x.starts[first.Folded] = append(x.starts[first.Folded], s)
	}
}

// key is what two forms of a word share.
func (x *synonymIndex) key(word Word) string {
	if x.exact {
		return word.Folded
	}
	return word.Stem
}

// same tells whether a word of the text is the word of a synonym.
func (x *synonymIndex) same(said, known Word) bool {
	return x.key(said) == x.key(known) || x.key(said) == known.Folded || said.Folded == known.Folded || x.fuzzy && nearWord(said.Folded, known.Folded)
}

// find gives the longest synonym at each word; words counts punctuation too,
// which may stand inside.
func (x *synonymIndex) find(words []Word) []synonymHit {
	var hits []synonymHit
	for at, word := range words {
		best := synonymHit{record: -1}
		for _, candidate := range x.candidates(word) {
			if end, ok := x.fits(words, at, candidate.words); ok && end > best.End {
				best = synonymHit{Range: Range{Start: word.Start, End: end}, record: candidate.record}
			}
		}
		if best.record >= 0 {
			hits = append(hits, best)
		}
	}
	return hits
}

func (x *synonymIndex) candidates(word Word) []synonym {
	if !x.fuzzy {
		return x.starts[x.key(word)]
	}
	var all []synonym
	for _, list := range x.starts {
		for _, candidate := range list {
			if x.same(word, candidate.words[0]) {
				all = append(all, candidate)
			}
		}
	}
	return all
}

// fits tells where a synonym ends that begins at a word.
func (x *synonymIndex) fits(words []Word, at int, synonym []Word) (end int, ok bool) {
	for i, known := range synonym {
		for i > 0 && at < len(words) && words[at].Punctuation {
			at++
		}
		if at >= len(words) || words[at].Punctuation || !x.same(words[at], known) {
			return 0, false
		}
		end = words[at].End
		at++
	}
	return end, true
}
