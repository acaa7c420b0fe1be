package cluster

import (
	"path/filepath"
	"testing"
)

// TestLapses holds lapses to their sources: each finds what it replaces, and says so
// where a source no longer has it.
func TestLapses(t *testing.T) {
	module := filepath.Join("..", "..")
	for _, l := range Lapses() {
		if _, err := l.Overlay(module, t.TempDir()); err != nil {
			t.Error(err)
		}
		for _, e := range l.edits {
			other := Lapse{Name: l.Name, edits: []edit{{e.file, "no " + e.old, e.new}}}
			if _, err := other.Overlay(module, t.TempDir()); err == nil {
				t.Errorf("%s: %s was replaced where it does not stand", l.Name, e.old)
			}
			if e.old == e.new {
				t.Errorf("%s: %s is replaced by itself", l.Name, e.old)
			}
		}
	}
}
