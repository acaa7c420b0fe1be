package script

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
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
}

// TestCase is one <test-case>. Message tells why it failed or was skipped.
type TestCase struct {
	File    string `json:"file"`
	ID      string `json:"id"`
	Status  Status `json:"status"`
	Message string `json:"message"`
}

// RunTests runs the XML tests of the project in a directory: those in the folder
// test that tests.include and tests.exclude of chatbot.yaml select. The report
// is nil when the project does not load; the diagnostics tell why.
func RunTests(ctx context.Context, dir string, options Options) (*TestReport, []dialog.Diagnostic, error) {
	draws := &draws{}
	options.Testing, options.Random = true, draws.next
	var err error
	if options.Secrets, err = testSecrets(dir, options.Secrets); err != nil {
		return nil, nil, err
	}
	bot, found := Load(dir, options)
	if bot == nil {
		return nil, found, nil
	}
	files, err := testFiles(os.DirFS(dir), &bot.project.Config.Tests)
	if err != nil {
		return nil, found, err
	}
	report := &TestReport{Cases: []TestCase{}}
	for _, name := range files {
		content, err := os.ReadFile(path.Join(dir, name))
		if err != nil {
			return nil, found, err
		}
		report.file(ctx, bot, draws, name, content)
	}
	return report, found, ctx.Err()
}

// testFiles selects the test files, in order of their names.
func testFiles(files fs.FS, tests *dialog.Tests) ([]string, error) {
	var names []string
	err := fs.WalkDir(files, "test", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".xml") {
			return ignoreMissing(err)
		}
		inner := strings.TrimPrefix(name, "test/")
		if (len(tests.Include) == 0 || fits(tests.Include, inner)) && !fits(tests.Exclude, inner) {
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names)
	return names, err
}

// ignoreMissing lets a project go without a folder test.
func ignoreMissing(err error) error {
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

func fits(globs []string, name string) bool {
	return slices.ContainsFunc(globs, func(glob string) bool { return dialog.Glob(glob, name) })
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

func (t *TestReport) file(ctx context.Context, bot *Bot, draws *draws, name string, content []byte) {
	root, err := parseXML(content)
	if err != nil {
		line, message, _ := strings.Cut(strings.TrimPrefix(err.Error(), "line "), ": ")
		t.add(TestCase{File: name, Status: Failed, Message: name + ":" + line + ": " + message})
		return
	}
	mocked := root.child("mockData")
	number := 0
	for _, e := range root.children {
		switch e.name {
		case "test-case":
		case "mockData":
			continue
		default:
			t.add(TestCase{File: name, Status: Failed, Message: fmt.Sprintf("%s:%d: <test> holds no <%s>", name, e.line, e.name)})
			continue
		}
		number++
		c := &caseRun{ctx: ctx, bot: bot, file: name, draws: draws}
		id, ok := e.attr("id")
		if !ok || id == "" {
			id = fmt.Sprintf("#%d", number)
		}
		t.add(c.run(id, e, mocked))
	}
}

// draws is what <random> says the next random numbers are.
type draws struct{ list []int }

func (d *draws) next(int) int {
	if len(d.list) == 0 {
		return 0
	}
	n := d.list[0]
	d.list = d.list[1:]
	return n
}

// caseRun is one case while it runs.
type caseRun struct {
	ctx     context.Context
	bot     *Bot
	file    string
	draws   *draws
	visitor *visitor

	texts    []reply // not checked yet
	from     int     // line of the step they answer
	sent     bool
	last     *record
	restarts []restart
}

// complaint ends a case: it failed, or was skipped.
type complaint struct {
	line    int
	message string
	skip    bool
}

func (c *complaint) Error() string { return c.message }

func fail(e *element, format string, args ...any) error {
	return &complaint{line: e.line, message: fmt.Sprintf(format, args...)}
}

// run takes the steps of a case in order.
func (c *caseRun) run(id string, e, mocked *element) TestCase {
	c.draws.list = nil
	c.visitor = newVisitor(c.bot, time.Now().UTC().Truncate(time.Millisecond))
	err := c.unsupported(e, mocked)
	for _, step := range e.children {
		if err != nil {
			break
		}
		err = c.step(step)
	}
	if err == nil {
		err = c.nothingLeft()
	}
	out := TestCase{File: c.file, ID: id, Status: Passed}
	if err != nil {
		out.Status, out.Message = Failed, fmt.Sprintf("%s:%d: %s", c.file, e.line, err)
		if wrong, ok := err.(*complaint); ok {
			out.Message = fmt.Sprintf("%s:%d: %s", c.file, wrong.line, wrong.message)
			if wrong.skip {
				out.Status = Skipped
			}
		}
	}
	return out
}

// unsupported finds what this version cannot run, before the case starts.
func (c *caseRun) unsupported(e, mocked *element) error {
	if mocked != nil {
		return &complaint{line: mocked.line, message: "<mockData> is not supported by this version", skip: true}
	}
	for _, step := range e.children {
		switch step.name {
		case "mail", "mockData", "mockService":
			return &complaint{line: step.line, message: "<" + step.name + "> is not supported by this version", skip: true}
		}
	}
	return nil
}

// nothingLeft reports replies that no <a> asked for.
func (c *caseRun) nothingLeft() error {
	if len(c.texts) == 0 {
		return nil
	}
	return &complaint{line: c.from, message: fmt.Sprintf("no <a> for the reply %q of the state %s", str(c.texts[0], "text"), str(c.texts[0], "state"))}
}
