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
// without their common indentation.
type Source struct {
	Text  string
	marks []mark
}

// mark says that the text from byte offset on stands in the file at pos.
type mark struct {
	offset int
	pos    Pos
}

// NewSource makes a source that stands in the file at pos, line by line.
func NewSource(text string, pos Pos) Source {
	var s Source
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			s.Text += "\n"
			pos = Pos{File: pos.File, Line: pos.Line + 1, Column: 1}
		}
		s.add(line, pos)
	}
	return s
}

// add appends text that stands at pos.
func (s *Source) add(text string, pos Pos) {
	s.marks = append(s.marks, mark{offset: len(s.Text), pos: pos})
	s.Text += text
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
	i := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].offset > offset }) - 1
	if i < 0 {
		i = 0
	}
	m := s.marks[i]
	end := min(max(offset, m.offset), len(s.Text))
	return m.pos.plus(utf8.RuneCountInString(s.Text[m.offset:end]))
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
	part := Source{Text: s.Text[from:to]}
	part.marks = append(part.marks, mark{pos: s.At(from)})
	for _, m := range s.marks {
		if m.offset > from && m.offset < to {
			part.marks = append(part.marks, mark{offset: m.offset - from, pos: m.pos})
		}
	}
	return part
}

// trim is the source without blanks at both ends.
func (s Source) trim() Source {
	left := strings.TrimLeft(s.Text, space)
	from := len(s.Text) - len(left)
	return s.slice(from, from+len(strings.TrimRight(left, space)))
}

const space = " \t\r\n\f\v\u00a0\ufeff"
