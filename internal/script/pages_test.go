package script

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
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
