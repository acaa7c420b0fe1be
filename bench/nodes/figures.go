package main

import (
	"fmt"
	"slices"
	"strings"
)

// result is one line of the load program, with the processor time of an operation in
// milliseconds of a core.
type result struct {
	Operations int     `json:"operations"`
	PerSecond  float64 `json:"per_second"`
	P50        float64 `json:"p50_ms"`
	P99        float64 `json:"p99_ms"`

	nodes, database float64
	bytes           float64 // stored for an operation
}

// figures are the results of all runs, in order, by set-up and scenario.
type figures map[string][]result

// scenario is one of the load program.
type scenario struct{ name, label string }

func scenarios() []scenario {
	return []scenario{
		{"rest-merge", "context merge over REST"},
		{"echo-turn", "message and bot turn over a socket"},
		{"cross-turn", "message over REST to one node, answer on a socket of the next"},
	}
}

// mostOverhead is the most that a turn may cost on the path over nodes, as a multiple
// of its cost on one node.
const mostOverhead = 2

func (f figures) table() string {
	var out strings.Builder
	for _, s := range scenarios() {
		fmt.Fprintf(&out, "**%s**\n\n| set-up | rate | to one node on PostgreSQL | p50 ms | p99 ms | processor of the nodes, ms | of the database, ms | bytes stored |\n|---|---|---|---|---|---|---|---|\n", s.label)
		for _, how := range setups() {
			fmt.Fprintf(&out, "| %s | %.0f/s | **%.2f** (%.2f to %.2f) | %.1f | %.1f | %.3f | %.3f | %.0f |\n", how.name,
				f.median(how.name, s.name, func(r result) float64 { return r.PerSecond }), f.ratio(how.name, s.name, .5), f.ratio(how.name, s.name, 0), f.ratio(how.name, s.name, 1),
				f.median(how.name, s.name, func(r result) float64 { return r.P50 }), f.median(how.name, s.name, func(r result) float64 { return r.P99 }),
				f.median(how.name, s.name, func(r result) float64 { return r.nodes }), f.median(how.name, s.name, func(r result) float64 { return r.database }), f.median(how.name, s.name, func(r result) float64 { return r.bytes }))
		}
		out.WriteString("\n")
	}
	const turn = "echo-turn"
	overhead := f.spread(func(i int) float64 { return cost(f[threeNodes+turn][i]) / cost(f[oneNode+turn][i]) }, len(f[oneNode+turn]))
	verdict := "met"
	if overhead[len(overhead)/2] > mostOverhead {
		verdict = "not met"
	}
	fmt.Fprintf(&out, "A turn on three nodes takes **%.2f** times (%.2f to %.2f) the processor time, nodes and database together, of one on a single node with PostgreSQL; the goal is at most %d: %s.\n",
		overhead[len(overhead)/2], overhead[0], overhead[len(overhead)-1], mostOverhead, verdict)
	return out.String()
}

func cost(r result) float64 { return r.nodes + r.database }

// ratio of a set-up's rate to that of one node on PostgreSQL in the same round, at a quantile.
func (f figures) ratio(name, scenario string, quantile float64) float64 {
	list := f.spread(func(i int) float64 { return f[name+scenario][i].PerSecond / f[oneNode+scenario][i].PerSecond }, len(f[name+scenario]))
	return list[int(quantile*float64(len(list)-1))]
}

func (f figures) median(name, scenario string, figure func(result) float64) float64 {
	list := f.spread(func(i int) float64 { return figure(f[name+scenario][i]) }, len(f[name+scenario]))
	return list[len(list)/2]
}

// spread returns the values of all runs in ascending order.
func (f figures) spread(value func(int) float64, runs int) []float64 {
	list := make([]float64, runs)
	for i := range list {
		list[i] = value(i)
	}
	slices.Sort(list)
	return list
}
