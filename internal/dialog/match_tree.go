package dialog

import (
	"slices"
	"strings"
)

// ParseNode is one node of the parse tree (dialog-language 4.5): the root, a named
// pattern, a dictionary row or an NLU entity that matched. The matcher makes new
// nodes for every match, so a runtime may set Value when it runs converters.
type ParseNode struct {
	// Tag is the alias or else the name; "root" for the root.
	Tag string
	// Pattern is the name without the alias; the converter is found by it.
	Pattern string
	// Text is what matched as it was typed, Words the same in lower-case tokens.
	Text  string
	Words []string
	// Value is a string for "word:value", the id for a dictionary, anything for an
	// NLU entity; it counts only when HasValue is set.
	Value    any
	HasValue bool
	// Children are in text order.
	Children []*ParseNode
	// Start and End are token places, End not included.
	Start, End int
}

// NodeGroup is the nodes of one tag.
type NodeGroup struct {
	Tag   string
	Nodes []*ParseNode
}

// Groups gives the children by tag: the arrays of $parseTree. Tags come in the
// order of their first node.
func (n *ParseNode) Groups() []NodeGroup {
	var groups []NodeGroup
	for _, child := range n.Children {
		i := slices.IndexFunc(groups, func(g NodeGroup) bool { return g.Tag == child.Tag })
		if i < 0 {
			i = len(groups)
			groups = append(groups, NodeGroup{Tag: child.Tag})
		}
		groups[i].Nodes = append(groups[i].Nodes, child)
	}
	return groups
}

// Shown is what $parseTree._Tag shows of the node: its value, else the first
// value among its descendants depth first, else its text.
func (n *ParseNode) Shown() any {
	if value, ok := n.found(); ok {
		return value
	}
	return n.Text
}

func (n *ParseNode) found() (any, bool) {
	if n.HasValue {
		return n.Value, true
	}
	for _, child := range n.Children {
		if value, ok := child.found(); ok {
			return value, true
		}
	}
	return nil, false
}

// Walk visits children before their parents, in text order: the order in which
// converters run.
func (n *ParseNode) Walk(visit func(*ParseNode)) {
	for _, child := range n.Children {
		child.Walk(visit)
	}
	visit(n)
}

// nodeName is how a node is filed.
type nodeName struct{ tag, pattern string }

func newNodeName(alias, pattern string) *nodeName {
	if alias == "" {
		alias = pattern
	}
	return &nodeName{tag: alias, pattern: pattern}
}

// aliasNode names the node of an element that makes one only with an alias.
func aliasNode(alias, pattern string) *nodeName {
	if alias == "" {
		return nil
	}
	return newNodeName(alias, pattern)
}

// effect is what an element leaves on the path of a match.
type effect interface {
	apply(b *treeBuilder, node *ParseNode)
}

// treeBuilder turns the effects on a path into a tree.
type treeBuilder struct {
	in        *Input
	modifiers []modifier
}

func (b *treeBuilder) node(name nodeName, start, end int) *ParseNode {
	text := b.in.slice(start, end)
	words := make([]string, 0, end-start)
	for _, token := range b.in.tokens[start:end] {
		words = append(words, strings.ToLower(b.in.text[token.Start:token.End]))
	}
	return &ParseNode{Tag: name.tag, Pattern: name.pattern, Text: text, Words: words, Start: start, End: end}
}

// root is the node of the whole request.
func (b *treeBuilder) root(path *trace) *ParseNode {
	node := b.node(nodeName{tag: "root", pattern: "root"}, 0, len(b.in.tokens))
	node.Text = b.in.text
	b.replay(path, node)
	return node
}

func (b *treeBuilder) replay(path *trace, node *ParseNode) {
	var effects []effect
	for ; path != nil; path = path.previous {
		effects = append(effects, path.effect)
	}
	for _, effect := range slices.Backward(effects) {
		effect.apply(b, node)
	}
}

// valueEffect sets the value of the enclosing node; the last one on the path wins.
type valueEffect struct{ value string }

func (e valueEffect) apply(_ *treeBuilder, node *ParseNode) {
	node.Value, node.HasValue = e.value, true
}

// weightEffect is a $weight<> that lies on the path.
type weightEffect struct{ modifier modifier }

func (e weightEffect) apply(b *treeBuilder, _ *ParseNode) {
	b.modifiers = append(b.modifiers, e.modifier)
}

// innerEffect holds the effects of a shared element without a node.
type innerEffect struct{ trace *trace }

func (e innerEffect) apply(b *treeBuilder, node *ParseNode) { b.replay(e.trace, node) }

// nodeEffect makes a child.
type nodeEffect struct {
	name       *nodeName
	start, end int
	inner      *trace
	value      any
	hasValue   bool
	lends      bool
}

func (e nodeEffect) apply(b *treeBuilder, node *ParseNode) {
	child := b.node(*e.name, e.start, e.end)
	child.Value, child.HasValue = e.value, e.hasValue
	b.replay(e.inner, child)
	node.Children = append(node.Children, child)
	if e.lends && child.HasValue && !node.HasValue {
		node.Value, node.HasValue = child.Value, child.HasValue
	}
}
