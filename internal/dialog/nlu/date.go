package nlu

import (
	"strconv"
	"strings"
	"time"
)

// dateReader reads dates.
type dateReader struct{ clockReader }

// dateAt reads a date at a word, with the preposition before it.
func (s dateReader) dateAt(at int) (m moment, next int, ok bool) {
	if at >= len(s.words) {
		return m, at, false
	}
	if m, next, ok = s.bareDateAt(at); ok {
		return m, next, true
	}
	if contains("в во на к on from since", s.word(at)) {
		if m, next, ok = s.bareDateAt(at + 1); ok {
			return m, next, true
		}
		return s.monthAt(at + 1)
	}
	if s.word(at) == "in" {
		return s.monthAt(at + 1)
	}
	return m, at, false
}

func (s dateReader) bareDateAt(at int) (m moment, next int, ok bool) {
	if at >= len(s.words) {
		return m, at, false
	}
	for _, read := range []func(int) (moment, int, bool){s.namedDay, s.digitDate, s.dayAndMonth, s.monthAndDay, s.weekdayAt, s.periodAt} {
		if m, next, ok = read(at); ok {
			return m, next, true
		}
	}
	return m, at, false
}

func contains(list, word string) bool {
	return word != "" && strings.Contains(" "+list+" ", " "+word+" ")
}

// namedDay reads "завтра", "the day after tomorrow".
func (s dateReader) namedDay(at int) (m moment, next int, ok bool) {
	if s.word(at) == "the" && s.word(at+1) == "day" {
		return s.namedDay(at + 1)
	}
	if s.word(at) == "day" && contains("after before", s.word(at+1)) {
		switch s.word(at+1) + " " + s.word(at+2) {
		case "after tomorrow":
			return dateOnly(s.now.AddDate(0, 0, 2), day), at + 3, true
		case "before yesterday":
			return dateOnly(s.now.AddDate(0, 0, -2), day), at + 3, true
		}
	}
	for shift, words := range map[int]string{
		0: "сегодня сегодняшний сегодняшнее today tonight", 1: "завтра завтрашний завтрашнее tomorrow", 2: "послезавтра",
		-1: "вчера вчерашний yesterday", -2: "позавчера",
	} {
		if contains(words, s.word(at)) {
			return dateOnly(s.now.AddDate(0, 0, shift), day), at + 1, true
		}
	}
	return m, at, false
}

// digitDate reads 31.12.2026, 31/12/26, 2026-12-31 and 31.12; in English the month
// of a date with slashes comes first.
func (s dateReader) digitDate(at int) (m moment, next int, ok bool) {
	word := s.word(at)
	if parts := strings.Split(word, "-"); len(parts) == 3 && !s.glued(at, at+1) {
		return s.threeNumbers(parts, "-", at, at+1)
	}
	separator := s.word(at + 1)
	if !isDigits(word) || separator != "." && separator != "/" || !s.adjacent(at+1) || !s.adjacent(at+2) {
		return m, at, false
	}
	if s.word(at+3) == separator && s.adjacent(at+3) && s.adjacent(at+4) && !s.glued(at, at+5) {
		if m, next, ok = s.threeNumbers([]string{word, s.word(at + 2), s.word(at + 4)}, separator, at, at+5); ok {
			return m, next, true
		}
	}
	if len(s.word(at+2)) != 2 || separator != "." || s.glued(at, at+3) {
		return m, at, false
	}
	d, month := atoi(word), atoi(s.word(at+2))
	date, ok := s.soonest(time.Month(month), d)
	return dateOnly(date, day), at + 3, ok
}

func (s dateReader) threeNumbers(parts []string, separator string, at, next int) (moment, int, bool) {
	for _, part := range parts {
		if !isDigits(part) || len(part) > 4 {
			return moment{}, at, false
		}
	}
	d, mon, y := atoi(parts[0]), atoi(parts[1]), atoi(parts[2])
	switch {
	case len(parts[0]) == 4:
		d, y = y, d
	case separator == "/" && strings.HasPrefix(s.options.Language, "en") && mon <= 31 && d <= 12:
		d, mon = mon, d
	}
	if y < 100 && len(parts[2]) <= 2 && len(parts[0]) < 4 {
		y += 2000
		if y > s.now.Year()+20 {
			y -= 100
		}
	}
	date, ok := realDate(y, mon, d, s.now.Location())
	return dateOnly(date, day), next, ok
}

func atoi(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// realDate refuses the 31st of June.
func realDate(y, m, d int, zone *time.Location) (time.Time, bool) {
	date := time.Date(y, time.Month(m), d, 0, 0, 0, 0, zone)
	return date, y >= 1 && y <= 9999 && date.Year() == y && int(date.Month()) == m && date.Day() == d
}

// soonest is the next such day, today included.
func (s dateReader) soonest(m time.Month, d int) (time.Time, bool) {
	for y := s.now.Year(); y <= s.now.Year()+8; y++ {
		if date, ok := realDate(y, int(m), d, s.now.Location()); ok && !date.Before(midnight(s.now)) {
			return date, true
		}
	}
	return time.Time{}, false
}

// monthNamed is the month a word names, 0 for none.
func monthNamed(word string) time.Month {
	for i, names := range []string{
		"январь января январе jan january янв", "февраль февраля феврале feb february фев", "март марта марте mar march",
		"апрель апреля апреле apr april апр", "май мая мае may", "июнь июня июне jun june", "июль июля июле jul july",
		"август августа августе aug august авг", "сентябрь сентября сентябре sep sept september сен сент",
		"октябрь октября октябре oct october окт", "ноябрь ноября ноябре nov november ноя нояб", "декабрь декабря декабре dec december дек",
	} {
		if contains(names, word) {
			return time.Month(i + 1)
		}
	}
	return 0
}

// dayAndMonth reads "5 мая [2027 [года]]", "пятого мая", "5th of May".
func (s dateReader) dayAndMonth(at int) (m moment, next int, ok bool) {
	if s.word(at) == "the" {
		at++
	}
	d, next, ok := s.dayNumber(at)
	if !ok {
		return m, at, false
	}
	if s.word(next) == "of" {
		next++
	}
	if mon := monthNamed(s.word(next)); mon > 0 {
		return s.withYear(mon, d, next+1)
	}
	return m, at, false
}

// monthAndDay reads "May 5[th][,] 2027".
func (s dateReader) monthAndDay(at int) (m moment, next int, ok bool) {
	mon := monthNamed(s.word(at))
	if mon == 0 {
		return m, at, false
	}
	behind := at + 1
	if s.word(behind) == "." {
		behind++
	}
	if s.word(behind) == "the" {
		behind++
	}
	d, next, ok := s.dayNumber(behind)
	if !ok || !isLatin(s.word(at)) {
		return m, at, false
	}
	return s.withYear(mon, d, next)
}

func isLatin(word string) bool { return word != "" && word[0] < 0x80 }

// dayNumber is the number of a day of a month.
func (s dateReader) dayNumber(at int) (d, next int, ok bool) {
	if at >= len(s.words) {
		return 0, at, false
	}
	if word := s.word(at); isDigits(word) && len(word) <= 2 {
		d = atoi(word)
		return d, at + 1, d >= 1 && d <= 31
	}
	value, next, ok := s.ordinalAt(at)
	if !ok {
		value, next, ok = s.wordsAt(at)
	}
	return int(value), next, ok && value >= 1 && value <= 31 && value == float64(int(value))
}

func (s dateReader) withYear(mon time.Month, d, next int) (moment, int, bool) {
	if y, end, ok := s.yearAt(s.joined(next)); ok {
		date, real := realDate(y, int(mon), d, s.now.Location())
		return dateOnly(date, day), end, real
	}
	date, ok := s.soonest(mon, d)
	return dateOnly(date, day), next, ok
}

// yearAt reads "2027 [года]".
func (s dateReader) yearAt(at int) (y, next int, ok bool) {
	word := s.word(at)
	if len(word) != 4 || !isDigits(word) {
		return 0, at, false
	}
	y = atoi(word)
	if s.adjacent(at+1) && s.word(at+1) == ":" || y < 1000 {
		return 0, at, false
	}
	next = at + 1
	if contains("год года году г", s.word(next)) {
		next++
	}
	return y, next, true
}

// monthAt reads a month alone, behind "в" or "in".
func (s dateReader) monthAt(at int) (m moment, next int, ok bool) {
	mon := monthNamed(s.word(at))
	if mon == 0 {
		return m, at, false
	}
	if y, end, ok := s.yearAt(at + 1); ok {
		return dateOnly(time.Date(y, mon, 1, 0, 0, 0, 0, s.now.Location()), month), end, true
	}
	y := s.now.Year()
	if mon < s.now.Month() {
		y++
	}
	return dateOnly(time.Date(y, mon, 1, 0, 0, 0, 0, s.now.Location()), month), at + 1, true
}

// weekdayNamed is the day of the week a word names.
func weekdayNamed(word string) (time.Weekday, bool) {
	for i, names := range []string{
		"воскресенье воскресенья воскресение sunday", "понедельник понедельника понедельнику monday", "вторник вторника вторнику tuesday",
		"среда среду среды среде wednesday", "четверг четверга четвергу thursday", "пятница пятницу пятницы пятнице friday",
		"суббота субботу субботы субботе saturday",
	} {
		if contains(names, word) {
			return time.Weekday(i), true
		}
	}
	return 0, false
}

const (
	nextWords = "следующий следующая следующее следующую следующем следующей next"
	lastWords = "прошлый прошлая прошлое прошлую прошлом прошлой last"
	thisWords = "этот эта это эту этой этом ближайший ближайшая ближайшую ближайшее ближайшей this coming"
)

// weekdayAt reads a day of the week: the next one after today, of the next week
// behind "следующий", the last one behind "прошлый".
func (s dateReader) weekdayAt(at int) (m moment, next int, ok bool) {
	qualifier := s.word(at)
	qualified := contains(nextWords, qualifier) || contains(lastWords, qualifier) || contains(thisWords, qualifier)
	if qualified {
		at++
	}
	wanted, ok := weekdayNamed(s.word(at))
	if !ok {
		return m, at, false
	}
	today := midnight(s.now)
	ahead := (int(wanted)-int(today.Weekday())+6)%7 + 1
	switch {
	case contains(nextWords, qualifier):
		monday := today.AddDate(0, 0, 7-(int(today.Weekday())+6)%7)
		return dateOnly(monday.AddDate(0, 0, (int(wanted)+6)%7), day), at + 1, true
	case contains(lastWords, qualifier):
		back := (int(today.Weekday())-int(wanted)+6)%7 + 1
		return dateOnly(today.AddDate(0, 0, -back), day), at + 1, true
	}
	return dateOnly(today.AddDate(0, 0, ahead), day), at + 1, true
}

// periodAt reads "следующая неделя", "last month", "this year".
func (s dateReader) periodAt(at int) (m moment, next int, ok bool) {
	shift := 0
	switch qualifier := s.word(at); {
	case contains(nextWords, qualifier):
		shift = 1
	case contains(lastWords, qualifier):
		shift = -1
	case !contains(thisWords, qualifier):
		return m, at, false
	}
	today := midnight(s.now)
	switch unit := unitNamed(s.word(at + 1)); unit {
	case week:
		return dateOnly(today.AddDate(0, 0, 7*shift-(int(today.Weekday())+6)%7), week), at + 2, true
	case month:
		return dateOnly(time.Date(today.Year(), today.Month()+time.Month(shift), 1, 0, 0, 0, 0, today.Location()), month), at + 2, true
	case year:
		return dateOnly(time.Date(today.Year()+shift, 1, 1, 0, 0, 0, 0, today.Location()), year), at + 2, true
	}
	return m, at, false
}
