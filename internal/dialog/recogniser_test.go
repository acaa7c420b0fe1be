package dialog

import (
	"testing"
	"testing/fstest"
)

// TestRecogniserOfLoad: the recogniser that a load made answers like one made
// anew, and the load has told what is wrong with the patterns.
func TestRecogniserOfLoad(t *testing.T) {
	p, found := loadFile("theme: /\n    state: Order\n        q!: * order *\n    state: Broken\n        q!: (one\n")
	if !HasErrors(found) {
		t.Errorf("the broken pattern is not reported: %v", found)
	}
	r, wrong := NewRecogniser(p, nil)
	if !HasErrors(wrong) {
		t.Errorf("nothing is wrong for NewRecogniser: %v", wrong)
	}
	for _, text := range []string{"an order please", "one", ""} {
		want, err := r.Hits(t.Context(), r.Input(text), "/")
		if err != nil {
			t.Fatal(err)
		}
		kept := p.Recogniser()
		got, err := kept.Hits(t.Context(), kept.Input(text), "/")
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) || len(got) > 0 && got[0].Trigger != want[0].Trigger {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func TestRecogniserWithoutConfig(t *testing.T) {
	p, found := Load(fstest.MapFS{}, Options{})
	if !HasErrors(found) {
		t.Error("a missing chatbot.yaml is not reported")
	}
	r := p.Recogniser()
	if hits, err := r.Hits(t.Context(), r.Input("hello"), "/"); err != nil || len(hits) != 0 {
		t.Errorf("got %v, %v", hits, err)
	}
}
