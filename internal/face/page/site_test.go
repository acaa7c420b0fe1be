package page_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"parley/internal/face/page"
)

func serve(t *testing.T, fallback string) *httptest.Server {
	t.Helper()
	site, err := page.New(page.Config{
		Prefix: "/desk/", Fallback: fallback, Headers: page.Strict(),
		Files: fstest.MapFS{
			"index.html":         {Data: []byte("<!doctype html><p>desk</p>")},
			"assets/main-abc.js": {Data: []byte(strings.Repeat("export {};\n", 200))},
			"icon.svg":           {Data: []byte("<svg/>")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	site.Mount(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func get(t *testing.T, url string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := (&http.Transport{DisableCompression: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestSite_AnswersDeepLinksWithThePage(t *testing.T) {
	server := serve(t, "index.html")
	for _, at := range []string{"/desk/", "/desk/threads/0198-ab", "/desk/settings/agents"} {
		res, body := get(t, server.URL+at)
		if res.StatusCode != http.StatusOK || !strings.Contains(body, "<p>desk</p>") || res.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d %q %v", at, res.StatusCode, body, res.Header)
		}
	}
	for _, at := range []string{"/desk/assets/gone-1.js", "/desk/robots.txt", "/desk/..%2f..%2fgo.mod"} {
		if res, _ := get(t, server.URL+at); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", at, res.StatusCode)
		}
	}
	if res, _ := get(t, server.URL+"/desk"); res.StatusCode != http.StatusPermanentRedirect || res.Header.Get("Location") != "/desk/" {
		t.Errorf("/desk: %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	if res, _ := get(t, serve(t, "").URL+"/desk/threads/1"); res.StatusCode != http.StatusNotFound {
		t.Errorf("without a fallback: %d", res.StatusCode)
	}
}

func TestSite_SendsItsPolicyWithEveryAnswer(t *testing.T) {
	server := serve(t, "index.html")
	for _, at := range []string{"/desk/", "/desk/assets/main-abc.js", "/desk/none.txt"} {
		res, _ := get(t, server.URL+at)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'",
			"X-Content-Type-Options":  "nosniff",
			"Referrer-Policy":         "no-referrer",
		} {
			if got := res.Header.Get(name); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s is %q", at, name, got)
			}
		}
	}
}

func TestSite_LetsBrowsersKeepNamedByContent(t *testing.T) {
	server := serve(t, "index.html")
	res, body := get(t, server.URL+"/desk/assets/main-abc.js", "Accept-Encoding", "br, gzip")
	if res.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
		t.Fatalf("headers: %v", res.Header)
	}
	r, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil || !strings.HasPrefix(string(plain), "export {};") {
		t.Fatalf("%q, %v", plain, err)
	}
	again, _ := get(t, server.URL+"/desk/assets/main-abc.js", "Accept-Encoding", "gzip", "If-None-Match", res.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("with its own ETag: %d", again.StatusCode)
	}
	whole, _ := get(t, server.URL+"/desk/assets/main-abc.js", "If-None-Match", res.Header.Get("ETag"))
	if whole.StatusCode != http.StatusOK || whole.Header.Get("Content-Encoding") != "" {
		t.Errorf("unpacked, with the ETag of the packed file: %d %v", whole.StatusCode, whole.Header)
	}
}

func TestSite_OnlyReads(t *testing.T) {
	server := serve(t, "index.html")
	res, err := http.Post(server.URL+"/desk/", "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("%d, Allow %q", res.StatusCode, res.Header.Get("Allow"))
	}
}

func TestNew_WantsItsFallback(t *testing.T) {
	if _, err := page.New(page.Config{Prefix: "/desk/", Files: fstest.MapFS{}, Fallback: "index.html"}); err == nil {
		t.Error("a site without its page was built")
	}
}
