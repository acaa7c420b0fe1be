package widget_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"parley/internal/auth"
	"parley/internal/face/widget"
	"parley/internal/session"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
)

func serve(t *testing.T, demo bool, all ...*session.Integration) *httptest.Server {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlitetest.Dir(t, sqlite.Open), sqlite.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	for _, in := range all {
		must(t, store.Registry().SaveIntegration(t.Context(), in))
	}
	directory := auth.NewDirectory(store.Registry())
	must(t, directory.Reload(context.Background()))
	face, err := widget.New(widget.Config{Directory: directory, Demo: demo, Files: fstest.MapFS{
		"frame.html": {Data: []byte("<!doctype html><p>chat</p>")},
		"loader.js":  {Data: []byte("(()=>{})()")},
	}})
	must(t, err)
	mux := http.NewServeMux()
	face.Mount(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	res, err := http.Get(url)
	must(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(t, err)
	return res, string(body)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func integration(id string, kind session.Kind, age time.Duration, domains ...string) *session.Integration {
	return &session.Integration{ID: id, Name: "<" + id + ">", Kind: kind, Active: true, CreatedMs: 1e12 - age.Milliseconds(), Settings: session.Settings{Domains: domains}}
}

func TestFrame_MayBeHeldByTheDomainsOnly(t *testing.T) {
	server := serve(t, false,
		integration("open", session.KindWeb, 0),
		integration("closed", session.KindWeb, 0, "shop.example", "https://app.example:8443", "bad;script-src *", "two hosts", "https://x.example/path", ""))
	for id, want := range map[string]string{
		"open":   "base-uri 'none'",
		"closed": "; frame-ancestors 'self' shop.example https://app.example:8443",
	} {
		res, body := get(t, server.URL+"/widget/frame?integration="+id+"&origin=https://any.example")
		got := res.Header.Get("Content-Security-Policy")
		if res.StatusCode != http.StatusOK || !strings.Contains(body, "<p>chat</p>") || !strings.HasSuffix(got, want) || !strings.Contains(got, "script-src 'self'; style-src 'self'") {
			t.Errorf("%s: %d, policy %q", id, res.StatusCode, got)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", id, res.Header)
		}
	}
	for _, query := range []string{"", "?integration=nobody"} {
		res, _ := get(t, server.URL+"/widget/frame"+query)
		if res.StatusCode != http.StatusNotFound || !strings.Contains(res.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%q: %d %v", query, res.StatusCode, res.Header)
		}
	}
}

func TestLoader_IsForPagesOfOthers(t *testing.T) {
	res, _ := get(t, serve(t, false).URL+"/widget/loader.js")
	if res.StatusCode != http.StatusOK || res.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}

func TestDemo_ShowsTheOldestWebIntegration(t *testing.T) {
	off := integration("off", session.KindWeb, 9*time.Hour)
	off.Active = false
	server := serve(t, true, off, integration("api", session.KindCustom, 3*time.Hour), integration("young", session.KindWeb, time.Hour), integration("old", session.KindWeb, 2*time.Hour))
	res, body := get(t, server.URL+"/demo")
	if res.StatusCode != http.StatusOK || !strings.Contains(body, `data-integration="old"`) || !strings.Contains(body, "&lt;old&gt;") {
		t.Errorf("%d: %s", res.StatusCode, body)
	}
	if got := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'self'") {
		t.Errorf("policy %q", got)
	}
	for name, want := range map[string]int{"page.js": 200, "page.css": 200, "icon.svg": 200, "page.html": 404, "..%2fface.go": 400, "none": 404} {
		if res, _ := get(t, server.URL+"/demo/"+name); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", name, res.StatusCode, want)
		}
	}
	if res, _ := get(t, serve(t, true).URL+"/demo"); res.StatusCode != http.StatusNotFound {
		t.Errorf("without an integration: %d", res.StatusCode)
	}
	if res, _ := get(t, serve(t, false, integration("old", session.KindWeb, 0)).URL+"/demo"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a server that is no demonstration: %d", res.StatusCode)
	}
}
