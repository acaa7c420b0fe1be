package rest

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/session"
	"parley/internal/store/sqlite"
)

// BenchmarkMerge is a context merge of 64 callers, each on sessions of its own,
// from the handler to the disk and back; the network is left out.
func BenchmarkMerge(b *testing.B) {
	store, err := sqlite.Open(b.Context(), b.TempDir(), sqlite.Options{})
	fatal(b, err)
	in := &session.Integration{ID: "shop", Kind: session.KindCustom, Active: true, Settings: session.Settings{}.WithDefaults(session.KindCustom)}
	fatal(b, store.Registry().SaveIntegration(b.Context(), in))
	directory := auth.NewDirectory(store.Registry())
	fatal(b, directory.Reload(b.Context()))
	key, _, err := directory.IssueKey(b.Context(), "shop", time.Now())
	fatal(b, err)
	log := slog.New(slog.DiscardHandler)
	core := session.New(session.Config{Store: store, Integration: directory.Integration, Now: time.Now, Log: log})
	mux := http.NewServeMux()
	New(Config{Core: core, Directory: directory, Now: time.Now, Log: log}).Mount(mux)
	call := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(b.Context(), method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "apikey "+key)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	var callers, failed atomic.Int64
	b.SetParallelism(32)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		caller := callers.Add(1)
		w := call("POST", sessionsPath, fmt.Sprintf(`{"channel_user_id":"u%d","context":{"user":{"display_name":"Jane","email":"j@example.com"},"plan":"pro"}}`, caller))
		id := strings.TrimPrefix(w.Header().Get("ETag"), `"`)[:36]
		for n := 0; pb.Next(); n++ {
			body := fmt.Sprintf(`{"user":{"email":"j%d@example.com"},"tags":["a","b"],"count":%d}`, n, n)
			if call("PATCH", one(id)+"/context", body).Code != 200 {
				failed.Add(1)
			}
		}
	})
	if failed.Load() > 0 {
		b.Errorf("%d requests failed", failed.Load())
	}
	fatal(b, store.Close())
}

func fatal(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
