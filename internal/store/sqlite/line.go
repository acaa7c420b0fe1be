package sqlite

import (
	"context"

	"parley/internal/session"
)

// line is session.Line.
type line struct{ readers *readers }

// Line is session.Store's.
func (s *Store) Line() session.Line { return line{s.readers} }

// Ahead is session.Line's.
func (l line) Ahead(c *session.Conversation) (n int, err error) {
	err = l.readers.view(context.Background(), func(r *rows) error {
		count, err := read(r, `SELECT count(*) FROM conversations WHERE `+inLine+`
			AND integration = ? AND department = ? AND (waiting_ms, id) < (?, ?)`, func(r *row) *int64 {
			n := r.int()
			return &n
		}, c.Integration, c.Department, c.WaitingMs, c.ID[:])
		if err == nil {
			n = int(*count)
		}
		return err
	})
	return n, err
}
