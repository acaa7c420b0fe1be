package desk

import (
	"math"

	"parley/internal/desk"
	"parley/internal/inbox"
)

// search finds messages and people.
func search(c *call) (answer, error) {
	limit, err := c.number("limit", inbox.DefaultHits, 1, inbox.MaxHits)
	if err != nil {
		return answer{}, err
	}
	found, err := c.face.cfg.Inbox.Search(c.ctx, c.text("query"), c.masked(), int(limit))
	if err != nil {
		return answer{}, err
	}
	return ok(found)
}

type reportBody struct {
	*inbox.Report
	AgentsOnline int `json:"agents_online"`
}

// showReport returns the figures of a time; without from, of the last day.
func showReport(c *call) (answer, error) {
	now := c.at.UnixMilli()
	to, err := c.number("to", now, 0, math.MaxInt64)
	if err != nil {
		return answer{}, err
	}
	from, err := c.number("from", max(0, to-reportDay), 0, math.MaxInt64)
	if err != nil {
		return answer{}, err
	}
	r, err := c.face.cfg.Inbox.Report(c.ctx, inbox.Period{FromMs: from, ToMs: to, Integration: c.text("integration")})
	if err != nil {
		return answer{}, err
	}
	return ok(reportBody{r, c.face.online()})
}

// reportDay is the time of a report that names none, in milliseconds.
const reportDay = 24 * 60 * 60 * 1000

func (f *Face) online() (n int) {
	for _, a := range f.cfg.People.Agents() {
		if a.Active && a.Presence == desk.PresenceOnline {
			n++
		}
	}
	return n
}
