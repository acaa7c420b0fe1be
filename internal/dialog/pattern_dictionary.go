package dialog

import "slices"

// dictionaryIndex finds the synonyms of a dictionary in a request, in all their
// forms unless it is strict (dialog-language 1.3). It is a tree of words: looking up
// visits no word of a synonym twice, and only those that begin as the request does.
type dictionaryIndex struct {
	matcher *Matcher
	strict  bool
	root    indexNode
	rows    int
}

// indexNode is a place in the tree: behind the first words of some synonyms.
type indexNode struct {
	// next are the places behind one more word, as it is written.
	next map[string]*indexNode
	// lemmas finds them by a dictionary form; stems those whose word no dictionary
	// has, and loose those it has, for words of a request that no dictionary has.
	lemmas, stems, loose map[string][]*indexNode
	// row is the number of the first row that ends here, 0 for none.
	row int
	id  string
}

func newDictionaryIndex(m *Matcher, dictionary *Dictionary) *dictionaryIndex {
	d := &dictionaryIndex{matcher: m, strict: dictionary.Strict}
	for i := range dictionary.Entries {
		for _, name := range dictionary.Entries[i].Names {
			d.add(name, dictionary.Entries[i].ID)
		}
	}
	return d
}

func (d *dictionaryIndex) add(name, id string) {
	words := dictionaryWords(d.matcher.tokenizer.split(name))
	if len(words) == 0 {
		return
	}
	at := &d.root
	for _, word := range words {
		at = d.child(at, word)
	}
	if d.rows++; at.row == 0 {
		at.row, at.id = d.rows, id
	}
}

// child is the place behind a word, made when it is new.
func (d *dictionaryIndex) child(at *indexNode, word string) *indexNode {
	if next := at.next[word]; next != nil {
		return next
	}
	next := &indexNode{}
	if at.next == nil {
		at.next = map[string]*indexNode{}
	}
	at.next[word] = next
	if d.strict || d.matcher.lexicon.finite(word) {
		return next // "goes" in a list is no "to go"
	}
	forms := d.matcher.forms(word)
	for _, lemma := range forms.lemmas {
		file(&at.lemmas, lemma, next)
	}
	for _, stem := range forms.stems {
		if len(forms.lemmas) > 0 {
			file(&at.loose, stem, next)
		} else {
			file(&at.stems, stem, next)
		}
	}
	return next
}

func file(into *map[string][]*indexNode, key string, node *indexNode) {
	if *into == nil {
		*into = map[string][]*indexNode{}
	}
	(*into)[key] = append((*into)[key], node)
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
	s := indexSearch{index: d, in: in, punctuation: in.tokens[start].Punctuation}
	s.from(&d.root, start, true)
	found := make([]span, len(s.best))
	for i, hit := range s.best {
		found[i] = span{end: hit.end, worth: in.entityMerit(start, hit.end, hit.exact), value: hit.id}
	}
	return found
}

// indexSearch looks for the synonyms that begin at one token.
type indexSearch struct {
	index       *dictionaryIndex
	in          *Input
	punctuation bool
	best        []indexHit // one for each end
}

type indexHit struct {
	end, row int
	id       string
	exact    bool
}

// from goes on behind some words; exact is true while all were written as they stand
// in the dictionary. Punctuation between words is skipped.
func (s *indexSearch) from(node *indexNode, at int, exact bool) {
	for at < len(s.in.tokens) && s.in.tokens[at].Punctuation != s.punctuation {
		if s.punctuation {
			return
		}
		at++
	}
	if at == len(s.in.tokens) || node.next == nil {
		return
	}
	same := node.next[s.in.tokens[at].Folded]
	if same != nil {
		s.take(same, at+1, exact)
	}
	if s.index.strict {
		return
	}
	var seen []*indexNode
	for _, list := range s.others(node, at) {
		for _, next := range list {
			if next != same && !slices.Contains(seen, next) {
				seen = append(seen, next)
				s.take(next, at+1, false)
			}
		}
	}
}

// others are the words that the token at a place is a form of. A token that the
// dictionary of the language has is no form of a word that it lacks: a name that
// ends like a case of a common word is not that word.
func (s *indexSearch) others(node *indexNode, at int) [][]*indexNode {
	lemmas := s.in.forms.lemmas(at)
	if len(lemmas) == 0 {
		stem := s.in.stems[at]
		return [][]*indexNode{node.stems[stem], node.loose[stem]}
	}
	var lists [][]*indexNode
	for _, lemma := range lemmas {
		lists = append(lists, node.lemmas[lemma])
	}
	return lists
}

func (s *indexSearch) take(node *indexNode, end int, exact bool) {
	if node.row > 0 {
		s.offer(indexHit{end: end, row: node.row, id: node.id, exact: exact})
	}
	s.from(node, end, exact)
}

// offer prefers a synonym in the form that was typed, then the earlier row.
func (s *indexSearch) offer(hit indexHit) {
	at := slices.IndexFunc(s.best, func(h indexHit) bool { return h.end == hit.end })
	switch {
	case at < 0:
		s.best = append(s.best, hit)
	case hit.exact && !s.best[at].exact, hit.exact == s.best[at].exact && hit.row < s.best[at].row:
		s.best[at] = hit
	}
}

func (in *Input) entityMerit(start, end int, exact bool) merit {
	weight := in.matcher.weights.Form
	if exact {
		weight = in.matcher.weights.Word
	}
	return in.merit(start, end, newMerit(weight, false))
}
