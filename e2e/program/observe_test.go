package program

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"parley/internal/session"
)

// page reads a page of the second address.
func page(t *testing.T, watch, path string) (status int, body string) {
	t.Helper()
	res, err := caller().Get(watch + path)
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
		"parley_http_requests_total":                  3,
		"parley_http_request_duration_seconds_count":  3,
		"parley_turns_total":                          2,
		"parley_lane_wait_seconds_count":              2,
		"parley_turn_duration_seconds_count":          2,
		"parley_lane_depth_count":                     2,
		"parley_lanes":                                0,
		"parley_restart_loops_total":                  1,
		"parley_sockets":                              1,
		"parley_socket_events_total":                  1,
		"parley_socket_events_refused_total":          0,
		"parley_store_commits_total":                  3,
		"parley_store_changes_total":                  3,
		"parley_outbox_waiting":                       0,
		"parley_outbox_dead":                          0,
		"parley_outbox_age_seconds":                   0,
		"parley_build_info":                           1,
		"parley_messages_total":                       4,
		"parley_sessions_created_total":               1,
		"parley_sessions_closed_total":                0,
		"parley_handovers_total":                      0,
		"parley_turn_failures_total":                  1,
		"parley_script_stops_total":                   0,
		"parley_store_commit_duration_seconds_count":  3,
		"parley_store_commit_changes_count":           3,
		"parley_store_healthy":                        1,
		"parley_webhook_attempts_total":               1,
		"parley_webhook_attempt_duration_seconds_sum": 0,
		"parley_pending_clients":                      0,
		"parley_conversations":                        0,
		"parley_desk_queue_age_seconds":               0,
		"parley_desk_agents_online":                   0,
		"parley_desk_agents_connected":                0,
		"parley_socket_received_bytes_total":          1,
		"parley_socket_sent_bytes_total":              1,
		"parley_cluster_nodes":                        1,
		"parley_cluster_leads":                        1,
		"parley_bus_connected":                        0,
		"process_resident_memory_bytes":               1,
		"go_goroutines":                               1,
	} {
		// An attempt counts when its answer is there, the desk follows a little later.
		eventually(t, fmt.Sprintf("%s of at least %v", name, least), func() bool {
			v, found := metricOf(t, s.watch, name)
			return found && v >= least
		})
	}
}

// TestMetrics_FollowConventions reads the page as Prometheus does, and looks at it as
// `promtool check metrics` does.
func TestMetrics_FollowConventions(t *testing.T) {
	t.Parallel()
	s := start(t)
	shop := s.scripted(nil)
	shop.talk(shop.open(nil), "hello")
	_, body := page(t, s.watch, "/metrics")
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(body))
	must(t, err)
	problems, err := promlint.New(strings.NewReader(body)).Lint()
	must(t, err)
	for _, p := range problems {
		if !strings.HasPrefix(p.Metric, "go_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	for name, family := range families {
		if family.GetHelp() == "" || family.GetType() == dto.MetricType_UNTYPED {
			t.Errorf("%s: has no help or no type", name)
		}
		if !strings.HasPrefix(name, "parley_") && !strings.HasPrefix(name, "go_") && !strings.HasPrefix(name, "process_") {
			t.Errorf("%s: a name without our prefix", name)
		}
		for _, m := range family.Metric {
			for _, l := range m.Label {
				if _, err := session.ParseID(l.GetValue()); err == nil || strings.Contains(l.GetName(), "session") || strings.Contains(l.GetName(), "client") {
					t.Errorf("%s{%s=%q}: names a session or a client", name, l.GetName(), l.GetValue())
				}
			}
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
		res, err := caller().Get(s.base + path)
		must(t, err)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s on the public address: %d", path, res.StatusCode)
		}
	}
	if status, _ := page(t, s.watch, "/debug/pprof/"); status != 404 {
		t.Errorf("profiles without --debug: %d", status)
	}
}
