package lsp

import (
	"strings"
	"unicode/utf8"
)

// document is the text of a file as the editor has it.
type document struct {
	uri   string
	text  string
	lines []string // without line ends
}

func newDocument(uri, text string) *document {
	text = strings.ToValidUTF8(text, "\ufffd")
	lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSuffix(line, "\r")
	}
	return &document{uri: uri, text: text, lines: lines}
}

// line is a line from 0, "" outside of the text.
func (d *document) line(number int) string {
	if number < 0 || number >= len(d.lines) {
		return ""
	}
	return d.lines[number]
}

// units is how many UTF-16 code units a text takes.
func units(text string) int {
	n := 0
	for _, r := range text {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}

// offset is the byte offset in a line of a place counted in UTF-16 code units. One
// inside a character means its start; one behind the line its end.
func offset(line string, character int) int {
	n := 0
	for at, r := range line {
		size := 1
		if r > 0xffff {
			size = 2
		}
		if n+size > character {
			return at
		}
		n += size
	}
	return len(line)
}

// byteOf is the byte offset in a line of a column, from 1, counted in characters.
func byteOf(line string, column int) int {
	at := 0
	for ; column > 1 && at < len(line); column-- {
		_, size := utf8.DecodeRuneInString(line[at:])
		at += size
	}
	return at
}

// between is the span of a part of a line, given in bytes.
func (d *document) between(number, from, to int) span {
	line := d.line(number)
	return span{position{number, units(line[:from])}, position{number, units(line[:to])}}
}

// breaks are the characters that end a word in diagnostics and jumps.
const breaks = " \t,;()[]{}|<>\"'="

// word is the span from a line and column, both from 1, to the end of the word
// that begins there; at least one character where the line has any.
func (d *document) word(line, column int) span {
	number := min(max(line-1, 0), max(len(d.lines)-1, 0))
	text := d.line(number)
	from := byteOf(text, column)
	to := from
	for at, r := range text[from:] {
		if at > 0 && strings.ContainsRune(breaks, r) {
			break
		}
		to = from + at + utf8.RuneLen(r)
		if at == 0 && strings.ContainsRune(breaks, r) {
			break
		}
	}
	return d.between(number, from, to)
}

// whole is the span of a line, from 1, without the blanks around it.
func (d *document) whole(line int) span {
	number := min(max(line-1, 0), max(len(d.lines)-1, 0))
	text := d.line(number)
	left := len(text) - len(strings.TrimLeft(text, " \t"))
	return d.between(number, left, max(len(strings.TrimRight(text, " \t")), left))
}

// change lays an edit over the text; nil replaces all of it.
func (d *document) change(at *span, text string) *document {
	if at == nil {
		return newDocument(d.uri, text)
	}
	from := d.index(at.Start)
	to := max(d.index(at.End), from)
	body := strings.TrimPrefix(d.text, "\ufeff")
	return newDocument(d.uri, body[:from]+text+body[to:])
}

// index is the byte offset in the text of a position.
func (d *document) index(p position) int {
	body := strings.TrimPrefix(d.text, "\ufeff")
	at := 0
	for range p.Line {
		i := strings.IndexByte(body[at:], '\n')
		if i < 0 {
			return len(body)
		}
		at += i + 1
	}
	return at + offset(d.line(p.Line), p.Character)
}
