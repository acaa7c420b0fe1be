package dialog

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// MaxInterval is the longest interval of a timeout (dialog-language 9).
const MaxInterval = 99 * time.Hour

var (
	intervalPart = regexp.MustCompile(`^(\d{1,6}(?:\.\d{1,3})?)\s*(hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\b[\s,]*`)
	joinedParts  = regexp.MustCompile(`([a-z])(\d)`)
)

// ParseInterval reads the interval of a timeout: a number of seconds, or parts
// like "5 minutes" and "1h5m3s". It is more than 0 and at most MaxInterval.
func ParseInterval(text string) (time.Duration, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	var total time.Duration
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		if seconds > MaxInterval.Seconds() {
			return 0, fmt.Errorf("the interval %q is longer than 99 hours", text)
		}
		total = time.Duration(seconds * float64(time.Second))
	} else if total, err = sumParts(text); err != nil {
		return 0, err
	}
	if total <= 0 {
		return 0, fmt.Errorf("the interval %q is not more than 0", text)
	}
	return total, nil
}

func sumParts(text string) (time.Duration, error) {
	var total time.Duration
	for rest := joinedParts.ReplaceAllString(text, "$1 $2"); ; {
		m := intervalPart.FindStringSubmatch(rest)
		if m == nil {
			return 0, fmt.Errorf("%q is no interval: write seconds, or parts like 5 minutes or 1h5m3s", text)
		}
		number, _ := strconv.ParseFloat(m[1], 64)
		total += time.Duration(number * float64(intervalUnit(m[2])))
		if total > MaxInterval {
			return 0, fmt.Errorf("the interval %q is longer than 99 hours", text)
		}
		if rest = rest[len(m[0]):]; rest == "" {
			return total, nil
		}
	}
}

func intervalUnit(name string) time.Duration {
	switch name[0] {
	case 'h':
		return time.Hour
	case 'm':
		return time.Minute
	}
	return time.Second
}
