package desk

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/session"
)

// Presence is what an agent says of himself. Only who is online is given
// conversations.
type Presence string

const (
	PresenceOnline  Presence = "online"
	PresenceBusy    Presence = "busy" // here, but takes nothing new
	PresenceOffline Presence = "offline"
)

// Agent is a person of the desk. Values are immutable once handed out.
type Agent struct {
	ID          string          `json:"id"` // UUID
	Email       string          `json:"email"`
	Name        string          `json:"name"`
	Avatar      string          `json:"avatar"` // URL, "" for none
	Role        Role            `json:"role"`
	Capacity    int             `json:"capacity"`    // conversations the router gives at once, 0 to session.MaxCapacity
	Departments []string        `json:"departments"` // ids
	Presence    Presence        `json:"presence"`
	AutoAway    bool            `json:"auto_away"` // becomes busy after session.AutoAwayTime without a live connection
	Active      bool            `json:"active"`    // false: the account is closed
	CreatedMs   int64           `json:"created_at"`
	Locale      string          `json:"-"` // of the desk page, "" = the browser's
	Preferences json.RawMessage `json:"-"` // of the desk page, an object
}

// Public returns the agent as clients and webhooks see him.
func (a *Agent) Public() session.Agent {
	return session.Agent{ID: a.ID, Name: a.Name, Avatar: a.Avatar}
}

// Online reports whether the agent takes conversations now.
func (a *Agent) Online() bool {
	return a.Active && a.Presence == PresenceOnline && a.Role.Allows(PermissionAnswer)
}

// In reports whether the agent belongs to a department, by its id.
func (a *Agent) In(department string) bool { return slices.Contains(a.Departments, department) }

// Check refuses an agent that cannot be stored, naming the field.
func (a *Agent) Check() error {
	if err := checkName("name", a.Name); err != nil {
		return err
	}
	if at := strings.IndexByte(a.Email, '@'); at < 1 || at == len(a.Email)-1 || strings.ContainsAny(a.Email, " \t\r\n<>,") || len(a.Email) > session.MaxEmailChars {
		return session.Invalid("email", "must be an e-mail address of at most %d characters", session.MaxEmailChars)
	}
	if !a.Role.Known() {
		return session.Invalid("role", "must be admin, manager, agent or viewer, not %q", a.Role)
	}
	if !a.Presence.known() {
		return session.Invalid("presence", "must be online, busy or offline, not %q", a.Presence)
	}
	if a.Capacity < 0 || a.Capacity > session.MaxCapacity {
		return session.Invalid("capacity", "must be 0 to %d", session.MaxCapacity)
	}
	if utf8.RuneCountInString(a.Avatar) > session.MaxAvatarChars {
		return session.Invalid("avatar", "must have at most %d characters", session.MaxAvatarChars)
	}
	return checkObject("preferences", a.Preferences, session.MaxPreferencesBytes)
}

func (p Presence) known() bool {
	return p == PresenceOnline || p == PresenceBusy || p == PresenceOffline
}

func (a *Agent) clone() *Agent {
	c := *a
	c.Departments = append([]string{}, a.Departments...) // JSON shows a list, not null
	return &c
}

// checkName refuses names that are blank, too long or hold control characters.
func checkName(field, name string) error {
	n := utf8.RuneCountInString(name)
	if strings.TrimSpace(name) == "" || n > session.MaxDeskNameChars || !printable(name) {
		return session.Invalid(field, "must have 1 to %d printable characters", session.MaxDeskNameChars)
	}
	return nil
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// checkObject refuses JSON that is no object or too long; nothing at all is
// allowed.
func checkObject(field string, raw json.RawMessage, most int) error {
	if len(raw) == 0 {
		return nil
	}
	if len(raw) > most {
		return session.Invalid(field, "must have at most %d bytes", most)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil || object == nil {
		return session.Invalid(field, "must be a JSON object")
	}
	return nil
}
