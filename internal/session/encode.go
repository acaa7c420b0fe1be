package session

import (
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// JSON returns the document as text with sorted keys.
func (d Document) JSON() []byte { return appendObject(make([]byte, 0, 1024), d) }

// AppendJSON appends the document as text to dst.
func (d Document) AppendJSON(dst []byte) []byte { return appendObject(dst, d) }

// appendValue writes a JSON value. Documents hold few kinds of values, and
// every merge writes one, so they are told apart here without reflection;
// anything else is left to the standard library.
func appendValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case string:
		return appendText(dst, v)
	case json.Number:
		return append(dst, v...)
	case bool:
		if v {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case map[string]any:
		return appendObject(dst, v)
	case Document:
		return appendObject(dst, v)
	case []any:
		return appendArray(dst, v)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return append(dst, "null"...) // unreachable: documents hold only JSON values
	}
	return append(dst, raw...)
}

func appendObject(dst []byte, m map[string]any) []byte {
	var few [24]string
	keys := few[:0]
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	dst = append(dst, '{')
	for i, k := range keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendText(dst, k), ':')
		dst = appendValue(dst, m[k])
	}
	return append(dst, '}')
}

func appendArray(dst []byte, list []any) []byte {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, v)
	}
	return append(dst, ']')
}

// appendText writes a string. One without anything to escape, the usual case,
// is copied.
func appendText(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return appendEscaped(dst, s)
		}
	}
	dst = append(append(dst, '"'), s...)
	return append(dst, '"')
}

// appendEscaped writes what may need escapes. Text beyond ASCII is written as
// it is; what is no UTF-8 becomes the replacement character.
func appendEscaped(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r == '\t':
			dst = append(dst, '\\', 't')
		case r == '\r':
			dst = append(dst, '\\', 'r')
		case r < ' ' || r == 0x2028 || r == 0x2029:
			dst = append(dst, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
