// Package page keeps the tables that the bench writes into a page of the docs.
package page

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// Replace puts a text between the two marker lines of a section; the rest of
// the page is written by hand. The error names a marker that is missing.
func Replace(path, section, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	changed, err := with(old, section, text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, changed, 0o644)
}

func with(page []byte, section, text string) ([]byte, error) {
	begin, end := "<!-- "+section+": begin -->", "<!-- "+section+": end -->"
	before, rest, begins := bytes.Cut(page, []byte(begin))
	_, after, ends := bytes.Cut(rest, []byte(end))
	if !begins || !ends {
		return nil, fmt.Errorf("the markers %q and %q are missing", begin, end)
	}
	return []byte(string(before) + begin + "\n\n" + strings.TrimSpace(text) + "\n\n" + end + string(after)), nil
}
