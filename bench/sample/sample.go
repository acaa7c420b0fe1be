// Package sample sums up measured times.
package sample

import "time"

// Percentile is the smallest latency that at least this share of the sorted ones does
// not exceed.
func Percentile(sorted []time.Duration, share int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := (len(sorted)*share + 99) / 100
	return sorted[max(rank, 1)-1]
}

// Milliseconds of a duration, with three decimals.
func Milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}
