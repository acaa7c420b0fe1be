package dialog

import "strings"

// translateJava rewrites what Java spells differently from Go: \uXXXX, \p{IsX},
// \p{InX}, the POSIX names such as \p{Alpha}, and \h; and what one of the engines
// compiles too slowly.
func translateJava(source string) string {
	var out strings.Builder
	inClass := false
	for at := 0; at < len(source); {
		size := 1
		switch source[at] {
		case '\\':
			var text string
			text, size = javaEscape(source[at:], inClass)
			out.WriteString(text)
			at += size
			continue
		case '[':
			inClass = true
		case ']':
			inClass = false
		}
		out.WriteString(source[at : at+size])
		at += size
	}
	return out.String()
}

// javaEscape translates the escape at the start of source and gives its length.
func javaEscape(source string, inClass bool) (text string, size int) {
	switch {
	case len(source) >= 6 && source[1] == 'u' && isHex(source[2:6]):
		return `\x{` + source[2:6] + `}`, 6
	case strings.HasPrefix(source, `\h`):
		return bracketed(`\t\x{20}\x{a0}`, inClass), 2
	case !inClass && len(source) >= 2 && strings.Contains("WSD", source[1:2]):
		// The backtracking engine takes half a second to ignore the case of \W.
		return `[^\` + strings.ToLower(source[1:2]) + `]`, 2
	case strings.HasPrefix(source, `\p{`), strings.HasPrefix(source, `\P{`):
		if end := strings.IndexByte(source, '}'); end > 0 {
			return javaProperty(source[:2], source[3:end], inClass), end + 1
		}
	}
	return source[:min(2, len(source))], min(2, len(source))
}

func javaProperty(escape, name string, inClass bool) string {
	posix := map[string]string{
		"Alpha": "alpha", "Digit": "digit", "Alnum": "alnum", "Upper": "upper", "Lower": "lower",
		"Punct": "punct", "Space": "space", "Blank": "blank", "XDigit": "xdigit",
	}
	if class, ok := posix[name]; ok {
		if escape == `\P` {
			class = "^" + class
		}
		return bracketed("[:"+class+":]", inClass)
	}
	short := strings.TrimPrefix(strings.TrimPrefix(name, "Is"), "In")
	if short == "" {
		short = name
	}
	if strings.EqualFold(short, "cyrillic") || strings.EqualFold(short, "latin") {
		short = strings.ToUpper(short[:1]) + strings.ToLower(short[1:])
	}
	return escape + "{" + short + "}"
}

func bracketed(class string, inClass bool) string {
	if inClass {
		return class
	}
	return "[" + class + "]"
}

func isHex(text string) bool {
	return strings.Trim(text, "0123456789abcdefABCDEF") == ""
}
