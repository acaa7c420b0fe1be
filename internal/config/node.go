package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// nodeName is short and prints as it is, in logs and in the names of
// connections.
var nodeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`)

// checkNode checks the settings of a node among many; none of them has to be
// given.
func checkNode(check, text string) error {
	if text == "" {
		return nil
	}
	switch check {
	case "postgres":
		return checkServers("postgres", []string{text}, "postgres", "postgresql")
	case "nats":
		return checkServers("nats", splitList(text), "nats", "tls")
	case "name":
		if !nodeName.MatchString(text) {
			return fmt.Errorf("must be 1 to 63 letters, digits, dots, dashes and underscores, not %q", text)
		}
	case "host-port":
		return checkAddress(text)
	}
	return nil
}

// checkServers does not repeat a URL that it refuses: it may hold a password.
func checkServers(kind string, list []string, schemes ...string) error {
	for _, text := range list {
		u, err := url.Parse(text)
		known := false
		for _, scheme := range schemes {
			known = known || err == nil && u.Scheme == scheme
		}
		if !known || u.Host == "" {
			return fmt.Errorf("must be a URL such as %s://host", kind)
		}
	}
	return nil
}

// withoutPasswords writes URLs as people may see them.
func withoutPasswords(text string) string {
	list := splitList(text)
	for i, one := range list {
		u, err := url.Parse(one)
		if err != nil {
			return "(secret)"
		}
		query := u.Query()
		if query.Has("password") {
			query.Set("password", "xxxxx")
			u.RawQuery = query.Encode()
		}
		if _, has := u.User.Password(); !has && u.User != nil && !strings.HasPrefix(u.Scheme, "postgres") {
			u.User = url.User("xxxxx") // a token
		}
		list[i] = u.Redacted()
	}
	return strings.Join(list, ",")
}
