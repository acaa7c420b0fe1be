package dialog

import "strings"

// isEnglish tells whether contractions are to be split.
func isEnglish(language string) bool {
	language = strings.ToLower(language)
	return language == "en" || strings.HasPrefix(language, "en-") || strings.HasPrefix(language, "en_")
}

// entitySource asks the NLU for an entity, once for each request.
type entitySource struct{ name string }

// find implements spanSource.
func (e *entitySource) find(in *Input, start int) []span {
	spans, ok := in.entities[e.name]
	if !ok {
		spans = in.askEntities(e.name)
		if in.entities == nil {
			in.entities = map[string][][]span{}
		}
		in.entities[e.name] = spans
	}
	return spans[start]
}

// askEntities gives what the NLU found, by first token.
func (in *Input) askEntities(name string) [][]span {
	spans := make([][]span, len(in.tokens))
	for _, found := range spansOf(in, name) {
		start, end := in.tokenRange(found.Start, found.End)
		if start >= end {
			continue
		}
		worth := in.merit(start, end, newMerit(in.matcher.weights.Entity, false))
		spans[start] = append(spans[start], span{end: end, worth: worth, value: found.Value})
	}
	return spans
}

func spansOf(in *Input, name string) []EntitySpan {
	if in.lookup != nil {
		return entitySpans(in.text, in.lookup(name))
	}
	return in.matcher.entities.Find(in.text, name, in.now)
}

// tokenRange is the range of tokens that share bytes with start..end.
func (in *Input) tokenRange(start, end int) (first, last int) {
	for first < len(in.tokens) && in.tokens[first].End <= start {
		first++
	}
	last = first
	for last < len(in.tokens) && in.tokens[last].Start < end {
		last++
	}
	return first, last
}
