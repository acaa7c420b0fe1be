package lsp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/internal/dialog"
)

// shop is a project with what can be named in one.
func shop() map[string]string {
	return map[string]string{
		"chatbot.yaml": "name: shop\nentryPoint: main.sc\nlanguage: ru\nbotEngine: v2\n",
		"src/main.sc": `require: names.csv
    name = Names
    var = $Names
require: inner/extra.sc

patterns:
    $Привет = (привет|hi)
    $Item = (tea/coffee) || converter = function(pt) { return pt.text; }

theme: /

    state: Start
        q!: $Привет
        a: 🙂 привет
        go!: /Shop/Order

theme: /Shop

    state: Order
        q!: $Item
        intent!: /Orders/New
        a: ok

        state: Size
            q: $entity<Names>
            go!: ../../Done

    state: Done
        event: paid
        a: done
`,
		"src/inner/extra.sc": "patterns:\n    $Extra = extra\n\ntheme: /Extra\n    state: One\n        q: $Extra\n        a: one\n",
		"src/names.csv":      "1;Anna,Ann;\"a\"\n2;Boris;\"b\"\n",
		"caila_import.json":  `{"intents": [{"path": "/Orders/New", "phrases": [{"text": "order please"}]}]}`,
		"test/order.xml":     "<test>\n  <test-case>\n    <q>tea</q>\n    <a state=\"/Shop/Order\"/>\n  </test-case>\n</test>\n",
	}
}

// replaced is the main file with something else in it.
func replaced(old, text string) string {
	main := shop()["src/main.sc"]
	if !strings.Contains(main, old) {
		panic(old)
	}
	return strings.Replace(main, old, text, 1)
}

// TestDiagnostics publishes what is wrong in texts that are not saved, at places
// counted in UTF-16, and takes it back.
func TestDiagnostics(t *testing.T) {
	t.Parallel()
	e := startEditor(t, shop())
	e.open("src/main.sc", shop()["src/main.sc"])
	if got := e.diagnostics("src/main.sc"); got != "" {
		t.Errorf("a good file: %s", got)
	}
	for _, c := range []struct{ name, old, text, want string }{
		{"a state that does not exist", "go!: /Shop/Order", "go!: /Shop/Ordre", "14:13-24 1 unknown-state"},
		{"a misspelt tag", "event: paid", "evnet: paid", "28:8-14 1 unknown-tag"},
		{"behind characters of two units", "a: 🙂 привет", "q: 🙂🙂 привет $Nobody", "13:23-30 1 pattern-unknown"},
		{"a missing file", "require: inner/extra.sc", "require: inner/extre.sc", "3:9-23 1 missing-file"},
		{"JavaScript", "a: done", "script: var = 5;", "29:20-21 1 javascript"},
	} {
		e.change("src/main.sc", replaced(c.old, c.text))
		got := e.diagnostics("src/main.sc")
		if c.name == "a missing file" {
			got, _, _ = strings.Cut(got, "\n") // what it held is missed too
		}
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
	e.change("src/main.sc", shop()["src/main.sc"])
	if got := e.diagnostics("src/main.sc"); got != "" {
		t.Errorf("mended: %s", got)
	}
	e.change("src/main.sc", replaced("entity<Names>", "entity<Name>"))
	if got := e.diagnostics("src/main.sc"); got != "24:15-22 1 pattern-unknown-dictionary" {
		t.Errorf("a dictionary: %s", got)
	}
	e.tell("textDocument/didClose", documentParams{identifier{e.uri("src/main.sc")}})
	if got := e.diagnostics("src/main.sc"); got != "" {
		t.Errorf("what is on the disk has no mistakes: %s", got)
	}
	e.leave()
}

// TestDiagnosticsOfOtherFiles finds mistakes in chatbot.yaml and in XML tests.
func TestDiagnosticsOfOtherFiles(t *testing.T) {
	t.Parallel()
	e := startEditor(t, shop())
	e.open("chatbot.yaml", "name: shop\nentryPoint: man.sc\n")
	if got := e.diagnostics("chatbot.yaml"); got != "1:12-18 1 missing-file" {
		t.Errorf("chatbot.yaml: %s", got)
	}
	e.change("chatbot.yaml", shop()["chatbot.yaml"])
	if got := e.diagnostics("chatbot.yaml"); got != "" {
		t.Errorf("chatbot.yaml: %s", got)
	}
	e.open("test/order.xml", "<test>\n<test-case>\n  <a state=\"/Nowhere\"/>\n<say/></test-case></test>")
	if got := e.diagnostics("test/order.xml"); got != "2:2-23 2 unknown-state\n3:0-25 1 bad-test" {
		t.Errorf("a test: %s", got)
	}
	e.leave()
}

// TestCompletion offers what may be written: dialog-language 3, 4.2, 5.
func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, text string
		want, never      []string
		edit             string // the span replaced by the first one of want, and its text
	}{
		{"tags of a state", "src/main.sc", replaced("event: paid", "ev‸"), []string{"event", "event!", "a"}, []string{"theme"}, "28:8-10 event:"},
		{"a tag whose colon is there", "src/main.sc", replaced("event: paid", "ev‸: paid"), []string{"event"}, nil, "28:8-10 event"},
		{"tags of a theme", "src/main.sc", replaced("    state: Done", "    ‸"), []string{"state"}, []string{"a"}, "27:4-4 state:"},
		{"no tags in a script", "src/main.sc", replaced("a: done", "script:\n            ‸"), nil, []string{"a", "state"}, ""},
		{"states from the root", "src/main.sc", replaced("go!: /Shop/Order", "go!: /Sh‸"), []string{"/Shop/Order/Size", "/Start", "/Extra/One"}, []string{"/"}, "14:13-16 /Shop/Order/Size"},
		{"states from here", "src/main.sc", replaced("go!: ../../Done", "go!: ../‸"), []string{"../Size"}, []string{"/Start"}, "25:17-20 ../Size"},
		{"states that are not saved", "src/main.sc", replaced("        go!: /Shop/Order", "        go!: ‸\n    state: Новое"), []string{"/Новое", "/Start"}, nil, ""},
		{"states behind toState", "src/main.sc", replaced("event: paid", `event: paid || toState = "/S‸"`), []string{"/Start"}, nil, "28:34-36 /Start"},
		{"states behind a button", "src/main.sc", replaced("a: done", "buttons:\n            \"Ещё 🙂\" -> ‸"), []string{"/Start"}, nil, "30:24-24 /Start"},
		{"states in JavaScript", "src/main.sc", replaced("a: done", "script: $reactions.transition(\"/‸\");"), []string{"/Start"}, nil, ""},
		{"named patterns", "src/main.sc", replaced("q!: $Item", "q!: [🙂] $‸"), []string{"Item", "Привет", "Extra", "oneWord", "entity"}, nil, "19:18-18 Item"},
		{"no patterns in JavaScript", "src/main.sc", replaced("a: done", "script: $‸"), nil, []string{"Item"}, ""},
		{"dictionaries", "src/main.sc", replaced("entity<Names>", "entity<N‸>"), []string{"Names"}, nil, "24:23-24 Names"},
		{"intents", "src/main.sc", replaced("intent!: /Orders/New", "intent!: ‸"), []string{"/Orders/New"}, nil, ""},
		{"groups of intents", "src/main.sc", replaced("intent!: /Orders/New", "intentGroup!: /‸"), []string{"/Orders"}, []string{"/Orders/New"}, ""},
		{"events", "src/main.sc", replaced("event: paid", "event: no‸"), []string{"noMatch"}, nil, ""},
		{"parameters behind bars", "src/main.sc", replaced("q!: $Item", "q!: $Item || ‸"), []string{"fromState", "toState"}, []string{"modal"}, "19:21-21 fromState = "},
		{"parameters in lines", "src/main.sc", replaced("a: done", "InputText:\n            pr‸"), []string{"prompt", "then"}, nil, "30:12-14 prompt = "},
		{"states of a test", "test/order.xml", strings.Replace(shop()["test/order.xml"], "/Shop/Order", "/Shop‸", 1), []string{"/Shop/Done"}, nil, "3:14-19 /Shop/Done"},
		{"elements of a test", "test/order.xml", strings.Replace(shop()["test/order.xml"], "<a state", "<time‸ state", 1), []string{"timeout", "timeoutReply"}, nil, ""},
		{"nothing in a comment", "src/main.sc", replaced("event: paid", "# go: ‸"), nil, []string{"/Start"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := startEditor(t, shop())
			var list completionList
			e.call("textDocument/completion", e.at(c.file, c.text), &list)
			edits := map[string]string{}
			var labels []string
			for _, i := range list.Items {
				labels = append(labels, i.Label)
				r := i.TextEdit.Range
				edits[i.Label] = fmt.Sprintf("%d:%d-%d %s", r.Start.Line, r.Start.Character, r.End.Character, i.TextEdit.NewText)
			}
			for _, want := range c.want {
				if !slices.Contains(labels, want) {
					t.Errorf("%s is not among %q", want, labels)
				}
			}
			for _, never := range c.never {
				if slices.Contains(labels, never) {
					t.Errorf("%s is among %q", never, labels)
				}
			}
			if c.edit != "" && edits[c.want[0]] != c.edit {
				t.Errorf("the edit is %s, want %s", edits[c.want[0]], c.edit)
			}
			e.leave()
		})
	}
}

// TestDefinition jumps to what a name means.
func TestDefinition(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, text, want string }{
		{"a state", "src/main.sc", replaced("go!: /Shop/Order", "go!: /Shop/Or‸der"), "src/main.sc 18:4-10"},
		{"a relative state", "src/main.sc", replaced("go!: ../../Done", "go!: ..‸/Size"), "src/main.sc 23:8-14"},
		{"a state of another file", "src/main.sc", replaced("go!: /Shop/Order", "go!: /Extra/One‸"), "src/inner/extra.sc 4:4-10"},
		{"a state in JavaScript", "src/main.sc", replaced("a: done", `script: $reactions.transition("/St‸art");`), "src/main.sc 11:4-10"},
		{"a pattern", "src/main.sc", replaced("q!: $Item", "q!: (🙂|‸$Item)"), "src/main.sc 7:4-9"},
		{"a pattern with another alphabet", "src/main.sc", replaced("q!: $Привет", "q!: $При‸вет"), "src/main.sc 6:4-11"},
		{"a pattern of another file", "src/main.sc", replaced("q!: $Item", "q!: $Extra‸"), "src/inner/extra.sc 1:4-10"},
		{"a dictionary", "src/main.sc", replaced("entity<Names>", "entity<Na‸mes>"), "src/names.csv 0:0-1"},
		{"a required file", "src/main.sc", replaced("require: inner/extra.sc", "require: inner/ex‸tra.sc"), "src/inner/extra.sc 0:0-9"},
		{"an intent", "src/main.sc", replaced("intent!: /Orders/New", "intent!: /Orders/‸New"), "caila_import.json 0:13-14"},
		{"a state of a test", "test/order.xml", strings.Replace(shop()["test/order.xml"], "/Shop/Order", "/Sh‸op/Done", 1), "src/main.sc 27:4-10"},
		{"nothing", "src/main.sc", replaced("a: done", "a: do‸ne"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := startEditor(t, shop())
			var list []location
			e.call("textDocument/definition", e.at(c.file, c.text), &list)
			var got []string
			for _, l := range list {
				got = append(got, fmt.Sprintf("%s %d:%d-%d", strings.TrimPrefix(l.URI, e.uri("")+"/"), l.Range.Start.Line, l.Range.Start.Character, l.Range.End.Character))
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %s, want %s", strings.Join(got, ", "), c.want)
			}
			e.leave()
		})
	}
}

// TestHover describes what stands at the cursor.
func TestHover(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a tag", replaced("event: paid", "ev‸ent: paid"), "**event**: an event that leads here from the context around the state\n\nparameters: `fromState`, `toState`, `onlyThisState`"},
		{"a pattern", replaced("q!: $Item", "q!: $It‸em"), "`$Item = (tea/coffee)`\n\nsrc/main.sc:8:5\n\nconverter: `function(pt) { return pt.text; }`"},
		{"a state", replaced("go!: /Shop/Order", "go!: /Shop/Or‸der"), "state `/Shop/Order`, src/main.sc:19:5\n\n`q!: $Item`\n\n`intent!: /Orders/New`"},
		{"a dictionary", replaced("entity<Names>", "entity<Na‸mes>"), "dictionary `Names`: 2 entries, src/names.csv"},
		{"an intent", replaced("intent!: /Orders/New", "intent!: /Ord‸ers/New"), "intent `/Orders/New`: 1 phrases\n- order please"},
		{"what is built in", replaced("q!: $Item", "q!: $one‸Word"), "`$oneWord`: any word"},
		{"nothing", replaced("a: done", "a: do‸ne"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := startEditor(t, shop())
			var got hover
			e.call("textDocument/hover", e.at("src/main.sc", c.text), &got)
			if got.Contents.Value != c.want {
				t.Errorf("got  %q\nwant %q", got.Contents.Value, c.want)
			}
			e.leave()
		})
	}
}

// TestSymbols gives the outline of a file.
func TestSymbols(t *testing.T) {
	t.Parallel()
	e := startEditor(t, shop())
	e.open("src/main.sc", shop()["src/main.sc"])
	var list []symbol
	e.call("textDocument/documentSymbol", documentParams{identifier{e.uri("src/main.sc")}}, &list)
	var got []string
	var visit func([]symbol, string)
	visit = func(list []symbol, indent string) {
		for _, s := range list {
			got = append(got, fmt.Sprintf("%s%s %d-%d", indent, s.Name, s.Range.Start.Line, s.Range.End.Line))
			visit(s.Children, indent+" ")
		}
	}
	visit(list, "")
	want := []string{"/ 9-14", " Start 11-14", "/Shop 16-29", " Order 18-25", "  Size 23-25", " Done 27-29"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	e.leave()
}

// TestTagDocs describes every tag, and no other.
func TestTagDocs(t *testing.T) {
	t.Parallel()
	names := dialog.TagNames()
	for _, name := range names {
		if tagDoc(name) == "" {
			t.Errorf("%s is not described", name)
		}
	}
	for name := range tagDocs {
		if !slices.Contains(names, name) {
			t.Errorf("%s is no tag", name)
		}
	}
}

// FuzzCursor asks everything at any place of any text.
func FuzzCursor(f *testing.F) {
	f.Add(shop()["src/main.sc"], 12, 8, "main.sc")
	f.Add("\ufeffgo!: \U0001f642|| toState = [\"/", 0, 20, "a.sc")
	f.Add("<a state=\"/", 0, 9, "t.xml")
	f.Fuzz(func(t *testing.T, text string, line, character int, name string) {
		s := &Server{workspace: workspace{documents: map[string]*document{}, projects: map[string]*project{}}}
		d := newDocument("untitled:"+name, text)
		c := s.cursor(d, position{line, character})
		for _, answer := range []any{complete(c), define(c), describe(c), symbolsOf(d, dialog.Headings("", []byte(d.text)))} {
			if _, err := json.Marshal(answer); err != nil {
				t.Fatal(err)
			}
		}
		if found, ok := c.subject(); ok && (found.from > found.to || found.to > len(c.line) || found.from < 0) {
			t.Fatalf("%+v of %q", found, c.line)
		}
		d.word(line, character)
		if changed := d.change(&span{position{line, character}, position{line, character + 1}}, "x"); !strings.Contains(changed.text, "x") {
			t.Fatal("the change is lost")
		}
	})
}
