package desk

import (
	"encoding/json"

	"parley/internal/session"
)

// Kinds of frames that a page sends.
const (
	frameList   = "list"
	frameOpen   = "open"
	frameShut   = "shut"
	frameTyping = "typing"
	framePong   = "pong"
)

// frame is what a page says on its live connection.
type frame struct {
	kind   string
	thread session.ID // of open, shut and typing
	after  int64      // of list and open
	given  bool       // after was there
	boot   string     // of list: the server that gave the cursor; "" for not said
	action string     // of typing: start or stop
}

// parseFrame reads a frame. What it cannot use is refused with the field's
// name; unknown fields are ignored, so that newer pages may say more.
func parseFrame(raw []byte) (frame, error) {
	if len(raw) > session.MaxDeskFrame {
		return frame{}, &session.Error{Code: session.CodePayloadTooLarge, Message: "the frame is over the limit of 64 KiB"}
	}
	fields, err := session.ParseEnvelope(raw)
	if err != nil {
		return frame{}, err
	}
	b := frameReader{fields: fields}
	f := frame{kind: b.text("type")}
	switch f.kind {
	case frameList:
		f.after, f.given = b.number("after")
		f.boot = b.text("boot")
	case frameOpen:
		f.thread = b.id("thread")
		f.after, f.given = b.number("after")
	case frameShut:
		f.thread = b.id("thread")
	case frameTyping:
		f.thread = b.id("thread")
		if f.action = b.text("action"); f.action != "start" && f.action != "stop" {
			b.refuse("action", "must be start or stop")
		}
	case framePong:
	default:
		b.refuse("type", "must be list, open, shut, typing or pong")
	}
	return f, b.err
}

// frameReader reads the fields of a frame and keeps the first fault it meets.
type frameReader struct {
	fields session.Document
	err    error
}

func (r *frameReader) refuse(field, why string) {
	if r.err == nil {
		r.err = session.Invalid(field, "%s", why)
	}
}

// text reads an optional string.
func (r *frameReader) text(name string) string {
	v, ok := r.fields[name]
	s, isText := v.(string)
	if ok && v != nil && !isText {
		r.refuse(name, "must be a string")
	}
	return s
}

// number reads an optional whole number, 0 or more.
func (r *frameReader) number(name string) (n int64, given bool) {
	v, ok := r.fields[name]
	if !ok || v == nil {
		return 0, false
	}
	digits, isNumber := v.(json.Number)
	n, err := digits.Int64()
	if !isNumber || err != nil || n < 0 {
		r.refuse(name, "must be a whole number, 0 or more")
		return 0, false
	}
	return n, true
}

// id reads the id of a thread.
func (r *frameReader) id(name string) session.ID {
	id, err := session.ParseID(r.text(name))
	if err != nil {
		r.refuse(name, "must be the id of a thread")
	}
	return id
}
