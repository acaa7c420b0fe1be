package dialog

import "strconv"

// Heading is a theme or state as one file writes it: the outline of the file.
type Heading struct {
	Pos
	// Tag is "theme" or "state", Name what is written behind it.
	Tag, Name string
	// Path is absolute, without what rootTheme of a require puts before it.
	Path string
	// End is the last line, at least that of Pos.
	End      int
	Children []*Heading
}

// Headings reads the outline of one .sc text, whatever is wrong with it.
func Headings(file string, data []byte) []*Heading {
	r := &report{}
	lines := scan(file, data, r)
	o := &headingReader{report: r, lines: lines}
	root := parseBlocks(file, data, r)
	o.number(root)
	top := &Heading{Path: "/", Tag: "theme"}
	o.read(root, top, -1)
	return top.Children
}

// headingReader finds headings among the blocks of a file.
type headingReader struct {
	*report
	lines  []line
	starts []*block // all blocks in the order of the file
}

func (o *headingReader) number(b *block) {
	for _, child := range b.children {
		o.starts = append(o.starts, child)
		o.number(child)
	}
}

// read adds the headings below a block; at is its place among the starts.
func (o *headingReader) read(b *block, parent *Heading, at int) int {
	for _, child := range b.children {
		at++
		if child.name != "theme" && child.name != "state" {
			at = o.read(child, parent, at)
			continue
		}
		h := o.heading(child, parent)
		parent.Children = append(parent.Children, h)
		h.End = o.end(child, at)
		at = o.read(child, h, at)
		for _, inner := range h.Children {
			h.End = max(h.End, inner.End)
		}
	}
	return at
}

func (o *headingReader) heading(b *block, parent *Heading) *Heading {
	value, _ := declared(b.value, o.report)
	h := &Heading{Pos: b.pos, Tag: b.name, Name: doubleColon(value, o.report).Text}
	name := h.Name
	if name == "" && b.name == "state" {
		name = strconv.Itoa(len(parent.Children) + 1)
	}
	h.Path = Resolve(parent.Path, "./"+name)
	return h
}

// end is the last line of a block: before the next one that is not deeper, blank
// lines and comments left out.
func (o *headingReader) end(b *block, at int) int {
	last := len(o.lines)
	for _, next := range o.starts[at+1:] {
		if next.indent <= b.indent {
			last = next.pos.Line - 1
			break
		}
	}
	for last > b.pos.Line && o.lines[last-1].skippable() {
		last--
	}
	return last
}
