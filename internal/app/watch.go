package app

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path/filepath"
	"strings"
	"time"
)

// watchPause is how often watchDir looks for changes.
const watchPause = 300 * time.Millisecond

// watchDir calls run, and again after each change of a file below dir, until it
// fails or ctx ends.
func watchDir(ctx context.Context, dir string, run func() error) error {
	ticker := time.NewTicker(watchPause)
	defer ticker.Stop()
	for {
		seen, err := stateOfFiles(dir)
		if err != nil {
			return err
		}
		if err := run(); err != nil {
			return err
		}
		for now := seen; now == seen; {
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
			}
			if now, err = stateOfFiles(dir); err != nil {
				return err
			}
		}
	}
}

// stateOfFiles is a number that changes with the files below a directory. What
// stands in hidden folders does not count.
func stateOfFiles(dir string) (uint64, error) {
	sum := fnv.New64a()
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != dir && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir
		case entry.IsDir():
			return nil
		}
		info, err := entry.Info()
		if err == nil {
			fmt.Fprintln(sum, name, info.Size(), info.ModTime().UnixNano())
		}
		return nil // a file that vanished changes the sum
	})
	return sum.Sum64(), err
}
