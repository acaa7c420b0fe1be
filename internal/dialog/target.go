package dialog

import (
	"fmt"
	"sort"
	"strings"
)

// targets are the written paths that must name a state when all is loaded.
type targets struct {
	*report
	project *Project
	list    []pendingTarget
}

type pendingTarget struct {
	path string
	pos  Pos
}

// resolve gives the path that one written in the state holder means, and
// remembers that it must exist.
func (t *targets) resolve(holder *State, written string, pos Pos) string {
	path := Resolve(holder.Path, written)
	t.list = append(t.list, pendingTarget{path: path, pos: pos})
	return path
}

// read reads a path that may hold {{ }}.
func (t *targets) read(holder *State, value Source) Target {
	target := Target{Pos: value.Pos(), Text: interpolate(value, t.report)}
	if written, static := target.Text.Static(); static && written != "" {
		target.Path = t.resolve(holder, written, target.Pos)
	}
	return target
}

// maxStateHints bounds the search for similar paths, which is slow.
const maxStateHints = 50

// check reports the paths that name no state. While a module is missing they may
// be its states.
func (t *targets) check() {
	var paths []string
	hints := 0
	for _, target := range t.list {
		if t.project.States[target.path] != nil {
			continue
		}
		if paths == nil {
			for path := range t.project.States {
				paths = append(paths, path)
			}
			sort.Strings(paths)
		}
		report := t.errorf
		if t.project.Incomplete {
			report = t.warnf
		}
		report(target.pos, "unknown-state", "no state has the path %s", target.path)
		if hints++; hints <= maxStateHints {
			t.hint(nearState(target, paths))
		}
	}
}

// nearState proposes the state that was meant: one with the same name elsewhere,
// or with a similar path.
func nearState(target pendingTarget, paths []string) string {
	name := target.path[strings.LastIndexByte(target.path, '/'):]
	var same []string
	for _, path := range paths {
		if strings.HasSuffix(path, name) {
			same = append(same, path)
		}
	}
	if len(same) == 1 {
		return fmt.Sprintf("did you mean %q?", same[0])
	}
	if near := didYouMean(target.path, same); near != "" {
		return near
	}
	return didYouMean(target.path, paths)
}
