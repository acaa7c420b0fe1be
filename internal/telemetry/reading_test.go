package telemetry_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/internal/telemetry"
)

func sources() telemetry.Sources {
	return telemetry.Sources{
		Sockets: func() telemetry.Sockets { return telemetry.Sockets{Open: 3} },
		Outbox:  func() (telemetry.Outbox, error) { return telemetry.Outbox{Waiting: 2, Oldest: time.Minute}, nil },
		Store:   func() telemetry.Store { return telemetry.Store{Healthy: true} },
		Work:    func() (telemetry.Work, error) { return telemetry.Work{Pending: 1}, nil },
		Desk: func() (telemetry.Desk, error) {
			return telemetry.Desk{Conversations: map[string]int{"bot": 4, "queued": 1}}, nil
		},
		Cluster: func() telemetry.Cluster { return telemetry.Cluster{Nodes: 3, Bus: true, HintsReceived: 7} },
	}
}

// TestReading writes metrics, reads the page as a client does and asks for what
// happened between two looks.
func TestReading(t *testing.T) {
	m := telemetry.New("v1")
	handler := m.Handler(sources())
	look := func(at time.Time) *telemetry.Reading {
		t.Helper()
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		r, err := telemetry.Read(w.Body, at)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	core := m.Core()
	core.Turn("answered", 0, time.Hour) // before the first look: not in the interval
	began := time.Now()
	first := look(began)
	if _, ok := first.Since(first).Quantile(0.5, "parley_turn_duration_seconds"); ok {
		t.Error("a quantile of nothing")
	}
	for range 100 {
		core.Turn("answered", 0, 3*time.Millisecond)
	}
	core.Turn("failed", 0, 3*time.Millisecond)
	d := look(began.Add(10 * time.Second)).Since(first)
	if v := d.Rate("parley_turns_total"); v != 10.1 {
		t.Errorf("turns a second: %v", v)
	}
	if v := d.Rate("parley_turns_total", "outcome", "failed"); v != 0.1 {
		t.Errorf("failed turns a second: %v", v)
	}
	if v, ok := d.Quantile(0.99, "parley_turn_duration_seconds"); !ok || v < 0.002 || v > 0.004 {
		t.Errorf("p99: %v, %v", v, ok)
	}
	for name, want := range map[string]float64{
		"parley_sockets": 3, "parley_outbox_age_seconds": 60, "parley_conversations": 5, "parley_cluster_nodes": 3,
		"parley_bus_hints_received_total": 7, "parley_bus_configured": 1, "parley_bus_connected": 0, "nothing": 0,
	} {
		if v := d.Value(name); v != want {
			t.Errorf("%s: %v, want %v", name, v, want)
		}
	}
	if v := d.Label("parley_build_info", "version"); v != "v1" {
		t.Errorf("version %q", v)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a_bucket{le=\"1\"} 3\na_bucket{le=\"+Inf\"} 4\na_sum 2\na_count 4\n", 0.5)
	f.Add("# TYPE a histogram\na_bucket{le=\"NaN\"} 3\n", 2.0)
	f.Fuzz(func(t *testing.T, page string, q float64) {
		r, err := telemetry.Read(strings.NewReader(page), time.Unix(1, 0))
		if err != nil {
			return
		}
		if v, ok := r.Since(nil).Quantile(q, "a"); ok && !math.IsNaN(q) && math.IsInf(v, -1) {
			t.Errorf("quantile %v", v)
		}
		r.Since(r).Rate("a")
	})
}
