package program

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"parley/internal/config"
)

const deployDir = "../../deploy"

func deployFile(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(deployDir, name))
	must(t, err)
	return raw
}

// expression is a query of the dashboard or of an alert.
type expression struct{ where, text string }

type ruleFile struct {
	Groups []struct {
		Name  string
		Rules []struct {
			Alert, Expr string
			Labels      map[string]string
			Annotations map[string]string
		}
	}
}

// expressions are those of all alerts and panels. A variable of the dashboard
// stands for what it selects.
func expressions(t *testing.T) []expression {
	t.Helper()
	var rules ruleFile
	must(t, yaml.Unmarshal(deployFile(t, "prometheus/rules.yml"), &rules))
	var list []expression
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			if rule.Labels["severity"] == "" || rule.Annotations["summary"] == "" || rule.Annotations["description"] == "" {
				t.Errorf("alert %s: lacks a severity, a summary or a description", rule.Alert)
			}
			list = append(list, expression{"alert " + rule.Alert, rule.Expr})
		}
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	must(t, json.Unmarshal(deployFile(t, "grafana/parley.json"), &dashboard))
	variables := strings.NewReplacer("$job", "parley", "$instance", ".*", "$__rate_interval", "1m")
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			list = append(list, expression{"panel " + panel.Title, variables.Replace(target.Expr)})
		}
	}
	if len(list) < 60 {
		t.Fatalf("only %d expressions were found", len(list))
	}
	return list
}

// families reads the metrics of a server, by the names of their series.
func families(t *testing.T, watch string) map[string]*dto.MetricFamily {
	t.Helper()
	_, body := page(t, watch, "/metrics")
	parser := expfmt.NewTextParser(model.LegacyValidation)
	found, err := parser.TextToMetricFamilies(strings.NewReader(body))
	must(t, err)
	for _, name := range slices.Collect(maps.Keys(found)) {
		if found[name].GetType() == dto.MetricType_HISTOGRAM {
			for _, suffix := range []string{"_bucket", "_sum", "_count"} {
				found[name+suffix] = found[name]
			}
			delete(found, name)
		}
	}
	return found
}

// TestDeploy_NamesMetricsThatExist: every metric and every label that the
// dashboard and the alerts select by is on the page of a server that had
// something to do.
func TestDeploy_NamesMetricsThatExist(t *testing.T) {
	t.Parallel()
	p := spawn(t, directory(t), "--demo")
	shop := p.shop(nil)
	shop.talk(shop.open(nil), "hello")
	known := families(t, p.watch)
	names := regexp.MustCompile(`\b(?:parley|process|go)_[a-z0-9_]+`)
	selector := regexp.MustCompile(`([a-z0-9_]+)\{([^}]*)\}`)
	label := regexp.MustCompile(`([a-z_]+)\s*=~?`)
	used := map[string]bool{}
	for _, e := range expressions(t) {
		for _, name := range names.FindAllString(e.text, -1) {
			used[name] = true
			if known[name] == nil {
				t.Errorf("%s: there is no metric %s", e.where, name)
			}
		}
		for _, found := range selector.FindAllStringSubmatch(e.text, -1) {
			for _, l := range label.FindAllStringSubmatch(found[2], -1) {
				if l[1] != "job" && l[1] != "instance" && !hasLabel(known[found[1]], l[1]) {
					t.Errorf("%s: %s has no label %s", e.where, found[1], l[1])
				}
			}
		}
	}
	manual, err := os.ReadFile("../../docs/operating.md")
	must(t, err)
	for name := range known {
		if base := strings.TrimSuffix(name, "_count"); strings.HasPrefix(name, "parley_") && !strings.HasSuffix(name, "_bucket") &&
			!strings.HasSuffix(name, "_sum") && !strings.Contains(string(manual), "`"+base+"`") {
			t.Errorf("docs/operating.md does not name %s", base)
		}
		histogram := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_sum"), "_count") + "_bucket"
		if strings.HasPrefix(name, "parley_") && !used[name] && !used[histogram] {
			t.Errorf("neither the dashboard nor an alert shows %s", name)
		}
	}
}

func hasLabel(family *dto.MetricFamily, label string) bool {
	return family != nil && slices.ContainsFunc(family.Metric, func(m *dto.Metric) bool {
		return slices.ContainsFunc(m.Label, func(l *dto.LabelPair) bool { return l.GetName() == label })
	})
}

// TestDeploy_NamesSettingsThatExist: every PARLEY_ variable in the files of
// deploy/ is a setting.
func TestDeploy_NamesSettingsThatExist(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"PARLEY_DB_PASSWORD": true} // of compose.yaml itself
	for _, s := range config.Settings() {
		known[s.Env()] = true
	}
	names, seen := regexp.MustCompile(`\bPARLEY_[A-Z_]*[A-Z]\b`), 0
	must(t, filepath.WalkDir(deployDir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, name := range names.FindAllString(string(raw), -1) {
			if seen++; !known[name] {
				t.Errorf("%s: %s is no setting", path, name)
			}
		}
		return err
	}))
	if seen < 20 {
		t.Errorf("only %d variables were found", seen)
	}
	var values struct{ Settings map[string]any }
	must(t, yaml.Unmarshal(deployFile(t, "helm/parley/values.yaml"), &values))
	for name := range values.Settings {
		if !known["PARLEY_"+name] {
			t.Errorf("values.yaml: %s is no setting", name)
		}
	}
}

// TestDeploy_HangsTogether: what one file says of another one is so.
func TestDeploy_HangsTogether(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(deployFile(t, "prometheus/rules.yml"), deployFile(t, "helm/parley/rules.yml")) {
		t.Error("the chart has other rules than prometheus/rules.yml: copy them")
	}
	var compose struct {
		Services map[string]struct {
			Volumes   []string
			DependsOn any `yaml:"depends_on"`
			Build     struct{ Context, Dockerfile string }
		}
		Volumes map[string]any
	}
	must(t, yaml.Unmarshal(deployFile(t, "compose.yaml"), &compose))
	if len(compose.Services) < 6 {
		t.Errorf("%d services", len(compose.Services))
	}
	for name, service := range compose.Services {
		for _, v := range service.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if _, isVolume := compose.Volumes[from]; isVolume {
				continue
			}
			if _, err := os.Stat(filepath.Join(deployDir, from)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if b := service.Build; b.Context != "" {
			if _, err := os.Stat(filepath.Join(deployDir, b.Context, b.Dockerfile)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
