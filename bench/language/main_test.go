package main

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	out := ""
	for _, ms := range []string{"900000", "700000", "1100000"} {
		out += "BenchmarkMatch/score/500x10-2   10   " + ms + " ns/op   77.0 hits/op\n"
		out += "BenchmarkLanguageTurn-2   10   300000 ns/op   0.6000 cpu-ms/op\n"
		out += "BenchmarkLanguageLoad-2   10   90000000 ns/op\n"
	}
	if _, err := table(figures([]byte(out))); err == nil || !strings.Contains(err.Error(), "BenchmarkLanguageCases") {
		t.Errorf("a benchmark that did not run: %v", err)
	}
	text, err := table(figures([]byte(out + "BenchmarkLanguageCases-16   1   2500000000 ns/op\nPASS\n")))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| **0.9 ms** | 0.7 to 1.1 ms | at most 1 ms | met |", "| **0.6 ms** | 0.6 to 0.6 ms | at most 0.5 ms | **over** |",
		"| **90 ms** |", "| **2.5e+03 ms** | 2.5e+03 to 2.5e+03 ms | at most 10000 ms | met |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
