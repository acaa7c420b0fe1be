package dialog

import "strings"

// Resolve gives the absolute path that a written path means in the state current
// (dialog-language 3.3): "/A/B" as it is; "." and "./X" from the state itself,
// as is a bare "X"; ".." and "../X" from its parent, never above "/".
func Resolve(current, path string) string {
	path = strings.TrimSpace(path)
	var parts []string
	if !strings.HasPrefix(path, "/") {
		parts = segments(current)
	}
	for part := range strings.SplitSeq(path, "/") {
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
