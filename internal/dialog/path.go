package dialog

import (
	"fmt"
	"sort"
	"strings"
)

// Resolve gives the absolute path that a written path means in the state current
// (dialog-language 3.3): "/A/B" as it is; "." and "./X" from the state itself,
// as is a bare "X"; ".." and "../X" from its parent, never above "/".
func Resolve(current, path string) string {
	path = strings.TrimSpace(path)
	var parts []string
	if !strings.HasPrefix(path, "/") {
		parts = segments(current)
	}
	for _, part := range strings.Split(path, "/") {
		switch part = strings.TrimSpace(part); part {
		case "", ".":
		case "..":
			parts = parts[:max(len(parts)-1, 0)]
		default:
			parts = append(parts, part)
		}
	}
	return "/" + strings.Join(parts, "/")
}

// segments are the names of an absolute path, none for "/".
func segments(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// depth is the number of names of an absolute path.
func depth(path string) int {
	if path == "/" || path == "" {
		return 0
	}
	return strings.Count(path, "/")
}

// parentPath is the path one level up; the parent of "/" is "/".
func parentPath(path string) string {
	i := strings.LastIndexByte(path, '/')
	if i <= 0 {
		return "/"
	}
	return path[:i]
}

// within tells whether path is top or lies below it.
func within(path, top string) bool {
	return top == "/" || path == top || strings.HasPrefix(path, top+"/")
}

// below tells whether path lies strictly below top.
func below(path, top string) bool { return path != top && within(path, top) }

// pendingTarget is a written path that must name a state when all is loaded.
type pendingTarget struct {
	path    string
	written string
	pos     Pos
}

// expect remembers that a path must exist.
func (l *loader) expect(path, written string, pos Pos) {
	l.targets = append(l.targets, pendingTarget{path: path, written: written, pos: pos})
}

// maxStateHints bounds the search for similar paths, which is slow.
const maxStateHints = 50

// checkTargets reports the paths that name no state. While a module is missing
// they may be its states.
func (l *loader) checkTargets() {
	var paths []string
	hints := 0
	for _, target := range l.targets {
		if l.project.States[target.path] != nil {
			continue
		}
		if paths == nil {
			for path := range l.project.States {
				paths = append(paths, path)
			}
			sort.Strings(paths)
		}
		report := l.errorf
		if l.project.Incomplete {
			report = l.warnf
		}
		report(target.pos, codeUnknownState, "no state has the path %s", target.path)
		if hints++; hints <= maxStateHints {
			l.hint(nearState(target, paths))
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
