package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// target is the server under load and how to be let in.
type target struct {
	address     string   // host:port
	all         []string // addresses of its nodes
	integration string
	key         string
}

// newTarget reads the URLs of the nodes of a server, separated by commas.
func newTarget(base, integration, key string) (target, error) {
	t := target{integration: integration, key: key}
	for one := range strings.SplitSeq(base, ",") {
		parsed, err := url.Parse(one)
		if err != nil || parsed.Scheme != "http" || parsed.Host == "" {
			return target{}, fmt.Errorf("--base %q is not an http URL", one)
		}
		t.all = append(t.all, parsed.Host)
	}
	if integration == "" || key == "" {
		return target{}, errors.New("--integration and --key are required")
	}
	return t.node(0), nil
}

// node is the target with the address of the nth node, round and round.
func (t target) node(n int) target {
	t.address = t.all[n%len(t.all)]
	return t
}

func (t target) sessionsPath() string {
	return "/v1/custom/" + t.integration + "/sessions"
}

func (t target) contextPath(session string) string {
	return t.sessionsPath() + "/" + session + "/context"
}

func (t target) socketURL() string {
	return "ws://" + t.address + "/v1/web/" + t.integration + "/ws/?EIO=4&transport=websocket"
}
