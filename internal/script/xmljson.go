package script

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// lenientJSON reads JSON as test authors write it, with unquoted keys.
func lenientJSON(e *element) (any, *complaint) {
	text := strings.TrimSpace(e.text)
	var v any
	err := json.Unmarshal([]byte(text), &v)
	if err != nil && json.Unmarshal([]byte(quoteKeys(text)), &v) != nil {
		return nil, fail(e, "<%s> holds no JSON: %s", e.name, err)
	}
	return v, nil
}

// quoteKeys puts quotes around bare keys and turns single quotes into double
// ones, outside of strings.
func quoteKeys(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '"' || c == '\'':
			n := i + 1
			for n < len(text) && text[n] != c {
				if text[n] == '\\' {
					n++
				}
				n++
			}
			n = min(n, len(text))
			inner := text[i+1 : n]
			if c == '\'' {
				inner = strings.ReplaceAll(strings.ReplaceAll(inner, `\'`, "'"), `"`, `\"`)
			}
			out.WriteString(`"` + inner + `"`)
			i = n + 1
		case isKeyByte(c) && !(c >= '0' && c <= '9'):
			n := i
			for n < len(text) && (isKeyByte(text[n])) {
				n++
			}
			word := text[i:n]
			if strings.HasPrefix(strings.TrimLeft(text[n:], " \t\r\n"), ":") {
				word = `"` + word + `"`
			}
			out.WriteString(word)
			i = n
		default:
			out.WriteByte(c)
			i++
		}
	}
	return out.String()
}

func isKeyByte(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// objectOf reads an object that stands in an element.
func objectOf(e *element) (map[string]any, *complaint) {
	value, wrong := lenientJSON(e)
	if wrong != nil {
		return nil, wrong
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, fail(e, "<%s> holds no JSON object", e.name)
	}
	return object, nil
}

// jsonPath is a JSONPath of names, indexes and * : $.replies[0].buttons[*].text.
type jsonPath []string

// anyMember is the part * of a path.
const anyMember = "*"

var errJSONPath = errors.New("write names, [index], ['name'] and * as in $.replies[0].buttons[*].text")

func parseJSONPath(text string) (jsonPath, error) {
	rest := strings.TrimPrefix(strings.TrimSpace(text), "$")
	var path jsonPath
	for rest != "" {
		var part string
		if inner, ok := strings.CutPrefix(rest, "["); ok {
			if part, rest, ok = strings.Cut(inner, "]"); !ok {
				return nil, errJSONPath
			}
			part = strings.Trim(strings.TrimSpace(part), `'"`)
		} else {
			rest = strings.TrimPrefix(rest, ".")
			end := strings.IndexAny(rest, ".[")
			if end < 0 {
				end = len(rest)
			}
			part, rest = strings.TrimSpace(rest[:end]), rest[end:]
		}
		if part == "" {
			return nil, errJSONPath
		}
		path = append(path, part)
	}
	return path, nil
}

// in is what the path leads to. With * in it that is a list, of what exists.
func (p jsonPath) in(v any) (any, bool) {
	if len(p) == 0 {
		return v, true
	}
	if p[0] == anyMember {
		return p.each(v)
	}
	switch object := v.(type) {
	case map[string]any:
		inner, ok := object[p[0]]
		if !ok {
			return nil, false
		}
		return p[1:].in(inner)
	case []any:
		i, err := strconv.Atoi(p[0])
		if i < 0 {
			i += len(object)
		}
		if err != nil || i < 0 || i >= len(object) {
			return nil, false
		}
		return p[1:].in(object[i])
	}
	return nil, false
}

func (p jsonPath) each(v any) (any, bool) {
	list, ok := v.([]any)
	if !ok {
		return nil, false
	}
	found := []any{}
	for _, item := range list {
		if inner, ok := p[1:].in(item); ok {
			found = append(found, inner)
		}
	}
	return found, true
}
