package script

import (
	"encoding/json"
	"strings"

	"parley/internal/dialog"
	"parley/internal/dialog/nlu"
)

// hypothesis is one entry of $context.nluResults (dialog-language 5.3).
type hypothesis struct {
	Clazz    string   `json:"clazz"`
	Score    float64  `json:"score"`
	Tree     node     `json:"pt"`
	RuleType string   `json:"ruleType"`
	Rule     string   `json:"rule"`
	Distance int      `json:"distance"`
	Locator  string   `json:"locator"`
	Answer   string   `json:"answer,omitempty"`
	Priority float64  `json:"priority,omitempty"`
	Debug    *debug   `json:"debugInfo,omitempty"`
	Content  *content `json:"content,omitempty"`
	// Intent is the path of the intent, "" for patterns and examples.
	Intent string `json:"intent,omitempty"`
}

// debug and content are parts of an entry for an intent.
type (
	debug struct {
		Slots []nlu.SlotValue `json:"slots"`
	}
	content struct {
		Replies json.RawMessage `json:"replies"`
	}
)

// nluResults is $context.nluResults without `selected`.
type nluResults struct {
	Patterns []hypothesis `json:"patterns"`
	Examples []hypothesis `json:"examples"`
	Intents  []hypothesis `json:"intents"`
}

// nluJSON is $context.nluResults: all lists, also those that the choice needed not.
func (r view) nluJSON() (string, error) {
	if r.heard == nil {
		return marshal(nluResults{Patterns: []hypothesis{}, Examples: []hypothesis{}, Intents: []hypothesis{}}), nil
	}
	results, err := r.results(r.heard)
	return marshal(results), err
}

func (r view) results(u *understanding) (nluResults, error) {
	ctx, cancel := u.bounded(r.ctx)
	defer cancel()
	results := nluResults{Patterns: []hypothesis{}, Examples: []hypothesis{}, Intents: []hypothesis{}}
	if err := u.read(ctx, true); err != nil {
		return results, err
	}
	for _, hit := range u.patterns {
		results.Patterns = append(results.Patterns, newHypothesis(hit.Candidate, hit.Score, r.node(hit.Tree)))
	}
	for _, hit := range u.examples {
		results.Examples = append(results.Examples, newHypothesis(hit.Candidate, hit.Score, r.plain(u.text)))
	}
	for _, hit := range u.intents {
		h := newHypothesis(hit.Candidate, hit.Score, r.intentNode(u, hit.Slots))
		h.Answer, h.Priority, h.Intent = hit.Intent.Answer, hit.Intent.Priority, hit.Intent.Path
		h.Debug = &debug{Slots: hit.Slots}
		if len(hit.Intent.Replies) > 0 {
			h.Content = &content{Replies: hit.Intent.Replies}
		}
		results.Intents = append(results.Intents, h)
	}
	return results, nil
}

func newHypothesis(c dialog.Candidate, score float64, tree node) hypothesis {
	return hypothesis{
		Clazz: c.Trigger.Target(), Score: score, Tree: tree, RuleType: ruleType(c.Trigger.Kind), Rule: c.Trigger.Value.Text,
		Distance: c.Distance, Locator: c.Trigger.Pos.String(),
	}
}

// plain is the tree of a text that no pattern matched.
func (r view) plain(text string) node {
	words := []string{}
	for _, token := range r.bot.recogniser.Input(text).Tokens() {
		words = append(words, token.Folded)
	}
	return node{Tag: "root", Pattern: "root", Text: text, Words: words}
}

// intentNode is the tree of an intent: the entities of the text as children, the
// slots as shown values (dialog-language 4.5).
func (r view) intentNode(u *understanding, slots []nlu.SlotValue) node {
	root := r.plain(u.text)
	for _, e := range u.entities() {
		var value any = e.Value
		child := node{Tag: e.Entity, Pattern: e.Entity, Text: e.Text, Words: strings.Fields(strings.ToLower(e.Text)), Value: &value}
		root.Children = append(root.Children, child)
	}
	root.Slots = slots
	return root
}

// intentJSON is $context.intent, "" for none.
func (r view) intentJSON() string {
	if r.meant == nil {
		return ""
	}
	return marshal(newMeaning(*r.meant))
}

func newMeaning(h nlu.Hypothesis) meaning {
	m := meaning{
		ID: h.Intent.ID, Path: h.Intent.Path, Answer: h.Intent.Answer, CustomData: h.Intent.CustomData, Priority: h.Intent.Priority,
		Slots: []slotFilled{},
	}
	for _, slot := range h.Intent.Slots {
		filled := slotFilled{Slot: slot}
		for _, v := range h.Slots {
			if v.Name == slot.Name {
				filled.Value = v.Value
			}
		}
		m.Slots = append(m.Slots, filled)
	}
	return m
}

// entity is one of $context.entities, in the form of script-api 2.6.
type entity struct {
	Entity   string `json:"entity"`
	Slot     string `json:"slot,omitempty"`
	StartPos int    `json:"startPos"`
	EndPos   int    `json:"endPos"`
	Text     string `json:"text"`
	// Value is JSON as a text, except that a text stands as it is.
	Value  string `json:"value"`
	System bool   `json:"system"`
}

func newEntities(found []nlu.Found, intent *nlu.Intent) []entity {
	list := []entity{}
	for _, f := range found {
		e := entity{Entity: f.Entity, StartPos: f.Start, EndPos: f.End, Text: f.Text, Value: string(f.Value), System: f.System}
		var text string
		if json.Unmarshal(f.Value, &text) == nil {
			e.Value = text
		}
		if intent != nil {
			for _, slot := range intent.Slots {
				if slot.Entity == f.Entity && e.Slot == "" {
					e.Slot = slot.Name
				}
			}
		}
		list = append(list, e)
	}
	return list
}

// entitiesJSON is $context.entities: what the text of the request names.
func (r view) entitiesJSON() string {
	if r.request.Event != "" || r.request.Query == "" {
		return "[]"
	}
	var intent *nlu.Intent
	if r.meant != nil {
		intent = r.meant.Intent
	}
	return marshal(newEntities(r.understood().entities(), intent))
}

// logInfoJSON is $context.logInfo.
func (r view) logInfoJSON() string { return marshal(r.rule) }
