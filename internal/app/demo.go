package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"parley/examples"
	"parley/internal/session"
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

// firstIntegration is what a server without any makes. In a demonstration it
// talks to visitors of a web page and has people behind it.
func firstIntegration(demo bool) newIntegration {
	if !demo {
		return newIntegration{Name: "first"}
	}
	return newIntegration{Name: "Demo", Kind: session.KindWeb, Settings: json.RawMessage(
		`{"desk":true,"web":{"header_title":"Parley demo","file_upload":true,"show_survey":true,"rate_responses":true}}`)}
}
