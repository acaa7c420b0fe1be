package nlu

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// search looks for entities in one text; each name is looked for once. It belongs
// to one goroutine.
type search struct {
	*Entities
	text  string
	words []Word
	now   time.Time
	done  map[string][]Found
}

func (e *Entities) search(text string, now time.Time) *search {
	return &search{Entities: e, text: text, words: e.options.Words(text), now: now, done: map[string][]Found{}}
}

// named finds one name. A pattern that refers to its own entity, directly or
// through others, finds nothing there.
func (s *search) named(name string) []Found {
	if found, ok := s.done[name]; ok {
		return found
	}
	s.done[name] = nil
	var found []Found
	if f := s.Entities.named[name]; f != nil {
		found = s.own(f)
	} else if find := s.builtins[name]; find != nil {
		for _, hit := range find(s) {
			found = append(found, s.found(name, hit.Range, hit.value, true))
		}
	}
	sortFound(found)
	s.done[name] = found
	return found
}

// own finds an entity of the project: synonyms and patterns.
func (s *search) own(f *finder) []Found {
	var found []Found
	for _, hit := range f.synonyms.find(s.words) {
		found = append(found, s.found(f.entity.Name, hit.Range, f.value(hit.record), false))
	}
	for i, set := range f.patterns {
		for _, span := range set.Spans(s.text, s.named) {
			found = append(found, s.found(f.entity.Name, span, f.value(f.records[i]), false))
		}
	}
	return longest(found)
}

// value is the value of a record as JSON, nil when it has none.
func (f *finder) value(record int) json.RawMessage {
	text := strings.TrimSpace(f.entity.Records[record].Value)
	switch {
	case text == "":
		return nil
	case json.Valid([]byte(text)):
		return json.RawMessage(text)
	}
	return quoted(text)
}

func (s *search) found(name string, at Range, value json.RawMessage, system bool) Found {
	text := s.text[at.Start:at.End]
	bare := value == nil
	if bare {
		value = quoted(text)
	}
	start := utf8.RuneCountInString(s.text[:at.Start])
	return Found{
		Entity: name, Start: start, End: start + utf8.RuneCountInString(text), Text: text, Value: value, Bare: bare, System: system,
	}
}

// joined skips a comma.
func (s *search) joined(at int) int {
	if at < len(s.words) && s.words[at].Folded == "," {
		return at + 1
	}
	return at
}

func (s *search) word(at int) string {
	if at < 0 || at >= len(s.words) {
		return ""
	}
	return s.words[at].Folded
}

// adjacentOrBlank tells whether only blanks stand between a word and the one
// before.
func (s *search) adjacentOrBlank(at int) bool {
	return strings.TrimSpace(s.text[s.words[at-1].End:s.words[at].Start]) == ""
}

func (s *search) adjacent(at int) bool {
	return at > 0 && at < len(s.words) && s.words[at-1].End == s.words[at].Start
}

// glued tells whether words[from:to] is part of a longer run of digits and dots.
func (s *search) glued(from, to int) bool {
	return s.adjacent(from) && contains(". / : ,", s.word(from-1)) ||
		s.adjacent(to) && contains(". / : ,", s.word(to)) && s.adjacent(to+1) && isDigits(s.word(to+1))
}
