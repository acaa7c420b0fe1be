package inbox

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"parley/internal/session"
)

// Status of a thread.
type Status string

// The first three are the open ones, which need or may need somebody now.
const (
	StatusBot      Status = "bot"
	StatusQueued   Status = "queued"
	StatusOpen     Status = "open" // a person has it
	StatusSnoozed  Status = "snoozed"
	StatusResolved Status = "resolved" // its conversation is closed
	StatusEnded    Status = "ended"    // its session is over
	StatusAny      Status = "any"      // in a filter: whatever it is
)

// Statuses returns those that a row may have.
func Statuses() []Status {
	return []Status{StatusBot, StatusQueued, StatusOpen, StatusSnoozed, StatusResolved, StatusEnded}
}

// Active reports whether the thread stands in the tabs without a status asked
// for.
func (s Status) Active() bool { return s == StatusBot || s == StatusQueued || s == StatusOpen }

// Row is a thread in the desk's list: a chain with the newest conversation of
// its head session. Values are immutable once handed out; they hold the raw
// values, see [Row.Redact].
type Row struct {
	ID              session.ID `json:"id"` // of the chain
	Session         session.ID `json:"session_id"`
	Integration     string     `json:"integration_id"`
	IntegrationName string     `json:"integration_name"`
	Channel         string     `json:"channel"`
	Client          session.ID `json:"client_id"`
	Name            string     `json:"name"`
	Email           string     `json:"email,omitempty"`
	Avatar          string     `json:"avatar,omitempty"`
	Preview         string     `json:"preview"`        // of the last message, at most PreviewChars
	PreviewAuthor   string     `json:"preview_author"` // AuthorUser, …
	LastMs          int64      `json:"last_at"`        // of the last message
	Sequence        int64      `json:"last_sequence"`  // of the last event
	OpenedMs        int64      `json:"opened_at"`      // of the conversation
	Status          Status     `json:"status"`
	Owner           Owner      `json:"owner"`
	Department      string     `json:"department_id"`
	Reason          string     `json:"reason"`        // why it left the bot
	WaitingMs       Moment     `json:"waiting_since"` // null: nobody waits for a person
	Snoozed         Snooze     `json:"snoozed_until"`
	Unread          int        `json:"unread"` // user messages after the last read or answer of a person
	Tags            []string   `json:"tags"`
	Language        string     `json:"language"`
	Rating          Score      `json:"rating"`
	// Mentions has the agents whom a note names and who have not spoken here
	// since, each with the sequence of the newest such note.
	Mentions map[string]int64 `json:"mentions,omitempty"`
}

// Authors of a preview and of a message that was found.
const (
	AuthorUser  = "user"
	AuthorBot   = "bot"
	AuthorAgent = "agent"
	AuthorNote  = "note" // private
)

// Owner says who answers in a thread. Agent is set for an agent, Bot for a bot.
type Owner struct {
	Kind  session.OwnerKind `json:"kind"`
	Agent *session.Agent    `json:"agent,omitempty"`
	Bot   *Bot              `json:"bot,omitempty"`
}

// Bot is the bot of a thread. Release is 0 for one without releases.
type Bot struct {
	Name    string `json:"name"`
	Release int    `json:"release"`
}

// AgentID returns who has the thread, "" when no person has.
func (r *Row) AgentID() string {
	if r.Owner.Agent == nil {
		return ""
	}
	return r.Owner.Agent.ID
}

// Redact returns the row as a role may see it that does not see the masked
// fields of its integration: name, e-mail and avatar become *** where
// user.display_name, user.email and user.avatar are masked.
func (r *Row) Redact(set *session.Settings) *Row {
	shown := set.Redact(session.Document{
		"user": map[string]any{"display_name": r.Name, "email": r.Email, "avatar": r.Avatar, "language": r.Language},
		"tags": strings.Join(r.Tags, " "),
	})
	c := *r
	c.Name, c.Email = text(shown, "user", "display_name"), text(shown, "user", "email")
	c.Avatar, c.Language = text(shown, "user", "avatar"), text(shown, "user", "language")
	if len(r.Tags) > 0 && text(shown, "tags") == session.Stars {
		c.Tags = []string{session.Stars}
	}
	return &c
}

func text(doc session.Document, path ...string) string {
	v, _ := doc.At(path...)
	s, _ := v.(string)
	return s
}

// Moment is a time in milliseconds since 1970 that is null in JSON when it is 0.
type Moment int64

// MarshalJSON writes null for 0.
func (m Moment) MarshalJSON() ([]byte, error) { return orNull(int64(m)), nil }

// Score is a rating of 1 to 5, null in JSON when it is 0.
type Score int

// MarshalJSON writes null for 0.
func (s Score) MarshalJSON() ([]byte, error) { return orNull(int64(s)), nil }

func orNull(n int64) []byte {
	if n == 0 {
		return []byte("null")
	}
	return strconv.AppendInt(nil, n, 10)
}

// Snooze is until when a thread sleeps, in milliseconds since 1970. In JSON 0
// is null and UntilReply is "reply".
type Snooze int64

// UntilReply is the snooze that only a message of the user ends.
const UntilReply = Snooze(session.SnoozedUntilReply)

// MarshalJSON writes what the type says.
func (s Snooze) MarshalJSON() ([]byte, error) {
	if s == UntilReply {
		return []byte(`"reply"`), nil
	}
	return orNull(int64(s)), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Snooze) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte(`"reply"`)) {
		*s = UntilReply
		return nil
	}
	return json.Unmarshal(b, (*int64)(s))
}
