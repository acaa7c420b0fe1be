// Package intake reads the bodies of requests, for every face that speaks HTTP:
// how large, how slow, which media type.
package intake

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"parley/internal/session"
)

// JSON is the media type of most bodies.
const JSON = "application/json"

// MergePatch is the media type of a body that changes a document by RFC 7396.
const MergePatch = "application/merge-patch+json"

// Config of what is read. Zero is 30 seconds and a pool of its own.
type Config struct {
	Patience time.Duration // how long a body may take to arrive
	Buffers  *sync.Pool    // of *bytes.Buffer; nil: bodies are read into fresh memory
}

// DefaultPatience is how long a body may take to arrive.
const DefaultPatience = 30 * time.Second

// Body is what a request carries. One goroutine at a time uses it.
type Body struct {
	Request *http.Request
	Conn    *http.ResponseController
	Unread  bool   // it has not been read to its end
	Bytes   []byte // after Read, until Release

	cfg    Config
	buffer *bytes.Buffer // holds Bytes and goes back to the pool; nil: nothing was kept
}

// New returns the body of a request.
func New(cfg Config, w http.ResponseWriter, r *http.Request) Body {
	if cfg.Patience == 0 {
		cfg.Patience = DefaultPatience
	}
	return Body{Request: r, Conn: http.NewResponseController(w), Unread: r.ContentLength != 0, cfg: cfg}
}

// TooLarge is the refusal of a body over session.MaxBody.
func TooLarge() error {
	return &session.Error{Code: session.CodePayloadTooLarge, Message: "the body is over 1 MiB"}
}

// Measure refuses a body over the limit and drops any other.
func (b *Body) Measure() error { return b.take(io.Discard) }

// Read keeps the body whole. What outlives the call must be copied from it.
func (b *Body) Read() error {
	if !b.Unread {
		return nil
	}
	b.buffer = new(bytes.Buffer)
	if b.cfg.Buffers != nil {
		b.buffer = b.cfg.Buffers.Get().(*bytes.Buffer)
		b.buffer.Reset()
	}
	if b.Request.ContentLength > 0 {
		b.buffer.Grow(int(b.Request.ContentLength) + bytes.MinRead)
	}
	if err := b.take(b.buffer); err != nil {
		return err
	}
	if b.Unread {
		return session.Invalid("", "the body could not be read, or took too long to arrive")
	}
	b.Bytes = b.buffer.Bytes()
	return nil
}

// take moves the body to a place. One that does not arrive in time stays
// unread: then the connection ends with the answer, and the deadline stays so
// that net/http does not wait for the rest.
func (b *Body) take(to io.Writer) error {
	if !b.Unread {
		return nil
	}
	deadline := b.Conn.SetReadDeadline(time.Now().Add(b.cfg.Patience))
	n, err := io.Copy(to, io.LimitReader(b.Request.Body, session.MaxBody+1))
	if n > session.MaxBody {
		return TooLarge()
	}
	if b.Unread = err != nil; !b.Unread && deadline == nil {
		_ = b.Conn.SetReadDeadline(time.Time{}) // worked a moment ago
	}
	return nil
}

// Release gives the memory back.
func (b *Body) Release() {
	const keep = 64 << 10 // a rare large body is left to the collector
	if b.cfg.Buffers != nil && b.buffer != nil && b.buffer.Cap() <= keep {
		b.cfg.Buffers.Put(b.buffer)
	}
	b.buffer, b.Bytes = nil, nil
}

// Media refuses a body that is not text of one of the media types by its headers,
// and returns which it is. 415 is not used (moveo a.0), so it is a 400 that names
// the header.
func (b *Body) Media(accepted ...string) (string, error) {
	header := b.Request.Header.Get("Content-Type")
	if header == JSON && len(accepted) > 0 && accepted[0] == JSON {
		return JSON, b.checkText()
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

func (b *Body) checkText() error {
	if e := b.Request.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return session.Invalid("Content-Encoding", "compressed bodies are not taken")
	}
	if !utf8.Valid(b.Bytes) {
		return session.Invalid("", "the body is not UTF-8 text")
	}
	return nil
}
