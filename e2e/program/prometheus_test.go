package program

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// prometheus is a real one that scrapes a server every second.
type prometheus struct {
	t    *testing.T
	base string
}

// startPrometheus loads the rules of deploy/ and watches an address.
func startPrometheus(t *testing.T, watch string) *prometheus {
	t.Helper()
	path, err := exec.LookPath("prometheus")
	if err != nil {
		t.Fatalf("%v: `make setup` installs it (Debian package prometheus)", err)
	}
	dir := directory(t)
	must(t, os.WriteFile(filepath.Join(dir, "rules.yml"), deployFile(t, "prometheus/rules.yml"), 0o600))
	settings := string(deployFile(t, "prometheus/prometheus.yml"))
	settings = strings.ReplaceAll(settings, "15s", "1s")
	targets := `["parley-1:8081", "parley-2:8081", "parley-3:8081"]`
	if !strings.Contains(settings, targets) {
		t.Fatalf("prometheus.yml has no %s", targets)
	}
	settings = strings.Replace(settings, targets, fmt.Sprintf("[%q]", strings.TrimPrefix(watch, "http://")), 1)
	must(t, os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(settings), 0o600))
	address := vacant(t)
	log := &buffer{}
	cmd := exec.Command(path, "--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+address)
	cmd.Stdout, cmd.Stderr = log, log
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("log of Prometheus:\n%s", log)
		}
	})
	p := &prometheus{t, "http://" + address}
	eventually(t, "Prometheus to serve", func() bool {
		res, err := caller().Get(p.base + "/-/ready")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	return p
}

// get asks its API and reads data.
func (p *prometheus) get(path string, data any) {
	p.t.Helper()
	res, err := caller().Get(p.base + path)
	must(p.t, err)
	defer res.Body.Close()
	var answer struct {
		Status, Error string
		Data          json.RawMessage
	}
	must(p.t, json.NewDecoder(res.Body).Decode(&answer))
	if answer.Status != "success" {
		p.t.Fatalf("%s: %s", path, answer.Error)
	}
	must(p.t, json.Unmarshal(answer.Data, data))
}

// query returns the number of series that an expression gives.
func (p *prometheus) query(expr string) int {
	p.t.Helper()
	var data struct{ Result []json.RawMessage }
	p.get("/api/v1/query?query="+url.QueryEscape(expr), &data)
	return len(data.Result)
}

// TestDeploy_PrometheusLoadsIt: a real Prometheus loads the rules, evaluates
// them without an error on what a real server serves, and understands every
// query of the dashboard.
func TestDeploy_PrometheusLoadsIt(t *testing.T) {
	t.Parallel()
	s := spawn(t, directory(t), "--demo")
	shop := s.shop(nil)
	shop.talk(shop.open(nil), "hello")
	p := startPrometheus(t, s.watch)
	eventually(t, "a scrape and a look at the rules", func() bool {
		return p.query(`up{job="parley"} == 1`) == 1 && p.query(`parley_turns_total`) > 0 && p.query(`count_over_time(up[1m]) >= 3`) == 1
	})
	var rules struct {
		Groups []struct {
			Rules []struct{ Name, Health, LastError, State string }
		}
	}
	eventually(t, "every rule to be evaluated", func() bool {
		p.get("/api/v1/rules", &rules)
		n := 0
		for _, group := range rules.Groups {
			for _, rule := range group.Rules {
				if n++; rule.Health == "err" {
					t.Fatalf("alert %s: %s", rule.Name, rule.LastError)
				}
				if rule.Health != "ok" {
					return false
				}
				if rule.State == "firing" {
					t.Errorf("alert %s fires on a server in good health", rule.Name)
				}
			}
		}
		return n >= 15
	})
	for _, e := range expressions(t) {
		if n := p.query(e.text); n == 0 && strings.HasPrefix(e.where, "panel ") && !strings.Contains(e.text, "parley_bus_connected") {
			t.Errorf("%s shows nothing: %s", e.where, e.text)
		}
	}
	_ = s.cmd.Process.Kill()
	eventually(t, "ParleyDown to be pending", func() bool { return p.query(`ALERTS{alertname="ParleyDown"}`) == 1 })
}
