package script

import (
	"context"
	"path/filepath"
	"testing"

	"parley/internal/dialog"
)

func TestExamples(t *testing.T) {
	dirs, err := filepath.Glob("../../examples/*/chatbot.yaml")
	if err != nil || len(dirs) < 4 {
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
