package script

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"unicode"

	"github.com/dop251/goja/ast"
)

var propertyEscape = regexp.MustCompile(`\\(?:[^pP]|([pP])\{(?:(?:General_Category|gc|Script|sc|Script_Extensions|scx)=)?(\w+)\})|\[|\]`)

// expandProperties rewrites \p{...} of regular expressions with the flag u, which
// goja does not know, into ranges (script-engine 1.3). Expressions that scripts
// make of texts are not reached.
func expandProperties(body reflect.Value) {
	visit(body, func(node any) bool {
		if n, ok := node.(*ast.RegExpLiteral); ok && strings.ContainsAny(n.Flags, "uv") {
			n.Pattern = expandProperty(n.Pattern)
		}
		return true
	})
}

func expandProperty(pattern string) string {
	inClass := false
	return propertyEscape.ReplaceAllStringFunc(pattern, func(found string) string {
		switch found {
		case "[", "]":
			inClass = found == "["
			return found
		}
		m := propertyEscape.FindStringSubmatch(found)
		table := propertyTable(m[2])
		switch {
		case table == nil:
			return found
		case inClass:
			return ranges(table, m[1] == "P")
		case m[1] == "P":
			return "[^" + ranges(table, false) + "]"
		}
		return "[" + ranges(table, false) + "]"
	})
}

// propertyTable is the table of a category or a script, by its short or long name.
func propertyTable(name string) *unicode.RangeTable {
	if long, ok := map[string]string{
		"Letter": "L", "Alphabetic": "L", "Alpha": "L", "Uppercase_Letter": "Lu", "Uppercase": "Lu", "Lowercase_Letter": "Ll", "Lowercase": "Ll",
		"Mark": "M", "Number": "N", "Decimal_Number": "Nd", "Punctuation": "P", "Symbol": "S", "Separator": "Z", "White_Space": "Z",
		"Cyrl": "Cyrillic", "Latn": "Latin",
	}[name]; ok {
		name = long
	}
	if table := unicode.Categories[name]; table != nil {
		return table
	}
	return unicode.Scripts[name]
}

// ranges writes the characters of a table, or all others, as the inside of a class.
func ranges(table *unicode.RangeTable, others bool) string {
	var out strings.Builder
	write := func(low, high uint32) {
		if low <= high {
			fmt.Fprintf(&out, `\u{%x}-\u{%x}`, low, high)
		}
	}
	next := uint32(0)
	see := func(low, high, stride uint32) {
		for at := low; at <= high; at += stride {
			end := at
			if stride == 1 {
				end = high
			}
			if others && at > next {
				write(next, at-1)
			} else if !others {
				write(at, end)
			}
			next = end + 1
			if stride == 1 {
				break
			}
		}
	}
	for _, r := range table.R16 {
		see(uint32(r.Lo), uint32(r.Hi), uint32(r.Stride))
	}
	for _, r := range table.R32 {
		see(r.Lo, r.Hi, r.Stride)
	}
	if others {
		write(next, unicode.MaxRune)
	}
	return out.String()
}
