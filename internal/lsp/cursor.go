package lsp

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/dialog"
)

// cursor is a place in a document, and what is known around it.
type cursor struct {
	*workspace
	document *document
	project  *project // nil for a document outside of projects
	file     string   // in positions of the project
	number   int      // of the line, from 0
	line     string
	at       int // byte offset in the line
	spot     dialog.Spot
	tag      string // of the line, when the cursor stands behind its colon
	value    int    // byte offset of what follows that colon
}

func (s *Server) cursor(d *document, p position) *cursor {
	c := &cursor{workspace: &s.workspace, document: d, number: p.Line, line: d.line(p.Line), project: s.projectOf(d.uri)}
	c.at = offset(c.line, p.Character)
	if c.project != nil {
		c.file = c.project.file(d.uri)
	}
	if c.isScript() {
		c.spot = dialog.SpotAt([]byte(d.text), p.Line+1)
		if m := tagStart.FindStringSubmatchIndex(c.line); m != nil && m[1] <= c.at && c.spot.Body == "" {
			c.tag, c.value = c.line[m[2]:m[3]], m[1]
		}
	}
	return c
}

func (c *cursor) isScript() bool { return strings.EqualFold(path.Ext(c.document.uri), ".sc") }
func (c *cursor) isTest() bool   { return strings.EqualFold(path.Ext(c.document.uri), ".xml") }

// loaded is the project as it was looked at last, an empty one before.
func (c *cursor) loaded() *dialog.Project {
	if c.project == nil || c.project.loaded == nil {
		return &dialog.Project{}
	}
	return c.project.loaded
}

// subject is what a part of a line is about.
type subject struct {
	kind     kind
	from, to int // byte offsets in the line
}

type kind string

const (
	aTag        kind = "tag"
	aParam      kind = "parameter"
	aState      kind = "state"
	aPattern    kind = "pattern"
	aDictionary kind = "dictionary"
	anEntity    kind = "entity"
	anIntent    kind = "intent"
	anEvent     kind = "event"
	aGroup      kind = "example group"
	aFile       kind = "file"
	anElement   kind = "element"
)

var (
	tagStart       = regexp.MustCompile(`^\s*([A-Za-z][A-Za-z0-9]*!?)\s*:`)
	tagBegun       = regexp.MustCompile(`^\s*([A-Za-z][A-Za-z0-9]*!?)?$`)
	dictionaryUsed = regexp.MustCompile(`\$entity<([^<>|()\[\]]*)$`)
	patternUsed    = regexp.MustCompile(`\$([\p{L}\p{N}_]*)$`)
	entityUsed     = regexp.MustCompile(`@([\p{L}\p{N}_.-]*)$`)
	paramBegun     = regexp.MustCompile(`(?:^|,)\s*(\w*)$`)
	paramGiven     = regexp.MustCompile(`(\w+)\s*=\s*("[^"]*"?|'[^']*'?|\[[^\]]*\]?|[^,|]*)`)
	pathQuoted     = regexp.MustCompile(`["']((?:\.{0,2}/)[^"']*)`)
	anyQuoted      = regexp.MustCompile(`["']([^"']*)`)
	arrow          = regexp.MustCompile(`->\s*`)
	stateAttribute = regexp.MustCompile(`\b(?:state|class|targetState)\s*=\s*"([^"]*)`)
	stateElement   = regexp.MustCompile(`<state\s*>([^<]*)`)
	elementBegun   = regexp.MustCompile(`<([A-Za-z]*)$`)
)

// subject is what stands at the cursor; ok is false for nothing in particular.
func (c *cursor) subject() (found subject, ok bool) {
	switch {
	case c.isTest():
		return c.inTest()
	case !c.isScript() || strings.HasPrefix(strings.TrimSpace(c.line), "#"):
		return subject{}, false
	}
	for _, look := range []func() (subject, bool){c.inPattern, c.atState, c.inValue, c.atParam, c.atTag} {
		if found, ok = look(); ok {
			return found, true
		}
	}
	return subject{}, false
}

// before is the line up to the cursor.
func (c *cursor) before() string { return c.line[:c.at] }

// inTest looks at a line of an XML test.
func (c *cursor) inTest() (subject, bool) {
	for _, form := range []*regexp.Regexp{stateAttribute, stateElement} {
		if found, ok := c.covered(aState, form.FindAllStringSubmatchIndex(c.line, -1)); ok {
			return found, true
		}
	}
	if m := elementBegun.FindStringSubmatchIndex(c.before()); m != nil {
		return subject{anElement, m[2], c.at}, true
	}
	return subject{}, false
}

// covered is the part of a match, its first group, that the cursor stands in.
func (c *cursor) covered(k kind, matches [][]int) (subject, bool) {
	for _, m := range matches {
		if m[2] <= c.at && c.at <= m[3] {
			return subject{k, m[2], m[3]}, true
		}
	}
	return subject{}, false
}

// patternTags are the tags whose values or bodies are patterns.
func patternTags() []string { return []string{"q", "q!", "patterns"} }

// inPattern looks at names in a pattern.
func (c *cursor) inPattern() (subject, bool) {
	if !slices.Contains(patternTags(), c.tag) && !slices.Contains(patternTags(), c.spot.Body) {
		return subject{}, false
	}
	if m := dictionaryUsed.FindStringSubmatchIndex(c.before()); m != nil {
		return subject{aDictionary, m[2], c.until(func(r rune) bool { return strings.ContainsRune("<>|()[]", r) })}, true
	}
	end := c.until(func(r rune) bool { return !isWord(r) })
	if m := patternUsed.FindStringSubmatchIndex(c.before()); m != nil {
		return subject{aPattern, m[2], end}, true
	}
	if m := entityUsed.FindStringSubmatchIndex(c.before()); m != nil {
		return subject{anEntity, m[2], c.until(func(r rune) bool { return !isWord(r) && r != '.' && r != '-' })}, true
	}
	return subject{}, false
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// until is the offset of the first character from the cursor on that ends a word.
func (c *cursor) until(ends func(rune) bool) int {
	if i := strings.IndexFunc(c.line[c.at:], ends); i >= 0 {
		return c.at + i
	}
	return len(c.line)
}

// bars is the offset of the `||` before the parameters of the line's tag, the
// length of the line without them.
func (c *cursor) bars() int {
	if i := strings.Index(c.line[c.value:], "||"); i >= 0 {
		return c.value + i
	}
	return len(c.line)
}

// trimmed is a part of the line without blanks around it; the cursor may stand
// behind the last of them.
func (c *cursor) trimmed(k kind, from, to int) (subject, bool) {
	if c.at < from || c.at > to {
		return subject{}, false
	}
	from += len(c.line[from:to]) - len(strings.TrimLeft(c.line[from:to], " \t"))
	end := from + len(strings.TrimRight(c.line[min(from, to):to], " \t"))
	return subject{k, min(from, c.at), max(end, c.at)}, true
}

// atState looks at the places where paths of states stand (dialog-language 3).
func (c *cursor) atState() (subject, bool) {
	switch c.tag {
	case "go", "go!", "timeout":
		if c.at <= c.bars() {
			return c.trimmed(aState, c.value, c.bars())
		}
	}
	if c.spot.Body == "buttons" || c.spot.Body == "inlineButtons" || c.tag == "buttons" || c.tag == "inlineButtons" {
		if all := arrow.FindAllStringIndex(c.line, -1); all != nil && all[len(all)-1][1] <= c.at {
			return c.trimmed(aState, all[len(all)-1][1], len(c.line))
		}
	}
	if found, ok := c.atStateParam(); ok {
		return found, true
	}
	return c.atQuotedPath()
}

// atStateParam looks at parameters that name states, behind `||` or in lines.
func (c *cursor) atStateParam() (subject, bool) {
	tag, from := c.spot.Body, 0
	if c.tag != "" {
		tag, from = c.tag, c.bars()
	}
	for _, m := range paramGiven.FindAllStringSubmatchIndex(c.line[from:], -1) {
		name, start, end := c.line[from+m[2]:from+m[3]], from+m[4], from+m[5]
		if c.at < start || c.at > end || !dialog.IsStateParam(tag, name) {
			continue
		}
		for _, quoted := range anyQuoted.FindAllStringSubmatchIndex(c.line[start:end], -1) {
			if start+quoted[2] <= c.at && c.at <= start+quoted[3] {
				return subject{aState, start + quoted[2], start + quoted[3]}, true
			}
		}
		return c.trimmed(aState, start, end)
	}
	return subject{}, false
}

// atQuotedPath looks at texts in code that are written like paths.
func (c *cursor) atQuotedPath() (subject, bool) {
	code := []string{"script", "scriptEs6", "init", "buttons", "inlineButtons", "if", "elseif"}
	if !slices.Contains(code, c.tag) && !slices.Contains(code, c.spot.Body) {
		return subject{}, false
	}
	return c.covered(aState, pathQuoted.FindAllStringSubmatchIndex(c.line, -1))
}

// inValue looks at the values of tags that name something else than a state.
func (c *cursor) inValue() (subject, bool) {
	kinds := map[string]kind{
		"intent": anIntent, "intent!": anIntent, "intentGroup": anIntent, "intentGroup!": anIntent,
		"event": anEvent, "event!": anEvent, "eg": aGroup, "eg!": aGroup, "require": aFile,
	}
	k, ok := kinds[c.tag]
	if !ok || c.at > c.bars() {
		return subject{}, false
	}
	return c.trimmed(k, c.value, c.bars())
}

// atParam looks at names of parameters.
func (c *cursor) atParam() (subject, bool) {
	start := 0
	switch {
	case c.tag != "":
		if start = c.bars() + len("||"); start > c.at {
			return subject{}, false
		}
	case len(dialog.TagParams(c.spot.Body)) == 0:
		return subject{}, false
	}
	m := paramBegun.FindStringSubmatchIndex(c.line[start:c.at])
	if m == nil {
		return subject{}, false
	}
	return subject{aParam, start + m[2], c.until(func(r rune) bool { return !isWord(r) })}, true
}

// atTag looks at the name of a tag.
func (c *cursor) atTag() (subject, bool) {
	m := tagBegun.FindStringSubmatchIndex(c.before())
	if m == nil || c.spot.Body != "" {
		return subject{}, false
	}
	from := c.at
	if m[2] >= 0 {
		from = m[2]
	}
	return subject{aTag, from, c.until(func(r rune) bool { return !isWord(r) && r != '!' })}, true
}

// parameterTag is the tag whose parameter stands at the cursor.
func (c *cursor) parameterTag() string {
	if c.tag != "" {
		return c.tag
	}
	return c.spot.Body
}

// text is the whole subject.
func (c *cursor) text(s subject) string { return c.line[s.from:s.to] }

// atWord moves the cursor behind the `$` or `@` that it stands on, so that a jump
// finds the name.
func (c *cursor) atWord() *cursor {
	moved := *c
	if r, size := utf8.DecodeRuneInString(c.line[c.at:]); r == '$' || r == '@' {
		moved.at += size
	}
	return &moved
}

// state is the absolute path that a written one means here.
func (c *cursor) state(written string) string {
	holder := c.spot.State
	if c.isTest() || holder == "" {
		holder = "/"
	}
	return dialog.Resolve(holder, written)
}
