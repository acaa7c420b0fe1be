package postgres

import (
	"context"

	"parley/internal/session"
)

// line is session.Line.
type line struct{ store *Store }

// Line is session.Store's.
func (s *Store) Line() session.Line { return line{s} }

// Ahead is session.Line's.
func (l line) Ahead(c *session.Conversation) (int, error) {
	n, err := found(context.Background(), l.store, "QueueAhead", scanInt, c.Integration, c.Department, c.WaitingMs, c.ID)
	if err != nil {
		return 0, err
	}
	return int(*n), nil
}
