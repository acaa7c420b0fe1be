package script

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/internal/dialog"
	"parley/internal/session"
)

// shownKinds are the kinds of fenced blocks that must be a part of an example;
// told ones are output, commands and forms.
var (
	shownKinds = []string{"sc", "js", "xml", "yaml", "json", "csv"}
	toldKinds  = []string{"text", "console"}
)

// block is a fenced block of a page.
type block struct {
	kind string
	line int // of its fence, from 1
	text []string
}

// TestPagesShowWhatRuns: every piece of a bot on the pages of docs/language, and
// on the page about tests, stands line by line in a bot that TestLanguageExamples runs.
func TestPagesShowWhatRuns(t *testing.T) {
	const root = "../../docs/language/"
	pages, err := filepath.Glob(root + "*.md")
	if err != nil || len(pages) < 5 {
		t.Fatal("the pages are missing:", pages, err)
	}
	sources := exampleFiles(t, root+"examples")
	shown := 0
	for _, page := range append(pages, "../../docs/testing.md", "../../docs/bots.md") {
		for _, b := range blocks(t, page) {
			at := fmt.Sprintf("%s:%d", filepath.Base(page), b.line)
			switch {
			case slices.Contains(toldKinds, b.kind):
			case !slices.Contains(shownKinds, b.kind):
				t.Errorf("%s: a block of the kind %q; known are %v and %v", at, b.kind, shownKinds, toldKinds)
			case !slices.ContainsFunc(sources, func(lines []string) bool { return holds(lines, b.text) }):
				t.Errorf("%s: no file of docs/language/examples has these lines:\n%s", at, strings.Join(b.text, "\n"))
			default:
				shown++
			}
		}
	}
	if shown < 20 {
		t.Errorf("only %d blocks were found", shown)
	}
}

// exampleFiles are the lines of all files below a folder.
func exampleFiles(t *testing.T, folder string) [][]string {
	t.Helper()
	var files [][]string
	err := filepath.WalkDir(folder, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		files = append(files, strings.Split(string(text), "\n"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// blocks are the fenced blocks of a page; code that is only indented is refused.
func blocks(t *testing.T, page string) []block {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var found []block
	inside := false
	for i, line := range strings.Split(string(text), "\n") {
		fence, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && !inside:
			found = append(found, block{kind: fence, line: i + 1})
			inside = true
		case isFence:
			inside = false
		case inside:
			last := &found[len(found)-1]
			last.text = append(last.text, line)
		case strings.HasPrefix(line, "    "):
			t.Errorf("%s:%d: a block without a fence", filepath.Base(page), i+1)
		}
	}
	return found
}

// holds tells whether lines stand one after the other in a file, all of them
// indented as much more or less.
func holds(file, lines []string) bool {
	want := dedent(lines)
	for at := 0; at+len(lines) <= len(file); at++ {
		if slices.Equal(dedent(file[at:at+len(lines)]), want) {
			return true
		}
	}
	return false
}

// dedent takes the common indentation away, and blanks at the end of lines.
func dedent(lines []string) []string {
	least := -1
	for _, line := range lines {
		if strings.TrimSpace(line) != "" {
			if n := len(line) - len(strings.TrimLeft(line, " ")); least < 0 || n < least {
				least = n
			}
		}
	}
	plain := make([]string, len(lines))
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			plain[i] = strings.TrimRight(line[least:], " ")
		}
	}
	return plain
}

// apiScript prints the names of all services with those of their members.
const apiScript = `init:
    var names = Object.getOwnPropertyNames($global).filter(function(name) { return /^\$[a-z]/.test(name); });

theme: /

    state: Names
        q!: names
        script:
            var list = [];
            var data = ["session", "client", "temp", "request", "response", "parseTree", "context", "entities", "injector", "global", "converters"];
            names.forEach(function(name) {
                list.push(name);
                if (data.indexOf(name.slice(1)) >= 0) return;
                for (var member in $global[name]) list.push(name + "." + member);
            });
            $reactions.answer(list.join(" "));
`

// TestEveryServiceIsDescribed: each variable, service and member that scripts can
// name stands in docs/language.
func TestEveryServiceIsDescribed(t *testing.T) {
	answers := scriptBot(t, apiScript).say("names")
	if len(answers) != 1 {
		t.Fatal(answers)
	}
	names := strings.Fields(answers[0])
	if len(names) < 100 {
		t.Fatalf("only %d names: %v", len(names), names)
	}
	text := allPages(t)
	for _, name := range names {
		service, member, isMember := strings.Cut(name, ".")
		if !isMember {
			member = service
		}
		member = strings.TrimSuffix(member, "WithToken") // told together
		forms := []string{"`" + member + "`", "`" + member + "(", ", " + member + "(", "`" + member + ".", service + "." + member}
		if !slices.ContainsFunc(forms, func(form string) bool { return strings.Contains(text, form) }) {
			t.Errorf("%s is not in docs/language", name)
		}
	}
}

func allPages(t *testing.T) string {
	t.Helper()
	pages, err := filepath.Glob("../../docs/language/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	var all strings.Builder
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// TestLimitsAreDescribed compares docs/language/limits.md with the constants.
func TestLimitsAreDescribed(t *testing.T) {
	page, err := os.ReadFile("../../docs/language/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	kib := func(n int) string { return fmt.Sprintf("%d KiB", n>>10) }
	mib := func(n int) string { return fmt.Sprintf("%d MiB", n>>20) }
	rows := map[string]string{
		"running time of a turn":       fmt.Sprint(int(session.ScriptRunTime.Seconds()), " s"),
		"start-up code":                fmt.Sprint(int(session.ScriptStartTime.Seconds()), " s"),
		"waiting for calls in a turn":  fmt.Sprint(int(session.ScriptWaitTime.Seconds()), " s"),
		"calls of `$http`":             strconv.Itoa(session.HTTPCallsPerTurn),
		"time of one call":             fmt.Sprintf("%d s, at most %d s", int(session.HTTPCallDefault.Seconds()), int(session.ScriptWaitTime.Seconds())),
		"answer of a call":             mib(session.MaxHTTPAnswerBytes),
		"restarts by `newSession`":     strconv.Itoa(session.MaxRestarts),
		"transitions in a turn":        strconv.Itoa(session.MaxHops),
		"transitions of `postProcess`": strconv.Itoa(session.MaxPostHops),
		"replies of a turn":            strconv.Itoa(session.MaxReplies),
		"text of the replies":          kib(session.MaxReplyBytes),
		"text of a request":            fmt.Sprintf("%d characters, %d words", session.MaxInputSymbols, session.MaxInputWords),
		"interval of a timeout":        fmt.Sprint(int(session.MaxScriptTimeout.Hours()), " h"),
		"events of `$pushgate`":        strconv.Itoa(session.MaxPushesPerTurn),
		"data of one such event":       kib(session.MaxPushDataBytes),
		"text of `JSON.parse`":         mib(session.MaxJSONParseBytes),
		"waiting for a free engine":    fmt.Sprint(int(session.EngineWait.Seconds()), " s"),
		"engines of one bot":           strconv.Itoa(session.EnginesPerBot),
		"attempts of a turn":           strconv.Itoa(session.TurnAttempts),
		"failed turns in a row":        strconv.Itoa(session.BotFailuresBeforeHandover),
		"nested calls of functions":    strconv.Itoa(maxCallDepth),
		"members of `{ }`":             strconv.Itoa(dialog.MaxPermutation),
		"depth of brackets":            strconv.Itoa(dialog.MaxPatternDepth),
		"`$session`, `$client`, each | " + kib(session.SoftVarsBytes): kib(session.SoftVarsBytes),
		"`$session`, `$client`, each | " + kib(session.HardVarsBytes): kib(session.HardVarsBytes),
	}
	for start, value := range rows {
		row := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(start) + `.*$`).FindString(string(page))
		if !strings.Contains(row, "| "+value) {
			t.Errorf("the row of %q must say %q: %q", start, value, row)
		}
	}
	natives := fmt.Sprintf("at most %d Mi characters, all of a turn\n%d Mi, and a native loops over at most %d Mi elements", maxNativeString>>20, maxNativeTotal>>20, maxNativeLength>>20)
	if !strings.Contains(string(page), natives) {
		t.Errorf("the page must say %q", natives)
	}
}

// TestCheckOnThePage makes the slips that docs/language/README.md shows.
func TestCheckOnThePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/language/README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../docs/language/examples/shop")); err != nil {
		t.Fatal(err)
	}
	for name, slips := range map[string][]string{
		"chatbot.yaml": {"botEngine", "botEngin"},
		"src/main.sc":  {"-> /Bye", "-> /By", "a: See you!", "aa: See you!"},
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.NewReplacer(slips...).Replace(string(text))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, found := Load(dir, Options{Log: testLog(t)})
	if len(found) != 3 {
		t.Error(found)
	}
	for _, d := range found {
		if !strings.Contains(string(page), d.String()) {
			t.Errorf("the page does not show %s", d)
		}
	}
}

// TestScoresOnThePage asks the bot of docs/language/patterns.md for every score in
// its table (dialog-language 4.6).
func TestScoresOnThePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/language/patterns.md")
	if err != nil {
		t.Fatal(err)
	}
	bot, found := Load("../../docs/language/examples/patterns", Options{Log: testLog(t)})
	if len(found) > 0 {
		t.Fatal(found)
	}
	rows := regexp.MustCompile("(?m)^\\| `(.+)` \\| ([^|]+) \\| ([0-9.]+|no match) \\|").FindAllStringSubmatch(string(page), -1)
	if len(rows) < 20 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		pattern := strings.ReplaceAll(row[1], `\|`, "|")
		newTalk(t, bot).expect(pattern+" ON "+strings.Trim(row[2], "`"), row[3])
	}
}
