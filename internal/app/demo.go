package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"parley/examples"
)

// unpackDemo writes the example bot into the data directory, where it can be
// read and changed; a copy that is there already is kept.
func unpackDemo(data string) (string, error) {
	dir, err := filepath.Abs(filepath.Join(data, "demo-bot"))
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	source, err := fs.Sub(examples.Files, "demo")
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(dir, source); err != nil {
		return "", fmt.Errorf("demo bot: %w", errors.Join(err, os.RemoveAll(dir)))
	}
	return dir, nil
}
