package script

import (
	"context"
	"regexp"
	"runtime"
	"sync"
	"time"

	"parley/internal/dialog"
)

// Status of a case of an XML test.
type Status string

const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Skipped Status = "skipped"
)

// TestReport is the outcome of a project's XML tests: dialog-language 8.
type TestReport struct {
	Passed  int        `json:"passed"`
	Failed  int        `json:"failed"`
	Skipped int        `json:"skipped"`
	Cases   []TestCase `json:"cases"`
	// Coverage is nil unless the plan asks for it.
	Coverage *Coverage `json:"coverage,omitempty"`
}

// TestCase is one <test-case>. Message tells why it failed or was skipped, with
// file and line; Expected and Actual are what differs, when two values do.
type TestCase struct {
	File     string     `json:"file"`
	ID       string     `json:"id"`
	Line     int        `json:"line"`
	Status   Status     `json:"status"`
	Reason   SkipReason `json:"reason,omitempty"`
	Message  string     `json:"message"`
	Expected string     `json:"expected,omitempty"`
	Actual   string     `json:"actual,omitempty"`
	// Stale is set for a failed case that expects a state which the project has not.
	Stale  bool    `json:"stale,omitempty"`
	Millis float64 `json:"ms"`
}

// TestPlan says which cases run and how. The zero value runs all that chatbot.yaml
// selects, on all cores.
type TestPlan struct {
	// Filter selects cases by "file id"; nil takes all. What it leaves out is not
	// in the report.
	Filter *regexp.Regexp
	// Integration runs the cases with integration="true", whose calls go out.
	Integration bool
	// Coverage asks for the coverage report.
	Coverage bool
	// Workers is how many cases run at once; 0 is the number of cores.
	Workers int
	// Done is called after each case, by one goroutine at a time; nil for none.
	Done func(TestCase)
}

// RunTests runs the XML tests of the project in a directory with the plan's zero
// value.
func RunTests(ctx context.Context, dir string, options Options) (*TestReport, []dialog.Diagnostic, error) {
	return TestPlan{}.Run(ctx, dir, options)
}

// Run runs the XML tests of the project in a directory. The report is nil when
// the project cannot run; the diagnostics tell why.
func (p TestPlan) Run(ctx context.Context, dir string, options Options) (*TestReport, []dialog.Diagnostic, error) {
	if p.Workers <= 0 {
		p.Workers = runtime.GOMAXPROCS(0)
	}
	options.Testing, options.Engines = true, max(options.Engines, p.Workers)
	var err error
	if options.Secrets, err = testSecrets(dir, options.Secrets); err != nil {
		return nil, nil, err
	}
	bot, found := Load(dir, options)
	if bot == nil {
		return nil, found, nil
	}
	planned, err := readCases(dir, &bot.project.Config.Tests)
	if err != nil {
		return nil, found, err
	}
	s := &suite{plan: p, bot: bot, gaps: newGaps(bot.project, found)}
	if p.Coverage {
		s.seen = newSightings()
	}
	report := s.run(ctx, p.filtered(planned))
	return report, found, ctx.Err()
}

func (p TestPlan) filtered(planned []plannedCase) []plannedCase {
	if p.Filter == nil {
		return planned
	}
	var kept []plannedCase
	for _, c := range planned {
		if p.Filter.MatchString(c.file + " " + c.id) {
			kept = append(kept, c)
		}
	}
	return kept
}

// suite runs the cases of a project.
type suite struct {
	plan TestPlan
	bot  *Bot
	gaps *gaps
	seen *sightings // nil without coverage

	mu sync.Mutex
}

// run runs the cases, several at once, and reports them in their order.
func (s *suite) run(ctx context.Context, planned []plannedCase) *TestReport {
	cases := make([]TestCase, len(planned))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(s.plan.Workers, len(planned)) {
		workers.Go(func() {
			for i := range next {
				cases[i] = s.one(ctx, &planned[i])
			}
		})
	}
	for i := range planned {
		next <- i
	}
	close(next)
	workers.Wait()
	report := &TestReport{Cases: []TestCase{}}
	for _, c := range cases {
		report.add(c)
	}
	if s.seen != nil {
		report.Coverage = s.seen.coverage(s.bot.project)
	}
	return report
}

// one runs a case unless something about it says that it cannot be judged.
func (s *suite) one(ctx context.Context, p *plannedCase) TestCase {
	began := time.Now()
	out := TestCase{File: p.file, ID: p.id, Line: p.line, Status: Passed}
	if err := s.judge(ctx, p); err != nil {
		out.Status, out.Reason, out.Message = err.status(), err.skip, err.at(p)
		out.Expected, out.Actual = err.expected, err.actual
		out.Stale = out.Status == Failed && s.stale(p)
	}
	out.Millis = float64(time.Since(began).Microseconds()) / 1000
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.plan.Done != nil {
		s.plan.Done(out)
	}
	return out
}

// judge gives what is wrong with a case, nil when it passed. A case that failed is
// skipped when it needed something that the project does not hold.
func (s *suite) judge(ctx context.Context, p *plannedCase) *complaint {
	if p.wrong != nil {
		return p.wrong
	}
	if p.integration && !s.plan.Integration {
		return &complaint{line: p.line, skip: SkipIntegration, message: `integration="true": it needs services outside`}
	}
	c := newCaseRun(ctx, s, p)
	wrong := c.run(p.steps)
	if wrong == nil {
		return nil
	}
	if reason, why := s.gaps.touched(ctx, c); reason != "" {
		return &complaint{line: wrong.line, skip: reason, message: why + "; " + wrong.message, expected: wrong.expected, actual: wrong.actual}
	}
	return wrong
}

// stale tells whether a case expects a reply of a state that does not exist.
func (s *suite) stale(p *plannedCase) bool {
	for _, e := range p.steps {
		if state, ok := e.attr("state"); ok && e.name == "a" && s.bot.states[statePath(state)] == nil {
			return true
		}
	}
	return false
}

func (t *TestReport) add(c TestCase) {
	switch c.Status {
	case Passed:
		t.Passed++
	case Failed:
		t.Failed++
	case Skipped:
		t.Skipped++
	}
	t.Cases = append(t.Cases, c)
}
