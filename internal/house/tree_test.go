package house

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "parley"

// tree is what the rules look at.
type tree struct {
	fset    *token.FileSet
	sources []*source
	texts   []text // every text file, Go sources included
}

// source is a parsed Go file.
type source struct {
	path string // slash-separated, from the root of the repository
	dir  string
	test bool
	file *ast.File
}

type text struct {
	path    string
	content []byte
}

// finding is one violation.
type finding struct {
	at   string // path:line
	what string
}

func (f finding) String() string { return f.at + ": " + f.what }

func (tr *tree) found(pos token.Pos, format string, args ...any) finding {
	p := tr.fset.Position(pos)
	return finding{fmt.Sprintf("%s:%d", p.Filename, p.Line), fmt.Sprintf(format, args...)}
}

func (tr *tree) add(name string, content []byte) error {
	if bytes.IndexByte(content, 0) >= 0 {
		return nil
	}
	tr.texts = append(tr.texts, text{name, content})
	if path.Ext(name) != ".go" {
		return nil
	}
	file, err := parser.ParseFile(tr.fset, name, content, parser.ParseComments)
	if err != nil {
		return err
	}
	tr.sources = append(tr.sources, &source{
		path: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), file: file,
	})
	return nil
}

// readTree reads the repository. Directories that tools fill are left out.
func readTree(t *testing.T) *tree {
	t.Helper()
	root := os.DirFS("../..")
	tr := &tree{fset: token.NewFileSet()}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{".git", "node_modules", "bin", "data", "parley-data"}, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		content, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		return tr.add(name, content)
	})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// plant makes a tree of the given files.
func plant(t *testing.T, files map[string]string) *tree {
	t.Helper()
	tr := &tree{fset: token.NewFileSet()}
	for name, content := range files {
		if err := tr.add(name, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	slices.SortFunc(tr.sources, func(a, b *source) int { return strings.Compare(a.path, b.path) })
	return tr
}

// product returns the sources that are not tests.
func (tr *tree) product() []*source {
	return slices.DeleteFunc(slices.Clone(tr.sources), func(s *source) bool { return s.test })
}

func (tr *tree) tests() []*source {
	return slices.DeleteFunc(slices.Clone(tr.sources), func(s *source) bool { return !s.test })
}

// byDir groups sources by their directory, which is their package.
func byDir(sources []*source) map[string][]*source {
	dirs := map[string][]*source{}
	for _, s := range sources {
		dirs[s.dir] = append(dirs[s.dir], s)
	}
	return dirs
}
