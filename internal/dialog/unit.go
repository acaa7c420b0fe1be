package dialog

import "strings"

// unit reads one .sc file.
type unit struct {
	*report
	load     *loader
	at       location
	root     string // rootTheme, "" for none
	injector map[string]any
	again    bool // the file was read already, under another root theme
}

func (u *unit) file(file *block) {
	for _, b := range file.children {
		switch b.name {
		case "require":
			u.require(b)
		case "theme":
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
		u.load.project.Startup = append(u.load.project.Startup, Startup{Pos: b.pos, Kind: StartupInit, Code: b.code()})
	case b.name == "patterns":
		u.load.patterns.read(b, u.at.module != "")
	case b.name == "state":
		u.state(b, parent)
	case b.name == "theme":
		u.theme(b)
	case b.name == "require":
		u.require(b)
	case isTrigger(b.name):
		triggers := u.triggers(parent)
		triggers.read(b)
	}
}

func (u *unit) triggers(holder *State) triggerReader {
	return triggerReader{report: u.report, project: u.load.project, targets: u.load.targets, holder: holder}
}

// rootState is the node that the root theme of a file names.
func (u *unit) rootState() *State {
	return u.load.states.open(Resolve("/", u.root), Pos{File: u.at.String(), Line: 1, Column: 1})
}

func (u *unit) theme(b *block) {
	if !b.needValue("a path such as / or /Name", u.report) {
		return
	}
	value, params := declared(b.value, u.report)
	given := known("theme", params, u.report, tagParams["theme"]...)
	if depth(value.Text) > maxDepth {
		u.errorf(value.Pos(), "too-deep", "the path has more than %d parts", maxDepth)
		return
	}
	s := u.load.states.open(Resolve("/"+u.root, "./"+doubleColon(value, u.report).Text), b.pos)
	if s.Line == 0 { // the root is opened by nobody
		s.Pos = b.pos
	}
	s.Modal = s.Modal || given.flag("modal")
	for _, child := range b.children {
		u.declaration(child, s)
	}
}

func (u *unit) state(b *block, parent *State) {
	value, params := declared(b.value, u.report)
	s := u.load.states.named(doubleColon(value, u.report), b, parent)
	given := known("state", params, u.report, tagParams["state"]...)
	s.NoContext = s.NoContext || given.flag("noContext")
	s.Modal = s.Modal || given.flag("modal")
	if result := given.text("sessionResult"); result != nil {
		s.SessionResult = result
	}
	if colour, ok := given.value("sessionResultColor"); ok {
		s.SessionResultColor = colour.Text
	}
	u.body(b, s)
}

func (u *unit) body(b *block, s *State) {
	var steps []*block
	triggers := u.triggers(s)
	triggers.entered = true
	for _, child := range b.children {
		switch {
		case isTrigger(child.name):
			triggers.read(child)
		case child.editor != "" || tags[child.name].parent&inTheme != 0 || tags[child.name].parent == inFile:
			u.declaration(child, s)
		default:
			steps = append(steps, child)
		}
	}
	blocks := &actionReader{
		report: u.report, project: u.load.project, states: u.load.states, targets: u.load.targets, actions: u.load.actions, holder: s,
	}
	reader := reactionReader{report: u.report, targets: u.load.targets, blocks: blocks, holder: s}
	reactions := reader.read(steps)
	if len(reactions) > 0 && len(s.Reactions) > 0 {
		u.warnf(b.pos, "repeated-state", "the state %s has reactions at %s already; these are added behind them", s.Path, s.Reactions[0].At())
	}
	s.Reactions = append(s.Reactions, reactions...)
}

// require loads the files that a tag names.
func (u *unit) require(b *block) {
	injected := substitution{report: u.report, injector: u.load.project.Injector(u.at.String())}
	r, ok := readRequirement(b, injected, u.injector)
	if !ok {
		return
	}
	f := finder{report: u.report, library: u.load.library, project: u.load.project, from: u.at}
	for _, file := range f.find(r) {
		u.load.project.Inclusions = append(u.load.project.Inclusions, Inclusion{Pos: r.value.Pos(), Path: file.String()})
		u.load.required(file, r)
	}
}

// doubleColon takes off the second colon of `state:: Name`.
func doubleColon(value Source, r *report) Source {
	if strings.HasPrefix(value.Text, ":") {
		r.warnf(value.Pos(), "double-colon", "the second colon is ignored")
		return value.slice(1, len(value.Text)).trim()
	}
	return value
}
