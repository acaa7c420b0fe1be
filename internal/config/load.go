package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// Sources are where settings come from.
type Sources struct {
	Flags    map[string]string // given on the command line: name -> text; see [Given]
	Environ  []string          // NAME=value, as os.Environ returns them
	ReadFile func(string) ([]byte, error)
}

// Given returns the named settings of a parsed command line in text form, for
// [Sources]. names are those of the flags that were really given: what the
// parser filled in as a default does not count.
func Given(parsed *Config, names []string) map[string]string {
	flags := map[string]string{}
	for _, s := range Settings() {
		if slices.Contains(names, s.Name) {
			flags[s.Name] = s.text(parsed)
		}
	}
	return flags
}

// Effective is what is in force, and from where.
type Effective struct {
	Config  Config
	Rows    []Row
	Ignored []string // environment variables that look like settings and are none
}

// Row is one setting in force.
type Row struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Source string `json:"source"` // default, the file with line, the variable, or the flag
}

// value is the text form of a setting before it is checked.
type value struct {
	text   string
	source string
}

// Load reads the settings: a flag wins over the environment, this over the
// file, this over the default. An empty variable counts as absent. The error
// names every value that is refused, and where it stands.
func Load(from Sources) (*Effective, error) {
	table := Settings()
	environ, ignored := readEnviron(table, from.Environ)
	file, broken := from.file(table, environ)
	e := &Effective{Ignored: ignored}
	for i := range table {
		s := &table[i]
		v := s.choose(from.Flags, environ, file)
		if err := s.apply(&e.Config, v); err != nil {
			broken = errors.Join(broken, fmt.Errorf("%s: %w", v.source, err))
		}
		e.Rows = append(e.Rows, Row{Name: s.Name, Value: s.shown(&e.Config), Source: v.source})
	}
	if broken == nil {
		broken = e.Config.check()
	}
	return e, broken
}

// choose finds the value that wins.
func (s *Setting) choose(flags map[string]string, environ, file map[string]value) value {
	if text, ok := flags[s.Name]; ok {
		return value{text, s.Flag()}
	}
	if v, ok := environ[s.Name]; ok {
		return v
	}
	if v, ok := file[s.Name]; ok {
		return v
	}
	return value{s.Default, "default"}
}

// apply sets the value; an absent default is the zero value.
func (s *Setting) apply(c *Config, v value) error {
	if v.text == "" && v.source == "default" {
		return nil
	}
	return s.set(c, v.text)
}

func readEnviron(table []Setting, environ []string) (values map[string]value, ignored []string) {
	names := map[string]string{}
	for i := range table {
		names[table[i].Env()] = table[i].Name
	}
	values = map[string]value{}
	for _, line := range environ {
		variable, text, _ := strings.Cut(line, "=")
		if !strings.HasPrefix(variable, envPrefix) {
			continue
		}
		name, known := names[variable]
		if !known && !secret(variable) {
			ignored = append(ignored, variable)
		} else if known && text != "" {
			values[name] = value{text, variable}
		}
	}
	slices.Sort(ignored)
	return values, ignored
}

// secret reports a variable that holds a value for bots, no setting.
func secret(variable string) bool {
	return strings.HasPrefix(variable, envPrefix+"SECRET_") || strings.HasPrefix(variable, envPrefix+"ENV_")
}

func (from Sources) file(table []Setting, environ map[string]value) (map[string]value, error) {
	path, ok := from.Flags["config"]
	if !ok {
		path = environ["config"].text
	}
	if path == "" {
		return nil, nil
	}
	read := from.ReadFile
	if read == nil {
		read = os.ReadFile
	}
	content, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("settings file: %w", err)
	}
	return readFile(table, path, content)
}

// check refuses values that do not fit together.
func (c *Config) check() error {
	if c.OIDCIssuer == "" && c.OIDCClientID != "" {
		return errors.New("oidc-client-id: needs oidc-issuer")
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("tls-cert and tls-key: one needs the other")
	}
	if c.NATS != "" && c.Store == "" {
		return errors.New("nats: needs store: nodes share a PostgreSQL")
	}
	if c.Listen == c.MetricsListen && !strings.HasSuffix(c.Listen, ":0") {
		return fmt.Errorf("metrics-listen: %s is the address of listen", c.Listen)
	}
	return nil
}

// unknownKey words the refusal of a key that is no setting.
func unknownKey(table []Setting, key string) error {
	known := map[string]bool{}
	for i := range table {
		known[table[i].Key()] = true
	}
	return fmt.Errorf("unknown setting %q; known are %s", key, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
}
