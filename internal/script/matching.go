package script

import (
	"encoding/json"
	"errors"

	"parley/internal/dialog"
	"parley/internal/dialog/nlu"
)

// bindMatching binds what $nlp compares texts with: patterns and examples of the
// script (script-api 2.5).
func (m *vm) bindMatching() {
	m.Bind("matchPatterns", func(args []any) (any, error) { return matching{m.run}.patterns(text(args, 0), text(args, 1)) })
	m.Bind("matchExamples", func(args []any) (any, error) { return matching{m.run}.examples(text(args, 0), text(args, 1)) })
}

// matching recognises texts that scripts give.
type matching struct{ *run }

// place adds the word places of a tree, which only $nlp shows.
func (n *node) place(from *dialog.ParseNode) {
	n.StartPos, n.EndPos = &from.Start, &from.End
	for i := range n.Children {
		n.Children[i].place(from.Children[i])
	}
}

// patternMatch is what $nlp.matchPatterns gives.
type patternMatch struct {
	PatternID string  `json:"patternId"`
	Pattern   string  `json:"pattern"`
	Score     float64 `json:"score"`
	Tree      node    `json:"parseTree"`
}

// patterns gives the pattern that fits a text best as JSON, "null" for none.
func (r matching) patterns(text, list string) (string, error) {
	var sources []string
	if err := json.Unmarshal([]byte(list), &sources); err != nil {
		return "", err
	}
	compiled := make([]*dialog.CompiledPattern, len(sources))
	for i, source := range sources {
		pattern, found := dialog.ParsePattern(dialog.NewSource(source, dialog.Pos{File: "$nlp.matchPatterns", Line: i + 1, Column: 1}))
		var more []dialog.Diagnostic
		compiled[i], more = r.bot.recogniser.Compile(pattern)
		for _, d := range append(found, more...) {
			if d.Severity == dialog.Error {
				return "", errors.New(d.String())
			}
		}
	}
	matches, err := r.bot.recogniser.Input(text).At(r.turn.Now()).Match(r.ctx, compiled...)
	if err != nil || len(matches) == 0 {
		return "null", err
	}
	dialog.SortMatches(matches)
	best := matches[0]
	tree := view(r).node(best.Tree)
	tree.place(best.Tree)
	return marshal(patternMatch{PatternID: compiled[best.Index].Pattern.Source.Pos().String(), Pattern: sources[best.Index], Score: best.Score, Tree: tree}), nil
}

// exampleMatch is what $nlp.matchExamples gives.
type exampleMatch struct {
	Example string  `json:"example"`
	Weight  float64 `json:"weight"`
	// Aligned is how many words of the text stand in the example, in some form.
	Aligned int `json:"aligned"`
}

// examples gives the example that a text is most like as JSON, "null" for none.
func (r matching) examples(text, list string) (string, error) {
	var examples []string
	if err := json.Unmarshal([]byte(list), &examples); err != nil {
		return "", err
	}
	model := &nlu.Model{}
	for _, example := range examples {
		model.Intents = append(model.Intents, &nlu.Intent{Path: "/" + example, Phrases: []nlu.Phrase{{Text: example}}})
	}
	found, err := r.bot.project.Understanding().NewClassifier(model).Classify(r.ctx, text, nil, 1)
	if err != nil || len(found) == 0 {
		return "null", err
	}
	example := found[0].Intent.Phrases[0].Text
	aligned := dialog.SharedWords(r.bot.recogniser.Input(text), r.bot.recogniser.Input(example))
	return marshal(exampleMatch{Example: example, Weight: found[0].Score, Aligned: aligned}), nil
}
