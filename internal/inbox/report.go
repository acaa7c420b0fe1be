package inbox

import (
	"slices"
	"time"

	"parley/internal/session"
)

// MaxReport is the longest time a report may cover.
const MaxReport = 92 * 24 * time.Hour

const hour = int64(time.Hour / time.Millisecond)

// Period selects what a report counts: from FromMs up to, without, ToMs.
type Period struct {
	FromMs, ToMs int64
	Integration  string // "" = all
}

// Check refuses a period that is empty or longer than MaxReport.
func (p *Period) Check() error {
	switch {
	case p.FromMs < 0 || p.ToMs <= p.FromMs:
		return session.Invalid("to", "must be later than from")
	case p.ToMs-p.FromMs > MaxReport.Milliseconds():
		return session.Invalid("from", "more than %d days before to", int(MaxReport.Hours()/24))
	}
	return nil
}

// Fact is a conversation as a report counts it, with the times in milliseconds
// since 1970 (0: never).
type Fact struct {
	OpenedMs   int64
	QueuedMs   int64 // it entered the queue, for the last time
	AnsweredMs int64 // a person answered for the first time
	ClosedMs   int64
	Human      bool // a person has it or has answered
	RatedMs    int64
	Rating     int
}

// Report are the figures of the desk. What belongs to an hour stands at the
// hour's beginning (UTC); hours without anything are left out.
type Report struct {
	WaitingNow int         `json:"waiting_now"`
	OpenNow    int         `json:"open_now"`
	BotNow     int         `json:"bot_now"`
	AnsweredIn AnsweredIn  `json:"answered_in"`
	Resolved   Resolved    `json:"resolved"`
	CSAT       CSAT        `json:"csat"`
	Started    []HourCount `json:"started_by_hour"`
}

// AnsweredIn is how long people waited for a person's first answer.
type AnsweredIn struct {
	MedianMs int64        `json:"median_ms"`
	P90Ms    int64        `json:"p90_ms"`
	ByHour   []HourMedian `json:"by_hour"` // of the answer
}

// HourMedian is the median of one hour.
type HourMedian struct {
	At       int64 `json:"at"`
	MedianMs int64 `json:"median_ms"`
	Count    int   `json:"count"`
}

// Resolved counts closed conversations: those that a person had, those that
// never left the bot, and those that waited for a person who never came.
type Resolved struct {
	Bot        int            `json:"bot"`
	Human      int            `json:"human"`
	Unanswered int            `json:"unanswered"`
	ByHour     []HourResolved `json:"by_hour"`
}

// HourResolved are the conversations closed in one hour.
type HourResolved struct {
	At         int64 `json:"at"`
	Bot        int   `json:"bot"`
	Human      int   `json:"human"`
	Unanswered int   `json:"unanswered"`
}

// CSAT are the ratings given. Scores counts 1 to 5.
type CSAT struct {
	Average float64     `json:"average"`
	Count   int         `json:"count"`
	Scores  map[int]int `json:"scores"`
}

// HourCount is a number of one hour.
type HourCount struct {
	At    int64 `json:"at"`
	Count int   `json:"count"`
}

// figures gather a report.
type figures struct {
	period   Period
	answers  []int64
	hours    map[int64]*hourFigures
	resolved Resolved
	scores   map[int]int
}

type hourFigures struct {
	answers  []int64
	resolved HourResolved
	started  int
}

func (g *figures) hour(ms int64) *hourFigures {
	at := ms - ms%hour
	if g.hours == nil {
		g.hours = map[int64]*hourFigures{}
	}
	if g.hours[at] == nil {
		g.hours[at] = &hourFigures{resolved: HourResolved{At: at}}
	}
	return g.hours[at]
}

func (g *figures) within(ms int64) bool { return ms >= g.period.FromMs && ms < g.period.ToMs && ms > 0 }

func (g *figures) add(f Fact) {
	if g.within(f.OpenedMs) {
		g.hour(f.OpenedMs).started++
	}
	if g.within(f.AnsweredMs) && f.QueuedMs > 0 && f.QueuedMs <= f.AnsweredMs { // not queued anew since
		h, took := g.hour(f.AnsweredMs), f.AnsweredMs-f.QueuedMs
		h.answers, g.answers = append(h.answers, took), append(g.answers, took)
	}
	if g.within(f.ClosedMs) {
		g.close(f)
	}
	if g.within(f.RatedMs) && f.Rating > 0 {
		if g.scores == nil {
			g.scores = map[int]int{}
		}
		g.scores[f.Rating]++
	}
}

func (g *figures) close(f Fact) {
	h := &g.hour(f.ClosedMs).resolved
	switch {
	case f.Human:
		h.Human++
		g.resolved.Human++
	case f.QueuedMs > 0:
		h.Unanswered++
		g.resolved.Unanswered++
	default:
		h.Bot++
		g.resolved.Bot++
	}
}

func (g *figures) report() *Report {
	r := &Report{Resolved: g.resolved, CSAT: csat(g.scores), Started: []HourCount{}}
	r.Resolved.ByHour, r.AnsweredIn.ByHour = []HourResolved{}, []HourMedian{}
	r.AnsweredIn.MedianMs, r.AnsweredIn.P90Ms = quantile(g.answers, 50), quantile(g.answers, 90)
	hours := make([]int64, 0, len(g.hours))
	for at := range g.hours {
		hours = append(hours, at)
	}
	slices.Sort(hours)
	for _, at := range hours {
		h := g.hours[at]
		if h.started > 0 {
			r.Started = append(r.Started, HourCount{at, h.started})
		}
		if len(h.answers) > 0 {
			r.AnsweredIn.ByHour = append(r.AnsweredIn.ByHour, HourMedian{at, quantile(h.answers, 50), len(h.answers)})
		}
		if (h.resolved != HourResolved{At: at}) {
			r.Resolved.ByHour = append(r.Resolved.ByHour, h.resolved)
		}
	}
	return r
}

func csat(scores map[int]int) CSAT {
	c := CSAT{Scores: map[int]int{1: 0, 2: 0, 3: 0, 4: 0, 5: 0}}
	sum := 0
	for score, n := range scores {
		c.Scores[score] += n
		c.Count += n
		sum += score * n
	}
	if c.Count > 0 {
		c.Average = float64(sum) / float64(c.Count)
	}
	return c
}

// quantile returns the smallest value that at least percent of all are not
// above; 0 of none.
func quantile(values []int64, percent int) int64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)*percent+99)/100-1]
}
