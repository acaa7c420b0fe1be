package app

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// testedProject has a case that passes, one that fails and a stale one, and one that is skipped.
func testedProject(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"bot/chatbot.yaml":   "entryPoint: main.sc\nlanguage: en\n",
		"bot/src/main.sc":    "theme: /\n    state: A\n        q!: a\n        a: one & only\n    state: B\n        q!: b\n        a: b\n",
		"bot/test/a.xml":     "<test>\n<test-case id=\"good\"><q>a</q><a state=\"/A\"/></test-case>\n<test-case id=\"bad\"><q>a</q>\n<a>two</a></test-case></test>",
		"bot/test/b.xml":     `<test><test-case><q>a</q><a state="/Gone"/></test-case><test-case integration="true"/></test>`,
		"broke/chatbot.yaml": "entryPoint: gone.sc\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func command(args ...string) (code int, out string) {
	var stdout, stderr bytes.Buffer
	code = Main(context.Background(), Environment{Args: args, Stdout: &stdout, Stderr: &stderr})
	return code, stdout.String() + stderr.String()
}

func TestTestCommand(t *testing.T) {
	dir := testedProject(t)
	bot := filepath.Join(dir, "bot")
	code, out := command("test", bot, "--coverage")
	for _, want := range []string{
		"FAIL test/a.xml:3  bad\n     test/a.xml:4\n     - expected  \"two\"\n     + got       \"one & only\" from the state /A\n",
		"not reached: src/main.sc:5:5  /B\nstates: 1 of 2 (50.0 %)\n", "not reached: src/main.sc:6:9  q: b\ntriggers: 1 of 2 (50.0 %)\n",
		"1 passed, 2 failed, 1 skipped (1 integration) in ",
	} {
		if code != ExitFailed || !strings.Contains(out, want) {
			t.Errorf("exit code %d\n%s\nlacks %q", code, out, want)
		}
	}
	if code, out := command("test", bot, "--filter", "a.xml good"); code != ExitOK || !strings.HasPrefix(out, "1 passed, 0 failed, 0 skipped") {
		t.Errorf("--filter: %d %s", code, out)
	}
	for _, args := range [][]string{{"test", bot, "--filter", "("}, {"test", filepath.Join(dir, "broke")}, {"test", filepath.Join(dir, "none")}} {
		if code, out := command(args...); code != ExitCannot || out == "" {
			t.Errorf("%v: %d %s", args, code, out)
		}
	}
}

func TestJUnit(t *testing.T) {
	dir := testedProject(t)
	file := filepath.Join(dir, "report.xml")
	if code, out := command("test", filepath.Join(dir, "bot"), "--format", "junit", "--output", file); code != ExitFailed || !strings.Contains(out, "1 passed") {
		t.Errorf("%d %s", code, out)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var report junitSuites
	if err := xml.Unmarshal(content, &report); err != nil || len(report.Suites) != 2 {
		t.Fatalf("%v\n%s", err, content)
	}
	first, second := report.Suites[0], report.Suites[1]
	if first.Name != "test/a.xml" || first.Tests != 2 || first.Failures != 1 || first.Cases[0].Failure != nil || first.Cases[1].Line != 3 ||
		first.Cases[1].Failure.Text != "- \"two\"\n+ \"one & only\" from the state /A" {
		t.Errorf("%+v", first)
	}
	if second.Skipped != 1 || second.Cases[1].Skipped == nil || !strings.HasPrefix(second.Cases[1].Skipped.Message, "integration: ") {
		t.Errorf("%+v", second)
	}
}

func TestConformanceCommand(t *testing.T) {
	dir := testedProject(t)
	code, out := command("conformance", "--json", dir)
	var all conformance
	if err := json.Unmarshal([]byte(out), &all); err != nil || code != ExitOK || len(all.Projects) != 2 {
		t.Fatalf("%d %v %s", code, err, out)
	}
	if p := all.Projects[0]; p.Counted != 3 || p.Passed != 1 || len(p.Failures) != 2 || p.Skipped["integration"] != 1 || p.Library {
		t.Errorf("%+v", p)
	}
	if p := all.Projects[1]; !strings.Contains(p.Error, "chatbot.yaml:1:13") || p.Counted != 0 {
		t.Errorf("%+v", p)
	}
	if s := all.Totals; s.Projects != 1 || s.Stale != 1 || s.Failed != 2 || s.Rate != s.Average {
		t.Errorf("%+v", s)
	}
	if code, out := command("conformance", "--failures", dir); code != ExitOK || !strings.Contains(out, "    bad  test/a.xml:4: expected") ||
		!strings.Contains(out, "projects: 1 of 3 counted cases passed (33.3 %), 33.3 % averaged over 1 projects") {
		t.Errorf("%d %s", code, out)
	}
	if code, _ := command("conformance", t.TempDir()); code != ExitCannot {
		t.Errorf("a directory without projects: %d", code)
	}
}

// TestWatch: a change of a file runs again, hidden folders do not.
func TestWatch(t *testing.T) {
	dir := testedProject(t)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		runs := 0
		done := make(chan error)
		go func() { done <- watchDir(ctx, dir, func() error { runs++; return nil }) }()
		for _, step := range []struct {
			name string
			want int
		}{{".git/x", 1}, {"bot/src/new.sc", 2}, {"bot/src/new.sc", 3}} {
			path := filepath.Join(dir, filepath.FromSlash(step.name))
			before, _ := os.ReadFile(path)
			_ = os.MkdirAll(filepath.Dir(path), 0o755)
			synctest.Wait()
			if err := os.WriteFile(path, append(before, 'x'), 0o600); err != nil {
				t.Fatal(err)
			}
			<-time.After(2 * watchPause)
			synctest.Wait()
			if runs != step.want {
				t.Errorf("%s: %d runs, want %d", step.name, runs, step.want)
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
