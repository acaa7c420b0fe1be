package nlu

import (
	"strings"
	"time"
)

// clock is a time of day.
type clock struct {
	hour, minute, second int
	grain                grain
}

func (c clock) on(date time.Time) moment {
	at := time.Date(date.Year(), date.Month(), date.Day(), c.hour, c.minute, c.second, 0, date.Location())
	return moment{at: at, grain: c.grain, dated: true, timed: true}
}

// clockReader reads times of day.
type clockReader struct{ lengthReader }

// clockAt reads a time of day at a word. Behind a date less is needed to tell it:
// "завтра вечером".
func (s clockReader) clockAt(at int, dated bool) (c clock, next int, ok bool) {
	lead := contains("в во к на с до после at by around @", s.word(at))
	from := at
	if lead {
		from++
	}
	for _, read := range []func(int, bool) (clock, int, bool){s.namedTime, s.colonTime, s.hourAt} {
		if c, next, ok = read(from, lead); ok {
			return s.withPart(c, next)
		}
	}
	if dated {
		return s.partAlone(at)
	}
	return c, at, false
}

// namedTime reads noon and midnight.
func (s clockReader) namedTime(at int, _ bool) (c clock, next int, ok bool) {
	switch word := s.word(at); {
	case contains("полдень полудню noon", word):
		return clock{hour: 12, grain: hour}, at + 1, true
	case contains("полночь полночи midnight", word):
		return clock{grain: hour}, at + 1, true
	}
	return c, at, false
}

// colonTime reads 15:30[:20] and, behind "в" or "at", 15.30 and 15-30.
func (s clockReader) colonTime(at int, lead bool) (c clock, next int, ok bool) {
	if first, rest, cut := strings.Cut(s.word(at), "-"); cut && lead && isDigits(first) && len(rest) == 2 && isDigits(rest) {
		c = clock{hour: atoi(first), minute: atoi(rest), grain: minute}
		return c, at + 1, c.valid()
	}
	separator := s.word(at + 1)
	if !isDigits(s.word(at)) || len(s.word(at)) > 2 || separator != ":" && (separator != "." || !lead) {
		return c, at, false
	}
	if !s.adjacent(at+1) || !s.adjacent(at+2) || len(s.word(at+2)) != 2 || !isDigits(s.word(at+2)) || separator == "." && s.glued(at, at+3) {
		return c, at, false
	}
	c, next = clock{hour: atoi(s.word(at)), minute: atoi(s.word(at + 2)), grain: minute}, at+3
	if s.word(next) == ":" && s.adjacent(next) && s.adjacent(next+1) && len(s.word(next+1)) == 2 && isDigits(s.word(next+1)) {
		c.second, c.grain, next = atoi(s.word(next+1)), second, next+2
	}
	return c, next, c.valid()
}

func (c clock) valid() bool {
	return c.hour >= 0 && c.hour < 24 && c.minute >= 0 && c.minute < 60 && c.second >= 0 && c.second < 60
}

// hourAt reads "5 часов [30 минут]", "5 pm", "half past five", and a bare number
// behind "в" or "at" when a part of the day or the end follows.
func (s clockReader) hourAt(at int, lead bool) (c clock, next int, ok bool) {
	if contains("half quarter", s.word(at)) && contains("past to", s.word(at+1)) {
		return s.pastAt(at)
	}
	if first := strings.TrimRight(s.word(at), "apm"); isDigits(first) && len(first) <= 2 && contains("am pm", s.word(at)[len(first):]) {
		return halfDay(clock{hour: atoi(first), grain: hour}, s.word(at)[len(first):], at+1)
	}
	value, next, ok := s.numberAt(at)
	if !ok || value != float64(int(value)) || value < 0 || value > 24 || len(s.word(at)) > 2 && isDigits(s.word(at)) {
		return c, at, false
	}
	c = clock{hour: int(value) % 24, grain: hour}
	switch word := s.word(next); {
	case contains("час часа часов ч часам часу", word):
		return s.minutesAt(c, next+1, lead)
	case word == "o" && contains("' ’", s.word(next+1)), contains("o'clock oclock", word):
		for !contains("clock o'clock oclock", s.word(next)) && next < len(s.words)-1 {
			next++
		}
		return c, next + 1, true
	case partOfDay(word) != noPart:
		return c, next, true
	case s.word(next) == "in" && s.word(next+1) == "the":
		return c, next, true
	}
	return c, next, lead && s.ends(next)
}

// ends tells whether nothing follows that a bare number would belong to.
func (s clockReader) ends(at int) bool {
	return at >= len(s.words) || s.words[at].Punctuation || monthNamed(s.word(at)) == 0 &&
		(contains("завтра сегодня послезавтра tomorrow today on в on", s.word(at)) || contains("и или and or", s.word(at)))
}

func (s clockReader) pastAt(at int) (c clock, next int, ok bool) {
	value, next, ok := s.numberAt(at + 2)
	if !ok || value < 1 || value > 12 {
		return c, at, false
	}
	c = clock{hour: int(value), minute: 30, grain: minute}
	if s.word(at) == "quarter" {
		c.minute = 15
	}
	if s.word(at+1) == "to" {
		c.hour, c.minute = (c.hour+23)%24, 60-c.minute
	}
	return c, next, true
}

// minutesAt reads the minutes behind the hours. Without "в" hours alone are a
// length of time, not a time of day, unless a part of the day follows.
func (s clockReader) minutesAt(c clock, next int, lead bool) (clock, int, bool) {
	if value, end, ok := s.numberAt(next); ok && value >= 0 && value < 60 && contains("минут минуты минуту мин", s.word(end)) {
		c.minute, c.grain = int(value), minute
		return c, end + 1, lead || partOfDay(s.word(end+1)) != noPart
	}
	return c, next, lead || partOfDay(s.word(next)) != noPart
}

type dayPart int

const (
	noPart dayPart = iota
	morning
	afternoon
	evening
	night
)

func partOfDay(word string) dayPart {
	for part, words := range map[dayPart]string{
		morning: "утра утром утро am morning", afternoon: "дня днем pm afternoon", evening: "вечера вечером вечер evening", night: "ночи ночью ночь night",
	} {
		if contains(words, word) {
			return part
		}
	}
	return noPart
}

// withPart turns 5 in the evening into 17.
func (s clockReader) withPart(c clock, next int) (clock, int, bool) {
	at := next
	if s.word(at) == "in" && s.word(at+1) == "the" {
		at += 2
	}
	part := partOfDay(s.word(at))
	if part == noPart || c.hour > 12 {
		return c, next, true
	}
	return c.in(part), at + 1, true
}

func (c clock) in(part dayPart) clock {
	switch {
	case part == morning && c.hour == 12, part == night && c.hour == 12:
		c.hour = 0
	case part == afternoon && c.hour < 12, part == evening && c.hour < 12, part == night && c.hour >= 6 && c.hour < 12:
		c.hour += 12
	}
	return c
}

func halfDay(c clock, half string, next int) (clock, int, bool) {
	if c.hour < 1 || c.hour > 12 {
		return c, next, false
	}
	if half == "am" {
		return c.in(morning), next, true
	}
	return c.in(afternoon), next, true
}

// partAlone reads "вечером" behind a date.
func (s clockReader) partAlone(at int) (c clock, next int, ok bool) {
	if s.word(at) == "in" && s.word(at+1) == "the" {
		at += 2
	}
	hours := map[dayPart]int{morning: 9, afternoon: 14, evening: 18, night: 23}
	if part := partOfDay(s.word(at)); part != noPart {
		return clock{hour: hours[part], grain: hour}, at + 1, true
	}
	return c, at, false
}
