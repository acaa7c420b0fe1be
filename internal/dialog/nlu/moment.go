package nlu

import (
	"encoding/json"
	"time"
)

// grain is the exactness of a moment.
type grain string

const (
	second grain = "second"
	minute grain = "minute"
	hour   grain = "hour"
	day    grain = "day"
	week   grain = "week"
	month  grain = "month"
	year   grain = "year"
)

// moment is a date, a time of day or both.
type moment struct {
	Range
	at    time.Time
	grain grain
	dated bool // a date was named
	timed bool // a time of day was named
}

// momentValue is what scripts read of a date or time.
type momentValue struct {
	Type      string `json:"type"`
	Value     string `json:"value"`
	Timestamp int64  `json:"timestamp"`
	Timezone  string `json:"timezone"`
	Grain     grain  `json:"grain"`
	Year      int    `json:"year"`
	Month     int    `json:"month"`
	Day       int    `json:"day"`
	DayOfWeek int    `json:"dayOfWeek"`
	Hour      int    `json:"hour"`
	Minute    int    `json:"minute"`
	Second    int    `json:"second"`
}

func (m moment) value() json.RawMessage {
	return object(momentValue{
		Type: "value", Value: m.at.Format("2006-01-02T15:04:05"), Timestamp: m.at.UnixMilli(), Timezone: m.at.Location().String(), Grain: m.grain,
		Year: m.at.Year(), Month: int(m.at.Month()), Day: m.at.Day(), DayOfWeek: int(m.at.Weekday()+6)%7 + 1,
		Hour: m.at.Hour(), Minute: m.at.Minute(), Second: m.at.Second(),
	})
}

// momentReader reads dates with times.
type momentReader struct{ dateReader }

func newMomentReader(s *search) momentReader {
	return momentReader{dateReader{clockReader{lengthReader{numberReader{s}}}}}
}

// findMoments finds dates and times; @duckling.time and @duckling.date find the
// same.
func findMoments(s *search) []hit {
	return newMomentReader(s).find(func(moment) bool { return true })
}

// findTimesOfDay finds what names a time of day.
func findTimesOfDay(s *search) []hit {
	return newMomentReader(s).find(func(m moment) bool { return m.timed })
}

func (s momentReader) find(wanted func(moment) bool) []hit {
	var hits []hit
	for at := 0; at < len(s.words); {
		m, next, ok := s.momentAt(at)
		if !ok || next <= at {
			at++
			continue
		}
		m.Range = Range{Start: s.words[at].Start, End: s.words[next-1].End}
		if wanted(m) {
			hits = append(hits, hit{m.Range, m.value()})
		}
		at = next
	}
	return hits
}

// momentAt reads a date, a time or both in either order.
func (s momentReader) momentAt(at int) (m moment, next int, ok bool) {
	if m, next, ok = s.offsetAt(at); ok {
		return s.withTime(m, next)
	}
	if m, next, ok = s.dateAt(at); ok {
		return s.withTime(m, next)
	}
	clock, next, ok := s.clockAt(at, false)
	if !ok {
		return m, at, false
	}
	if date, end, ok := s.dateAt(s.joined(next)); ok && date.grain == day {
		return clock.on(date.at), end, true
	}
	if date, end, ok := s.offsetAt(s.joined(next)); ok && date.grain == day {
		return clock.on(date.at), end, true
	}
	m = clock.on(s.now)
	m.dated = false
	return m, next, true
}

// withTime adds a time of day that follows a date.
func (s momentReader) withTime(m moment, next int) (moment, int, bool) {
	if m.grain != day {
		return m, next, true
	}
	if clock, end, ok := s.clockAt(s.joined(next), true); ok {
		return clock.on(m.at), end, true
	}
	return m, next, true
}

// midnight is the start of the day.
func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

func dateOnly(t time.Time, g grain) moment { return moment{at: midnight(t), grain: g, dated: true} }
