package nlu

import (
	"math"
	"strings"
)

// exampleIndex compares words with those of the example phrases: two texts are as
// alike as the weight of the words they share. A word is worth more the fewer
// intents use it.
type exampleIndex struct {
	*vocabulary
	examples []example
	// postings are the examples of each term.
	postings [][]int
	// exact holds the intents of a phrase word by word.
	exact    map[string][]*Intent
	mentions map[string]bool
}

// example is a phrase: its terms, each once, and their weight together. For each
// intent there is a whole one too, with the terms of all its phrases.
type example struct {
	intent  *Intent
	whole   bool
	terms   []int
	weight  float64
	content int // terms that are no fillers
}

func newExampleIndex(m *Model, o Options) *exampleIndex {
	x := &exampleIndex{vocabulary: newVocabulary(), exact: map[string][]*Intent{}, mentions: map[string]bool{}}
	for _, intent := range m.Intents {
		used := map[int]bool{}
		for _, phrase := range intent.Phrases {
			x.add(intent, phraseWords(o, phrase.Text), used)
			for _, name := range mentioned(phrase.Text) {
				x.mentions[name] = true
			}
		}
		whole := example{intent: intent, whole: true}
		for term := range used {
			x.terms[term].intents++
			if !x.terms[term].filler {
				whole.terms = append(whole.terms, term)
			}
		}
		x.examples = append(x.examples, whole)
	}
	x.finish(len(m.Intents))
	x.postings = make([][]int, len(x.terms))
	for i := range x.examples {
		for _, term := range x.examples[i].terms {
			x.examples[i].weight += x.terms[term].weight
			x.postings[term] = append(x.postings[term], i)
			if !x.terms[term].filler {
				x.examples[i].content++
			}
		}
	}
	return x
}

func (x *exampleIndex) add(intent *Intent, words []Word, used map[int]bool) {
	if len(words) == 0 {
		return
	}
	e := example{intent: intent}
	once := map[int]bool{}
	for _, word := range words {
		term := x.learn(word)
		used[term] = true
		if !once[term] {
			once[term] = true
			e.terms = append(e.terms, term)
		}
	}
	x.examples = append(x.examples, e)
	key := wordKey(words)
	x.exact[key] = append(x.exact[key], intent)
}

func wordKey(words []Word) string {
	var key strings.Builder
	for _, word := range words {
		key.WriteString(word.Folded)
		key.WriteByte(' ')
	}
	return key.String()
}

// score offers the intents whose phrases are like the words.
func (x *exampleIndex) score(words []Word, best ranking) {
	if len(words) == 0 {
		return
	}
	for _, intent := range x.exact[wordKey(words)] {
		best.offer(intent, 1, "")
	}
	sums := x.compare(words)
	for _, i := range sums.touched {
		best.offer(x.examples[i].intent, calibrated(x.likeness(i, sums)), "")
	}
}

// likeness is how alike the words and an example are: by what they share of the
// weight of both; by the words of which the intent has each in some phrase; or
// because the phrase stands whole in a longer text.
func (x *exampleIndex) likeness(at int, sums comparison) float64 {
	e := &x.examples[at]
	if e.whole {
		return wholeLike * sums.said[at] / max(sums.content, 1e-9)
	}
	known := 0.0
	for _, term := range e.terms {
		known += x.terms[term].weight * sums.alike[term]
	}
	likeness := (sums.said[at] + known) / (sums.weight + e.weight)
	if part := known / e.weight; e.content > 1 && part >= leastPart {
		likeness = max(likeness, wholeLike*part)
	}
	return likeness
}

const (
	wholeLike = 0.62
	leastPart = 0.8
)

// comparison is what the words of a text have in common with the examples.
type comparison struct {
	weight  float64   // of the words said
	content float64   // of those that are no fillers
	said    []float64 // for each example: the weight of said words it has
	alike   []float64 // for each term: how alike the most similar said word is
	touched []int
}

func (x *exampleIndex) compare(words []Word) comparison {
	c := comparison{said: make([]float64, len(x.examples)), alike: make([]float64, len(x.terms))}
	seen := make([]int32, len(x.examples))
	most := make([]float64, len(x.examples))
	for i, word := range words {
		weight, similar := x.understand(word)
		c.weight += weight
		if !isFiller(word.Folded) {
			c.content += weight
		}
		stamp := int32(i + 1)
		for _, s := range similar {
			c.alike[s.term] = max(c.alike[s.term], s.like)
			for _, e := range x.postings[s.term] {
				if seen[e] == 0 {
					c.touched = append(c.touched, e)
				}
				if seen[e] != stamp {
					seen[e], most[e] = stamp, 0
				}
				if s.like > most[e] {
					c.said[e] += weight * (s.like - most[e])
					most[e] = s.like
				}
			}
		}
	}
	return c
}

// calibrated turns a likeness into a score: what shares less than a third or so
// of its weight with a phrase is a stranger and stays under the threshold of 0.2;
// only the phrase itself, word by word, has 1.
func calibrated(likeness float64) float64 {
	return math.Min(math.Max((likeness-strange)/(1-strange), 0), 0.99)
}

// strange is the likeness of a text that means something else.
const strange = 0.38
