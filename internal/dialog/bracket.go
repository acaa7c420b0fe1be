package dialog

import "strings"

// scanner walks over JavaScript-like text and knows what is quoted.
type scanner struct {
	text  string
	at    int
	depth int // open brackets of any kind
}

// next moves over one character, or over a whole quoted string or comment, and
// gives the byte it started with; bare is false for quoted text and comments.
func (s *scanner) next() (c byte, bare bool) {
	c = s.text[s.at]
	switch c {
	case '"', '\'', '`':
		if end := quoteEnd(s.text, s.at); end > 0 {
			s.at = end
			return c, false
		}
	case '\\':
		s.at = min(s.at+2, len(s.text))
		return c, true
	case '(', '[', '{':
		s.depth++
	case ')', ']', '}':
		s.depth--
	}
	s.at++
	return c, true
}

func (s *scanner) more() bool { return s.at < len(s.text) }

// quoteEnd is the offset behind the string that starts at from, 0 when it is not
// closed: then the quote is only a character.
func quoteEnd(text string, from int) int {
	quote := text[from]
	for i := from + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case quote:
			return i + 1
		}
	}
	return 0
}

// bracketDepth is the number of brackets opened and not closed outside strings.
func bracketDepth(text string) int {
	if !strings.ContainsAny(text, "()[]{}") {
		return 0
	}
	s := scanner{text: text}
	for s.more() {
		s.next()
	}
	return s.depth
}
