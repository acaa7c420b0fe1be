package desk

import "parley/internal/session"

// text reads a parameter of the query, "" when absent.
func (c *call) text(name string) string { return c.r.URL.Query().Get(name) }

// thread reads the parameter thread; zero when absent.
func threadParameter(c *call) (session.ID, error) {
	text := c.text("thread")
	if text == "" {
		return session.ID{}, nil
	}
	id, err := session.ParseID(text)
	if err != nil {
		return id, session.Invalid("thread", "must be the id of a thread")
	}
	return id, nil
}
