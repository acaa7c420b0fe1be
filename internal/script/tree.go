package script

import (
	"parley/internal/dialog"
	"parley/internal/dialog/nlu"
)

// node is a parse node on its way to scripts.
type node struct {
	Tag      string   `json:"tag"`
	Pattern  string   `json:"pattern"`
	Text     string   `json:"text"`
	Words    []string `json:"words"`
	Value    *any     `json:"value,omitempty"`
	Children []node   `json:"children,omitempty"`
	Convert  bool     `json:"convert,omitempty"`
	// StartPos and EndPos are places of words, shown by $nlp.match.
	StartPos *int `json:"startPos,omitempty"`
	EndPos   *int `json:"endPos,omitempty"`
	// Slots are shown as _name, only in the root.
	Slots []nlu.SlotValue `json:"slots,omitempty"`
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
	switch {
	case r.matched != nil:
		return marshal(r.node(r.matched))
	case r.meant != nil:
		return marshal(r.intentNode(r.understood(), r.meant.Slots))
	case r.request.Event != "":
		return marshal(node{Tag: "root", Pattern: "root", Text: r.request.Query, Words: []string{}})
	}
	return marshal(r.plain(r.request.Query))
}

// understood is the text of the request with what was found in it so far.
func (r view) understood() *understanding {
	if r.heard != nil {
		return r.heard
	}
	return r.understand(r.request.Query, r.position)
}
