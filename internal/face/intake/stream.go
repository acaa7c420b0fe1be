package intake

import (
	"io"
	"time"
)

// Stream returns the body as it arrives. Each read has the time that a small
// body has as a whole; all together have a longest time.
func (b *Body) Stream(longest time.Duration) io.Reader {
	return &stream{body: b, until: time.Now().Add(longest)}
}

type stream struct {
	body  *Body
	until time.Time
}

func (s *stream) Read(p []byte) (int, error) {
	if s.body.Unread {
		next := time.Now().Add(s.body.cfg.Patience)
		if s.until.Before(next) {
			next = s.until
		}
		_ = s.body.Conn.SetReadDeadline(next) // a connection without deadlines is a test's
	}
	n, err := s.body.Request.Body.Read(p)
	if err == io.EOF && s.body.Unread {
		s.body.Unread = false
		_ = s.body.Conn.SetReadDeadline(time.Time{})
	}
	return n, err
}
