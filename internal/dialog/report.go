package dialog

import "fmt"

// report gathers the diagnostics of one load.
type report struct {
	list    []Diagnostic
	perFile map[string]int
	full    bool // the last diagnostic was not kept
}

// maxPerFile bounds the diagnostics of one file; the rest are not kept.
const maxPerFile = 200

func (r *report) add(d Diagnostic) {
	if r.perFile == nil {
		r.perFile = map[string]int{}
	}
	n := r.perFile[d.File]
	r.full = n >= maxPerFile
	switch {
	case n > maxPerFile:
		return
	case n == maxPerFile:
		r.list = append(r.list, newDiagnostic(Error, d.Pos(), "too-many-diagnostics",
			fmt.Sprintf("more than %d findings in this file; the rest is left out", maxPerFile), ""))
	default:
		r.list = append(r.list, d)
	}
	r.perFile[d.File]++
}

func (r *report) errorf(pos Pos, code, format string, args ...any) {
	r.add(newDiagnostic(Error, pos, code, fmt.Sprintf(format, args...), ""))
}

func (r *report) warnf(pos Pos, code, format string, args ...any) {
	r.add(newDiagnostic(Warning, pos, code, fmt.Sprintf(format, args...), ""))
}

// hint adds advice to the diagnostic reported last.
func (r *report) hint(hint string) {
	if hint != "" && !r.full {
		r.list[len(r.list)-1].Hint = hint
	}
}
