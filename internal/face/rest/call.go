package rest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"parley/internal/session"
)

// call is one request on its way to the core.
type call struct {
	face  *Face
	route *route
	r     *http.Request
	ctx   context.Context // a caller that leaves cancels nothing it asked for
	at    time.Time
	id    session.ID // request_id

	in      *session.Integration // nil on public routes
	session session.ID           // as named in the path
	buffer  *bytes.Buffer        // holds body and goes back to the pool; nil: nothing was read
	body    []byte
}

func (f *Face) newCall(rt *route, r *http.Request) *call {
	at := f.cfg.Now()
	return &call{face: f, route: rt, r: r, ctx: context.WithoutCancel(r.Context()), at: at, id: session.NewID(at)}
}

// core is the one entrance to sessions.
func (c *call) core() *session.Core { return c.face.cfg.Core }

// run takes the steps of contract a.0 in their order.
func (c *call) run() (answer, error) {
	if err := c.admit(); err != nil {
		return answer{}, err
	}
	if c.route.reach != noSession {
		id, err := session.ParseID(c.r.PathValue("session_id"))
		if err != nil {
			return answer{}, noSuchSession()
		}
		c.session = id
	}
	out, err := c.route.do(c)
	if err != nil {
		return answer{}, c.sessionFirst(err)
	}
	return out, nil
}

// admit checks size, server, key and address, and reads the body.
func (c *call) admit() error {
	if c.r.ContentLength > session.MaxBody {
		return tooLarge()
	}
	if c.route.public {
		return nil
	}
	remote := c.face.cfg.Trusted.ClientAddr(c.r)
	in, err := c.face.cfg.Directory.Check(c.r.Header.Get("Authorization"), c.r.PathValue("integration_id"), remote)
	if err != nil {
		// A stranger's body is measured, not kept.
		if c.measure() != nil {
			return tooLarge()
		}
		return err
	}
	c.in = in
	if c.face.draining.Load() && c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		return session.Unavailable("the server is going away")
	}
	if c.route.takes == nothing {
		return c.measure()
	}
	return c.read()
}

// measure refuses a body without a stated length that is over the limit.
func (c *call) measure() error {
	if c.r.ContentLength >= 0 {
		return nil
	}
	n, err := io.Copy(io.Discard, io.LimitReader(c.r.Body, session.MaxBody+1))
	if err == nil && n > session.MaxBody {
		return tooLarge()
	}
	return nil
}

// read takes the body whole. What outlives the call must be copied from it.
func (c *call) read() error {
	if c.r.ContentLength == 0 {
		return nil
	}
	c.buffer = c.face.buffers.Get().(*bytes.Buffer)
	c.buffer.Reset()
	if c.r.ContentLength > 0 {
		c.buffer.Grow(int(c.r.ContentLength) + bytes.MinRead)
	}
	if _, err := c.buffer.ReadFrom(io.LimitReader(c.r.Body, session.MaxBody+1)); err != nil {
		return session.Invalid("", "the body could not be read")
	}
	if c.buffer.Len() > session.MaxBody {
		return tooLarge()
	}
	c.body = c.buffer.Bytes()
	return nil
}

// release gives the body's memory back.
func (c *call) release() {
	const keep = 64 << 10 // a rare large body is left to the collector
	if c.buffer != nil && c.buffer.Cap() <= keep {
		c.face.buffers.Put(c.buffer)
	}
	c.buffer, c.body = nil, nil
}

// sessionFirst keeps the order of contract a.0 without a read before every
// call: a fault of the body counts only when the session is there. All other
// refusals of the core come after it found the session.
func (c *call) sessionFirst(fault error) error {
	switch session.CodeOf(fault) {
	case session.CodeInvalidPayload, session.CodeInvalidAttachment:
	default:
		return fault
	}
	if c.route.reach == noSession {
		return fault
	}
	view, err := c.core().Look(c.ctx, c.in, c.session)
	switch {
	case err != nil:
		return err
	case view.Session.Open() || c.route.reach == opens && view.Session.Handle():
		return fault
	}
	return noSuchSession()
}

func tooLarge() error {
	return &session.Error{Code: session.CodePayloadTooLarge, Message: "the body is over 1 MiB"}
}

func noSuchSession() error {
	return &session.Error{Code: session.CodeSessionNotFound, Message: "no such session, or it has ended"}
}
