package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"parley/e2e/history/load"
)

// Node is one process of a service with a proxy on each of its connections.
type Node struct {
	*load.Program
	Name     string
	Front    *Proxy // between its callers and it
	Database *Proxy // between it and PostgreSQL; nil on SQLite
	Bus      *Proxy // between it and NATS; nil without
}

// Outside is what the nodes of a service have in common. Empty fields: a
// single node on SQLite, no NATS.
type Outside struct {
	Store string // URL of the PostgreSQL database
	NATS  string // URL of the NATS server
}

// NewNode returns a node that is not running, with a data directory of its own
// under dir.
func NewNode(binary, dir, name string, at Outside, env ...string) (*Node, error) {
	home := filepath.Join(dir, name)
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, err
	}
	program, err := load.NewProgram(binary, home, env...)
	if err != nil {
		return nil, err
	}
	n := &Node{Program: program, Name: name}
	if n.Front, err = NewProxy(program.Listen); err != nil {
		return nil, err
	}
	if at.Store != "" {
		program.Flags = append(program.Flags, "--node", name)
	}
	if n.Database, err = n.through(at.Store, "--store"); err != nil {
		return nil, err
	}
	n.Bus, err = n.through(at.NATS, "--nats")
	return n, err
}

// through puts a proxy before the server of a URL and tells the node of it.
func (n *Node) through(server, flag string) (*Proxy, error) {
	if server == "" {
		return nil, nil
	}
	u, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	p, err := NewProxy(u.Host)
	if err != nil {
		return nil, err
	}
	u.Host = p.Address()
	n.Flags = append(n.Flags, flag, u.String())
	return p, nil
}

// Close kills the node and ends its proxies.
func (n *Node) Close() error {
	var err error
	if n.Runs() {
		err = n.Kill()
	}
	for _, p := range []*Proxy{n.Front, n.Database, n.Bus} {
		if p != nil {
			err = errors.Join(err, p.Close())
		}
	}
	return err
}

// Restart starts the node, again and again while it cannot, as what watches
// over processes does.
func (n *Node) Restart(ctx context.Context) error {
	for {
		started, cancel := context.WithTimeout(ctx, 30*time.Second)
		_, err := n.Start(started)
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("node %s: %w", n.Name, err)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// LastWords are the last lines that a node wrote before it ended.
func (n *Node) LastWords() string {
	words := n.Said()
	return words[max(0, len(words)-600):]
}

// Reach sets the links of a node to both servers, or to one of them.
func (n *Node) Reach(database, bus bool, link Link) {
	if database && n.Database != nil {
		n.Database.Set(link)
	}
	if bus && n.Bus != nil {
		n.Bus.Set(link)
	}
}
