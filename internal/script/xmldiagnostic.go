package script

import (
	"slices"

	"parley/internal/dialog"
)

// CaseElements are the elements of a <test-case>: dialog-language 8.
func CaseElements() []string {
	return []string{
		"a", "context", "dateTime", "event", "mail", "mockData", "mockService", "newSession", "q", "random", "rawRequest", "request", "requestData",
		"responseData", "state", "timeout", "timeoutReply",
	}
}

// CheckTest tells what is wrong with a test file of a project without running it.
func CheckTest(project *dialog.Project, name string, content []byte) []dialog.Diagnostic {
	c := testChecker{project: project, file: name}
	for _, planned := range planFile(name, content) {
		if planned.wrong != nil {
			severity := dialog.Error
			if planned.wrong.skip != "" {
				severity = dialog.Warning
			}
			c.add(severity, planned.wrong.line, "bad-test", planned.wrong.message, "")
		}
		for _, step := range planned.steps {
			c.step(step)
		}
	}
	dialog.SortDiagnostics(c.found)
	return c.found
}

// testChecker gathers what is wrong with one test file.
type testChecker struct {
	project *dialog.Project
	file    string
	found   []dialog.Diagnostic
}

func (c *testChecker) add(severity dialog.Severity, line int, code, message, hint string) {
	c.found = append(c.found, dialog.Diagnostic{File: c.file, Line: line, Column: 1, Code: code, Severity: severity, Message: message, Hint: hint})
}

func (c *testChecker) step(e *element) {
	if !slices.Contains(CaseElements(), e.name) {
		c.add(dialog.Error, e.line, "bad-test", "<"+e.name+"> is no element of a test case", "")
		return
	}
	for _, attribute := range []string{"state", "class", "targetState"} {
		if path, ok := e.attr(attribute); ok {
			c.path(e, path)
		}
	}
	if e.name == "state" {
		c.path(e, e.text)
	}
}

// path warns of a state that the project has not. While a module is missing it
// may be one of its states.
func (c *testChecker) path(e *element, written string) {
	path := statePath(written)
	if c.project.States[path] == nil && !c.project.Incomplete {
		c.add(dialog.Warning, e.line, "unknown-state", "no state has the path "+path, "")
	}
}
