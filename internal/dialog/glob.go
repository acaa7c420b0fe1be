package dialog

import (
	"path"
	"strings"
)

// Glob tells whether a path fits a pattern with *, ?, [ ] and, for any number of
// folders, **, as `require`, `tests.include` and `tests.exclude` have them. A
// pattern without a slash that fits nothing else is not special.
func Glob(pattern, name string) bool {
	return globParts(strings.Split(pattern, "/"), strings.Split(name, "/"), new(int))
}

// maxGlobSteps bounds the work for patterns with many "**".
const maxGlobSteps = 10000

func globParts(pattern, name []string, steps *int) bool {
	for len(pattern) > 0 && pattern[0] != "**" {
		if len(name) == 0 {
			return false
		}
		if ok, err := path.Match(pattern[0], name[0]); err != nil || !ok {
			return false
		}
		pattern, name = pattern[1:], name[1:]
	}
	if len(pattern) == 0 {
		return len(name) == 0
	}
	for i := 0; i <= len(name) && *steps < maxGlobSteps; i++ {
		*steps++
		if globParts(pattern[1:], name[i:], steps) {
			return true
		}
	}
	return false
}
