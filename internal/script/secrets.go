package script

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Secrets are the values that $secrets and $env give: script-api 2.10. They are
// the operator's; Parley stores none of them.
type Secrets struct {
	// Secrets are never printed: their values are masked in logs and errors.
	Secrets map[string]string `json:"secrets"`
	// Env are plain values.
	Env map[string]string `json:"env"`
	// Bots holds values of single bots, by name; they win.
	Bots map[string]Secrets `json:"bots"`
}

// Prefixes of environment variables that hold values for every bot.
const (
	secretPrefix = "PARLEY_SECRET_"
	envPrefix    = "PARLEY_ENV_"
)

// ReadSecrets reads a secrets file ("" for none) and the variables of the
// environment (NAME=value), which win over the file. The error names the file.
func ReadSecrets(file string, environ []string) (Secrets, error) {
	s := Secrets{}
	if file != "" {
		content, err := os.ReadFile(file)
		if err != nil {
			return s, fmt.Errorf("the secrets file: %w", err)
		}
		d := json.NewDecoder(bytes.NewReader(content))
		d.DisallowUnknownFields()
		if err := d.Decode(&s); err != nil {
			return s, fmt.Errorf(`%s is no secrets file such as {"secrets": {"TOKEN": "..."}, "env": {}, "bots": {}}: %w`, file, err)
		}
	}
	for _, one := range environ {
		name, value, _ := strings.Cut(one, "=")
		if secret, ok := strings.CutPrefix(name, secretPrefix); ok && secret != "" {
			s.Secrets = with(s.Secrets, secret, value)
		}
		if variable, ok := strings.CutPrefix(name, envPrefix); ok && variable != "" {
			s.Env = with(s.Env, variable, value)
		}
	}
	return s, nil
}

// With adds a secret for every bot.
func (s Secrets) With(name, value string) Secrets {
	s.Secrets = with(s.Secrets, name, value)
	return s
}

func with(values map[string]string, name, value string) map[string]string {
	merged := map[string]string{name: value}
	for other, old := range values {
		if other != name {
			merged[other] = old
		}
	}
	return merged
}

// testSecrets adds what test/secrets.json of a project holds; given values win.
func testSecrets(dir string, given Secrets) (Secrets, error) {
	s, err := ReadSecrets(filepath.Join(dir, "test", "secrets.json"), nil)
	if errors.Is(err, os.ErrNotExist) {
		return given, nil
	}
	for name, value := range given.Secrets {
		s.Secrets = with(s.Secrets, name, value)
	}
	for name, value := range given.Env {
		s.Env = with(s.Env, name, value)
	}
	return s, err
}

// vault holds the values of one bot.
type vault struct {
	secrets, env map[string]string
	mask         *strings.Replacer
}

// minMasked is the length below which a value is not masked: it would be found
// everywhere.
const minMasked = 4

func newVault(s Secrets, bot string) *vault {
	v := &vault{secrets: map[string]string{}, env: map[string]string{}}
	for _, level := range []Secrets{s, s.Bots[bot]} {
		maps.Copy(v.secrets, level.Secrets)
		maps.Copy(v.env, level.Env)
	}
	var values []string
	for _, value := range v.secrets {
		if len(value) >= minMasked {
			values = append(values, value)
		}
	}
	slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) }) // a longer one may hold a shorter one
	var pairs []string
	for _, value := range values {
		quoted := strings.Trim(marshal(value), `"`)
		pairs = append(pairs, value, "***", quoted, "***", url.QueryEscape(value), "***", url.PathEscape(value), "***")
	}
	v.mask = strings.NewReplacer(pairs...)
	return v
}

// bindSecrets binds $secrets and $env.
func (m *vm) bindSecrets() {
	m.Bind("secret", func(args []any) (any, error) { return valueOf(m.bot.vault.secrets, text(args, 0)), nil })
	m.Bind("variable", func(args []any) (any, error) { return valueOf(m.bot.vault.env, text(args, 0)), nil })
}

func valueOf(values map[string]string, name string) any {
	if value, ok := values[name]; ok {
		return value
	}
	return nil
}

// masked is a text without the values of secrets.
func (b *Bot) masked(text string) string { return b.vault.mask.Replace(text) }
