package page

import "testing"

func TestWithKeepsTheRest(t *testing.T) {
	const begin, end = "<!-- bench: begin -->", "<!-- bench: end -->"
	page := "# Title\n\nabove\n" + begin + "\nold\n" + end + "\nbelow\n"
	got, err := with([]byte(page), "bench", "new\n")
	want := "# Title\n\nabove\n" + begin + "\n\nnew\n\n" + end + "\nbelow\n"
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v", got, err)
	}
	again, err := with(got, "bench", "new\n")
	if err != nil || string(again) != want {
		t.Errorf("a second time: %q, %v", again, err)
	}
	for _, broken := range []string{"no markers", begin, end + begin} {
		if _, err := with([]byte(broken), "bench", "new"); err == nil {
			t.Errorf("%q was accepted", broken)
		}
	}
}
