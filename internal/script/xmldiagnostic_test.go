package script

import (
	"slices"
	"strings"
	"testing"

	"parley/internal/dialog"
)

// TestCheckTest finds mistakes in a test file: dialog-language 8.
func TestCheckTest(t *testing.T) {
	t.Parallel()
	project := &dialog.Project{States: map[string]*dialog.State{"/": {}, "/Start": {}}}
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"all well", `<test><test-case><q>hi</q><a state="/Start" class="Start"/><state>/</state></test-case></test>`, nil},
		{"no xml", "<test>\n<test-case>\n</test>", []string{`t.xml:3:1: error: element <test-case> closed by </test> [bad-test]`}},
		{"another root", `<suite/>`, []string{"t.xml:1:1: warning: the root element is <suite>, not <test> [bad-test]"}},
		{"unknown elements", "<test>\n<case/>\n<test-case>\n<say/></test-case></test>", []string{
			"t.xml:2:1: error: <test> holds no <case> [bad-test]", "t.xml:4:1: error: <say> is no element of a test case [bad-test]",
		}},
		{"unknown states", "<test><test-case>\n<q>x</q><a state=\"/Sttar\"/>\n<timeoutReply targetState=\"/End\" interval=\"5\"/>\n<state>Else</state></test-case></test>", []string{
			"t.xml:2:1: warning: no state has the path /Sttar [unknown-state]", "t.xml:3:1: warning: no state has the path /End [unknown-state]",
			"t.xml:4:1: warning: no state has the path /Else [unknown-state]",
		}},
	} {
		var got []string
		for _, d := range CheckTest(project, "t.xml", []byte(c.text)) {
			got = append(got, d.String())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
		}
	}
}

// TestCaseElements compares the list with what a case takes.
func TestCaseElements(t *testing.T) {
	t.Parallel()
	bot := &Bot{project: &dialog.Project{}}
	for _, name := range append(CaseElements(), "say") {
		c := newCaseRun(t.Context(), &suite{bot: bot}, &plannedCase{})
		refused := false
		if !slices.Contains([]string{"q", "event", "request", "timeout"}, name) { // these need a machine
			wrong := c.step(&element{name: name, attrs: map[string]string{}})
			refused = wrong != nil && strings.Contains(wrong.message, "is no element")
		}
		if refused != (name == "say") {
			t.Errorf("<%s> refused: %t", name, refused)
		}
	}
}
