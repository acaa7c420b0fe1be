// Package egress says which addresses the server may be made to call: the
// receivers of webhooks, and what scripts ask for.
package egress

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
	"time"
)

// Guard says where calls may go. The zero value admits https URLs of public
// addresses only.
type Guard struct {
	AllowHTTP    bool           // admit URLs without TLS
	AllowPrivate bool           // admit loopback and private addresses
	Networks     []netip.Prefix // admitted although they are private
	// HTTPSetting and PrivateSetting name what an operator sets to admit more.
	HTTPSetting, PrivateSetting string
	// Around, if not nil, sees each request on its way; it must not turn it
	// elsewhere.
	Around func(http.RoundTripper) http.RoundTripper
}

// RefusedError is the error for a place that the guard does not admit. It is
// final: asking again gives the same answer.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string { return e.Reason }

func refuse(format string, args ...any) error { return &RefusedError{fmt.Sprintf(format, args...)} }

// CheckURL parses the URL of a call. Names are not resolved here: what counts
// is the address at the moment of the attempt.
func (g Guard) CheckURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.Fragment != "" {
		return nil, refuse("is not an absolute URL without a fragment")
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && g.AllowHTTP:
	case u.Scheme == "http":
		return nil, refuse("must use https%s", hint("http", g.HTTPSetting))
	default:
		return nil, refuse("must use https, not %s", u.Scheme)
	}
	if addr, err := netip.ParseAddr(u.Hostname()); err == nil {
		return u, g.CheckAddr(addr)
	}
	return u, nil
}

// CheckAddr refuses an address that calls must not reach.
func (g Guard) CheckAddr(addr netip.Addr) error {
	if !addr.IsValid() {
		return refuse("the address is unknown")
	}
	for _, addr := range carried(addr.WithZone("")) {
		if holds(neverReached(), addr) {
			return refuse("%s is a link-local, metadata, multicast or reserved address, which is never reached", addr)
		}
		if !g.AllowPrivate && holds(privateNetworks(), addr) && !g.admits(addr) {
			return refuse("%s is not a public address%s", addr, hint("private ones", g.PrivateSetting))
		}
	}
	return nil
}

func (g Guard) admits(addr netip.Addr) bool {
	return slices.ContainsFunc(g.Networks, func(n netip.Prefix) bool { return n.Contains(addr) })
}

func hint(what, setting string) string {
	if setting == "" {
		return ""
	}
	return "; the operator can admit " + what + " (" + setting + ")"
}

func holds(networks []string, addr netip.Addr) bool {
	return slices.ContainsFunc(networks, func(text string) bool { return netip.MustParsePrefix(text).Contains(addr) })
}

// neverReached are networks that no setting opens. Cloud metadata services
// answer on the single addresses.
func neverReached() []string {
	return []string{
		"0.0.0.0/8", "169.254.0.0/16", "192.0.0.192/32", "100.100.100.200/32", "168.63.129.16/32",
		"224.0.0.0/4", "240.0.0.0/4",
		"::/128", "fe80::/10", "fec0::/10", "fd00:ec2::/32", "fd20:ce::254/128", "ff00::/8", "100::/64",
	}
}

// privateNetworks are those of one machine, one site, or nobody.
func privateNetworks() []string {
	return []string{
		"10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
		"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
		"::/96", "64:ff9b:1::/48", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7",
	}
}

// carried returns the address and the IPv4 address that it only wraps:
// mapped, compatible, NAT64 or 6to4.
func carried(addr netip.Addr) []netip.Addr {
	if addr = addr.Unmap(); addr.Is4() {
		return []netip.Addr{addr}
	}
	b := addr.As16()
	list := []netip.Addr{addr}
	if holds([]string{"::/96", "64:ff9b::/96"}, addr) && !addr.IsUnspecified() && addr != netip.IPv6Loopback() {
		list = append(list, netip.AddrFrom4([4]byte(b[12:])))
	}
	if holds([]string{"2002::/16"}, addr) {
		list = append(list, netip.AddrFrom4([4]byte(b[2:])))
	}
	return list
}

// Control is for net.Dialer: it runs after a name was resolved and before the socket connects, so
// the address that is checked is the one that is used.
func (g Guard) Control(_, address string, _ syscall.RawConn) error {
	pair, err := netip.ParseAddrPort(address)
	if err != nil {
		return refuse("%s is no address", address)
	}
	return g.CheckAddr(pair.Addr())
}

// Wrap puts Around before a transport.
func (g Guard) Wrap(t http.RoundTripper) http.RoundTripper {
	if g.Around == nil {
		return t
	}
	return g.Around(t)
}

// Transport returns a transport that connects to admitted addresses only. It
// uses no proxy: one would connect to whatever it is told.
func (g Guard) Transport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Control: g.Control}
	return &http.Transport{
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: 64 << 10,
	}
}
