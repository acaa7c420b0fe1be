package session

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Author says who wrote a message.
type Author string

const (
	AuthorUser     Author = "user"
	AuthorBot      Author = "bot"
	AuthorAgent    Author = "agent"
	AuthorExternal Author = "external_agent" // recorded from another desk (contract a.5)
	AuthorNote     Author = "note"           // among agents; never shown to anybody else
)

// Outcome of an accepted user message; exactly one, set by the commit that
// places it.
type Outcome string

const (
	OutcomePending    Outcome = ""
	OutcomeAnswered   Outcome = "answered"
	OutcomeSuppressed Outcome = "suppressed" // the owner changed while the turn ran
	OutcomeUnanswered Outcome = "unanswered" // went to people, or its session ended first
	OutcomeFailed     Outcome = "failed"     // its turn never committed, or was an error turn
)

// Message is one entry of a transcript. A user message is accepted first
// (Number set, no place) and placed by the commit of its turn (Chain, Session
// and Sequence set); until then it is in the inbox of its client.
type Message struct {
	ID              ID
	Client          ID
	Author          Author
	AtMs            int64
	Body            []byte // JSON object: {"input":…}, of a bot {"responses":[…]}, of an agent + {"agent":…}
	Chain           ID
	Session         ID
	Sequence        int64 // of its event; 0 while in the inbox
	Number          int64 // inbox number, user messages only
	Handle          ID    // the session the caller named
	AcceptedIn      ID    // the head when it was accepted: the session of its first answer
	ClientMessageID string
	InputHash       []byte // to tell a repeat from another message with the same id
	Attempts        int    // starts counted before running; the first is not counted
	Outcome         Outcome
	Why             string // reason of a failed outcome
	Thumb           int    // what the user thinks of it: 1, -1, 0 for nothing
	Trace           string // traceparent of its acceptance, "" for none
}

// Hidden reports a message that is kept for people's desks and never shown to
// a client, a bot or a customer's system: a note, or a reply of a turn whose
// conversation changed hands while it ran.
func (m *Message) Hidden() bool {
	return m.Author == AuthorNote || m.Author == AuthorBot && m.Outcome == OutcomeSuppressed
}

// Placed reports whether the message stands in a transcript.
func (m *Message) Placed() bool { return m.Sequence > 0 }

// Attachment of a message: contract a.4.
type Attachment struct {
	ID       string `json:"id,omitempty"`
	Type     string `json:"type"`
	MimeType string `json:"mime_type,omitempty"`
	URL      string `json:"url,omitempty"`
	Title    string `json:"title,omitempty"`
	Filename string `json:"filename,omitempty"`
}

// InputEvent is the extension input.event: contract a.4.
type InputEvent struct {
	Name string          `json:"name"`
	Data json.RawMessage `json:"data,omitempty"`
}

// Input is what a user sent.
type Input struct {
	Text        string       `json:"text,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Event       *InputEvent  `json:"event,omitempty"`
}

// Empty reports whether there is nothing to answer: contract a.4, whitespace
// counts as nothing.
func (in *Input) Empty() bool {
	return strings.TrimSpace(in.Text) == "" && len(in.Attachments) == 0 && in.Event == nil
}

// Check refuses what is over a limit of contract (f) or malformed. Rules that
// differ between faces (empty input, attachment origin) are the faces'.
func (in *Input) Check() error {
	if utf8.RuneCountInString(in.Text) > MaxTextChars {
		return Invalid("input.text", "longer than %d characters", MaxTextChars)
	}
	if len(in.Attachments) > MaxAttachments {
		return Invalid("input.attachments", "more than %d attachments", MaxAttachments)
	}
	for _, a := range in.Attachments {
		switch a.Type {
		case "audio", "image", "video", "file":
		default:
			return Invalid("input.attachments.type", "must be audio, image, video or file")
		}
	}
	if in.Event != nil && (in.Event.Name == "" || utf8.RuneCountInString(in.Event.Name) > MaxClientMessageChars) {
		return Invalid("input.event.name", "must have 1 to %d characters", MaxClientMessageChars)
	}
	return nil
}

// InputOf reads the input of a user's or agent's message body, which was
// checked when it was accepted.
func (m *Message) InputOf() Input {
	body, err := ParseEnvelope(m.Body)
	if err != nil {
		return Input{}
	}
	fields, _ := body["input"].(map[string]any)
	in, _ := ParseInput(fields)
	return in
}

// AgentOf is the person who wrote a message, here or at another desk; nil for
// all others.
func (m *Message) AgentOf() *Agent {
	var body struct {
		Agent Agent `json:"agent"`
	}
	if m.Author != AuthorAgent && m.Author != AuthorExternal || json.Unmarshal(m.Body, &body) != nil {
		return nil
	}
	return &body.Agent
}

// ParseInput reads an input from its fields, by their exact names. What a face
// demands beyond the types is the face's.
func ParseInput(fields Document) (Input, error) {
	r := inputReader{}
	in := Input{Text: r.text(fields, "input", "text")}
	list, isList := fields["attachments"].([]any)
	if fields["attachments"] != nil && !isList {
		r.refuse("input.attachments", "must be an array")
	}
	for _, item := range list {
		in.Attachments = append(in.Attachments, r.attachment(item))
	}
	if event := fields["event"]; event != nil {
		in.Event = r.event(event)
	}
	return in, r.err
}

// inputReader keeps the first wrong type it meets.
type inputReader struct{ err error }

func (r *inputReader) refuse(field, why string) {
	if r.err == nil {
		r.err = Invalid(field, "%s", why)
	}
}

func (r *inputReader) text(fields map[string]any, at, name string) string {
	v, ok := fields[name]
	s, isText := v.(string)
	if ok && v != nil && !isText {
		r.refuse(at+"."+name, "must be a string")
	}
	return s
}

func (r *inputReader) attachment(item any) Attachment {
	const at = "input.attachments"
	m, ok := item.(map[string]any)
	if !ok {
		r.refuse(at, "must hold objects")
	}
	return Attachment{
		ID: r.text(m, at, "id"), Type: r.text(m, at, "type"), MimeType: r.text(m, at, "mime_type"),
		URL: r.text(m, at, "url"), Title: r.text(m, at, "title"), Filename: r.text(m, at, "filename"),
	}
}

func (r *inputReader) event(v any) *InputEvent {
	const at = "input.event"
	m, ok := v.(map[string]any)
	if !ok {
		r.refuse(at, "must be an object")
	}
	ev := &InputEvent{Name: r.text(m, at, "name")}
	if data := m["data"]; data != nil {
		d, isObject := data.(map[string]any)
		if !isObject {
			r.refuse(at+".data", "must be an object")
		}
		ev.Data = Document(d).JSON()
	}
	return ev
}
