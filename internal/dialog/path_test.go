package dialog

import "testing"

func TestResolve(t *testing.T) {
	cases := []struct{ current, path, want string }{
		{"/state1", "state2", "/state1/state2"},
		{"/A/B", "/C/D", "/C/D"},
		{"/A/B", "/", "/"},
		{"/A/B", ".", "/A/B"},
		{"/A/B", "./X", "/A/B/X"},
		{"/A/B", "..", "/A"},
		{"/A/B", "../X", "/A/X"},
		{"/A/B", "../../X", "/X"},
		{"/A", "../../../X", "/X"},
		{"/", "..", "/"},
		{"/", "", "/"},
		{"/", "X/./Y/../Z", "/X/Z"},
		{"/A", "/B//C/", "/B/C"},
		{"/A", " /Как дела? / да ", "/Как дела?/да"},
	}
	for _, c := range cases {
		if got := Resolve(c.current, c.path); got != c.want {
			t.Errorf("Resolve(%q, %q) = %q, want %q", c.current, c.path, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	candidates := []string{"state", "script", "go!", "a"}
	for name, want := range map[string]string{
		"stat": "state", "sctipt": "script", "State": "state", "b": "", "A": "a", "nothing": "", "og!": "go!",
	} {
		if got := nearest(name, candidates); got != want {
			t.Errorf("nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestGlob(t *testing.T) {
	cases := []struct {
		pattern, name string
		want          bool
	}{
		{"*.sc", "a.sc", true}, {"*.sc", "x/a.sc", false}, {"**/*.sc", "x/y/a.sc", true}, {"**/*.sc", "a.sc", true},
		{"a/**", "a/b/c", true}, {"a/**", "b/c", false}, {"a/?.xml", "a/1.xml", true}, {"**", "a/b", true}, {"[", "[", false},
	}
	for _, c := range cases {
		if got := Glob(c.pattern, c.name); got != c.want {
			t.Errorf("Glob(%q, %q) = %t", c.pattern, c.name, got)
		}
	}
}
