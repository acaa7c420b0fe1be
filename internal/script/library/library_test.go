package library_test

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/dialog"
	"parley/internal/script"
	"parley/internal/script/library"
)

// TestBots runs the XML tests of the bots in testdata, one for each file of the
// module (script-api 4.2 to 4.5).
func TestBots(t *testing.T) {
	dirs, err := filepath.Glob("testdata/*/chatbot.yaml")
	if err != nil || len(dirs) == 0 {
		t.Fatal("the bots are missing:", err)
	}
	for _, file := range dirs {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			report, found, err := script.RunTests(context.Background(), dir, script.Options{RunTime: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range found {
				t.Errorf("%s", d)
			}
			if report == nil {
				return
			}
			if report.Passed == 0 || report.Failed+report.Skipped > 0 {
				for _, c := range report.Cases {
					if c.Status != script.Passed {
						t.Errorf("%s %s: %s", c.File, c.ID, c.Message)
					}
				}
			}
		})
	}
}

// TestFilesLoad requires every file of the module on its own: none may bring a
// diagnostic.
func TestFilesLoad(t *testing.T) {
	module := library.Modules()["sys.zb-common"]
	err := fs.WalkDir(module.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		t.Run(name, func(t *testing.T) {
			for _, d := range requireOne(t, name, "sys.zb-common") {
				t.Errorf("%s", d)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestForeignFiles: what the module lacks is told (dialog-language 1.3, 9).
func TestForeignFiles(t *testing.T) {
	tests := []struct{ file, module, code, hint string }{
		{"metro/metro.sc", "sys.zb-common", "unsupported-module-file", ""},
		{"zenflow.sc", "sys.zfl-common", "unsupported-module-file", ""},
		{"entities.sc", "sys.zfl-common", "unsupported-module-file", ""},
		{"zenflow-caila.sc", "sys.zfl-common", "unsupported-module-file", ""},
		{"city/cityKz.sc", "sys.zb-common", "unsupported-module-file", ""},
		{"text/txt.sc", "sys.zb-common", "missing-file", "text.sc"},
		{"text/text.sc", "sys.zb-comon", "unknown-module", "sys.zb-common"},
	}
	for _, test := range tests {
		found := requireOne(t, test.file, test.module)
		if len(found) != 1 || found[0].Code != test.code || !strings.Contains(found[0].Hint, test.hint) {
			t.Errorf("%s of %s: %v", test.file, test.module, found)
		}
	}
}

// requireOne checks a project that requires one file.
func requireOne(t *testing.T, name, module string) []dialog.Diagnostic {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "chatbot.yaml", "name: one\nentryPoint: main.sc\n")
	parameters := ""
	if extension := path.Ext(name); extension != ".sc" && extension != ".js" {
		parameters = "    name = Required\n    var = $Required\n"
	}
	write(t, dir, "src/main.sc", "require: "+name+"\n    module = "+module+"\n"+parameters+
		"\ntheme: /\n    state: OwnStart\n        q!: start\n        a: hello\n")
	found, err := script.Check(dir, script.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestLocalPattern: a definition of the project counts, in whatever order the
// files are read (script-api 4.3).
func TestLocalPattern(t *testing.T) {
	require := "require: patterns.sc\n    module = sys.zb-common\n"
	local := "patterns:\n    $hello = ahoy\n"
	states := "theme: /\n    state: Hello\n        q!: $hello\n        a: local\n    state: Other\n        event!: noMatch\n        a: other\n"
	for name, source := range map[string]string{"before": local + require + states, "after": require + local + states} {
		dir := t.TempDir()
		write(t, dir, "chatbot.yaml", "name: local\nentryPoint: main.sc\n")
		write(t, dir, "src/main.sc", source)
		write(t, dir, "test/local.xml", "<test><test-case><q>ahoy</q><a>local</a><q>hello</q><a>other</a></test-case></test>")
		report, found, err := script.RunTests(context.Background(), dir, script.Options{})
		if err != nil || report == nil || report.Passed != 1 {
			t.Errorf("%s: %+v %v %v", name, report, found, err)
		}
	}
}
