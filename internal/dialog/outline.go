package dialog

import "strings"

// outliner builds the tree of blocks of a file by indentation.
type outliner struct {
	lines []line
	next  int
	*report
}

// parseBlocks reads a file. What is wrong is reported and left out.
func parseBlocks(name string, data []byte, r *report) *block {
	o := &outliner{lines: scan(name, data, r), report: r}
	file := &block{pos: Pos{File: name, Line: 1, Column: 1}, indent: -1, place: inFile}
	o.children(file, 0)
	return file
}

// peek gives the next line that is neither blank nor a comment and deeper than
// indent.
func (o *outliner) peek(indent int) (line, bool) {
	for o.next < len(o.lines) && o.lines[o.next].skippable() {
		o.next++
	}
	if o.next == len(o.lines) || o.lines[o.next].indent <= indent {
		return line{}, false
	}
	return o.lines[o.next], true
}

// children reads the blocks below parent.
func (o *outliner) children(parent *block, depth int) {
	first := -1
	style := indentStyle{report: o.report}
	for {
		l, ok := o.peek(parent.indent)
		if !ok {
			return
		}
		o.next++
		style.check(l)
		if first < 0 {
			first = l.indent
		}
		if l.indent > first && len(parent.children) > 0 {
			o.warnf(l.pos, "uneven-indentation", "this line is indented deeper than its siblings; it is read as one of them")
		}
		o.child(parent, l, depth)
	}
}

// indentStyle refuses tabs and blanks mixed in the indentation of one block.
type indentStyle struct {
	tabs, blanks, told bool
	*report
}

func (s *indentStyle) check(l line) {
	s.tabs = s.tabs || l.tabs
	s.blanks = s.blanks || l.blanks
	if s.tabs && s.blanks && !s.told {
		s.told = true
		s.errorf(l.pos, "mixed-indentation", "tabs and blanks are mixed in the indentation of one block")
		s.hint("use 4 blanks for each level")
	}
}

// child reads the block that starts with l.
func (o *outliner) child(parent *block, l line, depth int) {
	if strings.HasPrefix(l.text, "@") {
		o.editorBlock(parent, l)
		return
	}
	name, t, rest, ok := tagOf(l)
	if !ok {
		if name, t, rest, ok = o.unknownLine(l, name, parent.place); !ok {
			o.skip(l.indent)
			return
		}
	}
	if t.parent&parent.place == 0 {
		o.errorf(l.pos, "misplaced-tag", "the tag %q may not stand %s", name, parent.place.describe())
		o.hint("it may stand " + t.parent.describe())
		if t.parent&(inFile|inTheme) == 0 || isTrigger(name) {
			o.skip(l.indent)
			return
		}
	}
	b := &block{name: name, pos: l.pos, indent: l.indent, place: t.inside, value: l.from(rest)}
	if depth >= maxDepth {
		o.errorf(l.pos, "too-deep", "blocks nest deeper than %d levels", maxDepth)
		o.skip(l.indent)
		return
	}
	parent.children = append(parent.children, b)
	o.body(b, t, depth)
}

// describe says in words where a tag stands.
func (p place) describe() string {
	names := []struct {
		place place
		name  string
	}{
		{inFile, "at the top level of a file"}, {inTheme, "in a theme"}, {inState, "in a state"},
		{inBranch, "in if, elseif or else"}, {inRandom, "in random"},
	}
	var parts []string
	for _, n := range names {
		if p&n.place != 0 {
			parts = append(parts, n.name)
		}
	}
	return strings.Join(parts, ", ")
}

// unknownLine reports a line that is no known tag. A misspelt tag, and a known one
// that lacks its colon, are read as what was meant, so that nothing else goes
// wrong because of them.
func (o *outliner) unknownLine(l line, name string, where place) (string, tag, int, bool) {
	if name != "" {
		o.errorf(l.pos, "unknown-tag", "unknown tag %q", name)
		near := nearTag(name, where)
		if near == "" {
			return "", tag{}, 0, false
		}
		o.hint(`did you mean "` + near + `"?`)
		_, rest, _ := l.splitTag()
		return near, grammar(near), rest, true
	}
	word, _, _ := strings.Cut(l.text, " ")
	if t, ok := tags[word]; ok && t.parent&where != 0 {
		o.errorf(l.pos, "missing-colon", "the tag %q lacks its colon", word)
		return word, t, len(word), true
	}
	o.errorf(l.pos, "stray-line", "this line is no tag and continues none")
	return "", tag{}, 0, false
}

// skip leaves out the lines deeper than indent.
func (o *outliner) skip(indent int) {
	for {
		if _, ok := o.peek(indent); !ok {
			return
		}
		o.next++
	}
}

func (o *outliner) body(b *block, t tag, depth int) {
	switch t.body {
	case bodyTags:
		o.condition(b)
		o.children(b, depth+1)
	case bodyText:
		o.continued(b, "\n", endsText)
	case bodyNone:
		o.continuedOnce(b)
	case bodyPattern:
		b.value = withoutComment(b.value)
		o.continued(b, " ", endsValue)
	case bodyCode:
		o.code(b)
	case bodyItems, bodyParams:
		o.entries(b)
	case bodyPatterns:
		o.named(b)
	}
}

// continued appends the continuation lines of a value, up to a line that ends it.
func (o *outliner) continued(b *block, separator string, ends func(line) bool) {
	var g gather
	g.addSource(b.value)
	for {
		blanks := o.blankLines()
		l, ok := o.peek(b.indent)
		if !ok || ends(l) {
			break
		}
		o.next++
		if separator == "\n" {
			g.add(strings.Repeat(separator, blanks+1), l.text, l.pos)
		} else if text := withoutComment(l.source()); !text.Empty() {
			g.add(separator, text.Text, l.pos)
		}
	}
	b.value = g.source()
}

// continuedOnce takes a value that stands in the next lines, or parameters that
// do; other lines below a tag with one value are reported as they come.
func (o *outliner) continuedOnce(b *block) {
	var g gather
	b.value = withoutTriggerComment(b)
	g.addSource(b.value)
	for {
		l, ok := o.peek(b.indent)
		if !ok || endsValue(l) || g.text.Len() > 0 && !strings.HasPrefix(l.text, "||") {
			break
		}
		o.next++
		g.add(" ", l.text, l.pos)
	}
	b.value = g.source()
}

// withoutTriggerComment is the value of a tag; only triggers have comments.
func withoutTriggerComment(b *block) Source {
	if isTrigger(b.name) {
		return withoutComment(b.value)
	}
	return b.value
}

// blankLines counts the blank lines that follow.
func (o *outliner) blankLines() int {
	n := 0
	for _, l := range o.lines[o.next:] {
		if l.empty() {
			n++
		} else if !l.comment() {
			break
		}
	}
	return n
}

// condition appends the continuation lines of an expression: those that follow
// an open bracket or an operator.
func (o *outliner) condition(b *block) {
	if b.place != inBranch {
		return
	}
	var g gather
	g.addSource(b.value)
	open, last := bracketDepth(b.value.Text), b.value.Text
	for {
		l, ok := o.peek(b.indent)
		if !ok || endsValue(l) || open <= 0 && !endsOpen(last) && !startsOpen(l.text) {
			break
		}
		o.next++
		g.add("\n", l.text, l.pos)
		open, last = open+bracketDepth(l.text), l.text
	}
	b.value = g.source()
}

// startsOpen and endsOpen tell whether a JavaScript expression goes on before
// the line, or behind it.
func startsOpen(text string) bool {
	return strings.HasPrefix(text, "&&") || strings.HasPrefix(text, "||")
}

func endsOpen(text string) bool {
	for _, operator := range []string{"&&", "||", "+", "-", "*", "=", "<", ">", "?", "!", ",", "("} {
		if strings.HasSuffix(text, operator) {
			return true
		}
	}
	return false
}

// code takes the lines of a JavaScript body. It ends at a tag that is indented
// not deeper than its own; other lines belong to it however they are indented.
func (o *outliner) code(b *block) {
	start := o.next
	for ; o.next < len(o.lines); o.next++ {
		l := o.lines[o.next]
		if !l.skippable() && l.indent <= b.indent && endsCode(l) {
			break
		}
	}
	end := o.next
	for end > start && o.lines[end-1].skippable() {
		end--
	}
	b.lines = o.lines[start:end]
}

// endsCode tells whether a line cannot be JavaScript: it starts with a tag, a
// misspelt one too, or with an editor block.
func endsCode(l line) bool {
	if strings.HasPrefix(l.text, "@") {
		return true
	}
	name, _, _, ok := tagOf(l)
	if ok || name == "" {
		return ok
	}
	return name != "default" && (nearTag(name, inState) != "" || nearTag(name, inFile) != "")
}

// entries takes the lines of buttons and parameters: deeper lines up to a tag.
// Lines inside open brackets belong to the entry whatever they look like.
func (o *outliner) entries(b *block) {
	open := bracketDepth(b.value.Text)
	for {
		l, ok := o.peek(b.indent)
		if !ok && open > 0 && o.next < len(o.lines) && strings.ContainsAny(o.lines[o.next].text[:1], "}]") {
			l, ok = o.lines[o.next], true
		}
		if !ok || open <= 0 && endsValue(l) {
			return
		}
		o.next++
		b.lines = append(b.lines, l)
		open += bracketDepth(l.text)
	}
}

// named takes the lines of named patterns: deeper lines up to a tag. A pattern
// with an open bracket goes on whatever follows.
func (o *outliner) named(b *block) {
	for {
		l, ok := o.peek(b.indent)
		if !ok || endsValue(l) {
			return
		}
		o.next++
		if text := withoutComment(l.source()); text.Text != l.text {
			l.text = text.Text
		}
		if !l.empty() {
			b.lines = append(b.lines, l)
		}
	}
}

// editorBlock takes an `@Name` line and the JSON object behind it.
func (o *outliner) editorBlock(parent *block, l line) {
	name, rest, _ := strings.Cut(l.text[1:], " ")
	b := &block{editor: name, pos: l.pos, indent: l.indent, value: l.from(len(l.text) - len(rest))}
	if parent.place&(inTheme|inState|inFile) == 0 {
		o.errorf(l.pos, "misplaced-tag", "the editor block @%s may not stand %s", name, parent.place.describe())
	}
	open := bracketDepth(rest)
	var g gather
	g.addSource(b.value)
	for {
		next, ok := o.peek(l.indent)
		if !ok && open > 0 && o.next < len(o.lines) {
			next, ok = o.lines[o.next], true
		}
		if !ok || open <= 0 && !strings.HasPrefix(next.text, "{") {
			break
		}
		o.next++
		g.add("\n", next.text, next.pos)
		open += bracketDepth(next.text)
	}
	b.value = g.source()
	if open != 0 {
		o.errorf(l.pos, "bad-json", "the brackets of the editor block @%s do not match", name)
	}
	parent.children = append(parent.children, b)
}
