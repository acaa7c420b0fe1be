package moving_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/moving"
)

func TestFolder_CopiesEveryFileAndLeavesItsDirectoryToNobody(t *testing.T) {
	t.Parallel()
	from, to := t.TempDir(), t.TempDir()
	want := map[string]string{"one": "1", "a/b/two": "22", "a/three": ""}
	for name, text := range want {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(from, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(from, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, err := moving.OpenFolder(from)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := moving.OpenFolder(filepath.Join(to, "new"))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if n, err := moving.CopyObjects(t.Context(), "releases", a, b, progress{}.told); n != 3 || err != nil {
		t.Fatalf("%d copied, %v", n, err)
	}
	for name, text := range want {
		if got, err := os.ReadFile(filepath.Join(to, "new", name)); err != nil || string(got) != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"../out", "/out", "a/../../out", ".", ""} {
		if err := b.Put(t.Context(), name, strings.NewReader("x")); err == nil {
			t.Errorf("%q was written", name)
		}
	}
	if entries, _ := os.ReadDir(to); len(entries) != 1 {
		t.Errorf("%d entries beside the folder", len(entries))
	}
}
