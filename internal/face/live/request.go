package live

import (
	"encoding/json"

	"parley/internal/session"
)

// request is the one object of a client's event.
type request struct {
	fields session.Document
	raw    json.RawMessage
}

func decode(args []json.RawMessage) (request, error) {
	if len(args) != 1 || len(args[0]) == 0 || args[0][0] != '{' {
		return request{}, session.Invalid("", "an event carries exactly one object")
	}
	fields, err := session.ParseEnvelope(args[0])
	return request{fields: fields, raw: args[0]}, err
}

// named returns the session_id as the client wrote it, for error objects.
func (r request) named() string {
	s, _ := r.fields["session_id"].(string)
	return s
}

// text returns an optional string.
func (r request) text(name string) (string, error) {
	v, ok := r.fields[name]
	if !ok || v == nil {
		return "", nil
	}
	s, ok := v.(string)
	if !ok {
		return "", session.Invalid(name, "must be a string")
	}
	return s, nil
}

// flag returns an optional boolean, false when absent.
func (r request) flag(name string) (bool, error) {
	v, ok := r.fields[name]
	if !ok || v == nil {
		return false, nil
	}
	b, ok := v.(bool)
	if !ok {
		return false, session.Invalid(name, "must be true or false")
	}
	return b, nil
}

// number returns an optional whole number, not below 0.
func (r request) number(name string) (n int64, given bool, err error) {
	v, ok := r.fields[name]
	if !ok || v == nil {
		return 0, false, nil
	}
	digits, ok := v.(json.Number)
	if ok {
		n, err = digits.Int64()
	}
	if !ok || err != nil || n < 0 {
		return 0, false, session.Invalid(name, "must be a whole number, 0 or more")
	}
	return n, true, nil
}

// thumb returns the rating of one message, 1 or -1.
func (r request) thumb() (int, error) {
	digits, _ := r.fields["rating"].(json.Number)
	if n, err := digits.Int64(); err == nil && (n == 1 || n == -1) {
		return int(n), nil
	}
	return 0, session.Invalid("rating", "must be 1 or -1")
}

// ids returns an optional list of ids, without those that are none.
func (r request) ids(name string) (list []session.ID, given bool, err error) {
	v, ok := r.fields[name]
	if !ok || v == nil {
		return nil, false, nil
	}
	items, ok := v.([]any)
	if !ok {
		return nil, false, session.Invalid(name, "must be an array of ids")
	}
	for _, item := range items {
		text, ok := item.(string)
		if !ok {
			return nil, false, session.Invalid(name, "must hold strings")
		}
		if id, err := session.ParseID(text); err == nil {
			list = append(list, id)
		}
	}
	return list, true, nil
}

// object returns an optional object.
func (r request) object(name string) (session.Document, error) {
	v, ok := r.fields[name]
	if !ok || v == nil {
		return nil, nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, session.Invalid(name, "must be an object")
	}
	return m, nil
}

// checkTimestamp: required, a whole number of milliseconds or seconds, and
// never used for anything (contract (g) 4).
func (r request) checkTimestamp() error {
	_, given, err := r.number("timestamp")
	if err == nil && !given {
		err = session.Invalid("timestamp", "is missing")
	}
	return err
}

// input returns the input of a message and its text, which tells a repeat from
// another message under the same id.
func (r request) input() (in session.Input, text []byte, err error) {
	fields, err := r.object("input")
	if err != nil || fields == nil {
		return in, []byte("{}"), err
	}
	in, err = session.ParseInput(fields)
	return in, fields.JSON(), err
}
