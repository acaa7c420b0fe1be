package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"parley/internal/face/intake"
	"parley/internal/session"
)

// into reads the body, a JSON object, into a struct. A field that the struct
// does not have is refused, so that nobody believes to have set it; an absent
// body is an empty object.
func (c *call) into(v any) error {
	if len(c.body.Bytes) == 0 {
		return nil
	}
	if _, err := c.body.Media(intake.JSON); err != nil {
		return err
	}
	if _, err := session.ParseEnvelope(c.body.Bytes); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(c.body.Bytes))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return session.Invalid(wrong.Field, "must be a %s, not a %s", typeName(wrong.Type.Kind().String()), wrong.Value)
	}
	if err == nil {
		return nil
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return session.Invalid(strings.Trim(name, `"`), "is no field of this request")
	}
	if refusal, ok := errors.AsType[*session.Error](err); ok {
		return refusal
	}
	return session.Invalid("", "%s", strings.TrimPrefix(err.Error(), "json: "))
}

// typeName is the word of JSON for a kind of Go.
func typeName(kind string) string {
	switch {
	case strings.HasPrefix(kind, "int") || strings.HasPrefix(kind, "uint") || strings.HasPrefix(kind, "float"):
		return "number"
	case kind == "slice" || kind == "array":
		return "list"
	case kind == "struct" || kind == "map":
		return "object"
	case kind == "bool":
		return "boolean"
	}
	return kind
}
