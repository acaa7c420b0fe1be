package dialog

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"
)

// MaxSource is the greatest size of a source file in bytes, csv files excepted
// (moveo (f)).
const MaxSource = 1 << 20

// line is one line of a source file without its line end.
type line struct {
	pos    Pos // of the first character that is not blank
	indent int // columns of blanks before it, a tab reaching the next multiple of 4
	text   string
	tabs   bool // the indentation holds a tab
	blanks bool // the indentation holds a blank
}

func (l line) empty() bool   { return l.text == "" }
func (l line) comment() bool { return strings.HasPrefix(l.text, "#") }

// skippable lines neither end a block nor count for indentation.
func (l line) skippable() bool { return l.empty() || l.comment() }

// scan cuts a file into lines. It accepts a byte order mark and CRLF.
func scan(name string, data []byte, r *report) []line {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		reportEncoding(name, data, r)
		data = bytes.ToValidUTF8(data, []byte("\ufffd"))
	}
	lines := make([]line, 0, bytes.Count(data, []byte("\n"))+1)
	for number, raw := range strings.Split(string(data), "\n") {
		lines = append(lines, scanLine(Pos{File: name, Line: number + 1, Column: 1}, raw))
	}
	return lines
}

func scanLine(pos Pos, raw string) line {
	l := line{pos: pos}
	rest := raw
	for rest != "" {
		r, size := utf8.DecodeRuneInString(rest)
		if !strings.ContainsRune(space, r) {
			break
		}
		if r == '\t' {
			l.tabs = true
			l.indent += 4 - l.indent%4
		} else {
			l.blanks = true
			l.indent++
		}
		l.pos.Column++
		rest = rest[size:]
	}
	l.text = strings.TrimRight(rest, space)
	return l
}

func reportEncoding(name string, data []byte, r *report) {
	for number, raw := range bytes.Split(data, []byte("\n")) {
		if utf8.Valid(raw) {
			continue
		}
		valid := 0
		for len(raw) > 0 {
			c, size := utf8.DecodeRune(raw)
			if c == utf8.RuneError && size == 1 {
				break
			}
			valid++
			raw = raw[size:]
		}
		r.errorf(Pos{File: name, Line: number + 1, Column: valid + 1}, "bad-encoding", "the file is not UTF-8")
		return
	}
}

var tagLine = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9]*!?)[ \t]*:`)

// splitTag reads `Name: value`; value starts at byte offset rest of the text.
func (l line) splitTag() (name string, rest int, ok bool) {
	m := tagLine.FindStringSubmatchIndex(l.text)
	if m == nil {
		return "", 0, false
	}
	return l.text[m[2]:m[3]], m[1], true
}

// from is the part of the line that starts at a byte offset, without blanks
// around it.
func (l line) from(offset int) Source {
	text := strings.TrimLeft(l.text[offset:], space)
	return Source{Text: text, whole: l.text, start: len(l.text) - len(text), marks: []mark{{pos: l.pos}}}
}

func (l line) source() Source { return l.from(0) }
