package postgres

import (
	"bytes"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// wire is a way to the server that a test can cut at the worst moment.
type wire struct {
	listener net.Listener
	target   string
	cuts     atomic.Int64
	// cut says how a connection ends that has sent a packet; nil and "" leave it.
	cut func(packet []byte) string
}

// The ends of a connection, as seen by the store they are all the same.
const (
	cutBefore = "before" // the server never sees the packet
	cutAfter  = "after"  // the server gets it, and its answer comes nowhere
	cutLate   = "late"   // the server has answered, and that is thrown away
)

// newWire returns a wire and the database's URL through it.
func newWire(t *testing.T, database string, cut func([]byte) string) (*wire, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{target: u.Host, cut: cut}
	if w.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.listener.Close() })
	go w.accept()
	u.Host = w.listener.Addr().String()
	return w, u.String()
}

func (w *wire) accept() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", w.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		c := &connection{wire: w, near: near, far: far, answered: make(chan struct{}, 1)}
		go c.out()
		go c.back()
	}
}

type connection struct {
	wire      *wire
	near, far net.Conn
	closing   sync.Once
	deaf      atomic.Bool   // answers are thrown away
	answered  chan struct{} // one was
}

func (c *connection) close() {
	c.closing.Do(func() { _ = c.near.Close(); _ = c.far.Close() })
}

func (c *connection) out() {
	defer c.close()
	buffer := make([]byte, 1<<20)
	for {
		n, err := c.near.Read(buffer)
		if err != nil {
			return
		}
		how := c.wire.cut(buffer[:n])
		if how != "" {
			c.wire.cuts.Add(1)
			c.deaf.Store(true)
		}
		if how == cutBefore {
			return
		}
		if _, err := c.far.Write(buffer[:n]); err != nil {
			return
		}
		switch how {
		case cutAfter:
			return
		case cutLate:
			<-c.answered
			return
		}
	}
}

func (c *connection) back() {
	defer c.close()
	defer func() { // whoever waits for an answer
		select {
		case c.answered <- struct{}{}:
		default:
		}
	}()
	buffer := make([]byte, 1<<20)
	for {
		n, err := c.far.Read(buffer)
		if err != nil {
			return
		}
		if c.deaf.Load() {
			return
		}
		if _, err := c.near.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// runs reports whether a packet asks for a query of the lists.
func runs(packet []byte, name string) bool {
	return bytes.Contains(packet, []byte("\x00"+name+"\x00"))
}
