package app

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// age is how old something is: whole days as in 30d, or a Go duration such as 12h.
type age time.Duration

// maxAge keeps an age within what can be counted back from now.
const maxAge = 100 * 365 * 24 * time.Hour

// UnmarshalText reads an age of a second to a hundred years.
func (a *age) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if days, ok := strings.CutSuffix(string(text), "d"); ok {
		var n uint16
		n, err = parseDays(days)
		d = time.Duration(n) * 24 * time.Hour
	}
	if err != nil || d < time.Second || d > maxAge {
		return fmt.Errorf("must be an age such as 30d or 12h, not below 1s and not above %dd", int(maxAge.Hours()/24))
	}
	*a = age(d)
	return nil
}

func parseDays(text string) (uint16, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	return uint16(n), err
}

func (a age) seconds() int64 { return int64(time.Duration(a) / time.Second) }
