package dialog

import (
	"context"
	"sort"
	"strconv"

	"parley/internal/dialog/nlu"
)

// ExampleHit is an active `e` or `eg` trigger with an example that the text is like.
type ExampleHit struct {
	Candidate
	// Score is 0 to 1.
	Score float64
}

// Examples recognises the example phrases of `e` and `eg` triggers. It is immutable
// and safe for concurrent use.
type Examples struct {
	project *Project
	// classifier takes every trigger for an intent with a path of its own, nil when
	// there is none; triggers finds the trigger by that path.
	classifier nlu.Classifier
	triggers   map[string]*Trigger
}

func newExamples(p *Project) *Examples {
	e := &Examples{project: p, triggers: map[string]*Trigger{}}
	model := &nlu.Model{}
	for _, t := range p.Triggers {
		intent := &nlu.Intent{Path: "/" + strconv.Itoa(t.Order)}
		for _, text := range p.examplesOf(t) {
			intent.Phrases = append(intent.Phrases, nlu.Phrase{Text: text})
		}
		if len(intent.Phrases) > 0 {
			model.Intents = append(model.Intents, intent)
			e.triggers[intent.Path] = t
		}
	}
	if len(model.Intents) > 0 && p.Config.examplesEnabled() {
		e.classifier = p.understanding.NewClassifier(model)
	}
	return e
}

// Hits gives the active example triggers that the text is like while the context
// path is contextPath, the best one first: by score, then by distance, then by load
// order. The error is that of ctx.
func (e *Examples) Hits(ctx context.Context, text, contextPath string) ([]ExampleHit, error) {
	if e.classifier == nil {
		return nil, nil
	}
	hypotheses, err := e.classifier.Classify(ctx, text, nil, 0)
	if err != nil {
		return nil, err
	}
	scores := map[*Trigger]float64{}
	for _, h := range hypotheses {
		scores[e.triggers[h.Intent.Path]] = h.Score
	}
	least := e.project.Config.exampleThreshold()
	active := append(e.project.Active(contextPath, TriggerExample), e.project.Active(contextPath, TriggerExampleGroup)...)
	var hits []ExampleHit
	for _, c := range active {
		if score, like := scores[c.Trigger]; like && score >= least {
			hits = append(hits, ExampleHit{Candidate: c, Score: score})
		}
	}
	sort.SliceStable(hits, func(i, j int) bool { return beforeExample(hits[i], hits[j]) })
	return hits, nil
}

func beforeExample(a, b ExampleHit) bool {
	switch {
	case a.Score != b.Score:
		return a.Score > b.Score
	case a.Distance != b.Distance:
		return a.Distance < b.Distance
	}
	return a.Trigger.Order < b.Trigger.Order
}

// examplesEnabled is classifier.enable, true when it is not given.
func (c *Config) examplesEnabled() bool {
	enabled, given := c.Classifier["enable"].(bool)
	return enabled || !given
}

// exampleThreshold drops weaker examples: classifier.noMatchThreshold, else the
// threshold of phrases.
func (c *Config) exampleThreshold() float64 {
	if least, ok := c.Classifier["noMatchThreshold"].(float64); ok {
		return least
	}
	return c.NLP.PhraseThreshold
}
