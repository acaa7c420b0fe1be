package nlu

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// runs are the parts of a text between blanks.
func runs(text string) []Range {
	var all []Range
	start := -1
	for at, r := range text {
		switch blank := unicode.IsSpace(r); {
		case blank && start >= 0:
			all = append(all, Range{start, at})
			start = -1
		case !blank && start < 0:
			start = at
		}
	}
	if start >= 0 {
		all = append(all, Range{start, len(text)})
	}
	return all
}

// trimmed leaves out punctuation around a run.
func trimmed(text string, at Range) Range {
	const around = ".,;:!?()[]{}<>\"'«»“”„…"
	part := text[at.Start:at.End]
	left := strings.TrimLeft(part, around)
	at.Start += len(part) - len(left)
	at.End = at.Start + len(strings.TrimRight(left, around))
	return at
}

// findEmails finds e-mail addresses; the value is the address.
func findEmails(s *search) []hit {
	var hits []hit
	for _, run := range runs(s.text) {
		at := trimmed(s.text, run)
		if isEmail(s.text[at.Start:at.End]) {
			hits = append(hits, hit{at, quoted(s.text[at.Start:at.End])})
		}
	}
	return hits
}

func isEmail(text string) bool {
	name, host, ok := strings.Cut(text, "@")
	return ok && name != "" && isHost(host) && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._%+-'", r)
	})
}

// isHost tells whether text is a name of at least two parts that ends in letters.
func isHost(text string) bool {
	parts := strings.Split(text, ".")
	for _, part := range parts {
		if part == "" || strings.HasPrefix(part, "-") || strings.HasSuffix(part, "-") ||
			strings.ContainsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' }) {
			return false
		}
	}
	top := parts[len(parts)-1]
	return len(parts) > 1 && utf8.RuneCountInString(top) > 1 && !strings.ContainsFunc(top, func(r rune) bool { return !unicode.IsLetter(r) })
}

// findURLs finds addresses of the web; the value has the address and its host.
func findURLs(s *search) []hit {
	var hits []hit
	for _, run := range runs(s.text) {
		at := trimmed(s.text, run)
		text := s.text[at.Start:at.End]
		if host, ok := hostOf(text); ok {
			hits = append(hits, hit{at, object(urlValue{Value: text, Domain: host})})
		}
	}
	return hits
}

type urlValue struct {
	Value  string `json:"value"`
	Domain string `json:"domain"`
}

// hostOf is the host of an address with or without its scheme.
func hostOf(text string) (host string, ok bool) {
	rest, scheme := text, false
	for _, prefix := range []string{"http://", "https://", "ftp://"} {
		if len(text) > len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
			rest, scheme = text[len(prefix):], true
		}
	}
	host, _, _ = strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, "?")
	name, _, _ := strings.Cut(host, ":")
	www := strings.HasPrefix(strings.ToLower(name), "www.")
	known := scheme || www || strings.Contains(rest, "/") || isTopDomain(name)
	return name, known && isHost(name)
}

// isTopDomain keeps "конец.начало" from being an address: without a scheme a name
// must end in a domain in wide use.
func isTopDomain(host string) bool {
	top := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	return slices.Contains(strings.Fields("com org net ru рф io ai app dev info biz edu gov me co uk de fr su by kz ua eu us online site shop"), top)
}

// object is a value as JSON.
func object(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return data
}
