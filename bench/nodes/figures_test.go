package main

import (
	"strings"
	"testing"
)

// The goal is judged on the processor time of nodes and database together, by the
// median of the runs.
func TestTable_JudgesTheMedianOfTheRuns(t *testing.T) {
	t.Parallel()
	all := figures{}
	for _, how := range setups() {
		for _, s := range scenarios() {
			for range 3 {
				all[how.name+s.name] = append(all[how.name+s.name], result{PerSecond: 1000, P50: 2, P99: 4, nodes: .1, database: .1})
			}
		}
	}
	if text := all.table(); !strings.Contains(text, "**1.00** times (1.00 to 1.00)") || !strings.Contains(text, ": met.") {
		t.Errorf("equal costs: %s", text)
	}
	for i, cost := range []float64{.1, .35, .9} {
		all[threeNodes+"echo-turn"][i].nodes = cost
	}
	if text := all.table(); !strings.Contains(text, "**2.25** times (1.00 to 5.00)") || !strings.Contains(text, "not met") {
		t.Errorf("dear nodes: %s", text)
	}
	for i, rate := range []float64{500, 900, 1500} {
		all[threeNodes+"rest-merge"][i].PerSecond = rate
	}
	if text := all.table(); !strings.Contains(text, "900/s | **0.90** (0.50 to 1.50)") {
		t.Errorf("rates: %s", text)
	}
}
