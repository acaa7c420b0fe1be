package main

import (
	"slices"
	"strings"
	"testing"
)

func rates(values ...float64) []result {
	var results []result
	for _, value := range values {
		results = append(results, result{Scenario: "rest-merge", PerSecond: value, P50: 2, P99: 1000 / value})
	}
	return results
}

func TestRatiosArePairedByRun(t *testing.T) {
	all := figures{}
	all.add(parleyName, rates(300, 100, 800))
	all.add(baselineName, rates(100, 50, 200))
	if got := all.ratios("rest-merge", rate); !slices.Equal(got, []float64{3, 2, 4}) {
		t.Errorf("ratios %v", got)
	}
	if got := all.ratio("rest-merge", rate); got != 3 {
		t.Errorf("median of the ratios is %v, want 3", got)
	}
	if got := all.median(parleyName, "rest-merge", rate); got != 300 {
		t.Errorf("median of the rates is %v, want 300", got)
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{4}, 4}, {[]float64{9, 1}, 5}, {[]float64{3, 1, 2}, 2}} {
		if got := median(c.values); got != c.want {
			t.Errorf("median of %v is %v, want %v", c.values, got, c.want)
		}
	}
}

func TestVerdict(t *testing.T) {
	rest, memoryGoal := goals()[0], goals()[5]
	for name, c := range map[string]struct {
		ours, theirs result
		goal         goal
		want         string
	}{
		"met":         {result{PerSecond: 250, P99: 5}, result{PerSecond: 100, P99: 5}, rest, "met"},
		"too slow":    {result{PerSecond: 249, P99: 5}, result{PerSecond: 100, P99: 5}, rest, "**below**"},
		"worse p99":   {result{PerSecond: 900, P99: 6}, result{PerSecond: 100, P99: 5}, rest, "**below**"},
		"small":       {result{KiBPerSocket: 12}, result{KiBPerSocket: 15}, memoryGoal, "met"},
		"too much":    {result{KiBPerSocket: 12.1}, result{KiBPerSocket: 50}, memoryGoal, "**below**"},
		"no baseline": {result{PerSecond: 250}, result{}, rest, "-"},
	} {
		c.ours.Scenario, c.theirs.Scenario = c.goal.scenario, c.goal.scenario
		all := figures{}
		all.add(parleyName, []result{c.ours})
		if name != "no baseline" {
			all.add(baselineName, []result{c.theirs})
		}
		if got := c.goal.verdict(all); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestTableHasOneRowForEachScenario(t *testing.T) {
	all := figures{}
	all.add(parleyName, rates(300))
	all.add(baselineName, rates(100))
	got := table(all, []string{"rest-merge"})
	want := "| REST merge | 300/s | 100/s | **3.00** (3.00 to 3.00) | 2.0 / 2.0 | 3.3 / 10.0 | 0.33 | at least 2.5, p99 no worse | met |"
	if !strings.Contains(got, want) || strings.Count(got, "\n") != 3 {
		t.Errorf("got\n%swant the row\n%s", got, want)
	}
}

func TestFreshStarts(t *testing.T) {
	got := freshStarts([]string{"rest-merge", idleScenario, "hot-rest"})
	if len(got) != 2 || !slices.Equal(got[0], []string{idleScenario}) || !slices.Equal(got[1], []string{"rest-merge", "hot-rest"}) {
		t.Errorf("got %v", got)
	}
	if got := freshStarts([]string{"rest-merge"}); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func TestParsePlanRefusesUnknownScenarios(t *testing.T) {
	if _, err := parsePlan([]string{"--scenarios", "rest-merge,nonsense"}); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("got %v", err)
	}
}
