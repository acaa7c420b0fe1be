package config_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"parley/internal/config"
)

var update = flag.Bool("update", false, "write docs/configuration.md")

func TestReference_IsCurrent(t *testing.T) {
	var want bytes.Buffer
	if err := config.WriteReference(&want); err != nil {
		t.Fatal(err)
	}
	page := filepath.Join("..", "..", "docs", "configuration.md")
	if *update {
		if err := os.WriteFile(page, want.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("docs/configuration.md is not what the table says; run: make generate")
	}
}

func TestSettings_AreDocumented(t *testing.T) {
	names := map[string]bool{}
	form := regexp.MustCompile(`^[a-z][a-z-]*[a-z]$`)
	for _, s := range config.Settings() {
		if !form.MatchString(s.Name) || names[s.Name] {
			t.Errorf("%q is not a name of its own", s.Name)
		}
		names[s.Name] = true
		if !strings.HasSuffix(s.Help, ".") {
			t.Errorf("%s: the help is no sentence: %q", s.Name, s.Help)
		}
		bounded := s.Type == "whole number" || s.Type == "duration"
		if bounded != (s.Min != "" && s.Max != "" && s.Default != "") {
			t.Errorf("%s: a %s with default %q and range %q", s.Name, s.Type, s.Default, s.Range())
		}
		if s.Type == "text" && s.Unit == "" && len(s.Enum) == 0 {
			t.Errorf("%s: neither a unit nor a list of values says what it is", s.Name)
		}
	}
}

// Both ends of every range are accepted and given back as they were written.
func TestSettings_Ranges(t *testing.T) {
	for _, s := range config.Settings() {
		for _, text := range append(slices.Clone(s.Enum), s.Min, s.Max) {
			if text == "" {
				continue
			}
			e, err := config.Load(config.Sources{Environ: []string{s.Env() + "=" + text}})
			if err != nil {
				t.Error(err)
				continue
			}
			i := slices.IndexFunc(e.Rows, func(r config.Row) bool { return r.Name == s.Name })
			if e.Rows[i].Value != text {
				t.Errorf("%s: %q came back as %q", s.Name, text, e.Rows[i].Value)
			}
		}
	}
}

// The tags are a command line for kong, whose defaults are ours too.
func TestConfig_IsAKongCommandLine(t *testing.T) {
	var cli struct {
		Serve struct {
			config.Config `embed:""`
		} `cmd:""`
	}
	parser, err := kong.New(&cli, kong.Exit(func(int) { t.Error("kong wants to exit") }))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parser.Parse([]string{
		"serve", "--listen", "127.0.0.1:0", "--demo", "--shutdown-grace", "5s", "--max-pending=7",
		"--trusted-proxy", "10.0.0.0/8", "--trusted-proxy", "2001:db8::1",
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, step := range parsed.Path {
		if step.Flag != nil {
			names = append(names, step.Flag.Name)
		}
	}
	e, err := config.Load(config.Sources{
		Flags:   config.Given(&cli.Serve.Config, names),
		Environ: []string{"PARLEY_LISTEN=127.0.0.1:99", "PARLEY_SOCKET_RATE=5"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if e.Config.SocketRate != 5 {
		t.Error("a default of kong overruled the environment")
	}
	want := cli.Serve.Config
	want.SocketRate = 5
	for i, s := range config.Settings() {
		wanted, _ := config.Load(config.Sources{Flags: config.Given(&want, []string{s.Name})})
		if e.Rows[i].Value != wanted.Rows[i].Value {
			t.Errorf("%s: %q, kong read %q", s.Name, e.Rows[i].Value, wanted.Rows[i].Value)
		}
	}
	if len(e.Config.TrustedProxies) != 2 || e.Config.MaxPending != 7 || !e.Config.Demo {
		t.Errorf("got %+v", e.Config)
	}
}
