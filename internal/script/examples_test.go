package script

import (
	"context"
	"path/filepath"
	"testing"

	"parley/internal/dialog"
)

func TestExamples(t *testing.T) { testBots(t, "../../examples", 4) }

// TestLanguageExamples runs the bots that the pages of docs/language show.
func TestLanguageExamples(t *testing.T) { testBots(t, "../../docs/language/examples", 1) }

// testBots runs the XML tests of every bot in a folder that holds at least some.
func testBots(t *testing.T, folder string, some int) {
	t.Helper()
	dirs, err := filepath.Glob(folder + "/*/chatbot.yaml")
	if err != nil || len(dirs) < some {
		t.Fatal("the examples are missing:", dirs, err)
	}
	for _, file := range dirs {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			report, found, err := RunTests(context.Background(), dir, Options{Log: testLog(t)})
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range found {
				t.Errorf("%s", d)
			}
			if dialog.HasErrors(found) {
				return
			}
			if report.Passed == 0 || report.Failed+report.Skipped > 0 {
				t.Errorf("%+v", report)
			}
		})
	}
}
