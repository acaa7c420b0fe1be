// Package widget serves the chat that visitors see: the launcher script, the
// page inside of the frame and, in a demonstration, a page that embeds them.
package widget

import (
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"parley/internal/auth"
	"parley/internal/face/page"
	"parley/internal/session"
)

// Config of the face.
type Config struct {
	Directory *auth.Directory
	Files     fs.FS // the built widget: loader.js, frame.html, assets/
	Demo      bool  // serve /demo
}

// Face serves /widget/ and, when it is asked for, /demo.
type Face struct {
	cfg   Config
	site  *page.Site
	frame []byte
}

// New reads the built files.
func New(cfg Config) (*Face, error) {
	frame, err := fs.ReadFile(cfg.Files, "frame.html")
	if err != nil {
		return nil, err
	}
	site, err := page.New(page.Config{Prefix: "/widget/", Files: cfg.Files, Headers: []page.Header{
		{Name: "Content-Security-Policy", Value: "default-src 'none'; frame-ancestors 'none'"},
		// The launcher is a script for pages of other origins.
		{Name: "Cross-Origin-Resource-Policy", Value: "cross-origin"},
	}})
	return &Face{cfg: cfg, site: site, frame: frame}, err
}

// Mount adds the face's routes.
func (f *Face) Mount(mux *http.ServeMux) {
	f.site.Mount(mux)
	mux.HandleFunc("GET /widget/frame", f.serveFrame)
	if f.cfg.Demo {
		mux.HandleFunc("GET /demo", f.serveDemo)
		mux.HandleFunc("GET /demo/{name}", serveDemoFile)
	}
}

// serveFrame answers with the chat's page. Its policy names the pages that may
// hold it in a frame: the integration's domains, or any without such a list.
func (f *Face) serveFrame(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache")
	in, ok := f.cfg.Directory.Integration(r.URL.Query().Get("integration"))
	if !ok || !in.Active {
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		http.Error(w, "There is no such integration.", http.StatusNotFound)
		return
	}
	h.Set("Content-Security-Policy", policy(in))
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(f.frame)
}

// policy lets the chat load its own files, talk to this server, show pictures
// and films of replies, and open the integration's webviews (moveo a.14).
func policy(in *session.Integration) string {
	text := "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https:; media-src 'self' blob: https:; " +
		"connect-src 'self'; frame-src 'self' https:; form-action 'none'; base-uri 'none'"
	if len(in.Settings.Domains) == 0 {
		return text
	}
	sources := []string{"'self'"}
	for _, domain := range in.Settings.Domains {
		if isSource(domain) {
			sources = append(sources, domain)
		}
	}
	return text + "; frame-ancestors " + strings.Join(sources, " ")
}

// isSource reports whether a domain of the settings is a host, with or without
// scheme and port, and can stand in a policy without ending its directive.
func isSource(domain string) bool {
	if domain == "" || strings.ContainsFunc(domain, func(c rune) bool {
		return c <= ' ' || c > '~' || strings.ContainsRune(`;,'"`, c)
	}) {
		return false
	}
	if !strings.Contains(domain, "://") {
		domain = "https://" + domain
	}
	at, err := url.Parse(domain)
	return err == nil && at.Host != "" && at.Path == ""
}
