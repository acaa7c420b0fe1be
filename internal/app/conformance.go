package app

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parley/internal/dialog"
	"parley/internal/script"
)

type conformanceCommand struct {
	Dirs     []string `arg:"" name:"dir" help:"Directories to look for projects in: every directory with chatbot.yaml is one."`
	Failures bool     `help:"Name the cases that failed."`
	JSON     bool     `name:"json" help:"Print one JSON object."`
}

// Help shows an example.
func (conformanceCommand) Help() string {
	return "Runs the XML tests of many projects and counts. Exit code 0: it ran; 2: it could not run.\n\nExample:\n\n  parley conformance --failures ./projects"
}

// conformance is what the command prints.
type conformance struct {
	Projects []conformingProject `json:"projects"`
	// Totals are of the projects, Library of copies of the standard library, which
	// test themselves.
	Totals  conformanceTotals `json:"totals"`
	Library conformanceTotals `json:"library"`
}

// conformingProject is one line. Error says why it could not run.
type conformingProject struct {
	Dir      string                    `json:"dir"`
	Library  bool                      `json:"library"`
	Counted  int                       `json:"counted"`
	Passed   int                       `json:"passed"`
	Failed   int                       `json:"failed"`
	Skipped  map[script.SkipReason]int `json:"skipped"`
	Problems int                       `json:"problems"` // errors that check reports
	Error    string                    `json:"error,omitempty"`
	Failures []script.TestCase         `json:"failures"`
}

// conformanceTotals are sums. Rate is the share of the counted cases that passed,
// Average that share averaged over the projects with counted cases; 0 to 1.
type conformanceTotals struct {
	Projects int                       `json:"projects"` // with counted cases
	Counted  int                       `json:"counted"`
	Passed   int                       `json:"passed"`
	Failed   int                       `json:"failed"`
	Stale    int                       `json:"stale"` // failed cases that expect a state which the project has not
	Skipped  map[script.SkipReason]int `json:"skipped"`
	Rate     float64                   `json:"rate"`
	Average  float64                   `json:"average"`
}

// Run runs the tests of all projects.
func (c *conformanceCommand) Run(p *process) error {
	var found []string
	for _, dir := range c.Dirs {
		dirs, err := projectsBelow(dir)
		if err != nil {
			return err
		}
		found = append(found, dirs...)
	}
	if len(found) == 0 {
		return fmt.Errorf("there is no %s below %s", dialog.ConfigFile, strings.Join(c.Dirs, ", "))
	}
	all := conformance{Projects: []conformingProject{}}
	for _, dir := range found {
		one, err := testProject(p, dir)
		if err != nil {
			return err
		}
		all.Projects = append(all.Projects, one)
		if !c.JSON {
			if err := one.print(p.env.Stdout, c.Failures); err != nil {
				return err
			}
		}
	}
	all.sum()
	if c.JSON {
		return writeJSON(p.env.Stdout, all)
	}
	return all.print(p.env.Stdout)
}

// projectsBelow lists the directories that hold a chatbot.yaml, in order of their
// names.
func projectsBelow(top string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(top, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != top && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case !entry.IsDir() && entry.Name() == dialog.ConfigFile:
			found = append(found, filepath.Dir(name))
		}
		return nil
	})
	slices.Sort(found)
	return found, err
}

func testProject(p *process, dir string) (conformingProject, error) {
	one := conformingProject{Dir: dir, Library: isLibrary(dir), Skipped: map[script.SkipReason]int{}, Failures: []script.TestCase{}}
	report, found, err := script.RunTests(p.ctx, dir, script.Options{})
	if err != nil {
		return one, err
	}
	for _, d := range found {
		if d.Severity == dialog.Error {
			one.Problems++
		}
	}
	if report == nil {
		for _, d := range found {
			if one.Error == "" && d.Severity == dialog.Error {
				one.Error = d.String()
			}
		}
		return one, nil
	}
	for _, c := range report.Cases {
		switch c.Status {
		case script.Skipped:
			one.Skipped[c.Reason]++
		case script.Failed:
			one.Failures = append(one.Failures, c)
		}
	}
	one.Passed, one.Failed, one.Counted = report.Passed, report.Failed, report.Passed+report.Failed
	return one, nil
}

// isLibrary tells a copy of the standard library, which tests itself: it holds the
// modules that other projects require of it.
func isLibrary(dir string) bool {
	for _, name := range []string{"common.js", "text/text.sc", "number/number.sc", "newSessionOnStart/newSession.sc"} {
		if _, err := os.Stat(filepath.Join(dir, "src", filepath.FromSlash(name))); err != nil {
			return false
		}
	}
	return true
}

func (c *conformance) sum() {
	c.Totals.Skipped, c.Library.Skipped = map[script.SkipReason]int{}, map[script.SkipReason]int{}
	for _, one := range c.Projects {
		if one.Library {
			c.Library.add(one)
		} else {
			c.Totals.add(one)
		}
	}
	c.Totals.rate()
	c.Library.rate()
}

func (t *conformanceTotals) add(one conformingProject) {
	for reason, n := range one.Skipped {
		t.Skipped[reason] += n
	}
	for _, c := range one.Failures {
		if c.Stale {
			t.Stale++
		}
	}
	if one.Counted == 0 {
		return
	}
	t.Projects++
	t.Counted, t.Passed, t.Failed = t.Counted+one.Counted, t.Passed+one.Passed, t.Failed+one.Failed
	t.Average += float64(one.Passed) / float64(one.Counted)
}

func (t *conformanceTotals) rate() {
	if t.Projects > 0 {
		t.Rate, t.Average = float64(t.Passed)/float64(t.Counted), t.Average/float64(t.Projects)
	}
}

func (one conformingProject) print(w io.Writer, failures bool) error {
	name := one.Dir
	if one.Library {
		name += " (standard library)"
	}
	line := fmt.Sprintf("%-60s %5d counted %5d passed %4d failed", name, one.Counted, one.Passed, one.Failed)
	if list := reasons(one.Skipped); list != "" {
		line += "  skipped: " + list
	}
	if one.Error != "" {
		line = fmt.Sprintf("%-60s cannot run: %s", name, one.Error)
	}
	if _, err := fmt.Fprintln(w, line); err != nil || !failures {
		return err
	}
	for _, c := range one.Failures {
		if _, err := fmt.Fprintf(w, "    %s  %s\n", c.ID, c.Message); err != nil {
			return err
		}
	}
	return nil
}

func (c *conformance) print(w io.Writer) error {
	for _, part := range []struct {
		name string
		*conformanceTotals
	}{{"projects", &c.Totals}, {"standard library", &c.Library}} {
		t := part.conformanceTotals
		if t.Projects == 0 && len(t.Skipped) == 0 {
			continue
		}
		_, err := fmt.Fprintf(w, "%s: %d of %d counted cases passed (%.1f %%), %.1f %% averaged over %d projects; %d failed, %d of them expect a state that their project has not; skipped: %s\n",
			part.name, t.Passed, t.Counted, 100*t.Rate, 100*t.Average, t.Projects, t.Failed, t.Stale, reasons(t.Skipped))
		if err != nil {
			return err
		}
	}
	return nil
}
