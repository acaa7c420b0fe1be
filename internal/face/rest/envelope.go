package rest

import (
	"encoding/json"
	"fmt"

	"parley/internal/session"
)

// envelope is a JSON object whose fields are taken out by type. The first
// fault stays and names its field; null stands for an absent field.
type envelope struct {
	fields map[string]any
	path   string // "" for the whole body
	fault  *error // shared with the objects inside
}

func (e *envelope) err() error { return *e.fault }

func (e *envelope) refuse(key, why string) {
	if *e.fault == nil {
		*e.fault = session.Invalid(e.at(key), "%s", why)
	}
}

func (e *envelope) at(key string) string {
	if e.path == "" {
		return key
	}
	return e.path + "." + key
}

// has reports whether a field is there and not null.
func (e *envelope) has(key string) bool { return e.fields[key] != nil }

// text takes a string, "" when absent.
func (e *envelope) text(key string) string {
	v := e.fields[key]
	s, ok := v.(string)
	if !ok && v != nil {
		e.refuse(key, "must be a string")
	}
	return s
}

// number takes a whole number, 0 when absent.
func (e *envelope) number(key string) int64 {
	v := e.fields[key]
	if v == nil {
		return 0
	}
	text, ok := v.(json.Number)
	n, err := text.Int64()
	if !ok || err != nil {
		e.refuse(key, "must be a whole number")
	}
	return n
}

// texts takes a list of strings, nil when absent.
func (e *envelope) texts(key string) []string {
	v := e.fields[key]
	list, ok := v.([]any)
	if !ok && v != nil {
		e.refuse(key, "must be an array")
	}
	var out []string
	for _, item := range list {
		s, ok := item.(string)
		if !ok {
			e.refuse(key, "must hold strings")
		}
		out = append(out, s)
	}
	return out
}

// flag takes a boolean, false when absent.
func (e *envelope) flag(key string) bool {
	v := e.fields[key]
	b, ok := v.(bool)
	if !ok && v != nil {
		e.refuse(key, "must be true or false")
	}
	return b
}

// document takes an object as it is, nil when absent.
func (e *envelope) document(key string) session.Document {
	v := e.fields[key]
	m, ok := v.(map[string]any)
	if !ok && v != nil {
		e.refuse(key, "must be an object")
	}
	return m
}

// object takes an object to look into, an empty one when absent.
func (e *envelope) object(key string) *envelope {
	return &envelope{fields: e.document(key), path: e.at(key), fault: e.fault}
}

// objects takes a list of objects, nil when absent.
func (e *envelope) objects(key string) []*envelope {
	v := e.fields[key]
	list, ok := v.([]any)
	if !ok && v != nil {
		e.refuse(key, "must be an array")
	}
	out := make([]*envelope, 0, len(list))
	for i, item := range list {
		name := fmt.Sprintf("%s[%d]", key, i)
		m, ok := item.(map[string]any)
		if !ok {
			e.refuse(name, "must be an object")
		}
		out = append(out, &envelope{fields: m, path: e.at(name), fault: e.fault})
	}
	return out
}
