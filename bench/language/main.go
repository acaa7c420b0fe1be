// Command language is the part of `make bench` that measures the dialog language: it runs
// the Go benchmarks that stand in the table below, several times, and writes their medians
// into docs/performance.md.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"parley/bench/page"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	runs := flag.Int("runs", 5, "runs of each benchmark")
	path := flag.String("page", "docs/performance.md", "`file` that gets the table; empty for none")
	flag.Parse()
	if err := run(ctx, *runs, *path); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// goal is what a benchmark is held to: the median of one of its figures, in
// milliseconds.
type goal struct {
	name   string // of the benchmark
	label  string
	figure string // unit in the output of go test
	most   float64
}

func goals() []goal {
	return []goal{
		{"BenchmarkLanguageTurn", "turn of a state with a script of 20 lines, processor time", "cpu-ms/op", 0.5},
		{"BenchmarkMatch/score/500x10", "500 patterns on 10 words, with scores and captures", "ns/op", 1},
		{"BenchmarkLanguageLoad", "load, check and compile a project of 5,000 lines", "ns/op", 300},
		{"BenchmarkLanguageCases", "1,000 XML cases of three messages", "ns/op", 10_000},
	}
}

func run(ctx context.Context, runs int, path string) error {
	var out []byte
	for pkg, pattern := range map[string]string{"./internal/script": "^BenchmarkLanguage", "./internal/dialog": "^BenchmarkMatch$/^score$/^500x10$"} {
		cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", pattern, "-count", strconv.Itoa(runs), pkg)
		cmd.Stderr = os.Stderr
		more, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("go test %s: %w\n%s", pkg, err, more)
		}
		out = append(out, more...)
	}
	text, err := table(figures(out))
	if err != nil {
		return err
	}
	fmt.Print(text)
	if path == "" {
		return nil
	}
	return page.Replace(filepath.Clean(path), "language", fmt.Sprintf("Medians of %d runs.\n\n", runs)+text)
}

// figures are the values of each benchmark and unit, in milliseconds.
func figures(out []byte) map[string][]float64 {
	all := map[string][]float64{}
	for line := range bytes.Lines(out) {
		words := strings.Fields(string(line))
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		name := words[0]
		if dash := strings.LastIndexByte(name, '-'); dash > 0 {
			name = name[:dash] // -2 is the number of processors
		}
		for i := 2; i+1 < len(words); i += 2 {
			value, err := strconv.ParseFloat(words[i], 64)
			if err != nil {
				continue
			}
			if words[i+1] == "ns/op" {
				value /= 1e6
			}
			key := name + " " + words[i+1]
			all[key] = append(all[key], value)
		}
	}
	return all
}

// table has a row for each goal; a benchmark that did not run is an error.
func table(all map[string][]float64) (string, error) {
	var b strings.Builder
	b.WriteString("| what | median | lowest to highest | goal | |\n|---|---|---|---|---|\n")
	for _, g := range goals() {
		values := all[g.name+" "+g.figure]
		if len(values) == 0 {
			return "", fmt.Errorf("%s gave no %s", g.name, g.figure)
		}
		slices.Sort(values)
		median, verdict := values[len(values)/2], "met"
		if median > g.most {
			verdict = "**over**"
		}
		fmt.Fprintf(&b, "| %s | **%.3g ms** | %.3g to %.3g ms | at most %g ms | %s |\n", g.label, median, values[0], values[len(values)-1], g.most, verdict)
	}
	return b.String(), nil
}
