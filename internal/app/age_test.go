package app

import (
	"testing"
	"time"
)

func TestAge(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30d": 30 * 24 * time.Hour, "1d": 24 * time.Hour, "12h": 12 * time.Hour, "1h30m": 90 * time.Minute, "36500d": maxAge,
		"": 0, "d": 0, "0d": 0, "-1d": 0, "1.5d": 0, "36501d": 0, "99999999d": 0, "0.5s": 0, "-1h": 0, "soon": 0, "30": 0,
	} {
		var a age
		if err := a.UnmarshalText([]byte(text)); time.Duration(a) != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %v, %v", text, time.Duration(a), err)
		}
	}
}

// Whatever is typed is an age in its range or an error.
func FuzzAge(f *testing.F) {
	f.Add("30d")
	f.Fuzz(func(t *testing.T, text string) {
		var a age
		if err := a.UnmarshalText([]byte(text)); err == nil && (a.seconds() < 1 || time.Duration(a) > maxAge) {
			t.Errorf("%q: %v", text, time.Duration(a))
		}
	})
}
