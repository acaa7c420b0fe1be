// Package action reads the response objects that webhooks and bots of customers
// answer with: what they say to the user, and what they do to the dialog.
// Contract (e) and b.2.
package action

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/session"
)

// Reader reads response objects.
type Reader struct {
	Random func(n int) int // 0 to n-1, picks one of several texts
	Now    func() time.Time
}

// Actions are what a list of response objects comes to.
type Actions struct {
	Replies  []session.Reply
	Handover *session.Handover
	Reset    *Reset
	Tags     []string
	Events   []Event
	Calls    []Call
	Dropped  []string // why objects were left out
}

// Reset puts the dialog back: b.2, action reset.
type Reset struct {
	State     string   // path of a state; "" is the root
	Variables []string // of the context, to become null; dotted
}

// Event is sent to the bot as an event of the client: b.2, action event.
type Event struct {
	Name string
	Data session.Document
}

// Call is another webhook to ask: b.2, action webhook. Its responses belong
// before Replies[At].
type Call struct {
	At       int
	Name     string
	Fallback string
}

// Count is how many objects did something.
func (a *Actions) Count() int {
	n := len(a.Replies) + len(a.Tags) + len(a.Events) + len(a.Calls)
	if a.Handover != nil {
		n++
	}
	if a.Reset != nil {
		n++
	}
	return n
}

// wireFields are the fields of what a user sees, by type: contract (e).
func wireFields() map[string][]string {
	return map[string][]string{
		"image": {"url", "name", "size"}, "video": {"url", "name", "size"}, "audio": {"url", "name", "size"}, "file": {"url", "name", "size"},
		"url": {"url"}, "carousel": {"cards"},
		"webview": {"url", "name", "label", "trigger_node_id", "height"}, "survey": {"url", "name", "label", "trigger_node_id", "height"},
		"pause": {"duration", "show_typing"}, "close": {},
	}
}

// maxCards bounds a carousel: contract (f).
const maxCards = 6

// Read reads a list of response objects. What is unknown or lacks a field is
// dropped and named. More than session.MaxReplies objects, or more than
// session.MaxReplyBytes of them, are an error.
func (r Reader) Read(list []any) (*Actions, error) {
	if len(list) > session.MaxReplies {
		return nil, session.Invalid("responses", "has %d objects, the limit is %d", len(list), session.MaxReplies)
	}
	out := &Actions{}
	for i, item := range list {
		object, ok := item.(map[string]any)
		if !ok {
			out.drop(i, "is no object")
			continue
		}
		if why := r.one(out, object); why != "" {
			out.drop(i, why)
		}
	}
	size := 0
	for _, one := range out.Replies {
		size += len(one)
	}
	if size > session.MaxReplyBytes {
		return nil, session.Invalid("responses", "has %d bytes, the limit is %d", size, session.MaxReplyBytes)
	}
	return out, nil
}

func (a *Actions) drop(i int, why string) {
	a.Dropped = append(a.Dropped, fmt.Sprintf("responses[%d] %s", i, why))
}

// one reads an object; why says what is wrong with it.
func (r Reader) one(out *Actions, object map[string]any) (why string) {
	kind, _ := object["type"].(string)
	switch kind {
	case "text":
		return r.text(out, object)
	case "handover":
		return r.handover(out, object)
	case "reset":
		out.Reset = &Reset{State: textOf(object, "nodeId", "node_id"), Variables: texts(object["variables"])}
	case "tag":
		out.Tags = append(out.Tags, texts(object["tags"])...)
	case "event":
		return readEvent(out, object)
	case "webhook":
		name := textOf(object, "webhook_id", "name")
		if name == "" {
			return "has no webhook_id"
		}
		out.Calls = append(out.Calls, Call{At: len(out.Replies), Name: name, Fallback: r.pick(texts(object["fallback"]))})
	default:
		fields, known := wireFields()[kind]
		if !known {
			return fmt.Sprintf("has the unknown type %q", kind)
		}
		return r.wire(out, object, kind, fields)
	}
	return ""
}

// text takes `texts` and `text` alike: contract (g) 25.
func (r Reader) text(out *Actions, object map[string]any) string {
	choice := texts(object["texts"])
	if len(choice) == 0 {
		choice = texts(object["text"])
	}
	reply := map[string]any{"type": "text", "text": r.pick(choice)}
	if options := optionsOf(object["options"]); len(options) > 0 {
		reply["options"] = options
	}
	if reply["text"] == "" && reply["options"] == nil {
		return "has no text"
	}
	r.say(out, object, reply)
	return ""
}

// Say makes the reply object of a plain text.
func (r Reader) Say(text string) session.Reply {
	out := &Actions{}
	r.say(out, nil, map[string]any{"type": "text", "text": text})
	return out.Replies[0]
}

func (r Reader) handover(out *Actions, object map[string]any) string {
	h := &session.Handover{Reason: "webhook", Department: textOf(object, "department", "name")}
	if object["external"] == true {
		h.Attributes = map[string]string{"external": "true"}
	}
	out.Handover = h
	r.say(out, object, map[string]any{"type": "handover", "name": h.Department})
	return ""
}

func readEvent(out *Actions, object map[string]any) string {
	name := textOf(object, "name", "trigger_node_id")
	if name == "" || len(name) > session.MaxClientMessageChars {
		return fmt.Sprintf("needs a name of 1 to %d bytes", session.MaxClientMessageChars)
	}
	data := session.Document{}
	if node := textOf(object, "trigger_node_id"); node != "" {
		data["trigger_node_id"] = node
	}
	out.Events = append(out.Events, Event{Name: name, Data: data})
	return ""
}

func (r Reader) wire(out *Actions, object map[string]any, kind string, fields []string) string {
	reply := map[string]any{"type": kind}
	for _, name := range fields {
		if v, ok := object[name]; ok && v != nil {
			reply[name] = v
		}
	}
	if slices.Contains(fields, "url") && textOf(reply, "url") == "" {
		return fmt.Sprintf("of the type %s has no url", kind)
	}
	if kind == "carousel" {
		cards, _ := reply["cards"].([]any)
		if len(cards) == 0 || len(cards) > maxCards {
			return fmt.Sprintf("of the type carousel has %d cards, it needs 1 to %d", len(cards), maxCards)
		}
	}
	r.say(out, object, reply)
	return ""
}

// say adds a reply under its own action_id, or a new one.
func (r Reader) say(out *Actions, object, reply map[string]any) {
	reply["action_id"] = textOf(object, "action_id")
	if reply["action_id"] == "" {
		reply["action_id"] = session.NewID(r.Now()).String()
	}
	out.Replies = append(out.Replies, session.Document(reply).JSON())
}

func (r Reader) pick(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[r.Random(len(list))]
}

func optionsOf(v any) []any {
	list, _ := v.([]any)
	var options []any
	for _, item := range list {
		object, _ := item.(map[string]any)
		label, text := textOf(object, "label", "text"), textOf(object, "text", "label")
		if label != "" {
			options = append(options, map[string]any{"label": label, "text": text})
		}
	}
	return options
}

// texts are the texts of a value that is one or a list of them.
func texts(v any) []string {
	if one, ok := v.(string); ok {
		v = []any{one}
	}
	list, _ := v.([]any)
	var out []string
	for _, item := range list {
		if text, ok := item.(string); ok && strings.TrimSpace(text) != "" {
			out = append(out, text)
		}
	}
	return out
}

// textOf is the first of some fields that holds a text.
func textOf(object map[string]any, names ...string) string {
	for _, name := range names {
		if text, ok := object[name].(string); ok && text != "" {
			return text
		}
	}
	return ""
}

// Objects reads a field that is a list, absent or null.
func Objects(body session.Document, field string) ([]any, error) {
	list, ok := body[field].([]any)
	if body[field] != nil && !ok {
		return nil, session.Invalid(field, "must be an array")
	}
	return list, nil
}

// Object reads a field that is an object, absent or null.
func Object(body session.Document, field string) (session.Document, error) {
	object, ok := body[field].(map[string]any)
	if body[field] != nil && !ok {
		return nil, session.Invalid(field, "must be an object")
	}
	return object, nil
}

// TagPatch adds the tags of actions to those a document has, or will have by a
// patch; nil without such actions.
func (a *Actions) TagPatch(doc, patch session.Document) session.Document {
	if len(a.Tags) == 0 {
		return nil
	}
	have, ok := patch["tags"].([]any)
	if !ok {
		have, _ = doc["tags"].([]any)
	}
	all := append([]any{}, have...)
	for _, tag := range a.Tags {
		all = append(all, tag)
	}
	return session.Document{"tags": all}
}

// Pushes are the events as a turn sends them.
func (a *Actions) Pushes(at time.Time) []session.Push {
	var list []session.Push
	for _, ev := range a.Events {
		list = append(list, session.Push{ID: session.NewID(at), DueMs: at.UnixMilli(), Event: ev.Name, Data: json.RawMessage(ev.Data.JSON())})
	}
	return list
}
