package dialog

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// TestLayoutDoesNotMatter: spellings of one file that must load alike.
func TestLayoutDoesNotMatter(t *testing.T) {
	plain := "theme: /\n    state: A\n        # note\n        q!: a b\n        a: one\n            two\n        script:\n            x();\n\n            y();\n        go!: /A\n"
	want := tree(t, plain)
	cases := map[string]string{
		"CRLF":                strings.ReplaceAll(plain, "\n", "\r\n"),
		"byte order mark":     "\ufeff" + plain,
		"no last line end":    strings.TrimSuffix(plain, "\n"),
		"tabs":                strings.ReplaceAll(plain, "    ", "\t"),
		"no-break spaces":     strings.ReplaceAll(plain, "    ", "\u00a0   "),
		"blanks at line ends": strings.ReplaceAll(plain, "\n", " \t\u00a0\n"),
		"blank before colon":  strings.ReplaceAll(plain, "state:", "state :"),
		"no blank after":      strings.NewReplacer("a: ", "a:", "go!: ", "go!:", "q!: ", "q!:").Replace(plain),
		"3 columns":           strings.ReplaceAll(plain, "    ", "   "),
		"comment at margin":   strings.ReplaceAll(plain, "        # note\n", "# note\n"),
		"blank lines":         strings.ReplaceAll(plain, "        q!", "\n   \n        q!"),
	}
	for name, source := range cases {
		if got := tree(t, source); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

// tree is the dump of a project without places.
func tree(t *testing.T, source string) string {
	t.Helper()
	p, found := loadFile(source)
	if len(found) > 0 {
		t.Errorf("unexpected %v in %q", found, source)
	}
	lines := strings.Split(dump(p, nil), "\n")
	for i, line := range lines {
		if at := strings.LastIndexByte(line, ' '); at >= 0 {
			lines[i] = line[:at]
		}
	}
	return strings.Join(lines, "\n")
}

// TestPlacesBehindOddBytes: columns count characters, whatever their bytes.
func TestPlacesBehindOddBytes(t *testing.T) {
	p, found := loadFile("\ufefftheme: /\r\n\tstate: Я\r\n\t\ta: ёж {{ x }} 😀 {{ y }}\r\n\t\t\u00a0go!: /Нет\r\n")
	answer := p.States["/Я"].Reactions[0].(*Answer)
	if at := answer.Text.Parts[1].Expr.Pos(); at != (Pos{"src/main.sc", 3, 12}) {
		t.Errorf("first expression at %v", at)
	}
	if at := answer.Text.Parts[3].Expr.Pos(); at != (Pos{"src/main.sc", 3, 22}) {
		t.Errorf("second expression at %v", at)
	}
	wantCodes(t, found, "mixed-indentation 4:4", "uneven-indentation 4:4", "unknown-state 4:9")
}

// wantCodes compares code and place of diagnostics.
func wantCodes(t *testing.T, found []Diagnostic, want ...string) {
	t.Helper()
	var got []string
	for _, d := range found {
		got = append(got, fmt.Sprintf("%s %d:%d", d.Code, d.Line, d.Column))
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMixedIndentation(t *testing.T) {
	_, found := loadFile("theme: /\n    state: A\n        a: one\n\t\ta: two\n        a: three\n    state: B\n")
	wantCodes(t, found, "mixed-indentation 4:3")
	_, found = loadFile("theme: /\n\tstate: A\n\t\ta: tabs in one block\ntheme: /X\n    state: B\n        a: blanks in another\n")
	wantCodes(t, found)
}

func TestBadEncoding(t *testing.T) {
	p, found := loadFile("theme: /\n    state: A\n        a: \xff\xfe x\n")
	wantCodes(t, found, "bad-encoding 3:12")
	if p.States["/A"] == nil {
		t.Error("the rest of the file must load")
	}
}

func TestLimits(t *testing.T) {
	big := "theme: /\n    state: A\n        a: " + strings.Repeat("x", MaxSource) + "\n"
	_, found := loadFile(big)
	wantCodes(t, found, "file-too-large 1:1")

	deep := "theme: /\n"
	for i := range 300 {
		deep += strings.Repeat(" ", i+1) + "state: S\n"
	}
	p, found := loadFile(deep)
	wantCodes(t, found, "too-deep 201:201")
	if len(p.States) != 200 {
		t.Errorf("%d states", len(p.States))
	}

	_, found = loadFile("theme: " + strings.Repeat("/x", 300) + "\n")
	wantCodes(t, found, "too-deep 1:8")

	_, found = loadFile("theme: /\n    state: A\n        newSession:\n            data = " + strings.Repeat("[", 300) + "\n")
	wantCodes(t, found, "bad-json 4:220")

	_, found = loadFile(strings.Repeat("stray\n", 1000))
	if len(found) != maxPerFile+1 || found[maxPerFile].Code != "too-many-diagnostics" {
		t.Errorf("%d diagnostics, the last %v", len(found), found[len(found)-1])
	}
}

func TestCodePlaces(t *testing.T) {
	p := load(t, "theme: /\n    state: A\n        script: first();\n            if (x) {\n                ошибка + second();\n            }\n")
	code := p.States["/A"].Reactions[0].(*Script).Code
	if code.Text != "first();\nif (x) {\n    ошибка + second();\n}" {
		t.Fatalf("code is %q", code.Text)
	}
	cases := []struct {
		line, column int
		want         Pos
	}{
		{1, 1, Pos{"src/main.sc", 3, 17}}, {2, 5, Pos{"src/main.sc", 4, 17}},
		{3, 5, Pos{"src/main.sc", 5, 17}}, {3, 14, Pos{"src/main.sc", 5, 26}}, {4, 1, Pos{"src/main.sc", 6, 13}},
		{99, 99, Pos{"src/main.sc", 6, 14}},
	}
	for _, c := range cases {
		if got := code.AtLine(c.line, c.column); got != c.want {
			t.Errorf("line %d column %d is at %v, want %v", c.line, c.column, got, c.want)
		}
	}
	if at := (Source{}).At(3); at != (Pos{}) {
		t.Errorf("an empty source stands at %v", at)
	}
}

func TestConfig(t *testing.T) {
	p, found := LoadDir("testdata/projects/config", Options{Injector: map[string]any{"deep": map[string]any{"added": true}}})
	if Runnable(found) {
		t.Error("a missing descriptor in chatbot.yaml must keep a project out of service")
	}
	c := p.Config
	c.entryPoints, c.customTags, c.exampleGroups = nil, nil, nil
	want := Config{
		File: "chatbot.yaml", Name: "everything", EntryPoints: []string{"main.sc"}, BotEngine: "v2", Language: "ru",
		NLP: NLP{
			PhraseThreshold: 0.3, PatternThreshold: 0.25, LengthSymbols: 200, LengthWords: 0, TimeLimit: 0,
			NBest: 3, ContextHistoryDepth: 20, ModifyRequestInPreMatch: true, ContextPenalty: 0.01,
		},
		Tests:        Tests{Include: []string{"test.xml", "sub/**"}},
		ErrorMessage: "Sorry", ErrorMessages: map[string]string{"ru": "Извините"},
		Injector: map[string]any{"deep": map[string]any{
			"list": []any{1.0, map[string]any{"a": "b"}}, "number": 1.5, "added": true,
		}},
		Classifier:    map[string]any{"enable": true, "engine": "sts"},
		ExampleGroups: []string{"examples.json"}, CustomTags: []string{"tags/Weather.json", "missing.json"},
		lengthEnabled: true, olderThreshold: 0.25,
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got\n%+v\nwant\n%+v", c, want)
	}
}

func TestConfigDefaults(t *testing.T) {
	p, found := loadFile("")
	if len(found) > 0 {
		t.Error(found)
	}
	want := NLP{
		PhraseThreshold: 0.2, PatternThreshold: 0.2, LengthSymbols: 400, LengthWords: 100000, TimeLimit: 10 * time.Second,
		NBest: 1,
	}
	if p.Config.NLP != want {
		t.Errorf("got %+v", p.Config.NLP)
	}
}

// TestEveryKeyIsDescribed compares docs/language/project.md with the keys of
// chatbot.yaml, and docs/language/language.md with the tags.
func TestEveryKeyIsDescribed(t *testing.T) {
	described := func(page, name string, also ...string) {
		text, err := os.ReadFile("../../docs/language/" + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range append(also, name) {
			if strings.Contains(string(text), "`"+form+"`") {
				return
			}
		}
		t.Errorf("%s is not in docs/language/%s", name, page)
	}
	for key := range settings {
		described("project.md", key, key[max(strings.LastIndex(key, "."), 0):]) // `a.b`, or `.b` beside it
	}
	d := defaultConfig().NLP
	page, err := os.ReadFile("../../docs/language/project.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{
		fmt.Sprintf("`nlp.intentNoMatchThresholds.phrases`, `.patterns` | %v |", d.PhraseThreshold),
		fmt.Sprintf("`nlp.lengthLimit.enabled`, `.symbols`, `.words` | true, %d, %d |", d.LengthSymbols, d.LengthWords),
		fmt.Sprintf("`nlp.timeLimit.enabled`, `.timeout` | true, %d |", d.TimeLimit.Milliseconds()),
		fmt.Sprintf("`language` | `%s` |", defaultLanguage),
	} {
		if !strings.Contains(string(page), row) {
			t.Errorf("the page must say %s", row)
		}
	}
	for name := range tags {
		if name != "require" {
			described("language.md", name, strings.TrimSuffix(name, "!"), name+":")
		}
	}
	for name := range actionTags {
		described("language.md", name)
	}
}

// TestConfigThatCannotBeRead: every broken descriptor is an error with a place.
func TestConfigThatCannotBeRead(t *testing.T) {
	cases := map[string]string{
		"":                            "missing-key 1:1",
		"just text":                   "bad-value 1:1",
		"a: [1":                       "bad-yaml 1:4",
		"entryPoint: *x":              "bad-yaml 1:13",
		"x: &x {y: *x}\ninjector: *x": "bad-yaml 2:11",
	}
	for source, want := range cases {
		p, found := Load(fstest.MapFS{"chatbot.yaml": {Data: []byte(source)}}, Options{})
		if p == nil || Runnable(found) {
			t.Errorf("%q: %v", source, found)
			continue
		}
		got := ""
		for _, d := range found {
			got += fmt.Sprintf("%s %d:%d\n", d.Code, d.Line, d.Column)
		}
		if !strings.Contains(got, want+"\n") {
			t.Errorf("%q gives %s, want %s", source, got, want)
		}
	}
	_, found := Load(fstest.MapFS{}, Options{})
	wantCodes(t, found, "missing-config 1:1")
	_, found = LoadDir(filepath.Join(t.TempDir(), "nowhere"), Options{})
	wantCodes(t, found, "missing-config 1:1")
}

// TestYAMLBomb: aliases of aliases must not fill the memory.
func TestYAMLBomb(t *testing.T) {
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\nm0: &m0 {}\n"
	for i := 1; i < 30; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
		bomb += fmt.Sprintf("m%d: &m%d {<<: [%s]}\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*m%d,", i-1), 10), ","))
	}
	files := fstest.MapFS{
		"chatbot.yaml":  {Data: []byte("entryPoint: main.sc\nlanguage: en\n")},
		"src/main.sc":   {Data: []byte("require: bomb.yaml\n    var = bomb\n")},
		"src/bomb.yaml": {Data: []byte(bomb)},
	}
	_, found := Load(files, Options{})
	wantCodes(t, found, "bad-yaml 1:1")
	if !strings.Contains(found[0].Message, "more than") {
		t.Errorf("message %q", found[0].Message)
	}
}

// TestUnreachedFilesAreNotRead: only what the entry point leads to is loaded,
// each file once, however often and by whatever path it is required.
func TestUnreachedFilesAreNotRead(t *testing.T) {
	files := countingFS{MapFS: fstest.MapFS{
		"chatbot.yaml":    {Data: []byte("entryPoint: a/main.sc\nlanguage: en\n")},
		"src/a/main.sc":   {Data: []byte("require: ../b.sc\nrequire: /b.sc\nrequire: b.sc\nrequire: main.sc\n")},
		"src/b.sc":        {Data: []byte("require: a/main.sc\ntheme: /\n    state: B\n")},
		"src/unread.sc":   {Data: []byte("broken")},
		"src/a/unread.sc": {Data: []byte("broken")},
	}, opened: map[string]int{}}
	p, found := Load(files, Options{})
	wantCodes(t, found)
	if len(p.States) != 2 || files.opened["src/unread.sc"] != 0 || files.opened["src/b.sc"] != 1 || files.opened["src/a/main.sc"] != 1 {
		t.Errorf("states %d, read %v", len(p.States), files.opened)
	}
}

// countingFS counts how often each file is read.
type countingFS struct {
	fstest.MapFS
	opened map[string]int
}

func (f countingFS) ReadFile(name string) ([]byte, error) {
	f.opened[name]++
	return f.MapFS.ReadFile(name)
}

func TestRunnable(t *testing.T) {
	_, found := loadFile("theme: /\n    state: A\n        go!: /Nowhere\n")
	if !HasErrors(found) || !Runnable(found) {
		t.Errorf("a jump to an unknown state is an error that does not stop the bot: %v", found)
	}
	_, found = loadFile("theme: /\n    state: A\n        wibble: x\n")
	if !HasErrors(found) || !Runnable(found) {
		t.Errorf("an unknown tag leaves out itself: %v", found)
	}
	if _, found = Load(fstest.MapFS{ConfigFile: {Data: []byte("entryPoint: gone.sc\n")}}, Options{}); Runnable(found) {
		t.Errorf("without its entry point a bot has nothing to say: %v", found)
	}
	_, found = loadFile("theme: /\n    state: A || nonsense = 1\n")
	if HasErrors(found) || len(found) != 1 {
		t.Errorf("an unknown parameter is a warning: %v", found)
	}
}

// TestBadBlockLeavesTheRest: after an error the other states of the file load.
func TestBadBlockLeavesTheRest(t *testing.T) {
	p, found := loadFile("theme: /\n    state: A\n        wibble: x\n            state: Lost\n        a: kept\n    state: B\n        a: {{ open\n    state: C\n        a: c\n")
	wantCodes(t, found, "unknown-tag 3:9", "unbalanced-braces 7:12")
	for _, path := range []string{"/A", "/B", "/C"} {
		if s := p.States[path]; s == nil || len(s.Reactions) != 1 {
			t.Errorf("state %s: %+v", path, s)
		}
	}
}

// TestManyLines loads a project of 10,000 lines; the time is bounded generously
// so that only a change of complexity fails.
func TestManyLines(t *testing.T) {
	files := manyLines(10000)
	start := time.Now()
	p, found := Load(files, Options{})
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("10,000 lines took %v", took)
	}
	if HasErrors(found) || len(p.States) != 1251 {
		t.Errorf("%d states, %v", len(p.States), found[:min(len(found), 3)])
	}
}

// manyLines is a project with about n lines, 8 for each state.
func manyLines(n int) fstest.MapFS {
	var b strings.Builder
	b.WriteString("theme: /\n")
	for i := range n / 8 {
		fmt.Fprintf(&b, `    state: State number %d
        q!: * (order|buy) [please] {a%d * (number|no)} *
        script:
            $session.count = ($session.count || 0) + 1;
        if: $session.count > %d
            a: You said {{ $request.query }} {{ $session.count }} times
        else:
            go!: /State number %d
`, i, i, i, (i+1)%(n/8))
	}
	return fstest.MapFS{
		"chatbot.yaml": {Data: []byte("entryPoint: main.sc\nlanguage: en\n")},
		"src/main.sc":  {Data: []byte(b.String())},
	}
}

func BenchmarkLoad10000Lines(b *testing.B) {
	files := manyLines(10000)
	for b.Loop() {
		Load(files, Options{})
	}
}

func BenchmarkActive(b *testing.B) {
	p, _ := Load(manyLines(10000), Options{})
	for b.Loop() {
		p.Active("/State number 7", TriggerPattern)
	}
}

func TestLoadDirReadsFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("chatbot.yaml", "entryPoint: main.sc\nlanguage: en\n")
	write("src/main.sc", "require: dir.sc\ntheme: /\n    state: A\n        a: hi\n")
	write("src/dir.sc/file", "a folder is no source file")
	p, found := LoadDir(dir, Options{})
	wantCodes(t, found, "missing-file 1:10")
	if p.States["/A"] == nil {
		t.Error("the rest must load")
	}
}

// TestDictionaryRequiredAgain: of two files with one name the one required last
// counts, also when it was read before (dialog-language 1.3).
func TestDictionaryRequiredAgain(t *testing.T) {
	p, found := Load(fstest.MapFS{
		"chatbot.yaml": {Data: []byte("entryPoint: main.sc\nlanguage: en\n")},
		"src/main.sc":  {Data: []byte("require: a.sc\nrequire: b.csv\n    name = D\n    var = D\nrequire: c.sc\ntheme: /\n    state: A\n        q!: $entity<D>\n")},
		"src/a.sc":     {Data: []byte("require: a.csv\n    name = D\n    var = D\n")},
		"src/c.sc":     {Data: []byte("require: a.csv\n    name = D\n    var = D\n")},
		"src/a.csv":    {Data: []byte("1;one;{\"n\": 1};\n")}, "src/b.csv": {Data: []byte("2;two;{}\n")},
	}, Options{})
	if HasErrors(found) || len(p.Dictionaries) != 1 || p.Dictionaries[0].File != "src/a.csv" ||
		string(p.Dictionaries[0].Entries[0].Value) != `{"n": 1}` || len(p.Variables) != 1 || p.Variables[0].File != "src/a.csv" {
		t.Errorf("%v %+v %+v", found, p.Dictionaries, p.Variables)
	}
}

// TestDictionariesOfAFileRequiredAgain: a file that is required again is not read
// again, but the dictionaries it requires, also through others, count again.
func TestDictionariesOfAFileRequiredAgain(t *testing.T) {
	for last, want := range map[string]string{"c.sc": "src/a.csv", "a.sc": "src/a.csv", "b.sc": "src/b.csv"} {
		p, found := Load(fstest.MapFS{
			"chatbot.yaml": {Data: []byte("entryPoint: main.sc\nlanguage: en\n")},
			"src/main.sc":  {Data: []byte("require: c.sc\nrequire: b.sc\nrequire: " + last + "\ntheme: /\n    state: A\n        q!: $entity<D>\n")},
			"src/c.sc":     {Data: []byte("require: a.sc\nrequire: c.sc\n")},
			"src/a.sc":     {Data: []byte("require: a.csv\n    name = D\n    var = D\nrequire: c.sc\n")},
			"src/b.sc":     {Data: []byte("require: b.csv\n    name = D\n    var = D\n")},
			"src/a.csv":    {Data: []byte("1;one;{}\n")}, "src/b.csv": {Data: []byte("2;two;{}\n")},
		}, Options{})
		if HasErrors(found) || len(p.Dictionaries) != 1 || p.Dictionaries[0].File != want || len(p.Variables) != 1 || p.Variables[0].File != want {
			t.Errorf("%s required last: %v %+v, want %s", last, found, p.Dictionaries, want)
		}
	}
}
