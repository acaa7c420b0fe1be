package dialog

import (
	"errors"
	"fmt"
	"io/fs"
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
}

// LoadDir loads the project in a directory, see Load. Symbolic links are followed;
// give Load the file system of an os.Root where they must not lead outside.
func LoadDir(dir string, options Options) (*Project, []Diagnostic) {
	return Load(os.DirFS(dir), options)
}

// Load reads chatbot.yaml and everything it leads to. The project is never nil;
// it may be put in service when Runnable(diagnostics).
func Load(files fs.FS, options Options) (*Project, []Diagnostic) {
	l := newLoader(files, options)
	data, err := fs.ReadFile(files, ConfigFile)
	if err != nil {
		l.errorf(Pos{File: ConfigFile, Line: 1, Column: 1}, "missing-config", "%s cannot be read: %s", ConfigFile, reason(err))
		return l.project, l.list
	}
	l.project.Config = parseConfig(data, &l.report)
	l.project.Config.Injector = merge(l.project.Config.Injector, options.Injector)
	l.customTags()
	for _, entry := range l.project.Config.entryPoints {
		l.entryPoint(entry)
	}
	l.finish()
	SortDiagnostics(l.list)
	return l.project, l.list
}

// loader is the state of one load.
type loader struct {
	report
	files    fs.FS
	options  Options
	project  *Project
	loaded   map[string]bool
	patterns map[string]*NamedPattern
	variable map[string]int // index in project.Variables
	targets  []pendingTarget
	actions  []*Action
	custom   map[string]bool // names of the bot's own action tags
}

func newLoader(files fs.FS, options Options) *loader {
	root := &State{Path: "/", Theme: true}
	return &loader{
		files: files, options: options,
		project: &Project{
			Config: defaultConfig(), Root: root, States: map[string]*State{"/": root},
			injectors: map[string]map[string]any{},
		},
		loaded: map[string]bool{}, patterns: map[string]*NamedPattern{},
		variable: map[string]int{}, custom: map[string]bool{},
	}
}

func (l *loader) entryPoint(entry Source) {
	at := location{path: path.Join("src", entry.Text)}
	if !fs.ValidPath(at.path) || !l.exists(at) {
		l.errorf(entry.Pos(), "missing-file", "the entry point src/%s does not exist", entry.Text)
		l.hint(l.nearFile(at))
		return
	}
	l.source(at, "", nil)
}

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

func (l *loader) filesOf(at location) fs.FS {
	if at.module == "" {
		return l.files
	}
	return l.options.Modules[at.module].Files
}

// base is the folder that paths with a leading "/" start from.
func (l *loader) base(module string) string {
	if module == "" {
		return "src"
	}
	if info, err := fs.Stat(l.options.Modules[module].Files, "src"); err == nil && info.IsDir() {
		return "src"
	}
	return "."
}

func (l *loader) exists(at location) bool {
	info, err := fs.Stat(l.filesOf(at), at.path)
	return err == nil && !info.IsDir()
}

// nearFile is a hint: the file of the same folder with the most similar name.
func (l *loader) nearFile(at location) string {
	entries, _ := fs.ReadDir(l.filesOf(at), path.Dir(at.path))
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return didYouMean(path.Base(at.path), names)
}

// read reads a file of at most MaxSource bytes, any size when limited is false.
func (l *loader) read(at location, limited bool) ([]byte, bool) {
	top := Pos{File: at.String(), Line: 1, Column: 1}
	if info, err := fs.Stat(l.filesOf(at), at.path); err == nil && limited && info.Size() > MaxSource {
		l.errorf(top, "file-too-large", "the file has %d bytes, the limit is %d", info.Size(), MaxSource)
		return nil, false
	}
	data, err := fs.ReadFile(l.filesOf(at), at.path)
	if err != nil {
		l.errorf(top, "unreadable-file", "the file cannot be read: %s", reason(err))
		return nil, false
	}
	return data, true
}

// reason is an error without the path, which the position tells.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}

// unit is one .sc file while it is read.
type unit struct {
	*loader
	at       location
	root     string // rootTheme, "" for none
	injector map[string]any
	again    bool // the file was read already, under another root theme
}

// source reads a .sc file once for each root theme.
func (l *loader) source(at location, rootTheme string, injector map[string]any) {
	l.inject(at, injector)
	key := at.String() + "\x00" + rootTheme
	if l.loaded[key] {
		return
	}
	l.loaded[key] = true
	data, ok := l.read(at, true)
	if !ok {
		return
	}
	u := &unit{loader: l, at: at, root: rootTheme, injector: injector, again: l.loaded[at.String()]}
	l.loaded[at.String()] = true
	u.file(parseBlocks(at.String(), data, &l.report))
}

// inject lays what `require` gives over $injector of one file.
func (l *loader) inject(at location, injector map[string]any) {
	if injector != nil {
		name := at.String()
		l.project.injectors[name] = merge(l.project.Injector(name), injector)
	}
}

func (u *unit) file(file *block) {
	for _, b := range file.children {
		switch {
		case b.name == "require":
			u.require(b)
		case b.name == "theme":
			u.theme(b)
		default:
			u.declaration(b, u.rootState())
		}
	}
}

// declaration reads what may stand in a theme.
func (u *unit) declaration(b *block, parent *State) {
	switch {
	case b.editor != "":
		parent.Blocks = append(parent.Blocks, &EditorBlock{Pos: b.pos, Name: b.editor, JSON: b.value})
	case u.again && (b.name == "init" || b.name == "patterns"):
		// these are global: once is enough
	case b.name == "init":
		u.project.Startup = append(u.project.Startup, Startup{Pos: b.pos, Kind: StartupInit, Code: codeOf(b)})
	case b.name == "patterns":
		u.namedPatterns(b)
	case b.name == "state":
		u.state(b, parent)
	case b.name == "theme":
		u.theme(b)
	case b.name == "require":
		u.require(b)
	}
}

// codeOf is the JavaScript of a block without its common indentation; comments
// with "#" become comments of JavaScript.
func codeOf(b *block) Source {
	var g gather
	g.addSource(b.value)
	common := commonIndent(b.lines)
	for _, l := range b.lines {
		if g.text.Len() == 0 && l.skippable() {
			continue
		}
		pad := max(l.indent-common, 0)
		g.add("\n", strings.Repeat(" ", pad), Pos{File: l.pos.File, Line: l.pos.Line, Column: max(l.pos.Column-pad, 1)})
		if l.comment() {
			g.add("", "//"+l.text[1:], l.pos)
		} else {
			g.add("", l.text, l.pos)
		}
	}
	return g.source()
}

func commonIndent(lines []line) int {
	common := -1
	for _, l := range lines {
		if !l.skippable() && (common < 0 || l.indent < common) {
			common = l.indent
		}
	}
	return max(common, 0)
}

// merge lays the members of over onto base, objects recursively, without
// changing either.
func merge(base, over map[string]any) map[string]any {
	merged := make(map[string]any, len(base)+len(over))
	for name, value := range base {
		merged[name] = value
	}
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

// known warns of parameters a tag does not have and gives the others by name.
func (l *loader) known(tag string, params []param, names ...string) map[string]param {
	byName := map[string]param{}
	for _, p := range params {
		if !contains(names, p.name()) {
			l.warnf(p.pos(), "unknown-parameter", "%s has no parameter %q; it is ignored", tag, p.name())
			l.hint(didYouMean(p.name(), append([]string{}, names...)))
			continue
		}
		if _, again := byName[p.name()]; again {
			l.warnf(p.pos(), "repeated-parameter", "the parameter %q is given twice; the last one counts", p.name())
		}
		byName[p.name()] = p
	}
	return byName
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// text is the interpolated value of a parameter, nil when it is not given.
func (l *loader) text(params map[string]param, name string) *Text {
	p, given := params[name]
	if !given {
		return nil
	}
	text := answerText(p.value, &l.report)
	return &text
}

func (l *loader) flag(params map[string]param, name string) bool {
	p, given := params[name]
	return given && p.flag(&l.report)
}

// needValue reports a tag without its value.
func (l *loader) needValue(b *block, what string) bool {
	if b.value.Empty() {
		l.errorf(b.pos, "missing-value", "%q needs %s", b.name, what)
	}
	return !b.value.Empty()
}

// noValue warns of text behind a tag that has no value.
func (l *loader) noValue(b *block) {
	if !b.value.Empty() {
		l.warnf(b.value.Pos(), "unexpected-value", "%q has no value; %s is ignored", b.name, fmt.Sprintf("%.40q", b.value.Text))
	}
}
