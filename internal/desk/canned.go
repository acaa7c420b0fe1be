package desk

import (
	"strings"
	"unicode/utf8"

	"parley/internal/session"
)

// CannedReply is a text that agents send by its shortcut. The text may hold
// variables, see [ParseTemplate].
type CannedReply struct {
	ID         string `json:"id"` // UUID
	Shortcut   string `json:"shortcut"`
	Text       string `json:"text"`
	Department string `json:"department"` // id, "" for all
	Owner      string `json:"owner"`      // agent id, "" for all
}

// Check refuses a reply that cannot be stored, naming the field.
func (c *CannedReply) Check() error {
	n := utf8.RuneCountInString(c.Shortcut)
	if n == 0 || n > session.MaxShortcutChars || strings.ContainsAny(c.Shortcut, " /") || !printable(c.Shortcut) {
		return session.Invalid("shortcut", "must be one word of 1 to %d characters, without a slash", session.MaxShortcutChars)
	}
	if strings.TrimSpace(c.Text) == "" || utf8.RuneCountInString(c.Text) > session.MaxTextChars {
		return session.Invalid("text", "must have 1 to %d characters", session.MaxTextChars)
	}
	_, err := ParseTemplate(c.Text)
	return err
}
