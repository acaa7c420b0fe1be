package lsp

import (
	"bytes"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"
)

// overlay is a folder with files that are not saved yet laid over it.
type overlay struct {
	below fs.FS
	files map[string][]byte // by path in the folder
}

// Open implements fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	if data, ok := o.files[name]; ok {
		return &openText{text{path.Base(name), int64(len(data))}, bytes.NewReader(data)}, nil
	}
	return o.below.Open(name)
}

// ReadDir implements fs.ReadDirFS: files that are not saved at all are listed too.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.below, name)
	seen := map[string]bool{}
	for _, e := range entries {
		seen[e.Name()] = true
	}
	for file, data := range o.files {
		if base := path.Base(file); path.Dir(file) == name && !seen[base] {
			entries = append(entries, fs.FileInfoToDirEntry(text{base, int64(len(data))}))
			err = nil
		}
	}
	sort.Slice(entries, func(i, j int) bool { return strings.Compare(entries[i].Name(), entries[j].Name()) < 0 })
	return entries, err
}

// text is a file that is not saved.
type text struct {
	name string
	size int64
}

func (t text) Name() string     { return t.name }
func (t text) Size() int64      { return t.size }
func (text) Mode() fs.FileMode  { return 0o444 }
func (text) ModTime() time.Time { return time.Time{} }
func (text) IsDir() bool        { return false }
func (text) Sys() any           { return nil }

type openText struct {
	text
	*bytes.Reader
}

func (t *openText) Stat() (fs.FileInfo, error) { return t.text, nil }
func (t *openText) Close() error               { return nil }

// Size is that of the file; the reader has one of its own.
func (t *openText) Size() int64 { return t.text.size }
