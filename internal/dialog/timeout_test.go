package dialog

import (
	"testing"
	"time"
)

func TestParseInterval(t *testing.T) {
	good := map[string]time.Duration{
		"5": 5 * time.Second, "0.5": 500 * time.Millisecond, "5 minutes": 5 * time.Minute, "1 hour": time.Hour,
		"1h5m3s": time.Hour + 5*time.Minute + 3*time.Second, "1h 5m 3s": time.Hour + 5*time.Minute + 3*time.Second,
		"10 sec": 10 * time.Second, "90s": 90 * time.Second, " 2 Seconds ": 2 * time.Second, "99h": 99 * time.Hour,
		"1 hour, 2 min": time.Hour + 2*time.Minute,
	}
	for text, want := range good {
		if got, err := ParseInterval(text); err != nil || got != want {
			t.Errorf("ParseInterval(%q) = %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "soon", "-5", "0", "100h", "99h1s", "5 apples", "5 minutes ago", "1e99", "NaN", "356401", "h"} {
		if got, err := ParseInterval(text); err == nil {
			t.Errorf("ParseInterval(%q) = %v", text, got)
		}
	}
}
