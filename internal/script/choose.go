package script

import (
	"context"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"parley/internal/dialog"
)

// choose decides which state the request goes to (dialog-language 5.3), "" for
// none.
func (r *run) choose() (string, error) {
	r.matched = nil
	target, err := r.tempTarget()
	if target != "" || err != nil {
		return target, err
	}
	switch {
	case r.request.TargetState != "":
		return dialog.Resolve("/", r.request.TargetState), nil
	case r.request.Event != "":
		return r.byEvent(r.request.Event), nil
	case r.request.full != "" && r.request.Query == "":
		return "/", nil
	}
	if target, ok := r.extra.Buttons[buttonKey(r.request.Query)]; ok && r.bot.states[target] != nil {
		return target, nil
	}
	return r.byText()
}

// byEvent is the target of an event, "" when nothing handles it.
func (r *run) byEvent(name string) string {
	candidate, ok := r.bot.project.Event(r.position, name)
	if !ok {
		return ""
	}
	return candidate.Trigger.Target()
}

func (r *run) byText() (string, error) {
	in := r.bot.recogniser.Input(r.request.Query)
	if r.tooLong(in) {
		target := r.byEvent(dialog.EventLengthLimit)
		r.silent = target == ""
		return target, nil
	}
	hits, err := r.hitsOf(in)
	if errors.Is(err, context.DeadlineExceeded) {
		target := r.byEvent(dialog.EventTimeLimit)
		r.silent = target == ""
		return target, nil
	}
	if err != nil {
		return "", err
	}
	r.hits = hits
	best, other, err := r.selectHit()
	switch {
	case err != nil || other != "":
		return other, err
	case best < 0:
		return r.byEvent(dialog.EventNoMatch), nil
	}
	r.matched = hits[best].Tree
	return hits[best].Trigger.Target(), r.convert()
}

func (r *run) tooLong(in *dialog.Input) bool {
	limits := &r.bot.project.Config.NLP
	return limits.LengthSymbols > 0 && utf8.RuneCountInString(r.request.Query) > limits.LengthSymbols ||
		limits.LengthWords > 0 && len(in.Tokens()) > limits.LengthWords
}

func (r *run) hitsOf(in *dialog.Input) ([]dialog.Hit, error) {
	ctx := r.ctx
	if limit := r.bot.project.Config.NLP.TimeLimit; limit > 0 {
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		ctx = limited
	}
	return r.bot.recogniser.Hits(ctx, in, r.position)
}

// selectHit gives the index of the chosen hit, -1 for none, or the path of
// another state that a selectNLUResult handler named.
func (r *run) selectHit() (best int, other string, err error) {
	best = min(len(r.hits), 1) - 1
	if !r.bot.handlers["selectNLUResult"] {
		return best, "", nil
	}
	if err := r.handle("selectNLUResult"); err != nil {
		return 0, "", err
	}
	v, err := r.vm.Call("selected")
	text := v.text
	if err != nil || text == "" {
		return best, "", err
	}
	var chosen struct {
		Index int
		Clazz string
	}
	if err := json.Unmarshal([]byte(text), &chosen); err != nil {
		return 0, "", err
	}
	if chosen.Index >= 0 || chosen.Clazz == "" {
		return chosen.Index, "", nil
	}
	for i, hit := range r.hits {
		if hit.Trigger.Target() == chosen.Clazz {
			return i, "", nil
		}
	}
	return -1, dialog.Resolve("/", chosen.Clazz), nil
}

// convert runs the converters of what matched, if it has any.
func (r *run) convert() error {
	needed := false
	r.matched.Walk(func(n *dialog.ParseNode) { needed = needed || r.bot.converters[n.Pattern] != nil })
	return r.call("tree", needed)
}

// node is a parse node on its way to scripts.
type node struct {
	Tag      string   `json:"tag"`
	Pattern  string   `json:"pattern"`
	Text     string   `json:"text"`
	Words    []string `json:"words"`
	Value    *any     `json:"value,omitempty"`
	Children []node   `json:"children,omitempty"`
	Convert  bool     `json:"convert,omitempty"`
}

func (r *run) node(n *dialog.ParseNode) node {
	out := node{Tag: n.Tag, Pattern: n.Pattern, Text: n.Text, Words: n.Words, Convert: r.bot.converters[n.Pattern] != nil}
	if n.HasValue {
		out.Value = &n.Value
	}
	for _, child := range n.Children {
		out.Children = append(out.Children, r.node(child))
	}
	return out
}

// treeJSON is $parseTree before conversion.
func (r *run) treeJSON() string {
	if r.matched == nil {
		words := []string{}
		if r.request.Event == "" {
			for _, token := range r.bot.recogniser.Input(r.request.Query).Tokens() {
				words = append(words, token.Folded)
			}
		}
		return marshal(node{Tag: "root", Pattern: "root", Text: r.request.Query, Words: words})
	}
	return marshal(r.node(r.matched))
}

// hypothesis is one entry of $context.nluResults.patterns.
type hypothesis struct {
	Clazz    string  `json:"clazz"`
	Score    float64 `json:"score"`
	Tree     node    `json:"pt"`
	RuleType string  `json:"ruleType"`
	Rule     string  `json:"rule"`
	Distance int     `json:"distance"`
	Locator  string  `json:"locator"`
}

// nluJSON is $context.nluResults.
func (r *run) nluJSON() string {
	list := []hypothesis{}
	for _, hit := range r.hits {
		list = append(list, hypothesis{
			Clazz: hit.Trigger.Target(), Score: hit.Score, Tree: r.node(hit.Tree), RuleType: "pattern",
			Rule: hit.Trigger.Value.Text, Distance: hit.Distance, Locator: hit.Trigger.Pos.String(),
		})
	}
	return marshal(map[string]any{"patterns": list, "intents": []any{}, "examples": []any{}})
}
