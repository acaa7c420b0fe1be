package dialog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// patternCursor stands somewhere in the text of a pattern. It reads what holds
// no other elements: words, names and aliases; and it keeps what is wrong.
type patternCursor struct {
	source Source
	text   string
	at     int
	found  []Diagnostic
}

func (c *patternCursor) looking(set string) bool {
	return c.at < len(c.text) && strings.IndexByte(set, c.text[c.at]) >= 0
}

func (c *patternCursor) skip(set string) bool {
	if !c.looking(set) {
		return false
	}
	c.at++
	return true
}

func (c *patternCursor) blank() bool {
	r, _ := utf8.DecodeRuneInString(c.text[c.at:])
	return unicode.IsSpace(r)
}

func (c *patternCursor) skipBlanks() {
	c.at = len(c.text) - len(strings.TrimLeftFunc(c.text[c.at:], unicode.IsSpace))
}

// word reads a run of characters that are no brackets, blanks or separators.
func (c *patternCursor) word() wordExpr {
	start := c.at
	for c.at < len(c.text) {
		r, size := utf8.DecodeRuneInString(c.text[c.at:])
		if unicode.IsSpace(r) || strings.ContainsRune("|/()[]{}", r) {
			break
		}
		if c.at > start && (r == ':' || r == '$' && c.nameAt(c.at+1) != "") {
			break
		}
		c.at += size
	}
	return wordExpr{text: c.text[start:c.at]}
}

// nameAt is the name that begins at offset at, "" when none does.
func (c *patternCursor) nameAt(at int) string {
	if at >= len(c.text) {
		return ""
	}
	rest := c.text[at:]
	if r, _ := utf8.DecodeRuneInString(rest); unicode.IsNumber(r) {
		return ""
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return !isNameRune(r) })
	if end < 0 {
		end = len(rest)
	}
	return rest[:end]
}

// alias reads "::Alias" right behind a reference, "" when there is none.
func (c *patternCursor) alias() string {
	if !strings.HasPrefix(c.text[c.at:], "::") {
		return ""
	}
	name := c.nameAt(c.at + 2)
	if name == "" {
		c.fail(c.at, "pattern-alias", "no name stands behind ::", "write $Name::Alias")
	}
	c.at += 2 + len(name)
	return name
}

func (c *patternCursor) fail(at int, code, message, hint string) {
	c.found = append(c.found, newDiagnostic(Error, c.source.At(at), code, message, hint))
}

func (c *patternCursor) warn(at int, code, message, hint string) {
	c.found = append(c.found, newDiagnostic(Warning, c.source.At(at), code, message, hint))
}

func isNameRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
}
