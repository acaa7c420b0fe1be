package dialog

import (
	"strconv"
	"strings"
)

// State is a state or a theme, a node of the tree whose root is "/".
type State struct {
	Pos
	// Path is absolute: "/", "/Theme", "/Theme/State/1".
	Path string
	// Name is the last part of Path; an unnamed state is called by its index
	// among its siblings, from 1.
	Name string
	// Theme is true for the root and for nodes opened only by `theme`.
	Theme     bool
	NoContext bool
	Modal     bool
	// SessionResult is the dialog result set on entering; nil when not given.
	SessionResult      *Text
	SessionResultColor string
	Triggers           []*Trigger
	Reactions          []Reaction
	Parent             *State
	Children           []*State
	// Blocks are the JSON blocks of the visual editor, kept as written.
	Blocks []*EditorBlock
}

// EditorBlock is an `@Name` line of the visual editor and the JSON behind it.
type EditorBlock struct {
	Pos
	Name string
	JSON Source
}

// rootState is the node that the root theme of a file names.
func (u *unit) rootState() *State {
	return u.open(Resolve("/", u.root), Pos{File: u.at.String(), Line: 1, Column: 1})
}

// open gives the state at an absolute path and makes those that are missing, as
// themes.
func (l *loader) open(path string, pos Pos) *State {
	if s := l.project.States[path]; s != nil {
		return s
	}
	parent := l.open(parentPath(path), pos)
	return l.addState(parent, path[strings.LastIndexByte(path, '/')+1:], pos, true)
}

func (l *loader) addState(parent *State, name string, pos Pos, theme bool) *State {
	s := &State{Pos: pos, Path: Resolve(parent.Path, name), Name: name, Theme: theme, Parent: parent}
	parent.Children = append(parent.Children, s)
	l.project.States[s.Path] = s
	return s
}

func (u *unit) theme(b *block) {
	if !u.needValue(b, "a path such as / or /Name") {
		return
	}
	value, params := declared(b.value, &u.report)
	given := u.known("theme", params, "modal")
	if depth(value.Text) > maxDepth {
		u.errorf(value.Pos(), "too-deep", "the path has more than %d parts", maxDepth)
		return
	}
	s := u.open(Resolve("/"+u.root, "./"+doubleColon(value, &u.report).Text), b.pos)
	if s.Line == 0 { // the root is opened by nobody
		s.Pos = b.pos
	}
	s.Modal = s.Modal || u.flag(given, "modal")
	for _, child := range b.children {
		u.declaration(child, s)
	}
}

func (u *unit) state(b *block, parent *State) {
	value, params := declared(b.value, &u.report)
	s := u.named(doubleColon(value, &u.report), b, parent)
	given := u.known("state", params, "noContext", "modal", "sessionResult", "sessionResultColor")
	s.NoContext = s.NoContext || u.flag(given, "noContext")
	s.Modal = s.Modal || u.flag(given, "modal")
	if result := u.text(given, "sessionResult"); result != nil {
		s.SessionResult = result
	}
	if colour, ok := given["sessionResultColor"]; ok {
		s.SessionResultColor = colour.value.Text
	}
	u.stateBody(b, s)
}

func (u *unit) stateBody(b *block, s *State) {
	var steps []*block
	for _, child := range b.children {
		switch {
		case child.editor != "" || tags[child.name].parent&inTheme != 0 || tags[child.name].parent == inFile:
			u.declaration(child, s)
		case tags[child.name].parent == inState:
			u.trigger(child, s)
		default:
			steps = append(steps, child)
		}
	}
	reactions := u.reactions(steps, s)
	if len(reactions) > 0 && len(s.Reactions) > 0 {
		u.warnf(b.pos, "repeated-state", "the state %s has reactions at %s already; these are added behind them", s.Path, s.Reactions[0].At())
	}
	s.Reactions = append(s.Reactions, reactions...)
}

// doubleColon takes off the second colon of `state:: Name`.
func doubleColon(value Source, r *report) Source {
	if strings.HasPrefix(value.Text, ":") {
		r.warnf(value.Pos(), "double-colon", "the second colon is ignored")
		return value.slice(1, len(value.Text)).trim()
	}
	return value
}

// named finds or makes the state that a `state` tag opens.
func (u *unit) named(value Source, b *block, parent *State) *State {
	name := u.stateName(value, parent)
	if name == "" {
		name = u.unusedIndex(parent)
	}
	s := u.project.States[Resolve(parent.Path, "./"+name)]
	if s == nil {
		return u.addState(parent, name, b.pos, false)
	}
	if s.Theme {
		s.Theme, s.Pos = false, b.pos
	}
	return s
}

// stateName checks the written name. A path is accepted where it means a child
// of the parent, "/Name" standing for "Name".
func (u *unit) stateName(value Source, parent *State) string {
	name := value.Text
	if !strings.Contains(name, "/") && name != "." && name != ".." {
		return name
	}
	if rest, ok := strings.CutPrefix(name, parent.Path+"/"); ok && !strings.Contains(rest, "/") {
		return strings.TrimSpace(rest)
	}
	if rest, ok := strings.CutPrefix(name, "/"); ok && !strings.Contains(rest, "/") {
		u.warnf(value.Pos(), "path-as-name", "a state is named without /; it is read as %q below %s", rest, parent.Path)
		return strings.TrimSpace(rest)
	}
	u.errorf(value.Pos(), "bad-state-name", "%q is no name of a state: a name holds no / and is not . or ..", name)
	return strings.Trim(strings.ReplaceAll(name, "/", " "), " .")
}

// unusedIndex names a state without a name: its index among its siblings, from
// 1, or the next one that is free.
func (l *loader) unusedIndex(parent *State) string {
	for index := len(parent.Children) + 1; ; index++ {
		name := strconv.Itoa(index)
		if l.project.States[Resolve(parent.Path, "./"+name)] == nil {
			return name
		}
	}
}
