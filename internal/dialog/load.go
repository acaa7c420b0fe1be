package dialog

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"strings"
)

// Module is a library that `require ... module = name` takes files from.
type Module struct {
	Files fs.FS
	// Unsupported are globs of files that the original module has and this one
	// lacks: requiring them is a warning, not an error.
	Unsupported []string
}

// Options are what a load needs besides the project's files.
type Options struct {
	// Modules are the libraries by name, such as "sys.zb-common".
	Modules map[string]Module
	// Injector overrides `injector` of chatbot.yaml (properties given at
	// deployment); it is not changed.
	Injector map[string]any
	// Files, if not nil, are what LoadDir reads instead of the directory.
	Files fs.FS
	// Beside is the folder that holds the project's folder: dependencies may lie
	// there; nil for none. LoadDir sets it.
	Beside fs.FS
}

// LoadDir loads the project in a directory, see Load. Symbolic links are followed;
// give Load the file system of an os.Root where they must not lead outside.
func LoadDir(dir string, options Options) (*Project, []Diagnostic) {
	options.Beside = os.DirFS(parentOf(dir))
	if options.Files == nil {
		options.Files = os.DirFS(dir)
	}
	return Load(options.Files, options)
}

// Load reads chatbot.yaml and everything it leads to. The project is never nil;
// it may be put in service when Runnable(diagnostics).
func Load(files fs.FS, options Options) (*Project, []Diagnostic) {
	l := newLoader(files, options.Modules)
	data, err := fs.ReadFile(files, ConfigFile)
	if err != nil {
		l.errorf(Pos{File: ConfigFile, Line: 1, Column: 1}, "missing-config", "%s cannot be read: %s", ConfigFile, reason(err))
		l.understand()
		l.project.recogniser, _ = NewRecogniser(l.project, l.project.understanding)
		l.project.understanding.bind(l.project.recogniser.Matcher)
		return l.project, l.list
	}
	l.project.Config = parseConfig(data, l.report)
	l.project.Config.Injector = merge(l.project.Config.Injector, options.Injector)
	l.library.modules = withDependencies(options.Modules, l.project.Config.Dependencies, files, options.Beside)
	l.actions.define(l.project.Config.customTags)
	for _, entry := range l.project.Config.entryPoints {
		l.entryPoint(entry)
	}
	l.finish()
	SortDiagnostics(l.list)
	return l.project, l.list
}

// loader leads one load from file to file. What the files hold goes to the part
// of the project it belongs to.
type loader struct {
	*report
	library      *library
	project      *Project
	read         once
	lists        listing
	states       *stateTree
	targets      *targets
	actions      *actions
	patterns     *patternTable
	variables    *variableTable
	dictionaries *dictionaryTable
}

func newLoader(files fs.FS, modules map[string]Module) *loader {
	r := &report{}
	root := &State{Path: "/", Theme: true}
	p := &Project{
		Config: defaultConfig(), Root: root, States: map[string]*State{"/": root},
		injectors: map[string]map[string]any{},
	}
	lib := &library{report: r, project: files, modules: modules}
	variables := &variableTable{report: r, library: lib, project: p, index: map[string]int{}}
	return &loader{
		report: r, library: lib, project: p, read: once{}, lists: listing{},
		states:       &stateTree{report: r, project: p},
		targets:      &targets{report: r, project: p},
		actions:      &actions{report: r, library: lib, custom: map[string]*descriptor{}},
		patterns:     &patternTable{report: r, project: p, byName: map[string]*NamedPattern{}},
		variables:    variables,
		dictionaries: &dictionaryTable{report: r, library: lib, project: p, variables: variables, read: map[string]*Dictionary{}},
	}
}

// once remembers what was read.
type once map[string]bool

// first tells whether key is asked about for the first time.
func (o once) first(key string) bool {
	before := o[key]
	o[key] = true
	return !before
}

func (l *loader) entryPoint(entry Source) {
	at := location{path: path.Join("src", entry.Text)}
	if !fs.ValidPath(at.path) || !l.library.exists(at) {
		l.errorf(entry.Pos(), "missing-file", "the entry point src/%s does not exist", entry.Text)
		l.hint(l.library.near(at))
		return
	}
	l.source(at, "", nil)
}

// required reads one required file by its type.
func (l *loader) required(at location, r requirement) {
	extension := strings.ToLower(path.Ext(at.path))
	if r.params["type"] == "namedEntities" {
		extension = ".csv"
	}
	switch extension {
	case ".sc":
		l.source(at, r.params["rootTheme"], r.injector)
		l.lists.note(at, r, true)
	case ".js":
		l.javascript(at, r)
	case ".csv":
		l.dictionaries.require(at, r)
		l.lists.note(at, r, false)
	case ".yaml", ".yml", ".json":
		l.variables.yaml(at, r)
	default:
		l.errorf(r.value.Pos(), "unsupported-file-type", "a file of the type %q cannot be required", extension)
		l.hint("known types are .sc, .js, .csv, .yaml and .json")
	}
}

// source reads a .sc file once for each root theme.
func (l *loader) source(at location, rootTheme string, injector map[string]any) {
	l.inject(at, injector)
	if !l.read.first(at.String() + "\x00" + rootTheme) {
		l.choose(at)
		return
	}
	data, ok := l.library.read(at, true)
	if !ok {
		return
	}
	u := &unit{report: l.report, load: l, at: at, root: rootTheme, injector: injector, again: !l.read.first(at.String())}
	u.file(parseBlocks(at.String(), data, l.report))
}

// choose makes the dictionaries of a .sc file that is required again those of
// their names again.
func (l *loader) choose(at location) {
	for _, one := range l.lists.dictionaries(at.String(), once{at.String(): true}) {
		l.dictionaries.require(one.at, one.r)
	}
}

// javascript takes a file once; a file of the new runtime once for each name.
func (l *loader) javascript(at location, r requirement) {
	start := Startup{Pos: Pos{File: at.String(), Line: 1, Column: 1}, Kind: StartupFile}
	switch kind := r.params["type"]; kind {
	case "", "script":
	case "scriptEs6":
		start.Kind, start.Name = StartupES6, strings.TrimPrefix(r.params["name"], "$")
	default:
		l.errorf(r.tag.pos, "bad-value", "unknown type %q of a JavaScript file", kind)
		return
	}
	l.inject(at, r.injector)
	if !l.read.first(at.String() + "\x00" + string(start.Kind) + start.Name) {
		return
	}
	if data, ok := l.library.read(at, true); ok {
		text := strings.TrimPrefix(strings.ToValidUTF8(string(data), "\ufffd"), "\ufeff")
		start.Code = NewSource(strings.ReplaceAll(text, "\r\n", "\n"), start.Pos)
		l.project.Startup = append(l.project.Startup, start)
	}
}

// finish makes what can only be done when all files are read.
func (l *loader) finish() {
	l.targets.check()
	l.actions.check(l.project.States)
	l.understand()
	recogniser, found := NewRecogniser(l.project, l.project.understanding)
	l.project.recogniser = recogniser
	found = append(found, l.project.understanding.bind(recogniser.Matcher)...)
	l.list = append(append(l.list, check(l.project)...), found...)
}

// understand reads what the project exports of its intents and entities.
func (l *loader) understand() {
	l.project.understanding = readUnderstanding(l.library.project, l.project.Config.Language, l.report)
	l.project.NLU = l.project.understanding.Model
	groups := exampleReader{report: l.report, library: l.library, project: l.project}
	groups.read()
	l.project.examples = newExamples(l.project)
}

// inject lays what `require` gives over $injector of one file.
func (l *loader) inject(at location, injector map[string]any) {
	if injector != nil {
		name := at.String()
		l.project.injectors[name] = merge(l.project.Injector(name), injector)
	}
}

// merge lays the members of over onto base, objects recursively, without
// changing either.
func merge(base, over map[string]any) map[string]any {
	merged := make(map[string]any, len(base)+len(over))
	maps.Copy(merged, base)
	for name, value := range over {
		if object, ok := value.(map[string]any); ok {
			if below, ok := merged[name].(map[string]any); ok {
				value = merge(below, object)
			}
		}
		merged[name] = value
	}
	return merged
}
