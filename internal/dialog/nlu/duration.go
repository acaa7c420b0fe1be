package nlu

import "time"

// unitNamed is the unit of time a word names, "" for none.
func unitNamed(word string) grain {
	for unit, words := range map[grain]string{
		second: "секунда секунды секунд секунду сек second seconds sec", minute: "минута минуты минут минуту минутку мин minute minutes min mins",
		hour: "час часа часов часик ч hour hours hr hrs", day: "день дня дней сутки суток day days", week: "неделя недели недель неделю неделе неделей week weeks",
		month: "месяц месяца месяцев месяце month months", year: "год года лет году year years",
	} {
		if contains(words, word) {
			return unit
		}
	}
	return ""
}

// length is an amount of time.
type length struct {
	count float64
	unit  grain
}

// lengthReader reads lengths of time.
type lengthReader struct{ numberReader }

// lengthAt reads "2 дня", "полчаса", "час", "an hour"; a unit alone is one.
func (s lengthReader) lengthAt(at int, alone bool) (l length, next int, ok bool) {
	if contains("полчаса полчасика", s.word(at)) {
		return length{30, minute}, at + 1, true
	}
	if contains("полгода", s.word(at)) {
		return length{6, month}, at + 1, true
	}
	if s.word(at) == "half" && contains("an a", s.word(at+1)) && s.word(at+2) == "hour" {
		return length{30, minute}, at + 3, true
	}
	if unit := unitNamed(s.word(at)); unit != "" && alone {
		return length{1, unit}, at + 1, true
	}
	if contains("a an", s.word(at)) && unitNamed(s.word(at+1)) != "" {
		return length{1, unitNamed(s.word(at + 1))}, at + 2, true
	}
	if contains("пару", s.word(at)) && unitNamed(s.word(at+1)) != "" {
		return length{2, unitNamed(s.word(at + 1))}, at + 2, true
	}
	value, next, ok := s.numberAt(at)
	if !ok || unitNamed(s.word(next)) == "" || value > 1e6 {
		return l, at, false
	}
	return length{value, unitNamed(s.word(next))}, next + 1, true
}

// seconds is the length in seconds; a month has 30 days and a year 365.
func (l length) seconds() float64 {
	per := map[grain]float64{second: 1, minute: 60, hour: 3600, day: 86400, week: 7 * 86400, month: 30 * 86400, year: 365 * 86400}
	return l.count * per[l.unit]
}

// durationValue is what scripts read of a length of time.
type durationValue struct {
	Value      float64        `json:"value"`
	Unit       grain          `json:"unit"`
	Normalized normalizedTime `json:"normalized"`
}

type normalizedTime struct {
	Value float64 `json:"value"`
	Unit  grain   `json:"unit"`
}

// findDurations finds lengths of time; parts in a row are added up.
func findDurations(in *search) []hit {
	s := lengthReader{numberReader{in}}
	var hits []hit
	for at := 0; at < len(s.words); at++ {
		l, next, ok := s.lengthAt(at, false)
		if !ok {
			continue
		}
		total, last := l.seconds(), l
		for {
			from := next
			if contains("и and", s.word(from)) {
				from++
			}
			more, end, ok := s.lengthAt(from, false)
			if !ok || more.seconds() >= last.seconds() {
				break
			}
			total, last, next = total+more.seconds(), more, end
		}
		value := durationValue{Value: l.count, Unit: l.unit, Normalized: normalizedTime{total, second}}
		if last != l {
			per := length{1, last.unit}.seconds()
			value.Value, value.Unit = total/per, last.unit
		}
		hits = append(hits, hit{Range{s.words[at].Start, s.words[next-1].End}, object(value)})
		at = next - 1
	}
	return hits
}

// offsetAt reads "через 2 дня", "in an hour", "2 дня назад", "2 days ago".
func (s lengthReader) offsetAt(at int) (m moment, next int, ok bool) {
	if contains("через спустя in", s.word(at)) {
		l, next, ok := s.lengthAt(at+1, s.word(at) != "in")
		if !ok {
			return m, at, false
		}
		return s.shifted(l, 1), next, true
	}
	l, next, ok := s.lengthAt(at, true)
	switch {
	case !ok:
		return m, at, false
	case contains("назад ago", s.word(next)):
		return s.shifted(l, -1), next + 1, true
	case s.word(next) == "later":
		return s.shifted(l, 1), next + 1, true
	case s.word(next) == "from" && s.word(next+1) == "now":
		return s.shifted(l, 1), next + 2, true
	}
	return m, at, false
}

// shifted is now moved by a length: by days to a day, by hours to a moment.
func (s lengthReader) shifted(l length, sign int) moment {
	n := sign * int(l.count)
	whole := l.count == float64(int(l.count))
	switch {
	case l.unit == day && whole:
		return dateOnly(s.now.AddDate(0, 0, n), day)
	case l.unit == week && whole:
		return dateOnly(s.now.AddDate(0, 0, 7*n), day)
	case l.unit == month && whole:
		return dateOnly(s.now.AddDate(0, n, 0), day)
	case l.unit == year && whole:
		return dateOnly(s.now.AddDate(n, 0, 0), day)
	}
	at := s.now.Add(time.Duration(float64(sign) * l.seconds() * float64(time.Second)))
	return moment{at: at.Truncate(time.Second), grain: l.unit, dated: true, timed: true}
}
