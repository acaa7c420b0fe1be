package dialog

import (
	"regexp"
	"strings"
)

// param is one `key = value`, its value without quotes.
type param struct {
	key   Source
	value Source
}

func (p param) name() string { return p.key.Text }
func (p param) pos() Pos     { return p.key.Pos() }

var (
	paramStart = regexp.MustCompile(`^\|\|\s*[A-Za-z_]\w*\s*=(?:[^=]|$)`)
	paramKey   = regexp.MustCompile(`^\s*([A-Za-z_]\w*)\s*=(?:[^=]|$)`)
	afterValue = regexp.MustCompile(`^\s*(?:$|\|\||,\s*$|,\s*[A-Za-z_]\w*\s*=)`)
)

// splitParams cuts a tag's value at the `||` before its parameters.
func splitParams(value Source, r *report) (Source, []param) {
	at := paramsAt(value.Text)
	if at < 0 {
		return value, nil
	}
	return value.slice(0, at).trim(), parseParams(value.slice(at, len(value.Text)), r)
}

// paramsAt is the offset of the `||` that starts the parameters, -1 for none.
func paramsAt(text string) int {
	return barsAt(text, paramStart.MatchString)
}

// barsAt is the offset of the first `||` outside {{ }} that fits, -1 for none.
func barsAt(text string, fits func(rest string) bool) int {
	balanced := true
	for at := 0; at < len(text); {
		i := strings.Index(text[at:], "||")
		if i < 0 {
			return -1
		}
		if open := strings.Index(text[at:at+i], "{{"); open >= 0 && balanced {
			if end := interpolationEnd(text, at+open+2); end > 0 {
				at = end
				continue
			}
			balanced = false
		}
		if fits(text[at+i:]) {
			return at + i
		}
		at += i + 2
	}
	return -1
}

// declared splits the value of a tag that has only a name and parameters: there
// whatever follows `||` must be parameters.
func declared(value Source, r *report) (Source, []param) {
	at := barsAt(value.Text, func(string) bool { return true })
	if at < 0 || paramsAt(value.Text) == at {
		return splitParams(value, r)
	}
	r.errorf(value.At(at), "bad-parameter", "a parameter is written as || name = value")
	return value.slice(0, at).trim(), nil
}

// maxParams bounds the parameters of one tag behind `||`.
const maxParams = 100

// parseParams reads `|| key = value, key = value`.
func parseParams(list Source, r *report) []param {
	var params []param
	for at := 0; at < len(list.Text); {
		at += len(list.Text[at:]) - len(strings.TrimLeft(list.Text[at:], space+"|,"))
		if at == len(list.Text) {
			break
		}
		if len(params) == maxParams {
			r.errorf(list.At(at), "too-many-parameters", "a tag takes at most %d parameters", maxParams)
			break
		}
		m := paramKey.FindStringSubmatchIndex(list.Text[at:])
		if m == nil {
			r.errorf(list.At(at), "bad-parameter", "a parameter is written as name = value")
			break
		}
		p := param{key: list.slice(at+m[2], at+m[3])}
		from := at + strings.IndexByte(list.Text[at:], '=') + 1
		p.value, at = paramValue(list, from, p.name())
		params = append(params, p)
	}
	return params
}

// paramValue reads the value that starts at offset from and gives the offset
// behind it.
func paramValue(list Source, from int, name string) (Source, int) {
	from += len(list.Text[from:]) - len(strings.TrimLeft(list.Text[from:], space))
	if from == len(list.Text) {
		return list.slice(from, from), from
	}
	switch c := list.Text[from]; {
	case name == "converter":
		end := expressionEnd(list.Text, from)
		return converterSource(list.slice(from, end)), end
	case c == '"' || c == '\'':
		if end := valueEnd(list.Text, from); end > 0 {
			return unquote(list.slice(from, end)), end
		}
	case c == '[' || c == '{' && !strings.HasPrefix(list.Text[from:], "{{"):
		end := expressionEnd(list.Text, from)
		return list.slice(from, end).trim(), end
	}
	end := bareEnd(list.Text, from)
	return list.slice(from, end).trim(), end
}

// expressionEnd finds the comma that ends an expression: outside brackets and
// before another `key =`.
func expressionEnd(text string, from int) int {
	s := scanner{text: text, at: from}
	for s.more() {
		at := s.at
		if c, bare := s.next(); bare && c == ',' && s.depth <= 0 && paramKey.MatchString(text[s.at:]) {
			return at
		}
	}
	return len(text)
}

// valueEnd is the offset behind a quoted value, 0 when it is not closed. Quotes
// inside it need no escape (the visual editor writes none): the value ends at the
// quote that another parameter or nothing follows.
func valueEnd(text string, from int) int {
	quote := text[from]
	for i := from + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case quote:
			if afterValue.MatchString(text[i+1:]) {
				return i + 1
			}
		}
	}
	return quoteEnd(text, from)
}

// bareEnd finds the end of an unquoted value: a comma or `||`, not inside {{ }}.
func bareEnd(text string, from int) int {
	balanced := true
	for at := from; at < len(text); at++ {
		switch {
		case text[at] == ',' || strings.HasPrefix(text[at:], "||"):
			return at
		case balanced && strings.HasPrefix(text[at:], "{{"):
			end := interpolationEnd(text, at+2)
			if balanced = end > 0; balanced {
				at = end - 1
			}
		}
	}
	return len(text)
}

func converterSource(s Source) Source {
	s = s.trim()
	return s.slice(0, len(strings.TrimRight(s.Text, ";"+space)))
}

// unquote takes the quotes and the escapes of quotes off a quoted value.
func unquote(s Source) Source {
	quote := s.Text[:1]
	inner := s.slice(1, len(s.Text)-1)
	if !strings.Contains(inner.Text, `\`+quote) {
		return inner
	}
	var g gather
	for from := 0; ; {
		i := strings.Index(inner.Text[from:], `\`+quote)
		if i < 0 {
			g.add("", inner.Text[from:], inner.At(from))
			return g.source()
		}
		g.add("", inner.Text[from:from+i]+quote, inner.At(from))
		from += i + 2
	}
}

// lineParams reads the nested form: one `key = value` a line, where a value with
// open brackets or quotes goes on in the next lines.
func lineParams(b *block, r *report) []param {
	var params []param
	for i := 0; i < len(b.lines); {
		var text Source
		text, i = joinEntry(b.lines, i)
		if strings.HasPrefix(text.Text, "||") {
			params = append(params, parseParams(text, r)...)
			continue
		}
		m := paramKey.FindStringSubmatchIndex(text.Text)
		if m == nil {
			r.errorf(text.Pos(), "bad-parameter", "a parameter of %q is written as name = value", b.name)
			continue
		}
		equals := strings.IndexByte(text.Text, '=')
		value := text.slice(equals+1, len(text.Text)).trim()
		if len(value.Text) > 1 && quoteOf(value.Text) != 0 && quoteEnd(value.Text, 0) == len(value.Text) {
			value = unquote(value)
		}
		params = append(params, param{key: text.slice(m[2], m[3]), value: value})
	}
	return params
}

// joinEntry gathers the lines of one parameter and gives the index of the next.
func joinEntry(lines []line, i int) (Source, int) {
	first := lines[i].text
	open, quote := bracketDepth(first), openQuote(first)
	var g gather
	g.add("", first, lines[i].pos)
	for i++; i < len(lines); i++ {
		next := lines[i].text
		if open <= 0 && quote == 0 && (paramKey.MatchString(next) || strings.HasPrefix(next, "||")) {
			break
		}
		g.add("\n", next, lines[i].pos)
		if quote != 0 && quoteEnd(string(quote)+next, 0) > 0 {
			quote = 0
		} else if quote == 0 {
			open += bracketDepth(next)
		}
	}
	return g.source().trim(), i
}

// quoteOf is the quote a text starts with, 0 for none.
func quoteOf(text string) byte {
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		return text[0]
	}
	return 0
}

// openQuote is the quote that the value of `key = value` leaves open, 0 for none.
func openQuote(text string) byte {
	_, value, _ := strings.Cut(text, "=")
	value = strings.Trim(value, space)
	if quote := quoteOf(value); quote != 0 && quoteEnd(value, 0) == 0 {
		return quote
	}
	return 0
}

// flag reads a boolean value.
func (p param) flag(r *report) bool {
	switch strings.ToLower(p.value.Text) {
	case "true":
		return true
	case "false", "":
		return false
	}
	r.errorf(p.value.Pos(), "bad-value", "%s must be true or false, not %q", p.name(), p.value.Text)
	return false
}
