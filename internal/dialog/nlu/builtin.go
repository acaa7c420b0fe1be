package nlu

import "encoding/json"

// builtin finds a system entity.
type builtin func(s *search) []hit

// hit is a part of the text and the JSON value of what stands there.
type hit struct {
	Range
	value json.RawMessage
}

// builtins are the system entities by name (script-api 2.6).
func builtins() map[string]builtin {
	return map[string]builtin{
		"duckling.email": findEmails,
		"duckling.url":   findURLs,
	}
}
