package dialog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/internal/dialog"
)

const outlined = `require: a.sc

patterns:
    $A = a

theme: /Shop

    state: Order
        q!: order
        script:
            if (x) {
                var y;
            }
        a: ok

        state:
            q: yes

    # the last one
    state: Имя

theme: /
    state: End
`

// TestHeadings reads the outline of a file: dialog-language 2, 3.1.
func TestHeadings(t *testing.T) {
	t.Parallel()
	var got []string
	var visit func([]*dialog.Heading)
	visit = func(list []*dialog.Heading) {
		for _, h := range list {
			got = append(got, fmt.Sprintf("%s %q %s %d-%d", h.Tag, h.Name, h.Path, h.Line, h.End))
			visit(h.Children)
		}
	}
	visit(dialog.Headings("main.sc", []byte(outlined)))
	want := []string{
		`theme "/Shop" /Shop 6-20`, `state "Order" /Shop/Order 8-17`, `state "" /Shop/Order/1 16-17`, `state "Имя" /Shop/Имя 20-20`,
		`theme "/" / 22-23`, `state "End" /End 23-23`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// TestSpotAt tells what may be written in a line: dialog-language 3.
func TestSpotAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line        int
		tag, notTag string
		body, state string
	}{
		{1, "theme", "q!", "", "/"},
		{4, "", "a", "patterns", "/"},
		{8, "state", "a", "", "/Shop"},
		{9, "q!", "theme", "", "/Shop/Order"},
		{11, "", "a", "script", "/Shop/Order"},
		{12, "", "a", "script", "/Shop/Order"},
		{14, "InputText", "theme", "", "/Shop/Order"},
		{17, "intent!", "patterns", "", "/Shop/Order/1"},
		{20, "state", "a", "", "/Shop"},
		{22, "require", "state", "", "/"},
		{99, "", "a", "", "/"},
	} {
		s := dialog.SpotAt([]byte(outlined), c.line)
		if c.tag != "" && !slices.Contains(s.Tags, c.tag) || slices.Contains(s.Tags, c.notTag) || s.Body != c.body || s.State != c.state {
			t.Errorf("line %d: %+v", c.line, s)
		}
	}
}

// TestSpotInHalfWrittenText looks at lines that nothing was written in yet.
func TestSpotInHalfWrittenText(t *testing.T) {
	t.Parallel()
	text := "theme: /\n    state: A\n        q!: a\n\n        \n    \n"
	for line, want := range map[int]string{4: "/", 5: "/A", 6: "/"} {
		if s := dialog.SpotAt([]byte(text), line); s.State != want {
			t.Errorf("line %d: %+v", line, s)
		}
	}
	if s := dialog.SpotAt([]byte(text), 5); !slices.Contains(s.Tags, "a") {
		t.Errorf("no tag may begin in an empty line of a state: %+v", s)
	}
}

// TestTagParams lists what stands behind ||: dialog-language 3.
func TestTagParams(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{"q!": "fromState", "state": "modal", "timeout": "interval", "InputText": "varName", "require": "module"} {
		if !slices.Contains(dialog.TagParams(tag), want) {
			t.Errorf("%s lacks %s: %v", tag, want, dialog.TagParams(tag))
		}
	}
	if got := dialog.TagParams("nothing"); got != nil {
		t.Errorf("an unknown tag has %v", got)
	}
	if !dialog.IsStateParam("q", "toState") || !dialog.IsStateParam("Confirmation", "agreeState") || dialog.IsStateParam("InputText", "prompt") || dialog.IsStateParam("a", "html") {
		t.Error("the parameters that name states are wrong")
	}
	if names := dialog.TagNames(); !slices.IsSorted(names) || !slices.Contains(names, "HttpRequest") || !slices.Contains(names, "go!") {
		t.Errorf("the tags are %v", names)
	}
}

// FuzzSpotAt looks at every line of any text.
func FuzzSpotAt(f *testing.F) {
	f.Add([]byte(outlined))
	f.Add([]byte("\ufeffstate:\n\ta\n  \tb: {{\r\n@x {\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 400 {
			return
		}
		lines := strings.Count(string(data), "\n") + 1
		for line := range lines + 2 {
			s := dialog.SpotAt(data, line)
			if s.State == "" || s.Body != "" && len(s.Tags) > 0 {
				t.Fatalf("line %d: %+v", line, s)
			}
		}
		for _, h := range dialog.Headings("x.sc", data) {
			if h.End < h.Line || h.End > lines {
				t.Fatalf("%+v", h)
			}
		}
	})
}
