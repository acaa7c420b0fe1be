package moving_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"slices"
)

// shelf keeps objects in memory.
type shelf map[string][]byte

func (s shelf) Put(_ context.Context, name string, r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err == nil {
		s[name] = raw
	}
	return err
}

type book struct{ *bytes.Reader }

func (book) Close() error { return nil }

func (s shelf) Open(_ context.Context, name string) (io.ReadSeekCloser, error) {
	raw, ok := s[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return book{bytes.NewReader(raw)}, nil
}

func (s shelf) Older(_ context.Context, _ int64, each func(string) error) error {
	var names []string
	for name := range s {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := each(name); err != nil {
			return err
		}
	}
	return nil
}
