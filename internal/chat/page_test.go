package chat

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestPage compares what docs/language/tools.md shows with what is printed.
func TestPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/language/tools.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(page), "```console\n$ printf '")
	typed, rest, found := strings.Cut(block, "' | parley chat shop\n")
	want, _, ended := strings.Cut(rest, "```")
	lines, err := strconv.Unquote(`"` + typed + `"`)
	if !found || !ended || err != nil {
		t.Fatal("the page shows no dialog", err)
	}
	out, failed := talk(t, "../../docs/language/examples/shop", strings.Split(lines, "\n")...)
	if out != want || failed {
		t.Errorf("got:\n%swant:\n%s", out, want)
	}
	for _, c := range commands() {
		if !strings.Contains(string(page), "`:"+c.name) {
			t.Errorf(":%s is not on the page", c.name)
		}
	}
}
