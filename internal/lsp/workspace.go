package lsp

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"parley/internal/dialog"
)

// workspace is what the editor has open, and the projects it belongs to.
type workspace struct {
	documents map[string]*document // by URI
	projects  map[string]*project  // by directory
	checking  bool
}

// project is a bot directory.
type project struct {
	root   string
	loaded *dialog.Project // as it was when it was looked at last, nil before
	dirty  bool
	// published are the URIs that have diagnostics.
	published map[string]bool
}

// pathOf is the file that a URI names, "" for another kind of URI.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		return ""
	}
	name := u.Path
	if len(name) > 2 && name[0] == '/' && name[2] == ':' { // a drive of Windows
		name = name[1:]
	}
	return filepath.FromSlash(name)
}

func uriOf(name string) string {
	name = filepath.ToSlash(name)
	if !strings.HasPrefix(name, "/") {
		name = "/" + name
	}
	return (&url.URL{Scheme: "file", Path: name}).String()
}

// maxParents bounds the search for chatbot.yaml.
const maxParents = 64

// projectOf is the project of a document: the nearest folder above it with a
// chatbot.yaml, saved or open; nil for none.
func (w *workspace) projectOf(uri string) *project {
	name := pathOf(uri)
	if name == "" {
		return nil
	}
	dir := filepath.Dir(name)
	for range maxParents {
		if w.isRoot(dir) {
			if w.projects[dir] == nil {
				w.projects[dir] = &project{root: dir, published: map[string]bool{}}
			}
			return w.projects[dir]
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return nil
}

func (w *workspace) isRoot(dir string) bool {
	config := filepath.Join(dir, dialog.ConfigFile)
	if w.documents[uriOf(config)] != nil {
		return true
	}
	info, err := os.Stat(config)
	return err == nil && !info.IsDir()
}

// file is the name of a document in the positions of its project, "" for none.
func (p *project) file(uri string) string {
	name := pathOf(uri)
	inside, err := filepath.Rel(p.root, name)
	if name == "" || err != nil || strings.HasPrefix(inside, "..") {
		return ""
	}
	return filepath.ToSlash(inside)
}

// unsaved are the texts of a project that are open, by file.
func (w *workspace) unsaved(p *project) map[string][]byte {
	files := map[string][]byte{}
	for uri, d := range w.documents {
		if name := p.file(uri); name != "" && w.projectOf(uri) == p {
			files[name] = []byte(d.text)
		}
	}
	return files
}

// uri is that of a file of a project: as the editor writes it when it is open.
func (w *workspace) uri(p *project, file string) string {
	for uri := range w.documents {
		if p.file(uri) == file {
			return uri
		}
	}
	return uriOf(filepath.Join(p.root, filepath.FromSlash(file)))
}

// located turns a position of a project into a place of a file, nil for a file
// that is not in the project's folder.
func (w *workspace) located(p *project, at dialog.Pos) *location {
	uri := w.uri(p, path.Clean(at.File))
	d := w.documents[uri]
	if d == nil {
		data, err := os.ReadFile(pathOf(uri))
		if err != nil {
			return nil
		}
		d = newDocument(uri, string(data))
	}
	return &location{URI: uri, Range: d.word(at.Line, at.Column)}
}

func (s *Server) didOpen(m *message) (any, *rpcError) {
	p, wrong := paramsOf[openParams](m)
	if wrong == nil {
		s.documents[p.Document.URI] = newDocument(p.Document.URI, p.Document.Text)
		s.touch(p.Document.URI, 0)
	}
	return nil, wrong
}

func (s *Server) didChange(m *message) (any, *rpcError) {
	p, wrong := paramsOf[changeParams](m)
	d := s.documents[p.Document.URI]
	if wrong != nil || d == nil {
		return nil, wrong
	}
	for _, change := range p.Changes {
		d = d.change(change.Range, change.Text)
	}
	s.documents[p.Document.URI] = d
	s.touch(p.Document.URI, s.Pause)
	return nil, nil
}

func (s *Server) didSave(m *message) (any, *rpcError) {
	p, wrong := paramsOf[documentParams](m)
	if wrong == nil {
		s.touch(p.Document.URI, 0)
	}
	return nil, wrong
}

func (s *Server) didClose(m *message) (any, *rpcError) {
	p, wrong := paramsOf[documentParams](m)
	if wrong == nil {
		s.touch(p.Document.URI, s.Pause)
		delete(s.documents, p.Document.URI)
	}
	return nil, wrong
}

// didChangeFiles takes changes that others made on the disk.
func (s *Server) didChangeFiles(*message) (any, *rpcError) {
	for _, p := range s.projects {
		p.dirty = true
	}
	s.timer.Reset(s.Pause)
	return nil, nil
}

// touch has the project of a document looked at again, after a pause.
func (s *Server) touch(uri string, after time.Duration) {
	if p := s.projectOf(uri); p != nil {
		p.dirty = true
		s.timer.Reset(after)
	}
}
