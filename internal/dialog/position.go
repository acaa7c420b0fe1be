package dialog

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// Pos is a place in a source file. Line and Column start at 1; Column counts
// characters, a tab being one. File is relative to the project ("src/main.sc"),
// for a file of a module it starts with the module's name
// ("sys.zb-common/text/text.sc").
type Pos struct {
	File   string
	Line   int
	Column int
}

// At returns the position itself: nodes embed Pos and so tell where they stand.
func (p Pos) At() Pos { return p }

// String gives "file:line:column".
func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

func (p Pos) plus(characters int) Pos {
	p.Column += characters
	return p
}

// Source is a piece of a source file whose places are still known: a pattern, a
// block of JavaScript, an expression. Text may be gathered from several lines,
// without their indentation. The zero value is empty and stands nowhere.
type Source struct {
	Text string
	// whole is the text this source was cut from, at byte offset start; marks
	// belong to it. So cutting costs nothing and places are counted on demand.
	whole string
	start int
	marks []mark
}

// mark says that the text from byte offset on stands in the file at pos.
type mark struct {
	offset int
	pos    Pos
}

// NewSource makes a source that stands in the file at pos, line by line.
func NewSource(text string, pos Pos) Source {
	s := Source{Text: text, whole: text, marks: []mark{{pos: pos}}}
	for i := range len(text) {
		if text[i] == '\n' {
			pos = Pos{File: pos.File, Line: pos.Line + 1, Column: 1}
			s.marks = append(s.marks, mark{offset: i + 1, pos: pos})
		}
	}
	return s
}

// gather builds a source from pieces.
type gather struct {
	text  strings.Builder
	marks []mark
}

// add appends text that stands at pos; separator goes before it, unless nothing
// is gathered yet.
func (g *gather) add(separator, text string, pos Pos) {
	if g.text.Len() > 0 {
		g.text.WriteString(separator)
	}
	g.marks = append(g.marks, mark{offset: g.text.Len(), pos: pos})
	g.text.WriteString(text)
}

// addSource appends a whole source with its places.
func (g *gather) addSource(s Source) {
	for _, m := range s.marks {
		if at := m.offset - s.start; at < len(s.Text) {
			g.marks = append(g.marks, mark{offset: max(at, 0) + g.text.Len(), pos: s.At(max(at, 0))})
		}
	}
	g.text.WriteString(s.Text)
}

func (g *gather) source() Source {
	text := g.text.String()
	return Source{Text: text, whole: text, marks: g.marks}
}

// Empty tells whether there is no text.
func (s Source) Empty() bool { return s.Text == "" }

// Pos is the place of the first character.
func (s Source) Pos() Pos { return s.At(0) }

// At is the place in the file of the byte at offset of Text.
func (s Source) At(offset int) Pos {
	if len(s.marks) == 0 {
		return Pos{}
	}
	offset += s.start
	i := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].offset > offset }) - 1
	m := s.marks[max(i, 0)]
	end := min(max(offset, m.offset), len(s.whole))
	return m.pos.plus(utf8.RuneCountInString(s.whole[m.offset:end]))
}

// AtLine is the place in the file of a line and column of Text, both from 1, as
// a JavaScript engine counts them in its errors.
func (s Source) AtLine(line, column int) Pos {
	offset := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(s.Text[offset:], '\n')
		if i < 0 {
			break
		}
		offset += i + 1
	}
	for column--; column > 0 && offset < len(s.Text) && s.Text[offset] != '\n'; column-- {
		_, size := utf8.DecodeRuneInString(s.Text[offset:])
		offset += size
	}
	return s.At(offset)
}

// slice is the part of the source between two byte offsets.
func (s Source) slice(from, to int) Source {
	s.Text = s.Text[from:to]
	s.start += from
	return s
}

// trim is the source without blanks at both ends.
func (s Source) trim() Source {
	left := strings.TrimLeft(s.Text, space)
	from := len(s.Text) - len(left)
	return s.slice(from, from+len(strings.TrimRight(left, space)))
}

const space = " \t\r\n\f\v\u00a0\ufeff"
