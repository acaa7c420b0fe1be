package dialog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// FuzzParse: no source may make the loader panic or hang, and every diagnostic
// and node stands inside the file.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.sc")
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(source))
	}
	f.Fuzz(func(t *testing.T, source string) {
		p, found := loadFile(source)
		lines := strings.Count(source, "\n") + 1
		for _, d := range found {
			if d.Line < 1 || d.Column < 1 || d.Code == "" || d.Message == "" || d.File == "src/main.sc" && d.Line > lines {
				t.Errorf("badly placed: %+v", d)
			}
		}
		for path, s := range p.States {
			if s.Path != path || path != "/" && (s.Parent == nil || Resolve(s.Parent.Path, "./"+s.Name) != path) {
				t.Errorf("state %q is filed under %q", s.Path, path)
			}
		}
		for _, trigger := range p.Triggers {
			if at := trigger.Value.Pos(); trigger.Value.Text != "" && (at.Line < 1 || at.Line > lines) {
				t.Errorf("trigger at %v", at)
			}
		}
		p.Active("/", TriggerPattern)
	})
}

// FuzzConfig: the same for chatbot.yaml.
func FuzzConfig(f *testing.F) {
	files, _ := filepath.Glob("testdata/projects/*/chatbot.yaml")
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		_, found := Load(fstest.MapFS{"chatbot.yaml": {Data: source}}, Options{})
		for _, d := range found {
			if d.Line < 1 || d.Column < 1 {
				t.Errorf("badly placed: %+v", d)
			}
		}
	})
}

// hostileSize is the size of the hostile sources: half the limit, since work that
// is quadratic shows there too.
const hostileSize = MaxSource / 2

// TestHostileSourcesLoadInTime: each of these, repeated to fill a large file, takes
// about as long as an honest file of that size, a second or less. The bound is far
// above that, for the race detector on a busy machine, and far below the minutes
// that a quadratic reader takes.
func TestHostileSourcesLoadInTime(t *testing.T) {
	head := "theme: /\n    state: A\n"
	cases := map[string]struct{ before, repeated string }{
		"open braces":        {head + "        a: ", "{{ "},
		"expressions":        {head + "        a: ", "{{a}}"},
		"nested braces":      {head + "        a: {{", "{"},
		"bars":               {head + "        a: ", "|| "},
		"parameters":         {head + "        a: x || ", "a = 1, "},
		"open parameters":    {head + "        a: x || a = ", "{{,"},
		"quotes":             {head + "        a: x || html = ", `"\"`},
		"mixed quotes":       {head + "        a: {{", "\"'`\\"},
		"continuation":       {head + "        a: x\n", "            y\n"},
		"pattern lines":      {head + "        q: x\n", "            y // z\n"},
		"named patterns":     {"patterns:\n", "    $x = y\n"},
		"one named pattern":  {"patterns:\n    $x = y\n", "      z\n"},
		"code":               {head + "        script:\n", "abc:\n"},
		"condition":          {head + "        if: (\n", "            a\n"},
		"buttons":            {head + "        buttons:\n", "            {\n"},
		"many buttons":       {head + "        buttons:\n", "            \"a\" -> /x\n"},
		"editor block":       {head + "    @X\n", "        {\n"},
		"parameter lines":    {head + "        newSession:\n", "            data = [\n"},
		"open quote lines":   {head + "        newSession:\n            message = \"\n", "            x = '\n"},
		"lists":              {head + "        newSession:\n            data = [", "1,"},
		"stray lines":        {head, "        x\n"},
		"unknown tags":       {head, "        stte: x\n"},
		"unnamed states":     {"theme: /\n", "    state:\n"},
		"one state":          {"theme: /\n", "    state: A\n"},
		"states":             {"theme: /\n", ""},
		"unknown targets":    {head, "        go!: /AAAAAAAAA\n"},
		"comments":           {head, "# x\n"},
		"blank lines":        {head + "        a: x\n", "\n"},
		"comments and lines": {head + "        a: x\n", "#\n\n"},
		"requires":           {"", "require: x\n"},
		"long state path":    {head + "        go: ", "../"},
		"globs":              {"require: ", "**/"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			source := c.before + strings.Repeat(c.repeated, (hostileSize-len(c.before))/max(len(c.repeated), 1))
			if c.repeated == "" {
				source = differentStates()
			}
			start := time.Now()
			loadFile(source)
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			} else if took > 500*time.Millisecond {
				t.Logf("took %v", took)
			}
		})
	}
}

// differentStates is a file of states and jumps that all miss.
func differentStates() string {
	var b strings.Builder
	b.WriteString("theme: /\n")
	for i := 0; b.Len() < hostileSize-100; i++ {
		name := strings.Repeat(string(rune('a'+i%26)), 3) + string(rune('0'+i/26%10)) + string(rune('0'+i/260%10)) + string(rune('0'+i/2600%10))
		b.WriteString("    state: " + name + "\n        go!: /" + name + "x\n")
	}
	return b.String()
}
