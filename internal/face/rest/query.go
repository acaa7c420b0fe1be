package rest

import (
	"math"
	"net/url"
	"strconv"

	"parley/internal/session"
)

// Pages of our own lists.
const (
	defaultPage = 50
	maxPage     = 200
)

// query holds the parameters of a request.
type query url.Values

func (c *call) query() query { return query(c.r.URL.Query()) }

func (q query) text(name string) string { return url.Values(q).Get(name) }

// number reads a whole number.
func (q query) number(name string, absent, low, high int64) (int64, error) {
	text := q.text(name)
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

// flag reads true or false, false when absent.
func (q query) flag(name string) (bool, error) {
	switch q.text(name) {
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

func (q query) page() (page, error) {
	after, err := q.number("after", 0, 0, math.MaxInt64)
	if err != nil {
		return page{}, err
	}
	limit, err := q.number("limit", defaultPage, 1, maxPage)
	return page{after, int(limit)}, err
}
