package dialog

import (
	"regexp"
	"strings"
)

// NamedPattern is one line of `patterns`. Name has no leading "$". Converter is
// nil when not given, else a JavaScript expression that gives a function.
type NamedPattern struct {
	Pos
	Name      string
	Body      Source
	Converter *Source
	library   bool // of a module
}

var (
	patternStart = regexp.MustCompile(`^\$([\p{L}\p{N}_]+)\s*=`)
	noDollar     = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_]*\s*=[^=]`)
)

// patternTable holds the named patterns of a project while it grows.
type patternTable struct {
	*report
	project *Project
	byName  map[string]*NamedPattern
}

// read reads a `patterns` block of the project or of a library: a pattern goes
// on in the next lines until another one starts.
func (t *patternTable) read(b *block, library bool) {
	b.noValue(t.report)
	first := -1
	for i := 0; i < len(b.lines); {
		l := b.lines[i]
		m := patternStart.FindStringSubmatchIndex(l.text)
		if m == nil {
			t.errorf(l.pos, "bad-pattern-name", "a named pattern is written as $Name = pattern")
			i++
			continue
		}
		if first < 0 {
			first = l.indent
		}
		name := l.text[m[2]:m[3]]
		var body Source
		body, i = joinPattern(b.lines, i, m[1], first)
		t.define(&NamedPattern{Pos: l.pos, Name: name, library: library}, body)
	}
}

// joinPattern gathers the lines of the pattern that starts in line i. Lines of
// the pattern are joined by a blank, those of its converter by a line break.
func joinPattern(lines []line, i, offset, first int) (Source, int) {
	var g gather
	separator := " "
	start := lines[i].from(offset)
	for {
		g.add(separator, start.Text, start.Pos())
		if paramsAt(start.Text) >= 0 {
			separator = "\n"
		}
		if i++; i == len(lines) || patternStart.MatchString(lines[i].text) {
			return g.source().trim(), i
		}
		if separator == " " && lines[i].indent <= first && noDollar.MatchString(lines[i].text) {
			return g.source().trim(), i
		}
		start = lines[i].source()
	}
}

// define adds a pattern. The last definition of a name counts, but one of the
// project always before one of a library (dialog-language 3.1, script-api 4.3).
func (t *patternTable) define(p *NamedPattern, value Source) {
	body, params := splitParams(value, t.report)
	given := known("a named pattern", params, t.report, "converter")
	p.Body = body
	if body.Empty() {
		t.errorf(p.Pos, "missing-value", "the pattern $%s is empty", p.Name)
	}
	if converter, ok := given.value("converter"); ok && !converter.Empty() {
		p.Converter = &converter
	}
	if before := t.byName[p.Name]; before != nil {
		if p.library && !before.library {
			return
		}
		t.warnf(p.Pos, "duplicate-pattern", "the pattern $%s is defined at %s already; this definition replaces it", p.Name, before.Pos)
		*before = *p
		return
	}
	t.byName[p.Name] = p
	t.project.Patterns = append(t.project.Patterns, p)
}

// withoutComment cuts `// ...` off a line of a pattern: it needs a blank before
// it and counts neither in quotes nor in $regexp<...>.
func withoutComment(s Source) Source {
	if !strings.Contains(s.Text, "//") {
		return s
	}
	angle := 0
	for i := 0; i < len(s.Text); i++ {
		switch c := s.Text[i]; {
		case c == '\\':
			i++
		case quoteOf(s.Text[i:]) != 0 && angle == 0:
			if end := quoteEnd(s.Text, i); end > 0 {
				i = end - 1
			}
		case c == '<' && (angle > 0 || strings.HasPrefix(lastWord(s.Text[:i]), "$")):
			angle++
		case c == '>' && angle > 0:
			angle--
		case angle == 0 && strings.HasPrefix(s.Text[i:], "//") && (i == 0 || strings.IndexByte(" \t", s.Text[i-1]) >= 0):
			return s.slice(0, i).trim()
		}
	}
	return s
}

// lastWord is the run of letters, digits, "_" and "$" at the end of a text.
func lastWord(text string) string {
	i := len(text)
	for i > 0 && (text[i-1] == '_' || text[i-1] == '$' || text[i-1] >= '0' && text[i-1] <= '9' ||
		text[i-1] >= 'a' && text[i-1] <= 'z' || text[i-1] >= 'A' && text[i-1] <= 'Z') {
		i--
	}
	return text[i:]
}
