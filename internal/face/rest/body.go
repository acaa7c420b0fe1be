package rest

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/session"
)

const (
	mediaJSON  = "application/json"
	mediaPatch = "application/merge-patch+json"
)

// body is what a request carries.
type body struct {
	face   *Face
	r      *http.Request
	conn   *http.ResponseController
	unread bool          // it has not been read to its end
	buffer *bytes.Buffer // holds bytes and goes back to the pool; nil: nothing was kept
	bytes  []byte
}

// measure refuses a body over the limit and drops any other.
func (b *body) measure() error { return b.take(io.Discard) }

// read keeps the body whole. What outlives the call must be copied from it.
func (b *body) read() error {
	if !b.unread {
		return nil
	}
	b.buffer = b.face.buffers.Get().(*bytes.Buffer)
	b.buffer.Reset()
	if b.r.ContentLength > 0 {
		b.buffer.Grow(int(b.r.ContentLength) + bytes.MinRead)
	}
	if err := b.take(b.buffer); err != nil {
		return err
	}
	if b.unread {
		return session.Invalid("", "the body could not be read, or took too long to arrive")
	}
	b.bytes = b.buffer.Bytes()
	return nil
}

// take moves the body to a place. One that does not arrive in time stays
// unread: then the connection ends with the answer, and the deadline stays so
// that net/http does not wait for the rest.
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

// release gives the memory back.
func (b *body) release() {
	const keep = 64 << 10 // a rare large body is left to the collector
	if b.buffer != nil && b.buffer.Cap() <= keep {
		b.face.buffers.Put(b.buffer)
	}
	b.buffer, b.bytes = nil, nil
}

// media refuses a body that is not JSON text by its headers, and returns its
// media type. 415 is not used (contract a.0), so it is a 400 that names the
// header.
func (b *body) media(accepted ...string) (string, error) {
	header := b.r.Header.Get("Content-Type")
	if header == mediaJSON {
		return mediaJSON, b.checkText()
	}
	media, params, err := mime.ParseMediaType(header)
	for _, want := range accepted {
		if err != nil || media != want {
			continue
		}
		if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
			return "", session.Invalid("Content-Type", "the charset must be utf-8")
		}
		return media, b.checkText()
	}
	return "", session.Invalid("Content-Type", "must be %s", strings.Join(accepted, " or "))
}

func (b *body) checkText() error {
	if e := b.r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return session.Invalid("Content-Encoding", "compressed bodies are not taken")
	}
	if !utf8.Valid(b.bytes) {
		return session.Invalid("", "the body is not UTF-8 text")
	}
	return nil
}

// envelope reads the body as an object around the payload. Unknown fields are
// ignored; an absent body is an empty object.
func (b *body) envelope() (*envelope, error) {
	if len(b.bytes) == 0 {
		return &envelope{fault: new(error)}, nil
	}
	if _, err := b.media(mediaJSON); err != nil {
		return nil, err
	}
	fields, err := session.ParseEnvelope(b.bytes)
	return &envelope{fields: fields, fault: new(error)}, err
}
