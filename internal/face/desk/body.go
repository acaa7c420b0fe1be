package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/session"
)

// body is what a request carries.
type body struct {
	face   *Face
	r      *http.Request
	conn   *http.ResponseController
	unread bool // it has not been read to its end
	bytes  []byte
}

// measure refuses a body over the limit and drops any other.
func (b *body) measure() error { return b.take(io.Discard) }

// read keeps the body whole.
func (b *body) read() error {
	var kept bytes.Buffer
	if err := b.take(&kept); err != nil {
		return err
	}
	if b.unread {
		return session.Invalid("", "the body could not be read, or took too long to arrive")
	}
	b.bytes = kept.Bytes()
	return nil
}

// take moves the body to a place. One that does not arrive in time stays
// unread; then the connection ends with the answer.
func (b *body) take(to io.Writer) error {
	if !b.unread {
		return nil
	}
	deadline := b.conn.SetReadDeadline(time.Now().Add(b.face.cfg.BodyTimeout))
	n, err := io.Copy(to, io.LimitReader(b.r.Body, session.MaxBody+1))
	if n > session.MaxBody {
		return tooLarge()
	}
	if b.unread = err != nil; !b.unread && deadline == nil {
		_ = b.conn.SetReadDeadline(time.Time{}) // worked a moment ago
	}
	return nil
}

// into reads the body, a JSON object, into a struct. A field that the struct
// does not have is refused, so that nobody believes to have set it; an absent
// body is an empty object.
func (c *call) into(v any) error {
	if len(c.body.bytes) == 0 {
		return nil
	}
	media, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return session.Invalid("Content-Type", "must be application/json")
	}
	if !utf8.Valid(c.body.bytes) {
		return session.Invalid("", "the body is not UTF-8 text")
	}
	if _, err := session.ParseEnvelope(c.body.bytes); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(c.body.bytes))
	d.DisallowUnknownFields()
	err = d.Decode(v)
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
