package dialog

import (
	"strconv"
	"strings"
)

// stateTree is the tree of a project's states while it grows.
type stateTree struct {
	*report
	project *Project
}

// open gives the state at an absolute path and makes those that are missing, as
// themes.
func (t *stateTree) open(path string, pos Pos) *State {
	if s := t.project.States[path]; s != nil {
		return s
	}
	parent := t.open(parentPath(path), pos)
	return t.add(parent, path[strings.LastIndexByte(path, '/')+1:], pos, true)
}

func (t *stateTree) add(parent *State, name string, pos Pos, theme bool) *State {
	s := &State{Pos: pos, Path: Resolve(parent.Path, name), Name: name, Theme: theme, Parent: parent}
	parent.Children = append(parent.Children, s)
	t.project.States[s.Path] = s
	return s
}

// named finds or makes the state that a `state` tag opens.
func (t *stateTree) named(value Source, b *block, parent *State) *State {
	name := t.name(value, parent)
	if name == "" {
		name = t.unusedIndex(parent)
	}
	s := t.project.States[Resolve(parent.Path, "./"+name)]
	if s == nil {
		return t.add(parent, name, b.pos, false)
	}
	if s.Theme {
		s.Theme, s.Pos = false, b.pos
	}
	return s
}

// name checks the written name. A path is accepted where it means a child of the
// parent, "/Name" standing for "Name".
func (t *stateTree) name(value Source, parent *State) string {
	name := value.Text
	if !strings.Contains(name, "/") && name != "." && name != ".." {
		return name
	}
	if rest, ok := strings.CutPrefix(name, parent.Path+"/"); ok && !strings.Contains(rest, "/") {
		return strings.TrimSpace(rest)
	}
	if rest, ok := strings.CutPrefix(name, "/"); ok && !strings.Contains(rest, "/") {
		t.warnf(value.Pos(), "path-as-name", "a state is named without /; it is read as %q below %s", rest, parent.Path)
		return strings.TrimSpace(rest)
	}
	t.errorf(value.Pos(), "bad-state-name", "%q is no name of a state: a name holds no / and is not . or ..", name)
	return strings.Trim(strings.ReplaceAll(name, "/", " "), " .")
}

// unusedIndex names a state without a name: its index among its siblings, from
// 1, or the next one that is free.
func (t *stateTree) unusedIndex(parent *State) string {
	written := 0
	for _, child := range parent.Children {
		if child.Action == nil {
			written++
		}
	}
	for index := written + 1; ; index++ {
		name := strconv.Itoa(index)
		if t.project.States[Resolve(parent.Path, "./"+name)] == nil {
			return name
		}
	}
}
