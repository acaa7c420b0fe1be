package dialog

import (
	"fmt"
	"strings"
)

// maxDepth limits how deep blocks and brackets may nest.
const maxDepth = 200

// block is a tag with everything that belongs to it, before its meaning.
type block struct {
	name     string // "" for the file itself and for an editor block
	editor   string // name of an editor block
	pos      Pos
	indent   int
	place    place  // what it is for its children
	value    Source // behind the colon, continuation lines included
	lines    []line // body lines of code, items, patterns and params
	children []*block
}

// needValue reports a tag without its value.
func (b *block) needValue(what string, r *report) bool {
	if b.value.Empty() {
		r.errorf(b.pos, "missing-value", "%q needs %s", b.name, what)
	}
	return !b.value.Empty()
}

// noValue warns of text behind a tag that has no value.
func (b *block) noValue(r *report) {
	if !b.value.Empty() {
		r.warnf(b.value.Pos(), "unexpected-value", "%q has no value; %s is ignored", b.name, fmt.Sprintf("%.40q", b.value.Text))
	}
}

// code is the JavaScript of a block without its common indentation; comments
// with "#" become comments of JavaScript.
func (b *block) code() Source {
	var g gather
	g.addSource(b.value)
	common := commonIndent(b.lines)
	for _, l := range b.lines {
		if g.text.Len() == 0 && l.skippable() {
			continue
		}
		pad := max(l.indent-common, 0)
		g.add("\n", strings.Repeat(" ", pad), Pos{File: l.pos.File, Line: l.pos.Line, Column: max(l.pos.Column-pad, 1)})
		if l.comment() {
			g.add("", "//"+l.text[1:], l.pos)
		} else {
			g.add("", l.text, l.pos)
		}
	}
	return g.source()
}

func commonIndent(lines []line) int {
	common := -1
	for _, l := range lines {
		if !l.skippable() && (common < 0 || l.indent < common) {
			common = l.indent
		}
	}
	return max(common, 0)
}
