package nlu

import (
	"context"
	"slices"
	"sort"
	"strings"
)

// Classifier tells which intents a text means.
type Classifier interface {
	// Classify gives at most n hypotheses, one for each intent, the best first; n
	// below 1 is all. found are the entities of the text. The error is that of ctx.
	Classify(ctx context.Context, text string, found []Found, n int) ([]Hypothesis, error)
}

// Local compares a text with the example phrases and patterns of the model. It is
// immutable and safe for concurrent use.
type Local struct {
	model    *Model
	options  Options
	examples *exampleIndex
	rules    []*Intent // the intent of each pattern
	patterns PatternSet
}

// NewClassifier prepares the phrases of a model.
func NewClassifier(m *Model, o Options) *Local {
	c := &Local{model: m, options: o, examples: newExampleIndex(m, o)}
	var rules []Rule
	for _, intent := range m.Intents {
		for _, rule := range intent.Patterns {
			rules = append(rules, rule)
			c.rules = append(c.rules, intent)
		}
	}
	if o.Compile != nil && len(rules) > 0 {
		c.patterns = o.Compile(rules)
	}
	return c
}

// Classify implements [Classifier].
func (c *Local) Classify(ctx context.Context, text string, found []Found, n int) ([]Hypothesis, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	best := ranking{}
	c.byPatterns(text, found, best)
	c.byEntities(text, found, best)
	for _, variant := range c.variants(text, found) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.examples.score(variant, best)
	}
	hypotheses := best.list(c.model)
	if n > 0 && len(hypotheses) > n {
		hypotheses = hypotheses[:n]
	}
	for i := range hypotheses {
		hypotheses[i].Slots = FillSlots(hypotheses[i].Intent, found)
	}
	return hypotheses, nil
}

// Knows tells whether a form of the word stands in an example phrase.
func (c *Local) Knows(word Word) bool {
	_, ok := c.examples.byStem[word.Stem]
	return ok
}

// ranking is the best score of each intent.
type ranking map[*Intent]Hypothesis

func (r ranking) offer(intent *Intent, score float64, pattern string) {
	if score > r[intent].Score {
		r[intent] = Hypothesis{Intent: intent, Score: score, Pattern: pattern}
	}
}

// list orders by score, then priority, then the order of the export.
func (r ranking) list(m *Model) []Hypothesis {
	list := []Hypothesis{}
	for _, intent := range m.Intents {
		if hypothesis, ok := r[intent]; ok {
			list = append(list, hypothesis)
		}
	}
	sort.SliceStable(list, func(i, j int) bool {
		if list[i].Score != list[j].Score {
			return list[i].Score > list[j].Score
		}
		return list[i].Intent.Priority > list[j].Intent.Priority
	})
	return list
}

// byPatterns takes patterns for what the author is sure of: one that fits is
// worth at least half, the rest is how much of the text it covers.
func (c *Local) byPatterns(text string, found []Found, best ranking) {
	if c.patterns == nil {
		return
	}
	for _, fit := range c.patterns.Scores(text, lookupIn(found)) {
		intent := c.rules[fit.Rule]
		best.offer(intent, certain(fit.Score), patternText(intent, c.rules, fit.Rule))
	}
}

func certain(coverage float64) float64 { return 0.5 + min(max(coverage, 0), 1)/2 }

// patternText is the pattern at a place of the list of all patterns.
func patternText(intent *Intent, rules []*Intent, at int) string {
	return intent.Patterns[at-slices.Index(rules, intent)].Text
}

func lookupIn(found []Found) Lookup {
	return func(name string) []Found {
		var same []Found
		for _, f := range found {
			if f.Entity == name {
				same = append(same, f)
			}
		}
		return same
	}
}

// byEntities takes intents that an entity is enough for.
func (c *Local) byEntities(text string, found []Found, best ranking) {
	if len(found) == 0 {
		return
	}
	total := len([]rune(strings.ReplaceAll(text, " ", "")))
	for _, intent := range c.model.Intents {
		for _, f := range found {
			if slices.Contains(intent.Needs, f.Entity) {
				best.offer(intent, certain(float64(len([]rune(strings.ReplaceAll(f.Text, " ", ""))))/float64(max(total, 1))), "")
			}
		}
	}
}

// FillSlots gives the slots of an intent for which an entity was found. Slots of
// the same entity share what was found, in the order of the text.
func FillSlots(intent *Intent, found []Found) []SlotValue {
	values := []SlotValue{}
	used := map[string]int{}
	for _, slot := range intent.Slots {
		same := lookupIn(found)(slot.Entity)
		rest := same[min(used[slot.Entity], len(same)):]
		if len(rest) == 0 {
			continue
		}
		if !slot.Array {
			used[slot.Entity]++
			values = append(values, SlotValue{Name: slot.Name, Value: rest[0].Value})
			continue
		}
		used[slot.Entity] = len(same)
		items := make([]string, len(rest))
		for i, f := range rest {
			items[i] = string(f.Value)
		}
		values = append(values, SlotValue{Name: slot.Name, Value: []byte("[" + strings.Join(items, ",") + "]"), Array: true})
	}
	return values
}
