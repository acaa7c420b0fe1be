package dialog

import "slices"

// Spot is what may be written in a line of a .sc text.
type Spot struct {
	// Tags may begin there, in alphabetical order; none inside a body that holds no
	// tags.
	Tags []string
	// Body is the tag whose body the line stands in, such as "script" or "patterns";
	// "" where tags may begin.
	Body string
	// State is the path of the state or theme that holds the line.
	State string
}

// SpotAt looks at a line, from 1, of a text that may be half written: what counts
// is how deep the lines above are indented.
func SpotAt(data []byte, number int) Spot {
	lines := scan("", data, &report{})
	if number < 1 || number > len(lines) {
		return Spot{State: "/"}
	}
	s := Spot{State: stateAt(Headings("", data), "/", number, lines[number-1].pos.Column)}
	inside, body := parentOfLine(lines, number-1)
	if body != "" {
		s.Body = body
		return s
	}
	s.Tags = slices.Clone(tagNames[inside])
	return s
}

// parentOfLine finds the tag that holds a line: what it is for tags below it, or
// its name when it holds none.
func parentOfLine(lines []line, at int) (inside place, body string) {
	indent := lines[at].indent
	for i := at - 1; i >= 0 && indent > 0; i-- {
		l := lines[i]
		if l.skippable() || l.indent >= indent {
			continue
		}
		indent = l.indent
		name, t, _, ok := tagOf(l)
		switch {
		case !ok:
		case t.body == bodyTags:
			return t.inside, ""
		default:
			return 0, name
		}
	}
	return inFile, ""
}

// stateAt is the path of the innermost heading that a line behind it, beginning
// in a column, belongs to.
func stateAt(list []*Heading, path string, number, column int) string {
	for _, h := range slices.Backward(list) {
		if h.Line >= number {
			continue
		}
		if h.Column >= column {
			break
		}
		return stateAt(h.Children, h.Path, number, column)
	}
	return path
}
