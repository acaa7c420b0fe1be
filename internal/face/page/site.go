// Package page serves built web pages: the desk and the widget's frame.
package page

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Config says what a Site serves.
type Config struct {
	Prefix   string   // where it is mounted, "/desk/"
	Files    fs.FS    // the built files
	Fallback string   // the page for addresses inside of the application, "index.html"; "" answers 404
	Headers  []Header // added to every answer, before those of the site
}

// Header is one field of an answer.
type Header struct{ Name, Value string }

// Strict is a policy under which a page runs nothing but its own files, and no
// page may hold it in a frame.
func Strict() []Header {
	return []Header{
		{"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https:; media-src 'self' blob: https:; " +
			"connect-src 'self' ws: wss:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
		{"X-Frame-Options", "DENY"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
	}
}

// Site serves the files of a build from memory. Files under assets/ carry a
// hash of their content in their names and may be kept for ever; everything
// else is asked for anew, cheaply (ETag of the build).
type Site struct {
	prefix   string
	fallback string
	headers  []Header
	files    map[string]*file
}

type file struct {
	content, packed []byte // packed is nil where gzip gains nothing
	kind, tag       string
	forever         bool
}

// New reads the files. It fails when one cannot be read or Fallback is absent.
func New(cfg Config) (*Site, error) {
	s := &Site{prefix: cfg.Prefix, fallback: cfg.Fallback, headers: cfg.Headers, files: map[string]*file{}}
	err := fs.WalkDir(cfg.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(cfg.Files, name)
		if err == nil {
			s.files[name], err = newFile(name, content)
		}
		return err
	})
	if err == nil && cfg.Fallback != "" && s.files[cfg.Fallback] == nil {
		err = fmt.Errorf("page %s: %w", cfg.Fallback, fs.ErrNotExist)
	}
	return s, err
}

// Mount adds the routes of the site. More exact patterns of others win.
func (s *Site) Mount(mux *http.ServeMux) {
	mux.Handle(s.prefix, s)
	if bare := strings.TrimSuffix(s.prefix, "/"); bare != "" {
		mux.Handle(bare, http.RedirectHandler(s.prefix, http.StatusPermanentRedirect))
	}
}

// ServeHTTP answers with a file, or with the page for an address inside of the
// application: one whose last part has no dot.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for _, one := range s.headers {
		h.Set(one.Name, one.Value)
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "A page can only be read.", http.StatusMethodNotAllowed)
		return
	}
	found := s.find(strings.TrimPrefix(r.URL.Path, s.prefix))
	if found == nil {
		h.Set("Cache-Control", "no-store")
		http.Error(w, "There is no such page.", http.StatusNotFound)
		return
	}
	found.serve(w, r)
}

func (s *Site) find(name string) *file {
	if found := s.files[name]; found != nil || s.fallback == "" {
		return found
	}
	if strings.Contains(name[strings.LastIndex(name, "/")+1:], ".") {
		return nil
	}
	return s.files[s.fallback]
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if f.forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	content, tag := f.content, f.tag
	if f.packed != nil && acceptsGzip(r) {
		content, tag = f.packed, tag+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+tag+`"`)
	if strings.Contains(r.Header.Get("If-None-Match"), `"`+tag+`"`) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content)
}

// acceptsGzip reads the header as browsers write it; a client that weighs
// encodings gets the file unpacked.
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		if strings.TrimSpace(part) == "gzip" {
			return true
		}
	}
	return false
}

func newFile(name string, content []byte) (*file, error) {
	f := &file{content: content, kind: kindOf(name), tag: tagOf(content), forever: strings.HasPrefix(name, "assets/")}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if packed.Len() < len(content)*9/10 {
		f.packed = packed.Bytes()
	}
	return f, nil
}

// kindOf does not ask the machine's table of types: it must not differ between machines.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json", ".webmanifest":
		return "application/json"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}
