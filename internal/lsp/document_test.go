package lsp

import "testing"

// TestUnits counts places in UTF-16, as the protocol does.
func TestUnits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line       string
		characters []int // of each byte offset from 0; -1 inside a character
	}{
		{"ab", []int{0, 1, 2}},
		{"яa", []int{0, -1, 1, 2}},
		{"🙂a", []int{0, -1, -1, -1, 2, 3}},
	} {
		for at, want := range c.characters {
			if want < 0 {
				continue
			}
			if got := units(c.line[:at]); got != want {
				t.Errorf("%q: byte %d is %d, want %d", c.line, at, got, want)
			}
			if got := offset(c.line, want); got != at {
				t.Errorf("%q: character %d is byte %d, want %d", c.line, want, got, at)
			}
		}
	}
	if got := offset("🙂a", 1); got != 0 {
		t.Errorf("half of a pair is byte %d", got)
	}
	if got := offset("яa", 99); got != 3 {
		t.Errorf("behind the line is byte %d", got)
	}
	if got := byteOf("я🙂a", 3); got != 6 {
		t.Errorf("column 3 is byte %d", got)
	}
}

// TestChange lays edits over a text.
func TestChange(t *testing.T) {
	t.Parallel()
	d := newDocument("x", "я🙂b\r\nsecond\n")
	for _, c := range []struct {
		at   *span
		want string
	}{
		{nil, "new"},
		{&span{position{0, 1}, position{0, 3}}, "яnewb\r\nsecond\n"},
		{&span{position{0, 4}, position{1, 0}}, "я🙂bnewsecond\n"},
		{&span{position{9, 9}, position{9, 9}}, "я🙂b\r\nsecond\nnew"},
		{&span{position{1, 3}, position{0, 0}}, "я🙂b\r\nsecnewond\n"},
	} {
		if got := d.change(c.at, "new").text; got != c.want {
			t.Errorf("%+v: %q, want %q", c.at, got, c.want)
		}
	}
}
