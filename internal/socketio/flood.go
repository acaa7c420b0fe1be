package socketio

import (
	"math"
	"time"
)

// floodLimit is the rate a connection may send at; see Options.
type floodLimit struct {
	rate        float64 // packets per second; 0 = no limit
	burst       float64
	maxRefusals int
}

func newFloodLimit(o Options) floodLimit {
	burst := float64(o.EventBurst)
	if burst == 0 {
		burst = max(1, math.Ceil(o.EventRate))
	}
	return floodLimit{rate: o.EventRate, burst: burst, maxRefusals: o.MaxRefusals}
}

// flood is the token bucket of one connection, kept as what was taken out of it so that the zero value is a full bucket.
type flood struct {
	taken    float64
	at       time.Duration
	refusals int
}

// take asks for one packet at a time on the server's clock. A packet that is refused may be the last straw.
func (f *flood) take(limit floodLimit, now time.Duration) (ok, last bool) {
	if limit.rate == 0 {
		return true, false
	}
	f.taken = max(0, f.taken-limit.rate*(now-f.at).Seconds())
	f.at = now
	if f.taken == 0 {
		f.refusals = 0
	}
	if f.taken+1 <= limit.burst {
		f.taken++
		return true, false
	}
	f.refusals++
	return false, f.refusals >= limit.maxRefusals
}
