package main

import (
	"fmt"
	"net/url"
)

// target is the server under load and how to be let in.
type target struct {
	address     string // host:port
	integration string
	key         string
}

func newTarget(base, integration, key string) (target, error) {
	parsed, err := url.Parse(base)
	if err != nil || parsed.Scheme != "http" || parsed.Host == "" {
		return target{}, fmt.Errorf("--base %q is not an http URL", base)
	}
	if integration == "" || key == "" {
		return target{}, fmt.Errorf("--integration and --key are required")
	}
	return target{address: parsed.Host, integration: integration, key: key}, nil
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
