package main

import (
	"fmt"
	"slices"
	"strings"
)

// goal is what a scenario is held to.
type goal struct {
	scenario string
	label    string
	ratio    float64 // least ratio of the rates
	p99      bool    // p99 no worse than the baseline's
	memory   float64 // most KiB a socket, instead of a rate
}

func goals() []goal {
	return []goal{
		{scenario: "rest-merge", label: "REST merge", ratio: 2.5, p99: true},
		{scenario: "socket-merge", label: "socket merge", ratio: 2, p99: true},
		{scenario: "echo-turn", label: "echo turn", ratio: 1},
		{scenario: "hot-rest", label: "hot session, 16 writers over REST", ratio: 3, p99: true},
		{scenario: "hot-mixed", label: "hot session, 8 writers over REST and 8 over sockets", ratio: 3, p99: true},
		{scenario: idleScenario, label: "idle websocket with a session", memory: 12},
	}
}

func scenarioNames() []string {
	var names []string
	for _, one := range goals() {
		names = append(names, one.scenario)
	}
	return names
}

// figures are the results of all runs, in order, by server and scenario.
type figures map[string]map[string][]result

func (f figures) add(server string, results []result) {
	if f[server] == nil {
		f[server] = map[string][]result{}
	}
	for _, one := range results {
		f[server][one.Scenario] = append(f[server][one.Scenario], one)
	}
}

func rate(r result) float64   { return r.PerSecond }
func p50(r result) float64    { return r.P50 }
func p99(r result) float64    { return r.P99 }
func memory(r result) float64 { return r.KiBPerSocket }

// median of one figure over a server's runs.
func (f figures) median(server, scenario string, figure func(result) float64) float64 {
	var values []float64
	for _, one := range f[server][scenario] {
		values = append(values, figure(one))
	}
	return median(values)
}

// ratio is the median over the runs of Parley's figure divided by the baseline's in the
// same run.
func (f figures) ratio(scenario string, figure func(result) float64) float64 {
	return median(f.ratios(scenario, figure))
}

func (f figures) ratios(scenario string, figure func(result) float64) []float64 {
	ours, theirs := f[parleyName][scenario], f[baselineName][scenario]
	var ratios []float64
	for i := range min(len(ours), len(theirs)) {
		ratios = append(ratios, figure(ours[i])/figure(theirs[i]))
	}
	return ratios
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// table of the page: one row for each scenario.
func table(all figures, scenarios []string) string {
	var out strings.Builder
	out.WriteString("| scenario | Parley | baseline | ratio (lowest to highest) | p50 ms | p99 ms | p99 ratio | goal | |\n")
	out.WriteString("|---|---|---|---|---|---|---|---|---|\n")
	for _, one := range goals() {
		if slices.Contains(scenarios, one.scenario) {
			out.WriteString(row(all, one))
		}
	}
	return out.String()
}

func row(all figures, g goal) string {
	if g.memory > 0 {
		ours, theirs := all.median(parleyName, g.scenario, memory), all.median(baselineName, g.scenario, memory)
		return fmt.Sprintf("| %s | %.1f KiB | %.1f KiB | %s | | | | at most %.0f KiB | %s |\n",
			g.label, ours, theirs, spread(all.ratios(g.scenario, memory)), g.memory, g.verdict(all))
	}
	pair := func(figure func(result) float64) string {
		return fmt.Sprintf("%.1f / %.1f", all.median(parleyName, g.scenario, figure), all.median(baselineName, g.scenario, figure))
	}
	demand := fmt.Sprintf("at least %g", g.ratio)
	if g.p99 {
		demand += ", p99 no worse"
	}
	return fmt.Sprintf("| %s | %.0f/s | %.0f/s | %s | %s | %s | %.2f | %s | %s |\n", g.label,
		all.median(parleyName, g.scenario, rate), all.median(baselineName, g.scenario, rate),
		spread(all.ratios(g.scenario, rate)), pair(p50), pair(p99), all.ratio(g.scenario, p99), demand, g.verdict(all))
}

func spread(ratios []float64) string {
	if len(ratios) == 0 {
		return "-"
	}
	return fmt.Sprintf("**%.2f** (%.2f to %.2f)", median(ratios), slices.Min(ratios), slices.Max(ratios))
}

// verdict says whether the goal is met, or nothing when one server was not measured.
func (g goal) verdict(all figures) string {
	if len(all.ratios(g.scenario, rate)) == 0 {
		return "-"
	}
	met := all.ratio(g.scenario, rate) >= g.ratio && (!g.p99 || all.ratio(g.scenario, p99) <= 1)
	if g.memory > 0 {
		met = all.median(parleyName, g.scenario, memory) <= g.memory
	}
	if met {
		return "met"
	}
	return "**below**"
}
