package dialog

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

// TestGolden loads every testdata/*.sc as a project of one file and every folder
// testdata/projects/* as a project, and compares tree and diagnostics.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.sc")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(file, ".sc")
		t.Run(filepath.Base(name), func(t *testing.T) {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			compareGolden(t, name+".golden", dump(loadFile(string(source))))
		})
	}
	folders, _ := filepath.Glob("testdata/projects/*")
	for _, folder := range folders {
		if strings.HasSuffix(folder, ".golden") {
			continue
		}
		t.Run(filepath.Base(folder), func(t *testing.T) {
			modules := map[string]Module{"sys.zb-common": {
				Files:       os.DirFS("testdata/modules/sys.zb-common"),
				Unsupported: []string{"dateTime/**"},
			}}
			compareGolden(t, folder+".golden", dump(LoadDir(folder, Options{Modules: modules})))
		})
	}
}

// loadFile loads a project whose only source is main.sc.
func loadFile(source string) (*Project, []Diagnostic) {
	return Load(fstest.MapFS{
		"chatbot.yaml": {Data: []byte("name: test\nentryPoint: main.sc\nbotEngine: v2\nlanguage: en\n")},
		"src/main.sc":  {Data: []byte(source)},
	}, Options{})
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s\nwant:\n%s", file, got, want)
	}
}

// dumper prints a project, one node a line.
type dumper struct {
	out   strings.Builder
	depth int
}

func dump(p *Project, found []Diagnostic) string {
	d := &dumper{}
	for _, diagnostic := range found {
		d.line("%s", diagnostic)
	}
	d.project(p)
	return d.out.String()
}

func (d *dumper) line(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	d.out.WriteString(strings.Repeat("  ", d.depth) + strings.TrimRight(text, " ") + "\n")
}

func (d *dumper) below(print func()) {
	d.depth++
	print()
	d.depth--
}

func (d *dumper) project(p *Project) {
	for _, s := range p.Startup {
		d.line("%s%s %s %q", s.Kind, note(" as ", s.Name), s.Code.Pos(), s.Code.Text)
	}
	for _, v := range p.Variables {
		d.line("variable %s = %s", v.Name, v.Value)
	}
	for _, dictionary := range p.Dictionaries {
		d.line("dictionary %s strict=%t %s", dictionary.Name, dictionary.Strict, dictionary.Pos)
		for _, e := range dictionary.Entries {
			d.line("  %s %q %s", e.ID, e.Names, e.Value)
		}
	}
	for _, pattern := range p.Patterns {
		d.line("$%s = %q %s", pattern.Name, pattern.Body.Text, pattern.Body.Pos())
		if pattern.Converter != nil {
			d.line("  converter %q %s", pattern.Converter.Text, pattern.Converter.Pos())
		}
	}
	for _, file := range slices.Sorted(maps.Keys(p.injectors)) {
		encoded, _ := json.Marshal(p.injectors[file])
		d.line("injector of %s: %s", file, encoded)
	}
	d.state(p.Root)
}

func note(label, value string) string {
	if value == "" {
		return ""
	}
	return label + value
}

func (d *dumper) state(s *State) {
	kind := "state"
	if s.Theme {
		kind = "theme"
	}
	flags := ""
	if s.NoContext {
		flags += " noContext"
	}
	if s.Modal {
		flags += " modal"
	}
	if s.SessionResult != nil {
		flags += " result=" + s.SessionResult.String()
	}
	d.line("%s %s%s %d:%d", kind, s.Path, flags+note(" color=", s.SessionResultColor), s.Line, s.Column)
	d.below(func() {
		for _, b := range s.Blocks {
			d.line("@%s %q", b.Name, b.JSON.Text)
		}
		for _, t := range s.Triggers {
			d.trigger(t)
		}
		for _, r := range s.Reactions {
			d.reaction(r)
		}
		for _, child := range s.Children {
			d.state(child)
		}
	})
}

func (d *dumper) trigger(t *Trigger) {
	name := string(t.Kind)
	if t.Global {
		name += "!"
	}
	only := ""
	if t.OnlyThisState {
		only = " only"
	}
	at := t.Value.Pos()
	d.line("%s: %q%s%s%s %d:%d", name, t.Value.Text, note(" from ", strings.Join(t.From, ", ")), note(" to ", t.To), only, at.Line, at.Column)
}

// parts prints a text with its expressions and their places.
func parts(t Text) string {
	var out []string
	for _, part := range t.Parts {
		if part.Expr == nil {
			out = append(out, fmt.Sprintf("%q", part.Literal))
			continue
		}
		at := part.Expr.Pos()
		out = append(out, fmt.Sprintf("{%s}@%d:%d", part.Expr.Text, at.Line, at.Column))
	}
	return strings.Join(out, " ")
}

func optional(label string, t *Text) string {
	if t == nil {
		return ""
	}
	return " " + label + "=" + parts(*t)
}

func target(t Target) string {
	if t.Path != "" {
		return t.Path
	}
	return parts(t.Text)
}

func (d *dumper) reaction(r Reaction) {
	place := fmt.Sprintf("%d:%d", r.At().Line, r.At().Column)
	switch r := r.(type) {
	case *Answer:
		d.line("a %s%s%s%s%s %s", parts(r.Text), optional("html", r.HTML), optional("tts", r.TTS), optional("lang", r.Lang), optional("markdown", r.Markdown), place)
		if r.HTMLEnabled || r.TTSEnabled || r.AutoListening {
			d.line("  html %t, tts %t, listening %t", r.HTMLEnabled, r.TTSEnabled, r.AutoListening)
		}
	case *Image:
		d.line("image %s%s%s %s", parts(r.URL), optional("text", r.Text), optional("hash", r.Hash), place)
	case *Audio:
		d.line("audio %s%s%s %s", parts(r.URL), optional("name", r.Name), optional("source", r.Source), place)
	case *Video:
		d.line("video %s%s %s", parts(r.URL), optional("name", r.Name), place)
	case *Go:
		d.line("go immediate=%t %s %s", r.Immediate, target(r.Target), place)
	case *Script:
		at := r.Code.Pos()
		d.line("script es6=%t %q %d:%d", r.ES6, r.Code.Text, at.Line, at.Column)
	case *Timeout:
		d.line("timeout %s after %s = %s %s", target(r.Target), parts(r.Interval), r.Duration, place)
	default:
		d.compound(r, place)
	}
}

func (d *dumper) compound(r Reaction, place string) {
	switch r := r.(type) {
	case *Buttons:
		d.line("buttons inline=%t %s", r.Inline, place)
		for _, b := range r.Items {
			to := ""
			if b.Target != nil {
				to = " -> " + target(*b.Target)
			}
			d.line("  %s%s%s %d:%d", parts(b.Text), note(" ", fields(b.Fields)), to, b.Line, b.Column)
		}
	case *If:
		for _, branch := range r.Branches {
			if branch.Condition != nil {
				d.line("if %q %s", branch.Condition.Text, branch.Condition.Pos())
			} else {
				d.line("else %d:%d", branch.Line, branch.Column)
			}
			d.steps(branch.Reactions)
		}
	case *Random:
		d.line("random %s", place)
		d.steps(r.Reactions)
	case *NewSession:
		d.line("newSession deferred=%t%s data=%v %s", r.Deferred, optional("message", r.Message), plain(r.Data), place)
	case *Action:
		d.line("action %s %s", r.Name, place)
		for _, p := range r.Params {
			d.line("  %s = %s %d:%d", p.Name, parts(p.Value), p.Line, p.Column)
		}
		d.actionParts(r)
	case *ActionInput:
		d.line("input for %s %s", r.Action.Name, r.Caller)
	default:
		d.line("unknown reaction %T", r)
	}
}

func fields(f map[string]any) string {
	if f == nil {
		return ""
	}
	encoded, _ := json.Marshal(plain(f))
	return string(encoded)
}

func (d *dumper) steps(steps []Reaction) {
	d.below(func() {
		for _, r := range steps {
			d.reaction(r)
		}
	})
}

// actionParts prints the parameters of an action that are more than a text.
func (d *dumper) actionParts(a *Action) {
	for _, name := range slices.Sorted(maps.Keys(a.Targets)) {
		d.line("  %s -> %s", name, a.Targets[name].Path)
	}
	for _, text := range append(append([]Text{}, a.Failures...), a.FailuresHTML...) {
		d.line("  failure %s", parts(text))
	}
	for _, b := range a.Buttons {
		d.line("  button %s", parts(b.Text))
	}
	for _, v := range a.Vars {
		d.line("  var %s = %s", v.Name, v.Value.Text)
	}
	if a.Waits != "" {
		d.line("  waits in %s", a.Waits)
	}
}
