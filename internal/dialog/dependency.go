package dialog

import (
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"strings"
)

// dependencyFolders are where a project keeps the modules it depends on.
var dependencyFolders = []string{"dependencies", "modules", "."}

// withDependencies adds the dependencies of chatbot.yaml that lie in folders: of
// the project, or beside it (dialog-language 1.2). Libraries of the server win.
func withDependencies(modules map[string]Module, list []Dependency, files, beside fs.FS) map[string]Module {
	all := make(map[string]Module, len(modules)+len(list))
	for _, d := range list {
		if folder := dependencyFolder(d, files, beside); folder != nil {
			all[d.Name] = Module{Files: folder}
		}
	}
	maps.Copy(all, modules)
	return all
}

// dependencyFolder is the folder of a dependency, nil when there is none. An
// address that is a path names it; else it is called like the dependency.
func dependencyFolder(d Dependency, files, beside fs.FS) fs.FS {
	if d.Name == "" || strings.ContainsAny(d.Name, `/\`) {
		return nil
	}
	var inside []string
	if address := d.path(); address != "" {
		if rest, up := strings.CutPrefix(address, "../"); up {
			if folder := subFolder(beside, rest); folder != nil {
				return folder
			}
		}
		inside = append(inside, address)
	}
	for _, parent := range dependencyFolders {
		inside = append(inside, path.Join(parent, d.Name))
	}
	for _, name := range inside {
		if folder := subFolder(files, name); folder != nil {
			return folder
		}
	}
	return subFolder(beside, d.Name)
}

// path is the address as a path, "" when it is something else.
func (d Dependency) path() string {
	if url := strings.TrimPrefix(d.URL, "file:"); url != "" && !strings.Contains(url, ":") {
		return path.Clean(url)
	}
	return ""
}

// Outside is where a dependency lies that the folder of its project does not
// hold, relative to the folder that holds the project; "" when it lies inside
// or nowhere. A copy of it in `dependencies/NAME` of the project does as well.
func (d Dependency) Outside(files, beside fs.FS) string {
	if rest, up := strings.CutPrefix(d.path(), "../"); up && subFolder(beside, rest) != nil {
		return rest
	}
	if dependencyFolder(d, files, nil) == nil && dependencyFolder(d, files, beside) != nil {
		return d.Name
	}
	return ""
}

func subFolder(files fs.FS, name string) fs.FS {
	if files == nil || name == "." || !fs.ValidPath(name) {
		return nil
	}
	if info, err := fs.Stat(files, name); err != nil || !info.IsDir() {
		return nil
	}
	folder, err := fs.Sub(files, name)
	if err != nil {
		return nil
	}
	return folder
}

// parentOf is the directory that holds a project's.
func parentOf(dir string) string {
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole
	}
	return filepath.Dir(dir)
}
