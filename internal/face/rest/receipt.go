package rest

import (
	"encoding/json"
	"strconv"

	"parley/internal/session"
)

// receipt is the body of an answer about a session: contract a.0. It is
// written by hand, since most requests end in one.
type receipt struct {
	context []byte // a JSON object; nil: left out
	message session.ID
	ignored []string
	stands  *session.Standing // nil: left out
}

// receipt answers with the session acted on.
func (c *call) receipt(status int, out *session.Result, r receipt) answer {
	b := make([]byte, 0, 192+len(r.context))
	b = append(b, `{"request_id":"`...)
	b = append(b, c.id.String()...)
	b = append(b, `","session_id":"`...)
	b = append(b, out.Session.ID.String()...)
	b = append(b, '"')
	if !r.message.IsZero() {
		b = append(b, `,"message_id":"`...)
		b = append(b, r.message.String()...)
		b = append(b, '"')
	}
	if r.context != nil {
		b = append(b, `,"context":`...)
		b = append(b, r.context...)
	}
	if len(r.ignored) > 0 {
		names, _ := json.Marshal(r.ignored) // strings always marshal
		b = append(b, `,"ignored":`...)
		b = append(b, names...)
	}
	if r.stands != nil {
		b = append(b, `,"handover":`...)
		b = append(b, encode(r.stands)...)
	}
	return answer{status: status, body: append(b, '}')}
}

// document answers with the whole context and its version.
func (c *call) document(status int, out *session.Result) answer {
	a := c.receipt(status, out, receipt{context: render(c.in, out.Document), ignored: out.Ignored})
	a.etag = etag(out.Session.ID, out.Version)
	return a
}

// render writes a context as the integration's back end may see it.
func render(in *session.Integration, doc session.Document) []byte {
	if in.Settings.MaskREST {
		doc = in.Settings.Redact(doc)
	}
	return doc.JSON()
}

// viewOf is the face's view of a context: contract (d).
func viewOf(in *session.Integration) session.Face {
	return session.Face{Masked: in.Settings.MaskREST}
}

// etag names a version of a session's context: contract c.6.
func etag(id session.ID, version int64) string {
	b := append(make([]byte, 0, 48), '"')
	b = append(b, id.String()...)
	b = append(b, ':')
	b = strconv.AppendInt(b, version, 10)
	return string(append(b, '"'))
}
