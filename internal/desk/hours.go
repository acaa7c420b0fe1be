package desk

import (
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a bare machine has no zones

	"parley/internal/session"
)

// Hours are the weekly business hours of a department.
type Hours struct {
	TimeZone string    `json:"time_zone"` // IANA name, "Europe/Berlin"
	Weekly   []Opening `json:"weekly"`
	Holidays []string  `json:"holidays"` // local dates, "2026-12-25": closed
}

// Opening is a span that repeats on days of the week. One that ends at or
// before its start ends on the next day.
type Opening struct {
	Days []string `json:"days"` // mon, tue, wed, thu, fri, sat, sun
	From string   `json:"from"` // "09:00"
	To   string   `json:"to"`   // "18:00", at most "24:00"
}

// Schedule is Hours made ready to be asked; nil is always open.
type Schedule struct {
	zone     *time.Location
	openings [7][]span
	holidays map[string]bool
}

// span is minutes after the start of the day; to may lie in the next day.
type span struct{ from, to int }

const day = 24 * 60

// Schedule reads the hours. An error names the field.
func (h *Hours) Schedule() (*Schedule, error) {
	if h == nil {
		return nil, nil
	}
	zone, err := time.LoadLocation(h.TimeZone)
	if err != nil || h.TimeZone == "" || h.TimeZone == "Local" {
		return nil, session.Invalid("hours.time_zone", "must be a time zone such as Europe/Berlin, not %q", h.TimeZone)
	}
	s := &Schedule{zone: zone, holidays: map[string]bool{}}
	if len(h.Weekly) > session.MaxOpenings {
		return nil, session.Invalid("hours.weekly", "must be at most %d", session.MaxOpenings)
	}
	for _, o := range h.Weekly {
		if err := s.open(o); err != nil {
			return nil, err
		}
	}
	if len(h.Holidays) > session.MaxHolidays {
		return nil, session.Invalid("hours.holidays", "must be at most %d", session.MaxHolidays)
	}
	for _, date := range h.Holidays {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			return nil, session.Invalid("hours.holidays", "must be dates such as 2026-12-25, not %q", date)
		}
		s.holidays[date] = true
	}
	return s, nil
}

func (s *Schedule) open(o Opening) error {
	from, ok := minuteOf(o.From)
	if !ok || from == day {
		return session.Invalid("hours.weekly.from", "must be a time from 00:00 to 23:59, not %q", o.From)
	}
	to, ok := minuteOf(o.To)
	if !ok {
		return session.Invalid("hours.weekly.to", "must be a time from 00:00 to 24:00, not %q", o.To)
	}
	if to <= from {
		to += day
	}
	if len(o.Days) == 0 {
		return session.Invalid("hours.weekly.days", "must name a day")
	}
	for _, name := range o.Days {
		at := slices.Index(weekdays(), strings.ToLower(name))
		if at < 0 {
			return session.Invalid("hours.weekly.days", "must be mon, tue, wed, thu, fri, sat or sun, not %q", name)
		}
		s.openings[at] = append(s.openings[at], span{from, to})
	}
	return nil
}

// weekdays are in the order of time.Weekday.
func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

// minuteOf reads "hh:mm"; 24:00 is the end of the day.
func minuteOf(text string) (int, bool) {
	if text == "24:00" {
		return day, true
	}
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil && len(text) == len("15:04")
}

// Open reports whether business is open at a moment. The clock on the wall
// decides, so an hour that summer time repeats is open twice.
func (s *Schedule) Open(at time.Time) bool {
	if s == nil {
		return true
	}
	at = at.In(s.zone)
	if s.closed(at) {
		return false
	}
	minute := at.Hour()*60 + at.Minute()
	yesterday := at.AddDate(0, 0, -1)
	return s.within(at, minute) || !s.closed(yesterday) && s.within(yesterday, minute+day)
}

func (s *Schedule) closed(at time.Time) bool { return s.holidays[at.Format(time.DateOnly)] }

func (s *Schedule) within(at time.Time, minute int) bool {
	return slices.ContainsFunc(s.openings[at.Weekday()], func(o span) bool { return o.from <= minute && minute < o.to })
}

// horizon is how far Change looks: longer than any row of holidays.
const horizon = 400

// Change returns the next moment at which Open answers otherwise, the zero
// time when it never does.
func (s *Schedule) Change(at time.Time) time.Time {
	if s == nil {
		return time.Time{}
	}
	now, local := s.Open(at), at.In(s.zone)
	for i := range horizon {
		for _, t := range s.marks(local, i) {
			if t.After(at) && s.Open(t) != now {
				return t
			}
		}
	}
	return time.Time{}
}

// marks are the moments of a local date at which something may change,
// ascending.
func (s *Schedule) marks(from time.Time, days int) []time.Time {
	year, month, date := from.Date()
	at := func(minute int) time.Time {
		return time.Date(year, month, date+days, minute/60, minute%60, 0, 0, s.zone)
	}
	list := []time.Time{at(0)}
	today := time.Date(year, month, date+days, 0, 0, 0, 0, time.UTC).Weekday()
	for _, o := range s.openings[today] {
		list = append(list, at(o.from), at(o.to))
	}
	for _, o := range s.openings[(today+6)%7] {
		list = append(list, at(o.to-day))
	}
	slices.SortFunc(list, time.Time.Compare)
	return list
}
