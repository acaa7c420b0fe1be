package porttest

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// Free ports are below those that systems give to who asks for any (Linux: 32768
// and up), so that nobody takes one before it is used, or between a stop and a
// start.
const (
	lowest = 10_000
	count  = 20_000
	tries  = 1000
)

// Address returns host:port on which nobody listens.
func Address(host string) (string, error) {
	for range tries {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(lowest+rand.IntN(count))))
		if err == nil {
			return l.Addr().String(), l.Close()
		}
	}
	return "", errors.New("porttest: no free port on " + host)
}

// Port returns the port of such an address.
func Port(host string) (int, error) {
	address, err := Address(host)
	if err != nil {
		return 0, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(port)
}
