package config

import (
	"fmt"
	"net"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Setting is one row of the table.
type Setting struct {
	Name    string // of the flag, without dashes
	Type    string // text, switch, whole number, duration, list of texts
	Unit    string
	Default string
	Min     string // of numbers and durations, inclusive
	Max     string
	Enum    []string
	Help    string

	check  string
	field  int
	secret bool // never printed
}

// Settings returns the table in the order of [Config].
func Settings() []Setting {
	t := reflect.TypeFor[Config]()
	table := make([]Setting, t.NumField())
	for i := range table {
		tag := t.Field(i).Tag
		table[i] = Setting{
			Name: tag.Get("name"), Type: typeName(t.Field(i).Type), Unit: tag.Get("unit"), Default: tag.Get("default"),
			Min: tag.Get("min"), Max: tag.Get("max"), Help: tag.Get("help"), check: tag.Get("check"), field: i, secret: tag.Get("secret") != "",
		}
		if enum := tag.Get("enum"); enum != "" {
			table[i].Enum = strings.Split(enum, ",")
		}
	}
	return table
}

func typeName(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return "duration"
	case t.Kind() == reflect.Int:
		return "whole number"
	case t.Kind() == reflect.Bool:
		return "switch"
	case t.Kind() == reflect.Slice:
		return "list of texts"
	}
	return "text"
}

// Flag returns the flag, such as --max-pending.
func (s *Setting) Flag() string { return "--" + s.Name }

// Env returns the environment variable, such as PARLEY_MAX_PENDING.
func (s *Setting) Env() string { return envPrefix + strings.ToUpper(s.Key()) }

// Key returns the key in the file, such as max_pending.
func (s *Setting) Key() string { return strings.ReplaceAll(s.Name, "-", "_") }

const envPrefix = "PARLEY_"

// Range says in words what values are allowed, "" for any.
func (s *Setting) Range() string {
	if len(s.Enum) > 0 {
		return strings.Join(s.Enum, ", ")
	}
	if s.Min != "" {
		return s.Min + " to " + s.Max
	}
	return ""
}

// set reads the text form of a value into the field of c.
func (s *Setting) set(c *Config, text string) error {
	field := reflect.ValueOf(c).Elem().Field(s.field)
	switch v := field.Addr().Interface().(type) {
	case *string:
		if err := s.checkText(text); err != nil {
			return err
		}
		*v = text
	case *bool:
		on, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("must be true or false, not %q", text)
		}
		*v = on
	case *int:
		return setOrdered(s, v, text, strconv.Atoi)
	case *time.Duration:
		return setOrdered(s, v, text, time.ParseDuration)
	case *[]string:
		*v = splitList(text)
	}
	return nil
}

func splitList(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func setOrdered[N int | time.Duration](s *Setting, to *N, text string, parse func(string) (N, error)) error {
	n, err := parse(text)
	least, _ := parse(s.Min) // the tags are checked by a test
	most, _ := parse(s.Max)
	if err != nil || n < least || n > most {
		return fmt.Errorf("must be a %s from %s, not %q", s.Type, s.Range(), text)
	}
	*to = n
	return nil
}

func (s *Setting) checkText(text string) error {
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, text) {
		return fmt.Errorf("must be one of %s, not %q", s.Range(), text)
	}
	switch s.check {
	case "address":
		return checkAddress(text)
	case "address-or-off":
		if text == Off {
			return nil
		}
		return checkAddress(text)
	case "url":
		return checkURL(text)
	case "postgres", "nats", "name", "host-port":
		return checkNode(s.check, text)
	}
	return nil
}

// Off is the value of metrics-listen that serves no second address.
const Off = "off"

func checkAddress(text string) error {
	if _, port, err := net.SplitHostPort(text); err == nil {
		if n, err := strconv.Atoi(port); err == nil && n >= 0 && n <= 65535 {
			return nil
		}
	}
	return fmt.Errorf("must be host:port, not %q", text)
}

func checkURL(text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("must be an http or https URL without user, query and fragment, not %q", text)
	}
	return nil
}

// text returns the value of the setting in c in the form that set reads.
func (s *Setting) text(c *Config) string {
	switch v := reflect.ValueOf(c).Elem().Field(s.field).Interface().(type) {
	case time.Duration:
		return shortDuration(v)
	case []string:
		return strings.Join(v, ",")
	default:
		return fmt.Sprint(v)
	}
}

// shown returns the value of the setting in c for people to read.
func (s *Setting) shown(c *Config) string {
	text := s.text(c)
	switch {
	case s.check == "postgres" || s.check == "nats":
		return withoutPasswords(text)
	case s.secret && text != "":
		return "(secret)"
	}
	return text
}

// shortDuration writes 168h for what time.Duration writes as 168h0m0s.
func shortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
