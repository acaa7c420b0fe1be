package widget

import (
	"embed"
	"html/template"
	"net/http"
	"path"

	"parley/internal/session"
)

//go:embed demo
var demoFiles embed.FS

// DemoIntegration returns the integration that the demonstration talks to: the
// oldest active one for web pages, or else the oldest active one.
func DemoIntegration(all []*session.Integration) (*session.Integration, bool) {
	var best *session.Integration
	for _, in := range all {
		if !in.Active || best != nil && !older(in, best) {
			continue
		}
		best = in
	}
	return best, best != nil
}

func older(a, b *session.Integration) bool {
	if (a.Kind == session.KindWeb) != (b.Kind == session.KindWeb) {
		return a.Kind == session.KindWeb
	}
	return a.CreatedMs < b.CreatedMs
}

// serveDemo shows a page that embeds the widget as a customer's page would,
// under a policy as strict as a customer's may be.
func (f *Face) serveDemo(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	in, ok := DemoIntegration(f.cfg.Directory.Integrations())
	if !ok {
		http.Error(w, "There is no integration yet: parley integration create --kind web", http.StatusNotFound)
		return
	}
	page, err := template.ParseFS(demoFiles, "demo/page.html")
	if err == nil {
		err = page.Execute(w, in)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func serveDemoFile(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.PathValue("name"))
	if name == "page.html" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeFileFS(w, r, demoFiles, "demo/"+name)
}
