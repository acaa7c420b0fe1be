package cluster

import (
	"net"
	"net/netip"
)

// Peer is one of those that nodes talk with. Its value is the last byte of its
// address in a network of namespaces.
type Peer byte

// The peers of a node.
const (
	Postgres Peer = 1 + iota
	NATS
	Callers // and who takes webhooks
)

// Network is what a service runs in: nodes, each at a place of its own, and
// their peers. It can be cut between them.
type Network interface {
	String() string // how it cuts
	// At is where a peer listens, and the network from which nodes come.
	At(peer Peer) netip.Prefix
	// Place makes room for one more node.
	Place() (Place, error)
	// Close ends the network. The nodes have ended.
	Close() error
}

// Place is where a node runs.
type Place interface {
	// Listen is a host:port for the node.
	Listen() string
	// Within are the words before a command that runs it at this place.
	Within() []string
	// Front is the cable from callers to Listen.
	Front() (Cable, error)
	// To is the cable from the node to a peer that listens at host:port.
	To(peer Peer, server string) (Cable, error)
}

// Cable is what one side reaches another by.
type Cable interface {
	// Address is where the one that connects finds the other, host:port.
	Address() string
	// Set changes what the cable does with what passes.
	Set(link Link) error
	Close() error
}

// Link is what a cable does with what passes.
type Link int

// The states of a link. Requests go from who connects to who listens.
const (
	Open   Link = iota // everything passes
	Closed             // connections break, new ones too: what a server that is gone does
	Silent             // nothing passes and nothing breaks: what a pulled cable does
	Deaf               // requests pass, answers do not
	Mute               // answers pass, requests do not
)

// Cuts chooses how a network cuts, by what PARLEY_CLUSTER_CUTS is.
const (
	WithNamespaces = "namespaces"
	WithProxies    = "proxies"
)

// NewNetwork returns namespaces where this process may make them, else proxies
// and why. A wish is one of the two, or empty.
func NewNetwork(wish string) (n Network, refused error, err error) {
	if wish != WithProxies {
		namespaces, err := NewNamespaces()
		if err == nil {
			return namespaces, nil, nil
		}
		if wish == WithNamespaces {
			return nil, nil, err
		}
		refused = err
	}
	return Proxies{}, refused, nil
}

// Proxies is the network of a machine's loopback, with a proxy as each cable.
type Proxies struct{}

func (Proxies) String() string { return "a proxy on each connection" }

// At is Network's.
func (Proxies) At(Peer) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 32)
}

// Close is Network's.
func (Proxies) Close() error { return nil }

// Place is Network's.
func (Proxies) Place() (Place, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return port(l.Addr().String()), l.Close()
}

// port is a Place on loopback.
type port string

func (p port) Listen() string                        { return string(p) }
func (port) Within() []string                        { return nil }
func (p port) Front() (Cable, error)                 { return NewProxy(string(p)) }
func (port) To(_ Peer, server string) (Cable, error) { return NewProxy(server) }
