package config_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/config"
)

func load(t *testing.T, from config.Sources) *config.Effective {
	t.Helper()
	e, err := config.Load(from)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func source(t *testing.T, e *config.Effective, name string) string {
	t.Helper()
	for _, row := range e.Rows {
		if row.Name == name {
			return row.Source
		}
	}
	t.Fatalf("no setting %s", name)
	return ""
}

func settingsFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parley.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoad_Defaults(t *testing.T) {
	e := load(t, config.Sources{})
	c := e.Config
	if c.Listen != "127.0.0.1:8080" || c.Data != "./parley-data" || c.EventRetention != 7*24*time.Hour ||
		c.SocketRate != 20 || c.SocketBurst != 40 || c.MaxPending != 32 || c.StoreQueue != 4096 || c.Demo || c.TrustedProxies != nil {
		t.Errorf("got %+v", c)
	}
	for _, row := range e.Rows {
		if row.Source != "default" {
			t.Errorf("%s comes from %s", row.Name, row.Source)
		}
	}
}

func TestLoad_Precedence(t *testing.T) {
	path := settingsFile(t, `
# all four from here, three of them overruled
socket_rate: 100
socket_burst: 100
max_pending: 100
log_level: debug
`)
	from := config.Sources{
		Flags:   map[string]string{"max-pending": "300", "config": path},
		Environ: []string{"PARLEY_MAX_PENDING=200", "PARLEY_SOCKET_BURST=200", "PARLEY_LOG_LEVEL=", "HOME=/", "PARLEY_PORT=tcp://10.0.0.1"},
	}
	e := load(t, from)
	if e.Config.SocketRate != 100 || e.Config.SocketBurst != 200 || e.Config.MaxPending != 300 || e.Config.LogLevel != "debug" {
		t.Errorf("got %+v", e.Config)
	}
	for name, want := range map[string]string{
		"socket-rate": path + ":3:1", "socket-burst": "PARLEY_SOCKET_BURST", "max-pending": "--max-pending",
		"log-level": path + ":6:1", "store-queue": "default", "config": "--config",
	} {
		if got := source(t, e, name); got != want {
			t.Errorf("%s comes from %s, want %s", name, got, want)
		}
	}
	if len(e.Ignored) != 1 || e.Ignored[0] != "PARLEY_PORT" {
		t.Errorf("ignored %v", e.Ignored)
	}
}

func TestLoad_FileForms(t *testing.T) {
	for name, content := range map[string]string{
		"block list":  "trusted_proxy:\n  - 10.0.0.0/8\n  - '2001:db8::1'\ndemo: true\nshutdown_grace: 5s\n",
		"flow list":   "trusted_proxy: [10.0.0.0/8, \"2001:db8::1\"]\ndemo: true\nshutdown_grace: \"5s\"\n",
		"one text":    "demo: true\nshutdown_grace: 5s\ntrusted_proxy: 10.0.0.0/8,2001:db8::1",
		"with marker": "---\ndemo: true # on\nshutdown_grace: 5s\ntrusted_proxy: 10.0.0.0/8,2001:db8::1",
	} {
		t.Run(name, func(t *testing.T) {
			c := load(t, config.Sources{Environ: []string{"PARLEY_CONFIG=" + settingsFile(t, content)}}).Config
			if len(c.TrustedProxies) != 2 || c.TrustedProxies[1] != "2001:db8::1" || !c.Demo || c.ShutdownGrace != 5*time.Second {
				t.Errorf("got %+v", c)
			}
		})
	}
	for name, content := range map[string]string{"empty": "", "comment": "# nothing\n"} {
		t.Run(name, func(t *testing.T) {
			load(t, config.Sources{Flags: map[string]string{"config": settingsFile(t, content)}})
		})
	}
}

func TestLoad_Refusals(t *testing.T) {
	env := func(lines ...string) config.Sources { return config.Sources{Environ: lines} }
	file := func(content string) config.Sources {
		return config.Sources{
			Flags:    map[string]string{"config": "p.yaml"},
			ReadFile: func(string) ([]byte, error) { return []byte(content), nil },
		}
	}
	tests := []struct {
		name string
		from config.Sources
		want []string
	}{
		{"number below", env("PARLEY_SOCKET_RATE=0"), []string{"PARLEY_SOCKET_RATE", "1 to 1000000", `"0"`}},
		{"number above", env("PARLEY_MAX_PENDING=10001"), []string{"PARLEY_MAX_PENDING", "10000"}},
		{"no number", config.Sources{Flags: map[string]string{"store-queue": "many"}}, []string{"--store-queue", "whole number"}},
		{"duration without unit", env("PARLEY_SHUTDOWN_GRACE=30"), []string{"duration", "0s to 10m"}},
		{"duration above", env("PARLEY_SHUTDOWN_GRACE=11m"), []string{"duration", "0s to 10m"}},
		{"switch", env("PARLEY_DEMO=maybe"), []string{"PARLEY_DEMO", "true or false"}},
		{"choice", env("PARLEY_LOG_FORMAT=xml"), []string{"text, json", `"xml"`}},
		{"address", env("PARLEY_LISTEN=8080"), []string{"PARLEY_LISTEN", "host:port"}},
		{"port", env("PARLEY_LISTEN=127.0.0.1:80800"), []string{"host:port"}},
		{"off is no main address", env("PARLEY_LISTEN=off"), []string{"host:port"}},
		{"url scheme", env("PARLEY_PUBLIC_URL=ftp://parley.example"), []string{"http or https"}},
		{"url with password", env("PARLEY_PUBLIC_URL=https://a:b@parley.example"), []string{"without user"}},
		{"certificate without key", env("PARLEY_TLS_CERT=cert.pem"), []string{"tls-cert and tls-key"}},
		{"one address twice", env("PARLEY_METRICS_LISTEN=127.0.0.1:8080"), []string{"metrics-listen", "address of listen"}},
		{"all at once", env("PARLEY_DEMO=maybe", "PARLEY_SOCKET_RATE=0"), []string{"PARLEY_DEMO", "PARLEY_SOCKET_RATE"}},
		{"unknown key", file("demo: true\nlisten_on: x\n"), []string{"p.yaml:2:1", `"listen_on"`, "known are"}},
		{"flag name as key", file("max-pending: 3\n"), []string{"p.yaml:1:1", "max_pending"}},
		{"value in file", file("demo: true\nmax_pending: 0\n"), []string{"p.yaml:2:1", "1 to 10000"}},
		{"nested", file("listen:\n  host: a\n"), []string{"p.yaml:1:", "plain value"}},
		{"nested list", file("trusted_proxy: [[a]]\n"), []string{"flat list"}},
		{"no value", file("data:\n"), []string{"p.yaml:1:1", "plain value"}},
		{"twice", file("demo: true\ndemo: false\n"), []string{"p.yaml", "demo"}},
		{"twice in two documents", file("demo: true\n---\ndemo: false\n"), []string{"p.yaml:3:1", "twice"}},
		{"file names a file", file("config: other.yaml\n"), []string{"p.yaml:1:1", `"config"`}},
		{"no mapping", file("- a\n"), []string{"p.yaml", "mapping"}},
		{"broken YAML", file("demo: [true\n"), []string{"p.yaml"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := config.Load(test.from)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
		})
	}
	_, err := config.Load(config.Sources{Flags: map[string]string{"config": filepath.Join(t.TempDir(), "none.yaml")}})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestEffective_Print(t *testing.T) {
	var out bytes.Buffer
	e := load(t, config.Sources{Flags: map[string]string{"listen": "0.0.0.0:80"}, Environ: []string{"PARLEY_DEMO=1"}})
	if err := e.Print(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 1+len(config.Settings()) {
		t.Fatalf("%d lines for %d settings", len(lines), len(config.Settings()))
	}
	found := map[string]string{}
	for _, line := range lines {
		fields := strings.Fields(line)
		found[fields[0]] = strings.Join(fields[1:], " ")
	}
	for name, want := range map[string]string{
		"listen": "0.0.0.0:80 --listen", "demo": "true PARLEY_DEMO", "event-retention": "168h default", "tls-key": "- default",
	} {
		if found[name] != want {
			t.Errorf("%s: %q, want %q", name, found[name], want)
		}
	}
}

func FuzzFile(f *testing.F) {
	f.Add("listen: 127.0.0.1:1\n")
	f.Add("trusted_proxy: [a, b]\n# x\n---\ndemo: yes\n")
	f.Add("? a\n: b\n")
	f.Add("a: &x 1\nb: *x\n")
	f.Fuzz(func(t *testing.T, content string) {
		e, err := config.Load(config.Sources{
			Flags:    map[string]string{"config": "p.yaml"},
			ReadFile: func(string) ([]byte, error) { return []byte(content), nil },
		})
		if err == nil && len(e.Rows) != len(config.Settings()) {
			t.Error("a setting is missing")
		}
	})
}
