package dialog

import (
	"sort"
	"strings"

	"parley/internal/dialog/nlu"
)

// IntentHit is an active `intent` or `intentGroup` trigger with an intent that the
// request may mean.
type IntentHit struct {
	Candidate
	nlu.Hypothesis
}

// Recognised tells whether a hypothesis reaches its threshold, that of phrases or
// that of patterns inside intents (dialog-language 1.2).
func (n *NLP) Recognised(h nlu.Hypothesis) bool {
	if h.Pattern != "" {
		return h.Score >= n.PatternThreshold
	}
	return h.Score >= n.PhraseThreshold
}

// IntentHits gives the active triggers of the recognised hypotheses while the
// context path is context, the best one first (dialog-language 5.3): by score,
// then by distance, then by the intent's priority. With
// nlp.considerContextDepthInStateSelectionV2 the distance comes first.
func (p *Project) IntentHits(context string, hypotheses []nlu.Hypothesis) []IntentHit {
	active := append(p.Active(context, TriggerIntent), p.Active(context, TriggerIntentGroup)...)
	var hits []IntentHit
	for _, h := range hypotheses {
		if !p.Config.NLP.Recognised(h) {
			continue
		}
		for _, c := range active {
			if c.Trigger.takes(h.Intent.Path) {
				hits = append(hits, IntentHit{Candidate: c, Hypothesis: h})
			}
		}
	}
	sort.SliceStable(hits, func(i, j int) bool { return beforeIntent(hits[i], hits[j], p.Config.NLP.ConsiderContextDepth) })
	return hits
}

// takes tells whether a trigger waits for an intent: by its path, or by the path
// of a group it belongs to.
func (t *Trigger) takes(path string) bool {
	own := intentPath(t.Value.Text)
	if t.Kind == TriggerIntentGroup {
		return within(path, own)
	}
	return t.Kind == TriggerIntent && path == own
}

// intentPath is a path as it stands in the export: with a leading slash.
func intentPath(written string) string {
	return "/" + strings.Trim(strings.TrimSpace(written), "/")
}

// beforeIntent orders hits. Scores are compared exactly, so that the order is one;
// they come from the same classifier and are equal where the same rule fitted.
func beforeIntent(a, b IntentHit, nearestFirst bool) bool {
	switch {
	case nearestFirst && a.Distance != b.Distance:
		return a.Distance < b.Distance
	case a.Score != b.Score:
		return a.Score > b.Score
	case a.Distance != b.Distance:
		return a.Distance < b.Distance
	case a.Intent.Priority != b.Intent.Priority:
		return a.Intent.Priority > b.Intent.Priority
	case a.Trigger.Kind != b.Trigger.Kind:
		return a.Trigger.Kind == TriggerIntent // the intent itself before its group
	}
	return a.Trigger.Order < b.Trigger.Order
}
