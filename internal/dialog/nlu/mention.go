package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mentionAt gives the entity name that stands in a phrase at byte offset at, "" for
// none. A name has letters, digits, "_", "-" and dots inside.
func mentionAt(phrase string, at int) string {
	if phrase[at] != '@' {
		return ""
	}
	before, _ := utf8.DecodeLastRuneInString(phrase[:at])
	if at > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before)) {
		return "" // an e-mail address
	}
	end := at + 1
	for end < len(phrase) {
		r, size := utf8.DecodeRuneInString(phrase[end:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' && r != '.' {
			break
		}
		end += size
	}
	return strings.TrimRight(phrase[at+1:end], ".-")
}

// mentioned are the entities that a phrase names.
func mentioned(phrase string) []string {
	var names []string
	for at := range len(phrase) {
		if name := mentionAt(phrase, at); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// splitMentions cuts a phrase into plain text and mentions, in order.
func splitMentions(phrase string) []piece {
	var pieces []piece
	from := 0
	for at := 0; at < len(phrase); at++ {
		name := mentionAt(phrase, at)
		if name == "" {
			continue
		}
		pieces = append(pieces, piece{text: phrase[from:at]}, piece{entity: name})
		at += len(name)
		from = at + 1
	}
	return append(pieces, piece{text: phrase[from:]})
}

// piece is plain text or the name of an entity.
type piece struct{ text, entity string }
