package auth

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"parley/internal/session"
)

// Networks is a set of addresses.
type Networks []netip.Prefix

// ParseNetworks reads addresses and CIDR blocks. An IPv4 block may be written
// in its IPv6-mapped form. field names the list in errors.
func ParseNetworks(field string, list []string) (Networks, error) {
	networks := make(Networks, 0, len(list))
	for i, text := range list {
		network, ok := parseNetwork(strings.TrimSpace(text))
		if !ok {
			return nil, session.Invalid(fmt.Sprintf("%s[%d]", field, i), "%q is neither an IP address nor a CIDR block", text)
		}
		networks = append(networks, network)
	}
	return networks, nil
}

func parseNetwork(text string) (netip.Prefix, bool) {
	if addr, err := netip.ParseAddr(text); err == nil {
		addr = addr.WithZone("").Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	network, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, false
	}
	const mappedBits = 96 // of ::ffff:0:0/96, where IPv4 lives in IPv6
	if network.Addr().Is4In6() {
		if network.Bits() < mappedBits {
			return netip.Prefix{}, false
		}
		network = netip.PrefixFrom(network.Addr().Unmap(), network.Bits()-mappedBits)
	}
	return network.Masked(), true
}

// Contains reports whether the address is in the set. An IPv4 address in
// IPv6-mapped form counts as the IPv4 address.
func (n Networks) Contains(addr netip.Addr) bool {
	addr = addr.WithZone("").Unmap()
	return slices.ContainsFunc(n, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// ClientAddr returns the address a request came from. X-Forwarded-For counts
// only as far as trusted proxies wrote it: it is walked from the right, and
// the first address that is no proxy is the client. The zero Addr means that
// the address is unknown, which no allowlist admits.
func (n Networks) ClientAddr(r *http.Request) netip.Addr {
	peer, ok := parseHop(r.RemoteAddr)
	if !ok || !n.Contains(peer) {
		return peer
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	if len(hops) == 1 && strings.TrimSpace(hops[0]) == "" {
		return peer
	}
	client := peer
	for _, hop := range slices.Backward(hops) {
		if client, ok = parseHop(strings.TrimSpace(hop)); !ok || !n.Contains(client) {
			return client
		}
	}
	return client
}

// parseHop reads an address with or without a port.
func parseHop(text string) (netip.Addr, bool) {
	if pair, err := netip.ParseAddrPort(text); err == nil {
		return pair.Addr().WithZone("").Unmap(), true
	}
	addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		return netip.Addr{}, false
	}
	return addr.WithZone("").Unmap(), true
}
