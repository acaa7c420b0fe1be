package session

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// parser reads JSON as strictly as contract (d) wants it: it refuses a key
// that stands twice, the reserved JavaScript keys, and what is over the depth
// and key limits, naming the path. The standard library's decoder accepts the
// first two and takes seven times as long to be watched token by token; a fuzz
// test holds the two to the same values.
type parser struct {
	text  []byte
	at    int
	field string
	path  []string
	keys  int
}

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// next skips blanks and returns the byte that follows, 0 at the end.
func (p *parser) next() byte {
	p.space()
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) value(depth int) (any, error) {
	switch c := p.next(); {
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '"':
		return p.str()
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	case c == 't':
		return true, p.word("true")
	case c == 'f':
		return false, p.word("false")
	case c == 'n':
		return nil, p.word("null")
	}
	return nil, p.broken()
}

func (p *parser) object(depth int) (any, error) {
	if err := p.enter(depth); err != nil {
		return nil, err
	}
	m := map[string]any{}
	if p.next() == '}' {
		p.at++
		return m, nil
	}
	for {
		if p.next() != '"' {
			return nil, p.broken()
		}
		key, err := p.str()
		if err != nil {
			return nil, err
		}
		if err := p.member(m, key, depth); err != nil {
			return nil, err
		}
		if done, err := p.sep('}'); done || err != nil {
			return m, err
		}
	}
}

// member reads the value of a key.
func (p *parser) member(m map[string]any, key string, depth int) error {
	p.path = append(p.path, key)
	if _, twice := m[key]; twice {
		return Invalid(p.where(), "the key stands twice")
	}
	switch key {
	case "__proto__", "constructor", "prototype":
		return Invalid(p.where(), "the key %q is not allowed", key)
	}
	if p.keys++; p.keys > MaxDocumentKeys && depth > 0 {
		return Invalid(p.field, "more than %d keys", MaxDocumentKeys)
	}
	if p.next() != ':' {
		return p.broken()
	}
	p.at++
	v, err := p.value(depth + 1)
	if err != nil {
		return err
	}
	m[key] = v
	p.path = p.path[:len(p.path)-1]
	return nil
}

func (p *parser) array(depth int) (any, error) {
	if err := p.enter(depth); err != nil {
		return nil, err
	}
	list := []any{}
	if p.next() == ']' {
		p.at++
		return list, nil
	}
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if done, err := p.sep(']'); done || err != nil {
			return list, err
		}
	}
}

// enter steps into an object or array.
func (p *parser) enter(depth int) error {
	if depth > MaxDocumentDepth {
		return Invalid(p.where(), "nested deeper than %d levels", MaxDocumentDepth)
	}
	p.at++
	return nil
}

// sep reads a comma or the closing byte.
func (p *parser) sep(end byte) (done bool, err error) {
	switch p.next() {
	case ',':
		p.at++
		return false, nil
	case end:
		p.at++
		return true, nil
	}
	return false, p.broken()
}

// str reads a string. One without escapes, the usual case, is copied.
func (p *parser) str() (string, error) {
	from := p.at + 1
	for i := from; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '"':
			if raw := p.text[from:i]; utf8.Valid(raw) {
				p.at = i + 1
				return string(raw), nil
			}
			return p.escaped(from - 1)
		case c == '\\':
			return p.escaped(from - 1)
		case c < ' ':
			p.at = i
			return "", p.broken()
		}
	}
	p.at = len(p.text)
	return "", p.broken()
}

// escaped leaves a string with escapes or broken UTF-8 to the standard library.
func (p *parser) escaped(from int) (s string, err error) {
	for i := from + 1; i < len(p.text); i++ {
		switch p.text[i] {
		case '\\':
			i++
		case '"':
			p.at = i + 1
			if json.Unmarshal(p.text[from:p.at], &s) != nil {
				p.at = from
				return "", p.broken()
			}
			return s, nil
		}
	}
	p.at = len(p.text)
	return "", p.broken()
}

func (p *parser) number() (any, error) {
	from := p.at
	if p.text[p.at] == '-' {
		p.at++
	}
	leading := p.at
	whole := p.digits()
	if whole == 0 || whole > 1 && p.text[leading] == '0' {
		p.at = from
		return nil, p.broken()
	}
	if p.at < len(p.text) && p.text[p.at] == '.' {
		p.at++
		if p.digits() == 0 {
			return nil, p.broken()
		}
	}
	if p.at < len(p.text) && p.text[p.at]|0x20 == 'e' {
		p.at++
		if p.at < len(p.text) && (p.text[p.at] == '+' || p.text[p.at] == '-') {
			p.at++
		}
		if p.digits() == 0 {
			return nil, p.broken()
		}
	}
	return json.Number(p.text[from:p.at]), nil
}

func (p *parser) digits() (n int) {
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
		n++
	}
	return n
}

func (p *parser) word(w string) error {
	if !bytes.HasPrefix(p.text[p.at:], []byte(w)) {
		return p.broken()
	}
	p.at += len(w)
	return nil
}

func (p *parser) where() string {
	if p.field == "" {
		return strings.Join(p.path, ".")
	}
	return strings.Join(append([]string{p.field}, p.path...), ".")
}

func (p *parser) broken() error {
	if p.at >= len(p.text) {
		return Invalid(p.field, "the JSON text ends too early")
	}
	return Invalid(p.field, "broken JSON at byte %d", p.at)
}
