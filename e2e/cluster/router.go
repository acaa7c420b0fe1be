package cluster

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Namespaces is a network of its own for each node and one that routes between
// nodes and this machine, where their peers are. What is cut off is dropped on
// the way: neither side hears of it. Nothing is routed to the outside.
//
// 198.18.n.0/24, of the addresses for tests of networks (RFC 2544): peers from 1,
// the router at 62, nodes from 65, four apart, each followed by its router.
type Namespaces struct {
	router *namespace
	subnet byte
	nodes  []*namespace
}

const (
	gateway   = 62 // of this machine
	firstNode = 65
	nodeStep  = 4
	mostNodes = 40
	nodePort  = "8080"
)

// NewNamespaces builds the network and tries it: it is an error where this
// process may not, or where packets do not go as they are told.
func NewNamespaces() (*Namespaces, error) {
	router, err := newNamespace()
	if err != nil {
		return nil, err
	}
	n := &Namespaces{router: router}
	if err := errors.Join(n.connect(), n.try()); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

func (n *Namespaces) String() string { return "network namespaces in " + n.all() }

func (n *Namespaces) address(last byte) netip.Addr {
	return netip.AddrFrom4([4]byte{198, 18, n.subnet, last})
}

// all is the range of the network.
func (n *Namespaces) all() string { return netip.PrefixFrom(n.address(0), 24).String() }

// outside is this machine's interface. Its name claims the range.
func (n *Namespaces) outside() string { return fmt.Sprintf("parley%d", n.subnet) }

// connect takes a range that nobody else has and puts this machine and the
// router into it.
func (n *Namespaces) connect() error {
	for tries := range 256 {
		n.subnet = byte(os.Getpid() + tries)
		if taken(n.all()) {
			continue
		}
		err := run("", "ip", "link", "add", n.outside(), "type", "veth", "peer", "name", "outside", "netns", n.router.pid())
		if err == nil {
			break
		}
		if _, missing := net.InterfaceByName(n.outside()); missing != nil {
			return err
		}
	}
	device := " dev " + n.outside()
	err := n.router.run("", "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv4/icmp_ratelimit")
	return errors.Join(err,
		n.router.ip(fmt.Sprintf("addr add %v/26 dev outside", n.address(gateway)), "link set outside up"),
		run(strings.Join([]string{
			fmt.Sprintf("addr add %v/26", n.address(byte(Postgres))) + device,
			fmt.Sprintf("addr add %v/26", n.address(byte(NATS))) + device,
			fmt.Sprintf("addr add %v/26", n.address(byte(Callers))) + device,
			"link set up" + device,
			fmt.Sprintf("route add %s via %v src %v", n.all(), n.address(gateway), n.address(byte(Callers))) + device,
		}, "\n"), batch()...))
}

// taken reports whether this machine reaches a range by more than its default
// route.
func taken(all string) bool {
	for _, which := range []string{"match", "root"} {
		out, err := exec.Command("ip", "-4", "route", "show", "table", "all", which, all).Output()
		for line := range strings.Lines(string(out)) {
			if !strings.HasPrefix(line, "default ") {
				return true
			}
		}
		if err != nil {
			return true
		}
	}
	return false
}

// At is Network's.
func (n *Namespaces) At(peer Peer) netip.Prefix { return netip.PrefixFrom(n.address(byte(peer)), 24) }

// Place is Network's.
func (n *Namespaces) Place() (Place, error) {
	if len(n.nodes) == mostNodes {
		return nil, fmt.Errorf("no room for more than %d nodes", mostNodes)
	}
	space, err := newNamespace()
	if err != nil {
		return nil, err
	}
	n.nodes = append(n.nodes, space)
	at := byte(firstNode + nodeStep*(len(n.nodes)-1))
	device := fmt.Sprintf("node%d", len(n.nodes))
	return &place{n, space, n.address(at)}, errors.Join(
		n.router.run("", "ip", "link", "add", device, "type", "veth", "peer", "name", "cable", "netns", space.pid()),
		n.router.ip(fmt.Sprintf("addr add %v/30 dev %s", n.address(at+1), device), "link set up dev "+device),
		space.ip(fmt.Sprintf("addr add %v/30 dev cable", n.address(at)), "link set up dev cable",
			fmt.Sprintf("route add %s via %v", n.all(), n.address(at+1))))
}

// try sends packets over the network while it is open, closed and silent.
func (n *Namespaces) try() error {
	p, err := n.Place()
	if err != nil {
		return err
	}
	cable, err := p.Front()
	if err != nil {
		return err
	}
	return errors.Join(
		expect(cable, Open, syscall.ECONNREFUSED), // nobody listens, and says so
		expect(cable, Closed, syscall.ENETUNREACH),
		expect(cable, Silent, os.ErrDeadlineExceeded),
		expect(cable, Open, syscall.ECONNREFUSED),
		n.tryToBreak())
}

// expect sets a link and dials until the dial ends as it has to: the system may
// take a second to bring a new interface up.
func expect(cable Cable, link Link, end error) error {
	if err := cable.Set(link); err != nil {
		return err
	}
	var err error
	for range 10 {
		var conn net.Conn
		if conn, err = net.DialTimeout("tcp", cable.Address(), 500*time.Millisecond); err == nil {
			return errors.Join(errors.New("somebody listens where nobody should"), conn.Close())
		}
		if errors.Is(err, end) || os.IsTimeout(err) && errors.Is(end, os.ErrDeadlineExceeded) {
			return nil
		}
	}
	return fmt.Errorf("link %d: %w, want %w", link, err, end)
}

// tryToBreak breaks a connection of this machine with itself.
func (n *Namespaces) tryToBreak() error {
	at, other := n.address(byte(Callers)), n.address(byte(Postgres))
	l, err := net.Listen("tcp", netip.AddrPortFrom(at, 0).String())
	if err != nil {
		return err
	}
	defer l.Close()
	dialer := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(other, 0))}
	conn, err := dialer.Dial("tcp", l.Addr().String())
	if err != nil {
		return err
	}
	defer conn.Close()
	err = errors.Join(run("", sever(at, other)...), conn.SetReadDeadline(time.Now().Add(time.Second)))
	if _, end := conn.Read(make([]byte, 1)); end == nil || os.IsTimeout(end) {
		return errors.Join(err, fmt.Errorf("connections cannot be broken: %w", end))
	}
	return err
}

// Close is Network's.
func (n *Namespaces) Close() error {
	var err error
	for _, space := range append(n.nodes, n.router) {
		err = errors.Join(err, space.close())
	}
	return err
}
