package app

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"parley/internal/script"
)

// progress is the line that counts cases while they run; only a terminal gets it.
type progress struct {
	out            io.Writer
	passed, failed int
	shown          time.Time
}

func newProgress(out io.Writer) *progress {
	if !isTerminal(out) {
		return &progress{}
	}
	return &progress{out: out}
}

// progressPause bounds how often the line is drawn.
const progressPause = 50 * time.Millisecond

func (p *progress) done(c script.TestCase) {
	switch c.Status {
	case script.Passed:
		p.passed++
	case script.Failed:
		p.failed++
	}
	if p.out != nil && time.Since(p.shown) > progressPause {
		p.shown = time.Now()
		fmt.Fprintf(p.out, "\r%d passed, %d failed  %-60.60s", p.passed, p.failed, c.File)
	}
}

func (p *progress) clear() {
	if p.out != nil {
		fmt.Fprintf(p.out, "\r%90s\r", "")
	}
}

// printTests shows a person what did not pass, why cases were skipped, and counts.
func printTests(w io.Writer, report *script.TestReport, took time.Duration) error {
	var out strings.Builder
	skipped := map[script.SkipReason]int{}
	for _, c := range report.Cases {
		switch c.Status {
		case script.Failed:
			out.WriteString("FAIL " + c.File + ":" + strconv.Itoa(c.Line) + "  " + c.ID + "\n")
			printDifference(&out, c)
		case script.Skipped:
			skipped[c.Reason]++
			if c.Reason != script.SkipExcluded && c.Reason != script.SkipIntegration {
				fmt.Fprintf(&out, "SKIP %s:%d  %s\n     %s: %s\n", c.File, c.Line, c.ID, c.Reason, c.Message)
			}
		}
	}
	if report.Coverage != nil {
		printCoverage(&out, report.Coverage)
	}
	fmt.Fprintf(&out, "%d passed, %d failed, %d skipped", report.Passed, report.Failed, report.Skipped)
	if list := reasons(skipped); list != "" {
		out.WriteString(" (" + list + ")")
	}
	fmt.Fprintf(&out, " in %.2f s\n", took.Seconds())
	_, err := io.WriteString(w, out.String())
	return err
}

func printDifference(out *strings.Builder, c script.TestCase) {
	if c.Expected == "" && c.Actual == "" {
		out.WriteString("     " + c.Message + "\n")
		return
	}
	at, _, _ := strings.Cut(c.Message, ": ")
	fmt.Fprintf(out, "     %s\n     - expected  %s\n     + got       %s\n", at, c.Expected, c.Actual)
}

// reasons lists how many cases were skipped for which reason.
func reasons(counts map[script.SkipReason]int) string {
	var parts []string
	for _, r := range script.SkipReasons() {
		if counts[r] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[r], r))
		}
	}
	return strings.Join(parts, ", ")
}

func printCoverage(out *strings.Builder, c *script.Coverage) {
	for _, part := range []struct {
		name string
		script.Covered
	}{{"states", c.States}, {"triggers", c.Triggers}} {
		for _, m := range part.Missed {
			fmt.Fprintf(out, "not reached: %s  %s\n", m.At, m.Name)
		}
		fmt.Fprintf(out, "%s: %d of %d%s\n", part.name, part.Seen, part.Total, share(part.Seen, part.Total))
	}
}

// share is " (12.3 %)", "" of nothing.
func share(part, total int) string {
	if total == 0 {
		return ""
	}
	return fmt.Sprintf(" (%.1f %%)", 100*float64(part)/float64(total))
}
