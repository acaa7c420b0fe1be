package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// findPhones finds telephone numbers of 6 to 15 digits; the value has the digits
// and the leading plus.
func findPhones(s *search) []hit {
	var hits []hit
	for at := 0; at < len(s.text); {
		end, digits := phoneEnd(s.text, at)
		if digits < minPhone || digits > maxPhone {
			at = max(end, at+1)
			continue
		}
		span := Range{Start: at, End: end}
		hits = append(hits, hit{span, quoted(phoneDigits(s.text[at:end]))})
		at = end
	}
	return hits
}

const (
	minPhone = 6
	maxPhone = 15
)

// phoneEnd is where a run of digits with the signs used in telephone numbers
// ends, and how many digits it has; 0 when none begins here.
func phoneEnd(text string, at int) (end, digits int) {
	if before, _ := utf8.DecodeLastRuneInString(text[:at]); at > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before)) {
		return at, 0
	}
	if c := text[at]; c != '+' && c != '(' && (c < '0' || c > '9') {
		return at, 0
	}
	end, gap := at, 0
	for i := at; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
			end, gap = i+1, 0
		case c == '+' && i == at:
		case (c == '(' || c == ')' || c == '-' || c == ' ') && gap < 2:
			gap++
		default:
			if r, _ := utf8.DecodeRuneInString(text[i:]); end == i && unicode.IsLetter(r) {
				return end, 0
			}
			return end, digits
		}
	}
	return end, digits
}

func phoneDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}
