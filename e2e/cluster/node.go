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

// Node is one process of a service with a cable for each of its peers.
type Node struct {
	*load.Program
	Name     string
	Front    Cable // between its callers and it
	Database Cable // between it and PostgreSQL; nil on SQLite
	Bus      Cable // between it and NATS; nil without
}

// Outside is what the nodes of a service have in common. Empty fields: a
// single node on SQLite, no NATS.
type Outside struct {
	Store string // URL of the PostgreSQL database
	NATS  string // URL of the NATS server
}

// NewNode returns a node that is not running, with a place of its own in a
// network and a data directory of its own under dir.
func NewNode(binary, dir, name string, in Network, at Outside, env ...string) (*Node, error) {
	home := filepath.Join(dir, name)
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, err
	}
	program, err := load.NewProgram(binary, home, env...)
	if err != nil {
		return nil, err
	}
	place, err := in.Place()
	if err != nil {
		return nil, err
	}
	program.Listen, program.Within = place.Listen(), place.Within()
	n := &Node{Program: program, Name: name}
	if n.Front, err = place.Front(); err != nil {
		return nil, err
	}
	if at.Store != "" {
		program.Flags = append(program.Flags, "--node", name)
	}
	if n.Database, err = n.through(place, Postgres, at.Store, "--store"); err != nil {
		return nil, err
	}
	n.Bus, err = n.through(place, NATS, at.NATS, "--nats")
	return n, err
}

// through leads a cable to the server of a URL and tells the node of it.
func (n *Node) through(place Place, peer Peer, server, flag string) (Cable, error) {
	if server == "" {
		return nil, nil
	}
	u, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	c, err := place.To(peer, u.Host)
	if err != nil {
		return nil, err
	}
	u.Host = c.Address()
	n.Flags = append(n.Flags, flag, u.String())
	return c, nil
}

// Close kills the node and ends its cables.
func (n *Node) Close() error {
	var err error
	if n.Runs() {
		err = n.Kill()
	}
	for _, c := range n.cables(Callers, Postgres, NATS) {
		err = errors.Join(err, c.Close())
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

// Reach sets the links of a node to some of its peers.
func (n *Node) Reach(link Link, peers ...Peer) error {
	var err error
	for _, c := range n.cables(peers...) {
		err = errors.Join(err, c.Set(link))
	}
	return err
}

// cables are those to some peers, as far as there are any.
func (n *Node) cables(to ...Peer) (list []Cable) {
	mine := map[Peer]Cable{Callers: n.Front, Postgres: n.Database, NATS: n.Bus}
	for _, peer := range to {
		if c := mine[peer]; c != nil {
			list = append(list, c)
		}
	}
	return list
}
