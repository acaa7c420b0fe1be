package cluster

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// dialTime is how long a proxy tries a target.
const dialTime = time.Second

// Proxy is a [Cable] that carries TCP connections to the first of its targets that takes them,
// beginning with another one each time. What is held back while it is silent,
// deaf or mute arrives late, as packets that are sent again do.
type Proxy struct {
	listener net.Listener
	done     sync.WaitGroup

	mu      sync.Mutex
	changed *sync.Cond
	link    Link
	targets []string
	turn    int
	pairs   map[*pair]bool
}

// pair is a connection and what it is carried on by.
type pair struct {
	near, far net.Conn
	broken    bool
}

// NewProxy listens on a port of its own.
func NewProxy(targets ...string) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: l, targets: targets, pairs: map[*pair]bool{}}
	p.changed = sync.NewCond(&p.mu)
	p.done.Go(p.accept)
	return p, nil
}

// Address is where the proxy listens.
func (p *Proxy) Address() string { return p.listener.Addr().String() }

// Set changes the link. Closing it breaks what is connected.
func (p *Proxy) Set(link Link) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.link = link
	if link == Closed {
		for c := range p.pairs {
			c.drop()
		}
	}
	p.changed.Broadcast()
	return nil
}

// Close ends the proxy with everything that it carries.
func (p *Proxy) Close() error {
	err := errors.Join(p.listener.Close(), p.Set(Closed))
	p.done.Wait()
	return err
}

func (p *Proxy) accept() {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.done.Go(func() { p.carry(near) })
	}
}

// carry connects and passes on until one side ends.
func (p *Proxy) carry(near net.Conn) {
	c := &pair{near: near}
	if !p.enter(c) {
		return
	}
	defer p.leave(c)
	far := p.dial()
	if far == nil || !p.join(c, far) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { p.pass(c, c.far, c.near, func(l Link) bool { return l == Open || l == Deaf }) })
	both.Go(func() { p.pass(c, c.near, c.far, func(l Link) bool { return l == Open || l == Mute }) })
	both.Wait()
}

// enter takes a new connection in, once something may pass; false where it
// breaks.
func (p *Proxy) enter(c *pair) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.link == Closed {
		c.drop()
		return false
	}
	p.pairs[c] = true
	for p.link == Silent && !c.broken {
		p.changed.Wait()
	}
	if c.broken {
		delete(p.pairs, c)
	}
	return !c.broken
}

func (p *Proxy) leave(c *pair) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.drop()
	delete(p.pairs, c)
}

func (p *Proxy) join(c *pair, far net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.broken {
		_ = far.Close()
		return false
	}
	c.far = far
	return true
}

// dial connects to a target, nil where none takes the connection.
func (p *Proxy) dial() net.Conn {
	p.mu.Lock()
	p.turn++
	first := p.turn
	p.mu.Unlock()
	for i := range p.targets {
		if far, err := net.DialTimeout("tcp", p.targets[(first+i)%len(p.targets)], dialTime); err == nil {
			return far
		}
	}
	return nil
}

// pass copies in one direction while the link lets it.
func (p *Proxy) pass(c *pair, to, from net.Conn, may func(Link) bool) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if !p.held(c, may) {
			return
		}
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				p.ended(c, from, err)
				return
			}
		}
		if err != nil {
			p.ended(c, to, err)
			return
		}
	}
}

// ended tells the other side of an end: of a direction, or by a reset of both.
func (p *Proxy) ended(c *pair, to net.Conn, err error) {
	if half, ok := to.(*net.TCPConn); ok && errors.Is(err, io.EOF) && half.CloseWrite() == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	c.drop()
}

// held waits until something may pass; false when the connection is broken.
func (p *Proxy) held(c *pair, may func(Link) bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !may(p.link) && !c.broken {
		p.changed.Wait()
	}
	return !c.broken
}

// drop breaks both sides at once. The proxy's lock is held.
func (c *pair) drop() {
	c.broken = true
	for _, conn := range []net.Conn{c.near, c.far} {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
			_ = tcp.Close()
		}
	}
}
