package program

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// page reads a page of the second address.
func page(t *testing.T, watch, path string) (status int, body string) {
	t.Helper()
	res, err := http.Get(watch + path)
	must(t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, string(raw)
}

// metric reads one value; for several with labels, their sum.
func metric(t *testing.T, watch, name string) float64 {
	t.Helper()
	sum, _ := metricOf(t, watch, name)
	return sum
}

func metricOf(t *testing.T, watch, name string) (sum float64, found bool) {
	t.Helper()
	_, body := page(t, watch, "/metrics")
	lines := bufio.NewScanner(strings.NewReader(body))
	for lines.Scan() {
		cut := strings.LastIndexByte(lines.Text(), ' ')
		series, value := lines.Text()[:cut], lines.Text()[cut+1:]
		if before, _, labelled := strings.Cut(series, "{"); series == name || labelled && before == name {
			n, err := strconv.ParseFloat(value, 64)
			must(t, err)
			sum, found = sum+n, true
		}
	}
	return sum, found
}

func TestMetricsAreNamed(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	s, web := start(t), newBrowsers(t)
	shop := s.scripted(hook.settings(nil))
	tab := web.visit(shop, nil)
	id := text(tab.open(nil), "session_id")
	shop.talk(id, "hello")
	shop.talk(id, "loop")
	hook.want("message:brain_send", 1)
	for name, least := range map[string]float64{
		"parley_http_requests_total":                 3,
		"parley_http_request_duration_seconds_count": 3,
		"parley_turns_total":                         2,
		"parley_lane_wait_seconds_count":             2,
		"parley_turn_duration_seconds_count":         2,
		"parley_lane_depth_count":                    2,
		"parley_lanes":                               0,
		"parley_restart_loops_total":                 1,
		"parley_sockets":                             1,
		"parley_socket_events_total":                 1,
		"parley_socket_events_refused_total":         0,
		"parley_store_commits_total":                 3,
		"parley_store_changes_total":                 3,
		"parley_outbox_waiting":                      0,
		"parley_outbox_dead":                         0,
		"parley_outbox_age_seconds":                  0,
		"parley_build_info":                          1,
		"process_resident_memory_bytes":              1,
		"go_goroutines":                              1,
	} {
		if v, found := metricOf(t, s.watch, name); !found || v < least {
			t.Errorf("%s: found %v, %v, want at least %v", name, found, v, least)
		}
	}
}

func TestHealthAndReadiness(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, path := range []string{"/healthz", "/readyz"} {
		status, body := page(t, s.watch, path)
		var v any
		if err := json.Unmarshal([]byte(body), &v); err != nil || status != 200 || text(v, "status") != "ok" {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	for _, path := range []string{"/healthz", "/metrics", "/debug/pprof/"} {
		res, err := http.Get(s.base + path)
		must(t, err)
		_ = res.Body.Close()
		if res.StatusCode != 404 {
			t.Errorf("%s on the public address: %d", path, res.StatusCode)
		}
	}
	if status, _ := page(t, s.watch, "/debug/pprof/"); status != 404 {
		t.Errorf("profiles without --debug: %d", status)
	}
}
