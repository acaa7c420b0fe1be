package postgres

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

//go:embed queries/*.sql
var queryFiles embed.FS

// queries are the statements by name. A file has each of them below a line
// "-- name: GetClient".
var queries = sync.OnceValue(func() map[string]string {
	all, err := readQueries(queryFiles)
	if err != nil {
		panic(err) // a test reads the same files
	}
	return all
})

func readQueries(files fs.FS) (map[string]string, error) {
	all := map[string]string{}
	paths, err := fs.Glob(files, "queries/*.sql")
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		raw, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		parts := strings.Split("\n"+string(raw), "\n-- name: ")
		for _, part := range parts[1:] {
			name, text, _ := strings.Cut(part, "\n")
			text = strings.TrimSuffix(strings.TrimSpace(withoutComments(text)), ";")
			if _, twice := all[name]; twice || text == "" {
				return nil, fmt.Errorf("%s: query %q is empty or there twice", path, name)
			}
			all[name] = text
		}
	}
	return all, nil
}

func withoutComments(text string) string {
	lines := strings.Split(text, "\n")
	kept := lines[:0]
	for _, line := range lines {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
