package lsp

import (
	"fmt"
	"io/fs"
	"os"
	"strings"

	"parley/internal/dialog"
	"parley/internal/script"
)

// job is what a check needs: a copy, so that the editor may go on typing.
type job struct {
	root    string
	files   overlay
	open    []string // the files that are open
	options script.Options
}

// outcome is what a check found. The project is nil after a failure of the check
// itself.
type outcome struct {
	root    string
	project *dialog.Project
	found   map[string][]diagnostic // by file
	wrong   string
}

// check starts to look at a project that has changed, one at a time.
func (s *Server) check() {
	if s.checking {
		return // the outcome starts the next one
	}
	for _, p := range s.projects {
		if !p.dirty {
			continue
		}
		p.dirty, s.checking = false, true
		j := job{root: p.root, files: overlay{below: os.DirFS(p.root), files: s.unsaved(p)}, options: s.Options}
		for name := range j.files.files {
			j.open = append(j.open, name)
		}
		done := s.done
		go func() { done <- j.run() }()
		return
	}
}

// checked takes the outcome of a check over and publishes it.
func (s *Server) checked(o outcome) {
	s.checking = false
	p := s.projects[o.root]
	if o.project == nil {
		s.Log.Error("a project could not be looked at", "directory", o.root, "error", o.wrong)
	} else {
		p.loaded = o.project
		s.publish(p, o.found)
	}
	for _, other := range s.projects {
		if other.dirty {
			s.timer.Reset(s.Pause)
		}
	}
}

// publish sends the diagnostics of a project, and takes those back that are gone.
func (s *Server) publish(p *project, found map[string][]diagnostic) {
	now := map[string]bool{}
	for file, list := range found {
		uri := s.uri(p, file)
		now[uri] = len(list) > 0
		s.notify("textDocument/publishDiagnostics", publishParams{URI: uri, Diagnostics: list})
	}
	for uri, had := range p.published {
		if _, told := now[uri]; had && !told {
			s.notify("textDocument/publishDiagnostics", publishParams{URI: uri, Diagnostics: []diagnostic{}})
		}
	}
	p.published = now
}

func (j *job) run() (o outcome) {
	o = outcome{root: j.root, found: map[string][]diagnostic{}}
	defer func() {
		if x := recover(); x != nil {
			o.project, o.wrong = nil, fmt.Sprint(x)
		}
	}()
	options := j.options
	options.Files = j.files
	project, found := script.Inspect(j.root, options)
	for _, name := range j.open {
		o.found[name] = []diagnostic{} // so that the editor knows it was looked at
		if isTestFile(name) {
			found = append(found, script.CheckTest(project, name, j.files.files[name])...)
		}
	}
	texts := map[string]*document{}
	for _, d := range found {
		file, one := j.diagnostic(d, texts)
		o.found[file] = append(o.found[file], one)
	}
	o.project = project
	return o
}

// isTestFile tells whether a file of a project is an XML test.
func isTestFile(name string) bool {
	return strings.HasPrefix(name, "test/") && strings.HasSuffix(strings.ToLower(name), ".xml")
}

// diagnostic turns a finding into one of the editor's. What is about a file that
// is not in the project's folder stands in chatbot.yaml.
func (j *job) diagnostic(d dialog.Diagnostic, texts map[string]*document) (file string, one diagnostic) {
	one = diagnostic{Severity: severityError, Code: d.Code, Source: "parley", Message: d.Message}
	if d.Severity == dialog.Warning {
		one.Severity = severityWarning
	}
	if d.Hint != "" {
		one.Message += "\n" + d.Hint
	}
	at := d.Pos()
	if j.text(at.File, texts) == nil {
		one.Message = at.String() + ": " + one.Message
		at = dialog.Pos{File: dialog.ConfigFile, Line: 1, Column: 1}
	}
	if text := j.text(at.File, texts); text != nil {
		one.Range = text.word(at.Line, at.Column)
		if isTestFile(at.File) { // only the line is known
			one.Range = text.whole(at.Line)
		}
	}
	return at.File, one
}

// text is a file as it was checked, nil when it does not exist.
func (j *job) text(file string, texts map[string]*document) *document {
	if d, known := texts[file]; known {
		return d
	}
	texts[file] = nil
	if data, err := fs.ReadFile(j.files, file); err == nil {
		texts[file] = newDocument("", string(data))
	}
	return texts[file]
}
