package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/bench/machine"
	"parley/bench/sample"
)

// The goals of the desk on two cores.
const (
	mostPaint  = time.Second
	mostUpdate = 200 * time.Millisecond
)

// findings are the measured times and what the server used.
type findings struct {
	chromium string
	mix      string // what the conversations are
	scripts  int64  // bytes that a load of the page took
	lists    []time.Duration
	paints   []time.Duration
	heard    []time.Duration // acknowledged until the last agent
	document []time.Duration // acknowledged until the browser's document
	painted  []time.Duration // acknowledged until the browser's screen
	before   machine.Usage
	after    machine.Usage
	rows     int64 // frames that the agents got in between
}

// line is one row of the table.
type line struct {
	label string
	times []time.Duration
	share int // the percentile that is held to the goal
	goal  time.Duration
}

func (f *findings) lines() []line {
	return []line{
		{"first page of the list over HTTP (100 rows)", f.lists, 0, 0},
		{"desk page: navigation until its first rows are on the screen, nothing cached", f.paints, 50, mostPaint},
		{"message acknowledged until the last agent has the row", f.heard, 99, mostUpdate},
		{"message acknowledged until the row stands in the browser's document", f.document, 99, mostUpdate},
		{"message acknowledged until the row is on the browser's screen", f.painted, 99, mostUpdate},
	}
}

// table has a row for each figure.
func (f *findings) table() string {
	var b strings.Builder
	b.WriteString("| what | n | median | p99 | highest | goal | |\n|---|---|---|---|---|---|---|\n")
	for _, one := range f.lines() {
		b.WriteString(one.row())
	}
	wall := f.after.At.Sub(f.before.At)
	cores := (f.after.Processor - f.before.Processor).Seconds() / wall.Seconds()
	fmt.Fprintf(&b, "\nWhile updates were followed the server used **%.2f cores** and held **%.0f MiB** of memory; it sent %.0f row frames a second. "+
		"A load of the page took %.0f KiB of scripts.\n", cores, float64(f.after.Resident)/(1<<20), float64(f.rows)/wall.Seconds(), float64(f.scripts)/1024)
	return b.String()
}

func (l line) row() string {
	sorted := slices.Sorted(slices.Values(l.times))
	at := func(share int) time.Duration { return sample.Percentile(sorted, share) }
	demand, verdict := "", ""
	if l.goal > 0 {
		demand, verdict = fmt.Sprintf("p%d at most %d ms", l.share, l.goal.Milliseconds()), "met"
		if at(l.share) > l.goal {
			verdict = "**over**"
		}
	}
	return fmt.Sprintf("| %s | %d | **%.1f ms** | %.1f ms | %.1f ms | %s | %s |\n", l.label, len(sorted),
		sample.Milliseconds(at(50)), sample.Milliseconds(at(99)), sample.Milliseconds(at(100)), demand, verdict)
}
