package rest

import (
	"math"
	"strconv"

	"parley/internal/session"
)

// Pages of our own lists.
const (
	defaultPage = 50
	maxPage     = 200
)

// numberQuery reads a whole number of the query.
func (c *call) numberQuery(name string, absent, low, high int64) (int64, error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < low || n > high {
		if high == math.MaxInt64 {
			return 0, session.Invalid(name, "must be a whole number, not below %d", low)
		}
		return 0, session.Invalid(name, "must be a whole number from %d to %d", low, high)
	}
	return n, nil
}

// flagQuery reads true or false of the query, false when absent.
func (c *call) flagQuery(name string) (bool, error) {
	switch c.r.URL.Query().Get(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, session.Invalid(name, "must be true or false")
}

// page is where a list that is ordered by sequence goes on.
type page struct {
	after int64
	limit int
}

func (c *call) page() (page, error) {
	after, err := c.numberQuery("after", 0, 0, math.MaxInt64)
	if err != nil {
		return page{}, err
	}
	limit, err := c.numberQuery("limit", defaultPage, 1, maxPage)
	return page{after, int(limit)}, err
}
