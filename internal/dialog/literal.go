package dialog

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// literal reads JSON as authors write it: keys and strings may be unquoted or in
// single quotes, commas may trail. Strings become Text, so that {{ }} in them
// works; numbers become float64.
type literal struct {
	src   Source
	at    int
	depth int
	*report
	failed bool
}

// parseLiteral reads the whole source; ok is false after a reported error.
func parseLiteral(src Source, r *report) (value any, ok bool) {
	l := &literal{src: src, report: r}
	value = l.value()
	l.blanks()
	if !l.failed && l.at < len(src.Text) {
		l.fail("unexpected text behind the value")
	}
	return value, !l.failed
}

func (l *literal) fail(what string) any {
	if !l.failed {
		l.failed = true
		l.errorf(l.src.At(l.at), "bad-json", "%s", what)
	}
	return nil
}

func (l *literal) blanks() {
	rest := l.src.Text[l.at:]
	l.at += len(rest) - len(strings.TrimLeft(rest, space))
}

// peek is the next byte that is not a blank, 0 at the end.
func (l *literal) peek() byte {
	l.blanks()
	if l.at < len(l.src.Text) {
		return l.src.Text[l.at]
	}
	return 0
}

func (l *literal) take(c byte) bool {
	if l.peek() == c && c != 0 {
		l.at++
		return true
	}
	return false
}

func (l *literal) value() any {
	l.depth++
	defer func() { l.depth-- }()
	if l.depth > maxDepth {
		return l.fail("brackets nest too deep")
	}
	if strings.HasPrefix(l.src.Text[l.at:], "{{") {
		return l.bare()
	}
	switch l.peek() {
	case '{':
		return l.object()
	case '[':
		return l.array()
	case '"', '\'':
		return l.quoted()
	case 0:
		return l.fail("a value is missing")
	}
	return l.bare()
}

func (l *literal) object() any {
	members := map[string]any{}
	for l.at++; !l.take('}'); {
		name, ok := l.key()
		if !ok {
			return l.fail("the name of a member is missing")
		}
		if !l.take(':') {
			return l.fail("a colon is missing behind the name of a member")
		}
		l.blanks()
		members[name] = l.value()
		if l.failed {
			return nil
		}
		if !l.take(',') && l.peek() != '}' {
			return l.fail("a comma or } is missing")
		}
	}
	return members
}

func (l *literal) array() any {
	items := []any{}
	for l.at++; !l.take(']'); {
		l.blanks()
		items = append(items, l.value())
		if l.failed {
			return nil
		}
		if !l.take(',') && l.peek() != ']' {
			return l.fail("a comma or ] is missing")
		}
	}
	return items
}

// key reads the name of a member, quoted or not.
func (l *literal) key() (string, bool) {
	if c := l.peek(); c == '"' || c == '\'' {
		end := quoteEnd(l.src.Text, l.at)
		if end == 0 {
			return "", false
		}
		name := unescape(l.src.Text[l.at+1 : end-1])
		l.at = end
		return name, true
	}
	rest := l.src.Text[l.at:]
	n := strings.IndexAny(rest, ":,{}[]\"' \t\n")
	if n <= 0 {
		return "", false
	}
	l.at += n
	return rest[:n], true
}

func (l *literal) quoted() any {
	end := quoteEnd(l.src.Text, l.at)
	if end == 0 {
		return l.fail("the quote is not closed")
	}
	text := interpolate(l.src.slice(l.at+1, end-1), l.report)
	for i := range text.Parts {
		text.Parts[i].Literal = unescape(text.Parts[i].Literal)
	}
	l.at = end
	return text
}

// bare reads true, false, null, a number, or a word taken as a string.
func (l *literal) bare() any {
	rest := l.src.Text[l.at:]
	n := len(rest)
	if i := strings.IndexAny(rest, ",}]\n"); i >= 0 {
		n = i
	}
	if strings.HasPrefix(rest, "{{") {
		if end := interpolationEnd(rest, 2); end > 0 {
			n = end
		}
	}
	word := l.src.slice(l.at, l.at+n).trim()
	if word.Empty() {
		return l.fail("a value is missing")
	}
	l.at += n
	switch word.Text {
	case "true":
		return true
	case "false":
		return false
	case "null", "undefined":
		return nil
	}
	if number, err := strconv.ParseFloat(word.Text, 64); err == nil && strings.ContainsAny(word.Text[:1], "-.0123456789") {
		return number
	}
	return interpolate(word, l.report)
}

// unescape takes the escapes of a JavaScript string off; a bad one stays as it is.
func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			out.WriteByte(text[i])
			continue
		}
		i++
		switch text[i] {
		case 'n':
			out.WriteByte('\n')
		case 't':
			out.WriteByte('\t')
		case 'r':
			out.WriteByte('\r')
		case 'u':
			code, err := strconv.ParseUint(text[i+1:min(i+5, len(text))], 16, 32)
			if err != nil || i+5 > len(text) || !utf8.ValidRune(rune(code)) {
				out.WriteString(`\u`)
				continue
			}
			out.WriteRune(rune(code))
			i += 4
		default:
			out.WriteByte(text[i])
		}
	}
	return out.String()
}

// plain turns the Texts of a literal into strings as written, for values that
// are data at load.
func plain(value any) any {
	switch v := value.(type) {
	case Text:
		return v.String()
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = plain(v[name])
		}
	}
	return value
}
