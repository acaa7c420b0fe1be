package main

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley/bench/sample"
)

// operation is the nth step of one client; it returns when the answer has been checked.
type operation func(n int) error

// cast is the clients of one scenario, connected and with their sessions made.
type cast struct {
	clients []operation
	verify  func() error // what must hold after the last operation; may be nil
	leaving []func()
}

func (c *cast) leave() {
	for _, leave := range c.leaving {
		leave()
	}
}

// result of one closed loop. Latencies are milliseconds, exact, not from buckets.
type result struct {
	Scenario   string  `json:"scenario"`
	Clients    int     `json:"clients"`
	Seconds    float64 `json:"seconds"`
	Operations int     `json:"operations"`
	Failures   int     `json:"failures"`
	PerSecond  float64 `json:"per_second"`
	P50        float64 `json:"p50_ms"`
	P99        float64 `json:"p99_ms"`
	Max        float64 `json:"max_ms"`
}

// perform runs every client in a loop and measures the operations that end inside the
// window. A client that fails stops, and its error is part of the answer.
func (c *cast) perform(warmup, window time.Duration) (result, error) {
	opens := time.Now().Add(warmup)
	closes := opens.Add(window)
	latencies := make([][]time.Duration, len(c.clients))
	failures := make([]error, len(c.clients))
	var running sync.WaitGroup
	for i, step := range c.clients {
		running.Go(func() {
			latencies[i], failures[i] = loop(step, opens, closes)
		})
	}
	running.Wait()
	out := summarize(slices.Concat(latencies...), window)
	out.Clients = len(c.clients)
	for _, err := range failures {
		if err != nil {
			out.Failures++
		}
	}
	err := errors.Join(failures...)
	if err == nil && c.verify != nil {
		err = c.verify()
	}
	return out, err
}

func loop(step operation, opens, closes time.Time) ([]time.Duration, error) {
	latencies := make([]time.Duration, 0, 1<<12)
	for n := 0; ; n++ {
		start := time.Now()
		if !start.Before(closes) {
			return latencies, nil
		}
		if err := step(n); err != nil {
			return latencies, fmt.Errorf("operation %d: %w", n, err)
		}
		end := time.Now()
		if end.After(opens) && !end.After(closes) {
			latencies = append(latencies, end.Sub(start))
		}
	}
}

func summarize(latencies []time.Duration, window time.Duration) result {
	slices.Sort(latencies)
	return result{
		Seconds:    window.Seconds(),
		Operations: len(latencies),
		PerSecond:  float64(len(latencies)) / window.Seconds(),
		P50:        sample.Milliseconds(sample.Percentile(latencies, 50)),
		P99:        sample.Milliseconds(sample.Percentile(latencies, 99)),
		Max:        sample.Milliseconds(sample.Percentile(latencies, 100)),
	}
}
