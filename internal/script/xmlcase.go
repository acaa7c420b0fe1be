package script

import (
	"context"
	"fmt"
	"slices"
	"time"

	"parley/internal/dialog"
)

// caseRun is one case while it runs.
type caseRun struct {
	ctx     context.Context
	suite   *suite
	file    string
	visitor *visitor
	mocks   []*mock // the last one that fits a call answers it

	texts    []reply // not checked yet
	from     int     // line of the step they answer
	sent     bool
	last     *record
	restarts []restart
	mails    []mail
	turns    []turnTaken
}

// turnTaken is what gaps are looked for in.
type turnTaken struct {
	text    string // "" for an event
	context string // the context path before
	class   string
	calls   []httpCall
}

func newCaseRun(ctx context.Context, s *suite, p *plannedCase) *caseRun {
	c := &caseRun{ctx: ctx, suite: s, file: p.file, mocks: slices.Clip(p.mocks)}
	c.visitor = newVisitor(s.bot, time.Now().UTC().Truncate(time.Millisecond))
	c.visitor.given.http = c.answer
	c.visitor.given.real = p.integration && s.plan.Integration
	c.visitor.given.draws = &draws{}
	return c
}

// draws is what <random> says the next random numbers are.
type draws struct{ list []int }

func (d *draws) next() int {
	if len(d.list) == 0 {
		return 0
	}
	n := d.list[0]
	d.list = d.list[1:]
	return n
}

// complaint ends a case: it failed, or was skipped for a reason. expected and
// actual are set when two values differ.
type complaint struct {
	line             int
	message          string
	expected, actual string
	skip             SkipReason
}

func (c *complaint) Error() string { return c.message }

func (c *complaint) status() Status {
	if c.skip != "" {
		return Skipped
	}
	return Failed
}

func (c *complaint) at(p *plannedCase) string {
	return fmt.Sprintf("%s:%d: %s", p.file, c.line, c.message)
}

func fail(e *element, format string, args ...any) *complaint {
	return &complaint{line: e.line, message: fmt.Sprintf(format, args...)}
}

// differs is a complaint about two values.
func differs(e *element, what, expected, actual string) *complaint {
	return &complaint{
		line: e.line, expected: expected, actual: actual,
		message: fmt.Sprintf("expected %s %s, got %s", what, expected, actual),
	}
}

// run takes the steps of a case in order.
func (c *caseRun) run(steps []*element) *complaint {
	for _, step := range steps {
		if wrong := c.step(step); wrong != nil {
			return wrong
		}
	}
	return c.nothingLeft()
}

// nothingLeft reports replies that no <a> asked for.
func (c *caseRun) nothingLeft() *complaint {
	if len(c.texts) == 0 {
		return nil
	}
	text, state := fmt.Sprintf("%q", str(c.texts[0], "text")), str(c.texts[0], "state")
	return &complaint{line: c.from, message: fmt.Sprintf("no <a> for the reply %s of the state %s", text, state), expected: "no further reply", actual: text + " from the state " + state}
}

// statePath is a state as tests write it: with or without the leading slash.
func statePath(written string) string { return dialog.Resolve("/", written) }
