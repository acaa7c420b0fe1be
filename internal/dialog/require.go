package dialog

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
)

// require loads the files a tag names (dialog-language 1.3).
func (u *unit) require(b *block) {
	if !u.needValue(b, "the path of a file") {
		return
	}
	value, params := declared(b.value, &u.report)
	given := u.known("require", append(params, lineParams(b, &u.report)...),
		"module", "from", "type", "name", "var", "strict", "injector", "rootTheme", "provide")
	r := required{tag: b, value: value, params: u.substituted(given), injector: u.injector}
	if injector, ok := given["injector"]; ok {
		r.injector = merge(u.injector, u.object(injector))
	}
	var ok bool
	if r.written, ok = u.substitute(value); !ok {
		return
	}
	at, ok := u.module(r)
	if !ok {
		return
	}
	for _, file := range u.resolve(at, r) {
		u.load(file, r)
	}
}

// required is one require tag with its parameters.
type required struct {
	tag      *block
	value    Source
	written  string // the path after substitution
	params   map[string]string
	injector map[string]any // given here or to the requiring file; nil for none
}

const globCharacters = "*?["

// object reads a parameter that must be an object.
func (u *unit) object(p param) map[string]any {
	value, ok := parseLiteral(p.value, &u.report)
	object, isObject := plain(value).(map[string]any)
	if ok && !isObject {
		u.errorf(p.value.Pos(), "bad-value", "%s must be an object", p.name())
	}
	return object
}

// substituted gives the values of the parameters with {{$injector.x}} filled in.
func (u *unit) substituted(given map[string]param) map[string]string {
	values := map[string]string{}
	for name, p := range given {
		if name == "injector" || name == "provide" {
			continue
		}
		values[name], _ = u.substitute(p.value)
	}
	return values
}

// substitute fills {{$injector.x}} in; nothing else is known at load.
func (u *unit) substitute(value Source) (text string, ok bool) {
	if !strings.Contains(value.Text, "{{") {
		return value.Text, true
	}
	ok = true
	var out strings.Builder
	for _, part := range interpolate(value, &u.report).Parts {
		if part.Expr == nil {
			out.WriteString(part.Literal)
			continue
		}
		found, known := u.injected(part.Expr.Text)
		if ok = ok && known; !known {
			u.errorf(part.Expr.Pos(), "bad-substitution", "{{%s}} has no value here: only $injector and its members are known at load", part.Expr.Text)
		}
		out.WriteString(found)
	}
	return out.String(), ok
}

// injected looks "$injector.a.b" up.
func (u *unit) injected(expression string) (string, bool) {
	names := strings.Split(expression, ".")
	if names[0] != "$injector" {
		return "", false
	}
	var value any = u.project.Injector(u.at.String())
	for _, name := range names[1:] {
		object, ok := value.(map[string]any)
		if !ok {
			return "", false
		}
		value = object[name]
	}
	switch value.(type) {
	case string, float64, bool:
		return fmt.Sprint(value), true
	}
	return "", false
}

// module finds where the required path starts; ok is false when the module is
// missing, which is reported.
func (u *unit) module(r required) (at location, ok bool) {
	name := r.params["module"]
	if name == "" {
		name = r.params["from"]
	}
	if name == "" {
		return location{module: u.at.module, path: path.Dir(u.at.path)}, true
	}
	if _, known := u.options.Modules[name]; known {
		return location{module: name, path: u.base(name)}, true
	}
	u.project.Incomplete = true
	for _, dependency := range u.project.Config.Dependencies {
		if dependency.Name == name {
			u.warnf(r.tag.pos, "module-not-installed", "the module %q is a dependency that is not installed; %s is left out", name, r.written)
			return location{}, false
		}
	}
	u.errorf(r.tag.pos, "unknown-module", "there is no module %q; %s is left out", name, r.written)
	u.hint(didYouMean(name, u.moduleNames()))
	return location{}, false
}

func (u *unit) moduleNames() []string {
	var names []string
	for name := range u.options.Modules {
		names = append(names, name)
	}
	return names
}

// resolve gives the files that a path means, from the requiring file's folder
// first, then from the base folder.
func (u *unit) resolve(from location, r required) []location {
	folders := []string{from.path, u.base(from.module)}
	if strings.HasPrefix(r.written, "/") {
		folders = folders[1:]
	}
	for _, folder := range folders {
		at := location{module: from.module, path: path.Join(folder, r.written)}
		if !fs.ValidPath(at.path) {
			continue
		}
		if strings.ContainsAny(at.path, globCharacters) {
			if files := u.matching(at); len(files) > 0 {
				return files
			}
		} else if u.exists(at) {
			return []location{at}
		}
	}
	u.missing(location{module: from.module, path: path.Join(folders[0], r.written)}, r)
	return nil
}

// missing reports a file that does not exist.
func (u *unit) missing(at location, r required) {
	if !fs.ValidPath(at.path) {
		u.errorf(r.value.Pos(), "missing-file", "the path %s leaves the project", r.written)
		return
	}
	for _, glob := range u.options.Modules[at.module].Unsupported {
		if Glob(glob, at.path) {
			u.project.Incomplete = true
			u.warnf(r.value.Pos(), "unsupported-module-file", "%s of the module %s is not supported; it is left out", at.path, at.module)
			return
		}
	}
	if strings.ContainsAny(at.path, globCharacters) {
		u.errorf(r.value.Pos(), "missing-file", "no file fits %s", r.written)
		return
	}
	u.errorf(r.value.Pos(), "missing-file", "the file %s does not exist", r.written)
	u.hint(u.nearFile(at))
}

// matching lists the files that a glob means, in the order of their names.
func (u *unit) matching(glob location) []location {
	top := glob.path[:strings.IndexAny(glob.path, globCharacters)]
	top = path.Dir(top + "x")
	var found []location
	walk := func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && Glob(glob.path, name) {
			found = append(found, location{module: glob.module, path: name})
		}
		return nil
	}
	if err := fs.WalkDir(u.filesOf(glob), top, walk); err != nil {
		return nil
	}
	sort.Slice(found, func(i, j int) bool { return found[i].path < found[j].path })
	return found
}

// load reads one required file by its type.
func (u *unit) load(at location, r required) {
	extension := strings.ToLower(path.Ext(at.path))
	if r.params["type"] == "namedEntities" {
		extension = ".csv"
	}
	switch extension {
	case ".sc":
		u.source(at, r.params["rootTheme"], r.injector)
	case ".js":
		u.javascript(at, r)
	case ".csv":
		u.dictionary(at, r)
	case ".yaml", ".yml", ".json":
		u.yaml(at, r)
	default:
		u.errorf(r.value.Pos(), "unsupported-file-type", "a file of the type %q cannot be required", extension)
		u.hint("known types are .sc, .js, .csv, .yaml and .json")
	}
}

// javascript takes a file once; a file of the new runtime once for each name.
func (u *unit) javascript(at location, r required) {
	start := Startup{Pos: Pos{File: at.String(), Line: 1, Column: 1}, Kind: StartupFile}
	switch kind := r.params["type"]; kind {
	case "", "script":
	case "scriptEs6":
		start.Kind, start.Name = StartupES6, strings.TrimPrefix(r.params["name"], "$")
	default:
		u.errorf(r.tag.pos, "bad-value", "unknown type %q of a JavaScript file", kind)
		return
	}
	u.inject(at, r.injector)
	key := at.String() + "\x00" + string(start.Kind) + start.Name
	if u.loaded[key] {
		return
	}
	u.loaded[key] = true
	if data, ok := u.read(at, true); ok {
		text := strings.TrimPrefix(strings.ToValidUTF8(string(data), "\ufffd"), "\ufeff")
		start.Code = NewSource(strings.ReplaceAll(text, "\r\n", "\n"), start.Pos)
		u.project.Startup = append(u.project.Startup, start)
	}
}

// setVariable makes a global variable; the last value of a name counts.
func (u *unit) setVariable(name string, pos Pos, value []byte) {
	v := Variable{Pos: pos, Name: name, Value: value}
	if index, again := u.variable[name]; again {
		u.project.Variables[index] = v
		return
	}
	u.variable[name] = len(u.project.Variables)
	u.project.Variables = append(u.project.Variables, v)
}
