package script

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // a bare machine has no zones
)

func zone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("%q is no time zone", name)
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%q is no time zone: use an IANA name such as Europe/Moscow", name)
	}
	return location, nil
}

// timeForZone is the Unix time in milliseconds shifted to the zone.
func timeForZone(now time.Time, name string) (any, error) {
	location, err := zone(name)
	if err != nil {
		return nil, err
	}
	_, offset := now.In(location).Zone()
	return now.UnixMilli() + int64(offset)*1000, nil
}

const maxDateFormat = 200

// dateForZone formats the local time of a zone with Java's letters; "Y" is the
// year. Names of months and days are in the bot's language.
func dateForZone(now time.Time, name, format, language string) (any, error) {
	location, err := zone(name)
	if err != nil {
		return nil, err
	}
	if len(format) > maxDateFormat {
		return nil, fmt.Errorf("the format is longer than %d characters", maxDateFormat)
	}
	local := now.In(location)
	names := namesFor(language)
	var out strings.Builder
	for i := 0; i < len(format); {
		c := format[i]
		if c == '\'' {
			n, quoted := quotedText(format[i:])
			out.WriteString(quoted)
			i += n
			continue
		}
		n := 1
		for i+n < len(format) && format[i+n] == c {
			n++
		}
		i += n
		if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			part, err := javaField(local, c, n, names)
			if err != nil {
				return nil, err
			}
			out.WriteString(part)
			continue
		}
		out.WriteString(format[i-n : i])
	}
	return out.String(), nil
}

// quotedText reads '…' at the start of a format; ” is a quote.
func quotedText(format string) (length int, text string) {
	if strings.HasPrefix(format, "''") {
		return 2, "'"
	}
	var out strings.Builder
	for i := 1; i < len(format); i++ {
		if format[i] != '\'' {
			out.WriteByte(format[i])
			continue
		}
		if i+1 < len(format) && format[i+1] == '\'' {
			out.WriteByte('\'')
			i++
			continue
		}
		return i + 1, out.String()
	}
	return len(format), out.String()
}

func digits(n, width int) string { return fmt.Sprintf("%0*d", width, n) }

func javaField(t time.Time, letter byte, width int, names dateNames) (string, error) {
	switch letter {
	case 'y', 'Y', 'u':
		return javaYear(t, letter, width), nil
	case 'M', 'L':
		return javaMonth(t, letter, width, names), nil
	case 'd':
		return digits(t.Day(), width), nil
	case 'D':
		return digits(t.YearDay(), width), nil
	case 'w':
		_, week := t.ISOWeek()
		return digits(week, width), nil
	case 'E':
		if width > 3 {
			return names.days[t.Weekday()], nil
		}
		return names.shortDays[t.Weekday()], nil
	case 'G':
		return names.era, nil
	case 'z', 'Z', 'X':
		return javaZone(t, letter, width), nil
	}
	return javaClock(t, letter, width)
}

func javaYear(t time.Time, letter byte, width int) string {
	if letter == 'u' {
		return digits(int(t.Weekday()+6)%7+1, width) // Java: number of the day of the week
	}
	if width == 2 {
		return digits(t.Year()%100, 2)
	}
	return digits(t.Year(), width)
}

func javaMonth(t time.Time, letter byte, width int, names dateNames) string {
	switch {
	case width <= 2:
		return digits(int(t.Month()), width)
	case width == 3:
		return names.shortMonths[t.Month()-1]
	case letter == 'L':
		return names.aloneMonths[t.Month()-1]
	}
	return names.months[t.Month()-1]
}

func javaClock(t time.Time, letter byte, width int) (string, error) {
	switch letter {
	case 'H':
		return digits(t.Hour(), width), nil
	case 'k':
		return digits((t.Hour()+23)%24+1, width), nil
	case 'K':
		return digits(t.Hour()%12, width), nil
	case 'h':
		return digits((t.Hour()+11)%12+1, width), nil
	case 'm':
		return digits(t.Minute(), width), nil
	case 's':
		return digits(t.Second(), width), nil
	case 'S':
		return digits(t.Nanosecond()/1e6, width), nil
	case 'a':
		return t.Format("PM"), nil
	}
	return "", fmt.Errorf("dateForZone knows no letter %q", letter)
}

func javaZone(t time.Time, letter byte, width int) string {
	switch {
	case letter == 'z':
		name, _ := t.Zone()
		return name
	case letter == 'Z':
		return t.Format("-0700")
	case width == 3:
		return t.Format("Z07:00")
	case width == 2:
		return t.Format("Z0700")
	}
	return t.Format("Z07")
}

// dateNames are the names of a language.
type dateNames struct {
	months, aloneMonths, shortMonths []string
	days, shortDays                  []string // from Sunday
	era                              string
}

func namesFor(language string) dateNames {
	if strings.HasPrefix(language, "ru") {
		return dateNames{
			months:      strings.Fields("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
			aloneMonths: strings.Fields("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"),
			shortMonths: strings.Fields("янв фев мар апр мая июн июл авг сен окт ноя дек"),
			days:        strings.Fields("воскресенье понедельник вторник среда четверг пятница суббота"),
			shortDays:   strings.Fields("вс пн вт ср чт пт сб"),
			era:         "н.э.",
		}
	}
	english := dateNames{era: "AD"}
	for m := time.January; m <= time.December; m++ {
		english.months = append(english.months, m.String())
		english.shortMonths = append(english.shortMonths, m.String()[:3])
	}
	english.aloneMonths = english.months
	for d := time.Sunday; d <= time.Saturday; d++ {
		english.days = append(english.days, d.String())
		english.shortDays = append(english.shortDays, d.String()[:3])
	}
	return english
}
