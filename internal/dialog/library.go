package dialog

import (
	"errors"
	"io/fs"
	"path"
	"sort"
	"strings"
)

// location is a file of the project or of a module.
type location struct {
	module string // "" for the project
	path   string // inside the file system of the project or module
}

// String is the name of the file in positions.
func (at location) String() string {
	if at.module == "" {
		return at.path
	}
	return at.module + "/" + at.path
}

// library has the files of the project and of the modules.
type library struct {
	*report
	project fs.FS
	modules map[string]Module
}

func (l *library) of(at location) fs.FS {
	if at.module == "" {
		return l.project
	}
	return l.modules[at.module].Files
}

// base is the folder that paths with a leading "/" start from.
func (l *library) base(module string) string {
	if module == "" {
		return "src"
	}
	if info, err := fs.Stat(l.modules[module].Files, "src"); err == nil && info.IsDir() {
		return "src"
	}
	return "."
}

func (l *library) exists(at location) bool {
	info, err := fs.Stat(l.of(at), at.path)
	return err == nil && !info.IsDir()
}

// near is a hint: the file of the same folder with the most similar name.
func (l *library) near(at location) string {
	entries, _ := fs.ReadDir(l.of(at), path.Dir(at.path))
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return didYouMean(path.Base(at.path), names)
}

// read reads a file of at most MaxSource bytes, any size when limited is false.
func (l *library) read(at location, limited bool) ([]byte, bool) {
	top := Pos{File: at.String(), Line: 1, Column: 1}
	if info, err := fs.Stat(l.of(at), at.path); err == nil && limited && info.Size() > MaxSource {
		l.errorf(top, "file-too-large", "the file has %d bytes, the limit is %d", info.Size(), MaxSource)
		return nil, false
	}
	data, err := fs.ReadFile(l.of(at), at.path)
	if err != nil {
		l.errorf(top, "unreadable-file", "the file cannot be read: %s", reason(err))
		return nil, false
	}
	return data, true
}

// reason is an error without the path, which the position tells.
func reason(err error) string {
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}

func (l *library) moduleNames() []string {
	var names []string
	for name := range l.modules {
		names = append(names, name)
	}
	return names
}

const globCharacters = "*?["

// matching lists the files that a glob means, in the order of their names.
func (l *library) matching(glob location) []location {
	top := glob.path[:strings.IndexAny(glob.path, globCharacters)]
	top = path.Dir(top + "x")
	var found []location
	walk := func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && Glob(glob.path, name) {
			found = append(found, location{module: glob.module, path: name})
		}
		return nil
	}
	if err := fs.WalkDir(l.of(glob), top, walk); err != nil {
		return nil
	}
	sort.Slice(found, func(i, j int) bool { return found[i].path < found[j].path })
	return found
}
