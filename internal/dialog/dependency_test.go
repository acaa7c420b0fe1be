package dialog

import (
	"os"
	"path/filepath"
	"testing"
)

// TestDependencies checks where dependencies are found: dialog-language 1.2, 1.3.
func TestDependencies(t *testing.T) {
	for name, test := range map[string]struct {
		url, folder string
		found       bool
	}{
		"in the folder dependencies": {"https://example.com/house.git", "project/dependencies/house", true},
		"in the folder modules":      {"", "project/modules/house/src", true},
		"in the project":             {"", "project/house", true},
		"beside the project":         {"git@example.com:house.git", "house", true},
		"by a path":                  {"./lib/own", "project/lib/own", true},
		"by a path beside":           {"file:../other", "other", true},
		"nowhere":                    {"https://example.com/house.git", "project/elsewhere/house", false},
		"a path that leads far away": {"../../far", "project/far", false},
		"a file of the same name":    {"", "project/house.sc/x", false},
	} {
		t.Run(name, func(t *testing.T) {
			top := t.TempDir()
			write := func(file, content string) {
				t.Helper()
				file = filepath.Join(top, file)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write("project/chatbot.yaml", "entryPoint: main.sc\ndependencies:\n  - name: house\n    type: git\n    url: \""+test.url+"\"\n")
			write("project/src/main.sc", "require: given.sc\n    module = house\ntheme: /\n    state: A\n        go!: /Given\n")
			write(test.folder+"/given.sc", "theme: /\n    state: Given\n        a: given\n")
			p, found := LoadDir(filepath.Join(top, "project"), Options{})
			if (p.States["/Given"] != nil) != test.found || (len(found) == 0) != test.found {
				t.Errorf("%v %v", p.States["/Given"], found)
			}
			if !test.found && (found[0].Code != "missing-dependency" || found[0].Severity != Warning || found[0].Hint == "") {
				t.Errorf("%v", found)
			}
		})
	}
}
