package script

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// common keeps shelves as the store of a cluster does.
type common struct {
	states   map[string][]byte
	archives map[int][]byte
}

func (c *common) States(context.Context) (map[string][]byte, error) { return c.states, nil }

func (c *common) Numbers(context.Context, string) ([]int, error) {
	return slices.Collect(maps.Keys(c.archives)), nil
}

func (c *common) Fetch(_ context.Context, _ string, number int) ([]byte, error) {
	return c.archives[number], nil
}

func (c *common) Save(_ context.Context, source string, state []byte, added map[int][]byte, gone []int) error {
	c.states[source] = state
	maps.Copy(c.archives, added)
	for _, n := range gone {
		delete(c.archives, n)
	}
	return nil
}

// TestShare: what one node deploys or withdraws is in service at another one, which
// has never seen the directory.
func TestShare(t *testing.T) {
	source := t.TempDir()
	write := func(says string) {
		t.Helper()
		for name, text := range map[string]string{"chatbot.yaml": "entryPoint: main.sc\n", "src/main.sc": "theme: /\n\n    state: Hello\n        q!: *\n        a: " + says + "\n"} {
			path := filepath.Join(source, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	shared, root := &common{map[string][]byte{}, map[int][]byte{}}, t.TempDir()
	one, two := NewBots(Options{}, root), NewBots(Options{}, t.TempDir())
	for n, says := range []string{"first", "second"} {
		write(says)
		staged, err := Stage(root, source)
		if err != nil {
			t.Fatal(err)
		}
		if r, found, err := one.Deploy(source, staged, time.Now(), false); err != nil || r.Number != n+1 {
			t.Fatal(r, found, err)
		}
	}
	current := func(bots *Bots) int {
		t.Helper()
		_, serving, err := bots.Releases(source)
		if err != nil {
			t.Fatal(err)
		}
		return serving(0)
	}
	exchange := func() {
		t.Helper()
		if err := one.Offer(t.Context(), shared, source); err != nil {
			t.Fatal(err)
		}
		if err := two.Adopt(t.Context(), shared); err != nil {
			t.Fatal(err)
		}
	}
	exchange()
	if !two.Released(source) || current(two) != 2 {
		t.Fatalf("release %d is in service", current(two))
	}
	for n := 1; n <= 2; n++ {
		if number, bot, err := two.serving(source, n); err != nil || number != n || bot == nil {
			t.Errorf("release %d: %d, %v", n, number, err)
		}
	}
	if _, err := one.Rollback(source, 1, false); err != nil {
		t.Fatal(err)
	}
	exchange()
	if current(two) != 1 {
		t.Errorf("after the rollback release %d is in service", current(two))
	}
	again := NewBots(Options{}, two.releases.root)
	if sources, err := again.Sources(); err != nil || !slices.Equal(sources, []string{source}) || current(again) != 1 {
		t.Errorf("after a restart: %v, %v", sources, err)
	}
}

func TestUnpack_RefusesWhatIsNoArchive(t *testing.T) {
	if err := unpack(t.TempDir(), []byte("no zip")); err == nil {
		t.Error("no error")
	}
}
