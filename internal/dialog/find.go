package dialog

import (
	"io/fs"
	"path"
	"strings"
)

// finder finds the files that the require tags of one file name.
type finder struct {
	*report
	library *library
	project *Project
	from    location // the file
}

// find gives the files to read, in their order; none after a reported error.
func (f *finder) find(r requirement) []location {
	start, ok := f.module(r)
	if !ok {
		return nil
	}
	return f.resolve(start, r)
}

// module finds where the required path starts; ok is false when the module is
// missing, which is reported.
func (f *finder) module(r requirement) (at location, ok bool) {
	name := r.params["module"]
	if name == "" {
		name = r.params["from"]
	}
	if name == "" {
		return location{module: f.from.module, path: path.Dir(f.from.path)}, true
	}
	if _, known := f.library.modules[name]; known {
		return location{module: name, path: f.library.base(name)}, true
	}
	f.project.Incomplete = true
	for _, dependency := range f.project.Config.Dependencies {
		if dependency.Name == name {
			f.warnf(r.tag.pos, "missing-dependency", "the module %q is a dependency that is not in a folder here; %s is left out", name, r.written)
			f.hint("put it into the folder dependencies/" + name + " of the project, or beside the project")
			return location{}, false
		}
	}
	f.errorf(r.tag.pos, "unknown-module", "there is no module %q; %s is left out", name, r.written)
	f.hint(didYouMean(name, f.library.moduleNames()))
	return location{}, false
}

// resolve gives the files that a path means, from the folder from first, then
// from the base folder.
func (f *finder) resolve(from location, r requirement) []location {
	folders := []string{from.path, f.library.base(from.module)}
	if strings.HasPrefix(r.written, "/") {
		folders = folders[1:]
	}
	for _, folder := range folders {
		at := location{module: from.module, path: path.Join(folder, r.written)}
		if !fs.ValidPath(at.path) {
			continue
		}
		if strings.ContainsAny(at.path, globCharacters) {
			if files := f.library.matching(at); len(files) > 0 {
				return files
			}
		} else if f.library.exists(at) {
			return []location{at}
		}
	}
	f.missing(location{module: from.module, path: path.Join(folders[0], r.written)}, r)
	return nil
}

// missing reports a file that does not exist.
func (f *finder) missing(at location, r requirement) {
	if !fs.ValidPath(at.path) {
		f.errorf(r.value.Pos(), "missing-file", "the path %s leaves the project", r.written)
		return
	}
	for _, glob := range f.library.modules[at.module].Unsupported {
		if Glob(glob, at.path) {
			f.project.Incomplete = true
			f.warnf(r.value.Pos(), "unsupported-module-file", "%s of the module %s is not supported; it is left out", at.path, at.module)
			return
		}
	}
	if strings.ContainsAny(at.path, globCharacters) {
		f.errorf(r.value.Pos(), "missing-file", "no file fits %s", r.written)
		return
	}
	f.errorf(r.value.Pos(), "missing-file", "the file %s does not exist", r.written)
	f.hint(f.library.near(at))
}
