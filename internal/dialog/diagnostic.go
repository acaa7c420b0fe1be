package dialog

import "sort"

// Severity tells how bad a finding is.
type Severity string

const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Diagnostic is one finding about a project. Code is stable and may be relied on
// by tools; Message and Hint are for people.
type Diagnostic struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`
	Column   int      `json:"column"`
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`
}

// Pos is the place the diagnostic is about.
func (d Diagnostic) Pos() Pos { return Pos{File: d.File, Line: d.Line, Column: d.Column} }

// String gives "file:line:column: severity: message [code] (hint)".
func (d Diagnostic) String() string {
	text := d.Pos().String() + ": " + string(d.Severity) + ": " + d.Message + " [" + d.Code + "]"
	if d.Hint != "" {
		text += " (" + d.Hint + ")"
	}
	return text
}

func newDiagnostic(severity Severity, pos Pos, code, message, hint string) Diagnostic {
	return Diagnostic{
		File: pos.File, Line: pos.Line, Column: pos.Column,
		Code: code, Severity: severity, Message: message, Hint: hint,
	}
}

// Runnable tells whether a project can be put in service: chatbot.yaml can be read
// and names files that exist. Any other error leaves out what it is about, or
// that fails when it is reached, and the rest of the bot runs: half of the public
// bots hold one.
func Runnable(diagnostics []Diagnostic) bool {
	for _, d := range diagnostics {
		if d.Severity == Error && d.File == ConfigFile {
			return false
		}
	}
	return true
}

// HasErrors tells whether one of the diagnostics is an error.
func HasErrors(diagnostics []Diagnostic) bool {
	for _, d := range diagnostics {
		if d.Severity == Error {
			return true
		}
	}
	return false
}

// SortDiagnostics orders by file, line, column and code.
func SortDiagnostics(diagnostics []Diagnostic) {
	sort.SliceStable(diagnostics, func(i, j int) bool {
		a, b := diagnostics[i], diagnostics[j]
		switch {
		case a.File != b.File:
			return a.File < b.File
		case a.Line != b.Line:
			return a.Line < b.Line
		case a.Column != b.Column:
			return a.Column < b.Column
		}
		return a.Code < b.Code
	})
}
