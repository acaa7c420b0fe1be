package desk_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/session"
)

func schedule(t *testing.T, h desk.Hours) *desk.Schedule {
	t.Helper()
	s, err := h.Schedule()
	must(t, err)
	return s
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	must(t, err)
	return at
}

// berlin is open on working days, at night from Friday to Saturday, and closed
// at Christmas.
func berlin() desk.Hours {
	return desk.Hours{
		TimeZone: "Europe/Berlin",
		Weekly: []desk.Opening{
			{Days: []string{"mon", "tue", "wed", "thu", "fri"}, From: "09:00", To: "18:00"},
			{Days: []string{"Fri"}, From: "22:00", To: "02:00"},
			{Days: []string{"sun"}, From: "00:00", To: "24:00"},
		},
		Holidays: []string{"2026-12-25", "2026-12-26"},
	}
}

func TestSchedule_Open(t *testing.T) {
	s := schedule(t, berlin())
	for _, c := range []struct {
		at   string
		open bool
	}{
		{"2026-11-23T07:59:59Z", false}, // Monday, winter time: one hour ahead of UTC
		{"2026-11-23T08:00:00Z", true},
		{"2026-11-23T16:59:59Z", true},
		{"2026-11-23T17:00:00Z", false},
		{"2026-07-20T06:59:59Z", false}, // Monday, summer time: two hours
		{"2026-07-20T07:00:00Z", true},
		{"2026-11-27T20:59:00Z", false}, // Friday
		{"2026-11-27T21:00:00Z", true},
		{"2026-11-28T00:59:59Z", true}, // the night to Saturday
		{"2026-11-28T01:00:00Z", false},
		{"2026-11-28T23:00:00Z", true}, // Sunday 00:00 to 24:00
		{"2026-11-29T22:59:59Z", true},
		{"2026-11-29T23:00:00Z", false},
		{"2026-12-25T09:00:00Z", false}, // a Friday, and a holiday
		{"2026-12-25T21:30:00Z", false},
		{"2026-12-26T00:30:00Z", false}, // a holiday, and the night did not begin
	} {
		if got := s.Open(moment(t, c.at)); got != c.open {
			t.Errorf("%s: open %v, want %v", c.at, got, c.open)
		}
	}
}

func TestSchedule_Change(t *testing.T) {
	s := schedule(t, berlin())
	for _, c := range []struct{ at, want string }{
		{"2026-11-23T08:00:00Z", "2026-11-23T17:00:00Z"},
		{"2026-11-23T17:00:00Z", "2026-11-24T08:00:00Z"},
		{"2026-12-24T17:00:00Z", "2026-12-26T23:00:00Z"}, // over Christmas, to Sunday
		{"2026-03-28T12:00:00Z", "2026-03-28T23:00:00Z"}, // Saturday, the clocks go forward at night
		{"2026-03-29T12:00:00Z", "2026-03-29T22:00:00Z"},
	} {
		if got := s.Change(moment(t, c.at)); !got.Equal(moment(t, c.want)) {
			t.Errorf("after %s: %s, want %s", c.at, got.UTC().Format(time.RFC3339), c.want)
		}
	}
	never := schedule(t, desk.Hours{TimeZone: "UTC"})
	if at := moment(t, "2026-11-23T08:00:00Z"); never.Open(at) || !never.Change(at).IsZero() {
		t.Error("a week without openings opens")
	}
	always := schedule(t, desk.Hours{TimeZone: "UTC", Weekly: []desk.Opening{{Days: []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, From: "00:00", To: "24:00"}}})
	if at := moment(t, "2026-11-23T08:00:00Z"); !always.Open(at) || !always.Change(at).IsZero() {
		t.Error("a week that is one opening closes")
	}
}

// Between a moment and the change after it, nothing changes; at the change, it
// does. Checked minute by minute over weeks around a change of the clocks.
func TestSchedule_ChangeIsTheNextOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	names := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	zones := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana"}
	clock := func() string {
		return time.Date(2026, 1, 1, rng.IntN(24), 15*rng.IntN(4), 0, 0, time.UTC).Format("15:04")
	}
	for range 15 {
		h := desk.Hours{TimeZone: zones[rng.IntN(len(zones))], Holidays: []string{"2026-03-29"}}
		for range 1 + rng.IntN(4) {
			h.Weekly = append(h.Weekly, desk.Opening{Days: []string{names[rng.IntN(7)], names[rng.IntN(7)]}, From: clock(), To: clock()})
		}
		s := schedule(t, h)
		at := time.Date(2026, 3, 1+rng.IntN(28), rng.IntN(24), rng.IntN(60), 0, 0, time.UTC)
		next := s.Change(at)
		if next.IsZero() {
			t.Fatalf("%+v never changes after %s", h, at)
		}
		for m := at; m.Before(next); m = m.Add(time.Minute) {
			if s.Open(m) != s.Open(at) {
				t.Fatalf("%+v: asked at %s, the change at %s was missed; told was %s", h, at, m, next)
			}
		}
		if s.Open(next) == s.Open(at) {
			t.Fatalf("%+v: asked at %s, nothing changes at %s", h, at, next)
		}
	}
}

func TestHours_Refused(t *testing.T) {
	good := desk.Opening{Days: []string{"mon"}, From: "09:00", To: "18:00"}
	with := func(change func(*desk.Opening)) *desk.Hours {
		o := good
		change(&o)
		return &desk.Hours{TimeZone: "UTC", Weekly: []desk.Opening{o}}
	}
	for _, c := range []struct {
		field string
		hours *desk.Hours
	}{
		{"hours.time_zone", &desk.Hours{}},
		{"hours.time_zone", &desk.Hours{TimeZone: "Local"}},
		{"hours.time_zone", &desk.Hours{TimeZone: "../../etc/passwd"}},
		{"hours.weekly.days", with(func(o *desk.Opening) { o.Days = nil })},
		{"hours.weekly.days", with(func(o *desk.Opening) { o.Days = []string{"someday"} })},
		{"hours.weekly.from", with(func(o *desk.Opening) { o.From = "9:00" })},
		{"hours.weekly.from", with(func(o *desk.Opening) { o.From = "24:00" })},
		{"hours.weekly.to", with(func(o *desk.Opening) { o.To = "24:01" })},
		{"hours.weekly", &desk.Hours{TimeZone: "UTC", Weekly: make([]desk.Opening, session.MaxOpenings+1)}},
		{"hours.holidays", &desk.Hours{TimeZone: "UTC", Holidays: []string{"25.12.2026"}}},
		{"hours.holidays", &desk.Hours{TimeZone: "UTC", Holidays: make([]string, session.MaxHolidays+1)}},
	} {
		_, err := c.hours.Schedule()
		if e, _ := err.(*session.Error); e == nil || e.Field != c.field || e.Code != session.CodeInvalidPayload {
			t.Errorf("%+v: want a refusal of %s, got %v", c.hours, c.field, err)
		}
	}
}

// Whatever the words of an opening are, they are refused or can be asked.
func FuzzHours(f *testing.F) {
	f.Add("Europe/Berlin", "mon,tue", "09:00", "18:00", "2026-12-25", int64(1_800_000_000))
	f.Add("UTC", "sun", "00:00", "24:00", "", int64(0))
	f.Add("Asia/Tokyo", "fri", "22:00", "02:00", "2026-02-29", int64(-1))
	f.Fuzz(func(t *testing.T, zone, days, from, to, holiday string, seconds int64) {
		h := desk.Hours{TimeZone: zone, Weekly: []desk.Opening{{Days: strings.Split(days, ","), From: from, To: to}}, Holidays: []string{holiday}}
		s, err := h.Schedule()
		if err != nil {
			if _, ours := err.(*session.Error); !ours {
				t.Fatalf("%v is no refusal", err)
			}
			return
		}
		at := time.Unix(seconds%4_000_000_000, 0)
		if next := s.Change(at); !next.IsZero() && (!next.After(at) || s.Open(next) == s.Open(at)) {
			t.Fatalf("%+v after %s: no change at %s", h, at, next)
		}
	})
}
