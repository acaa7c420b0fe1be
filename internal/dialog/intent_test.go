package dialog

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"parley/internal/dialog/nlu"
)

// TestIntentHits: dialog-language 5.3 rule 4, with the distances of 5.2. A
// hypothesis is written "path score priority".
func TestIntentHits(t *testing.T) {
	const source = `theme: /
    state: Far
        intent!: /A
        intent!: /B
    state: Group
        intentGroup!: /Things/
        intentGroup: Things/Small || fromState = /Near, onlyThisState = true
    state: Near
        state: Child
            intent: /A
            intent: /Things/Small/One
        state: Modal || modal = true
            state: In
                intent: /B
`
	cases := []struct{ name, context, hypotheses, config, want string }{
		{"the better score wins, however far", "/Near", "/A 0.5 0;/B 0.9 0", "", "/Far=/B /Near/Child /Far=/A"},
		{"at the same score the nearer", "/Near", "/A 0.5 0", "", "/Near/Child /Far=/A"},
		{"then the greater priority", "/", "/A 0.5 1;/B 0.5 2", "", "/Far=/B /Far=/A"},
		{"considerContextDepth: the nearer, however weak", "/Near", "/A 0.5 0;/B 0.9 0", "considerContextDepthInStateSelectionV2: true", "/Near/Child /Far=/B /Far=/A"},
		{"below the threshold", "/", "/A 0.19 0;/B 0.2 0", "", "/Far=/B"},
		{"a group takes what lies below its path", "/", "/Things/Big 1 0;/ThingsElse 1 0", "", "/Group"},
		{"the path of the group itself", "/", "/Things 1 0", "", "/Group"},
		{"the intent itself before its group", "/Near", "/Things/Small/One 1 0", "", "/Near/Child /Group /Group"},
		{"onlyThisState", "/Near/Child", "/Things/Small/Two 1 0", "", "/Group"},
		{"a modal state holds global intents back", "/Near/Modal", "/A 1 0;/B 1 0", "", "/Near/Modal/In"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			config := "entryPoint: main.sc\nbotEngine: v2\nlanguage: en\nnlp:\n  nbest: 1\n  " + c.config + "\n"
			p, found := Load(fstest.MapFS{"chatbot.yaml": {Data: []byte(config)}, "src/main.sc": {Data: []byte(source)}}, Options{})
			if HasErrors(found) {
				t.Fatal(found)
			}
			var got []string
			for _, hit := range p.IntentHits(c.context, hypotheses(t, c.hypotheses)) {
				target := hit.Trigger.Target()
				if target == "/Far" {
					target += "=" + hit.Intent.Path
				}
				got = append(got, target)
			}
			if list := strings.Join(got, " "); list != c.want {
				t.Errorf("got %s, want %s", list, c.want)
			}
		})
	}
}

func hypotheses(t *testing.T, list string) []nlu.Hypothesis {
	t.Helper()
	var hypotheses []nlu.Hypothesis
	for one := range strings.SplitSeq(list, ";") {
		h := nlu.Hypothesis{Intent: &nlu.Intent{}}
		if _, err := fmt.Sscan(one, &h.Intent.Path, &h.Score, &h.Intent.Priority); err != nil {
			t.Fatal(err)
		}
		hypotheses = append(hypotheses, h)
	}
	return hypotheses
}

// TestMissingData: triggers without data warn, once for each intent and group, and
// the project stays in service.
func TestMissingData(t *testing.T) {
	const source = `theme: /
    state: A
        intent!: /Known
        intent!: /Knwon
        intent: /Knwon
        intentGroup!: /Known
        intentGroup!: /Gone
        eg: hello
        eg!: helo
        a: a
`
	files := fstest.MapFS{
		"chatbot.yaml": {Data: []byte("entryPoint: main.sc\nbotEngine: v2\nlanguage: en\nexampleGroups:\n  - groups.json\n  - bad.json\n  - gone.json\n")},
		"src/main.sc":  {Data: []byte(source)}, "src/groups.json": {Data: []byte(`{"hello": ["hi there"]}`)}, "src/bad.json": {Data: []byte(`[1]`)},
		"nlu.json": {Data: []byte(`{"intents": [{"path": "/Known", "phrases": [{"text": "x"}]}]}`)},
	}
	p, found := Load(files, Options{})
	var got []string
	for _, d := range found {
		got = append(got, fmt.Sprintf("%s:%d:%d %s %s", d.File, d.Line, d.Column, d.Code, d.Hint))
	}
	want := []string{
		`chatbot.yaml:7:5 bad-example-group `,
		`src/bad.json:1:1 bad-example-group write {"group": ["an example", ...], ...}`,
		`src/main.sc:4:18 no-intent-data did you mean "/Known"?`,
		`src/main.sc:7:23 no-intent-data `,
		`src/main.sc:9:14 no-example-group did you mean "hello"?`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if !Runnable(found) {
		t.Error("missing data must not keep a project out of service")
	}
	if _, again := loadFile(source); !Runnable(again) {
		t.Error("a missing export must not keep a project out of service")
	}
	if hits, err := p.Examples().Hits(t.Context(), "hi there", "/"); err != nil || len(hits) != 1 {
		t.Errorf("%v, %v", hits, err)
	}
}

// TestExampleHits: dialog-language 3.2 and 5.3; both forms of example groups.
func TestExampleHits(t *testing.T) {
	const source = `theme: /
    state: Hello
        e!: good morning to you
        a: a
    state: Bye
        eg!: bye
        a: a
        state: Local
            e: good morning to you
            a: a
`
	for _, c := range []struct{ name, groups, config, context, text, want string }{
		{"an example", `{}`, "", "/", "good morning to you", "/Hello"},
		{"other order and case", `{}`, "", "/", "To you good Morning!", "/Hello"},
		{"a group as an object", `{"bye": ["see you later", "farewell"]}`, "", "/", "farewell", "/Bye"},
		{"a group as a list", `[{"name": "bye", "examples": ["see you later"]}, {"name": "bye", "phrases": ["farewell"]}]`, "", "/", "farewell", "/Bye"},
		{"the nearer at the same score", `{}`, "", "/Bye", "good morning to you", "/Bye/Local"},
		{"nothing like it", `{"bye": ["see you later"]}`, "", "/", "weather", ""},
		{"classifier.noMatchThreshold", `{"bye": ["farewell"]}`, "classifier:\n  noMatchThreshold: 1.1\n", "/", "farewell", ""},
		{"classifier.enable", `{"bye": ["farewell"]}`, "classifier:\n  enable: false\n", "/", "farewell", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := "entryPoint: main.sc\nlanguage: en\nexampleGroups: groups.json\n" + c.config
			p, found := Load(fstest.MapFS{
				"chatbot.yaml": {Data: []byte(config)}, "src/main.sc": {Data: []byte(source)}, "src/groups.json": {Data: []byte(c.groups)},
			}, Options{})
			if HasErrors(found) {
				t.Fatal(found)
			}
			hits, err := p.Examples().Hits(t.Context(), c.text, c.context)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if len(hits) > 0 {
				got = hits[0].Trigger.Target()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// FuzzExampleGroups: no file of example groups makes a panic.
func FuzzExampleGroups(f *testing.F) {
	for _, seed := range []string{`{"a": ["b"]}`, `[{"name": "a", "examples": ["b"], "phrases": null}]`, `[1]`, `null`, `{"a": null}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if groups, err := parseExampleGroups(data); err != nil && groups != nil {
			t.Errorf("an error and groups: %v", groups)
		}
	})
}
