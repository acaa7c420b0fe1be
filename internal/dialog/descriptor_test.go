package dialog

import (
	"strings"
	"testing"
	"testing/fstest"
)

// dialog-language 3.6: a use of a bot's own tag is held against its descriptor.
func TestDescriptorsCheckParameters(t *testing.T) {
	const main = `theme: /
    state: A
        q!: a
        Weather:
            town = Berlin
            okState = /A
`
	for descriptor, want := range map[string]string{
		`{"tagName": "Weather"}`: "",
		`{"tagName": "Weather", "parameters": [{"name": "town", "required": true}]}`:                      "",
		`{"tagName": "Weather", "parameters": [{"name": "okState", "required": true}, {"name": "town"}]}`: "",
		`{"tagName": "Weather", "parameters": [{"name": "town"}, {"name": "day", "required": true}]}`:     `src/main.sc:4:9: error: "Weather" needs the parameter day [missing-parameter]`,
		`{"tagName": "Weather", "parameters": [{"name": "towns"}]}`:                                       `src/main.sc:5:13: warning: Weather has no parameter "town" in its descriptor`,
		`{"tagName": "Weather", "parameters": []}`:                                                        `src/main.sc:5:13: warning: Weather has no parameter "town" in its descriptor`,
		`{"tagName": "Weather", "parameters": {"town": "string"}}`:                                        "src/w.json:1:1: warning: parameters is no list of {name, required}",
		`{"tagName": "Weather", "parameters": [{"title": "Town"}]}`:                                       "src/w.json:1:1: warning: parameters is no list of {name, required}",
	} {
		_, found := Load(fstest.MapFS{
			"chatbot.yaml": {Data: []byte("name: w\nentryPoint: main.sc\ncustomTags:\n  - w.json\n")},
			"src/main.sc":  {Data: []byte(main)}, "src/w.json": {Data: []byte(descriptor)},
		}, Options{})
		got := ""
		for _, d := range found {
			got += d.String() + "\n"
		}
		if (want == "") != (got == "") || !strings.Contains(got, want) || len(found) > 1 {
			t.Errorf("%s: %q, want %q", descriptor, got, want)
		}
	}
}
