package script

import "parley/internal/dialog"

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

func (r view) node(n *dialog.ParseNode) node {
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
func (r view) treeJSON() string {
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
func (r view) nluJSON() string {
	list := []hypothesis{}
	for _, hit := range r.hits {
		list = append(list, hypothesis{
			Clazz: hit.Trigger.Target(), Score: hit.Score, Tree: r.node(hit.Tree), RuleType: "pattern",
			Rule: hit.Trigger.Value.Text, Distance: hit.Distance, Locator: hit.Trigger.Pos.String(),
		})
	}
	return marshal(map[string]any{"patterns": list, "intents": []any{}, "examples": []any{}})
}
