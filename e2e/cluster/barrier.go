package cluster

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// place is a Place with a namespace of its own.
type place struct {
	network *Namespaces
	space   *namespace
	node    netip.Addr
}

// Listen is Place's.
func (p *place) Listen() string { return net.JoinHostPort(p.node.String(), nodePort) }

// Within is Place's.
func (p *place) Within() []string { return p.space.within() }

// Front is Place's.
func (p *place) Front() (Cable, error) {
	return &barrier{place: p, address: p.Listen(), asks: p.network.At(Callers).Addr(), answers: p.node}, nil
}

// To is Place's.
func (p *place) To(peer Peer, server string) (Cable, error) {
	at := p.network.At(peer).Addr()
	if host, _, err := net.SplitHostPort(server); err != nil || host != at.String() {
		return nil, fmt.Errorf("%s is not at %v", server, at)
	}
	return &barrier{place: p, address: server, asks: p.node, answers: at}, nil
}

// barrier is a cable of namespaces: rules of the router for what goes from one
// address to another.
type barrier struct {
	*place
	address       string
	asks, answers netip.Addr

	mu    sync.Mutex
	rules []string
}

// Address is Cable's.
func (b *barrier) Address() string { return b.address }

// Close is Cable's.
func (b *barrier) Close() error { return b.Set(Open) }

// Set is Cable's. Packets of a silent link are gone; what they carried is sent
// again when it is open. A closed one answers that nobody is there.
func (b *barrier) Set(link Link) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	rules := map[Link][]string{
		Closed: {b.rule(b.asks, b.answers, "unreachable"), b.rule(b.answers, b.asks, "unreachable")},
		Silent: {b.rule(b.asks, b.answers, "blackhole"), b.rule(b.answers, b.asks, "blackhole")},
		Deaf:   {b.rule(b.answers, b.asks, "blackhole")},
		Mute:   {b.rule(b.asks, b.answers, "blackhole")},
	}[link]
	var lines []string
	for _, r := range rules {
		if !slices.Contains(b.rules, r) {
			lines = append(lines, "rule add "+r)
		}
	}
	for _, r := range b.rules {
		if !slices.Contains(rules, r) {
			lines = append(lines, "rule del "+r)
		}
	}
	b.rules = rules
	err := b.network.router.ip(lines...)
	if link == Closed {
		err = errors.Join(err, b.space.run("", sever(b.asks, b.answers)...), b.space.run("", sever(b.answers, b.asks)...),
			run("", sever(b.asks, b.answers)...), run("", sever(b.answers, b.asks)...))
	}
	return err
}

func (b *barrier) rule(from, to netip.Addr, what string) string {
	return fmt.Sprintf("from %v to %v %s", from, to, what)
}

// sever is the command that breaks the connections of an address with another.
func sever(mine, other netip.Addr) []string {
	return []string{"ss", "--kill", "--tcp", "--no-header", "src", mine.String(), "dst", other.String()}
}
