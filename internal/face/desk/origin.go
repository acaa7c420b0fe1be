package desk

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"parley/internal/session"
)

// codeCrossOrigin is the refusal of a request that another site made a browser
// send.
const codeCrossOrigin session.Code = "cross_origin"

var errOrigin = errors.New("is no http or https URL")

// originOf returns the scheme and host of a URL.
func originOf(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", errOrigin
	}
	return u.Scheme + "://" + u.Host, nil
}

// checkOrigin refuses what a page of another site sends with our cookie:
// everything that may change something, and WebSockets, which browsers let any
// site open.
func (c *call) checkOrigin() error {
	r := c.r
	if c.route.open != nil {
		r = r.Clone(c.ctx)
		r.Method = http.MethodPost // a WebSocket begins with a GET, which is always let through
	}
	if err := c.face.origins.Check(r); err != nil {
		return &session.Error{Code: codeCrossOrigin, Message: "the request comes from a page of another site"}
	}
	return nil
}

// secure reports whether the browser speaks TLS, to us or to a trusted proxy.
func (c *call) secure() bool {
	if c.r.TLS != nil {
		return true
	}
	peer, err := netip.ParseAddrPort(c.r.RemoteAddr)
	if err != nil || !c.face.cfg.Trusted.Contains(peer.Addr()) {
		return false
	}
	return strings.EqualFold(c.r.Header.Get("X-Forwarded-Proto"), "https")
}

// link returns the absolute URL of a page of the desk.
func (c *call) link(path string) string {
	if base := c.face.cfg.PublicURL; base != "" {
		return base + path
	}
	scheme := "http"
	if c.secure() {
		scheme = "https"
	}
	return scheme + "://" + c.r.Host + path
}
