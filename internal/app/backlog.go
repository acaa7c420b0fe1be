package app

import (
	"net"
	"sync"
)

// backlog is a listener that loses nobody when it is closed: who is connected
// and was not accepted yet is handed over first. The system would reset such
// connections, with a request on them that no proxy may send again.
type backlog struct {
	*net.TCPListener
	mu   sync.Mutex
	rest []net.Conn // accepted by Close
}

// Accept goes on after Close until nobody is left.
func (b *backlog) Accept() (net.Conn, error) {
	c, err := b.TCPListener.Accept()
	if err == nil {
		return c, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.rest) == 0 {
		return nil, err
	}
	c, b.rest = b.rest[0], b.rest[1:]
	return c, nil
}

// Close accepts all who wait, then closes.
func (b *backlog) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rest = append(b.rest, acceptAll(b.TCPListener)...)
	return b.TCPListener.Close()
}
