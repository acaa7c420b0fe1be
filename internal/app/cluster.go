package app

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/account"
	"parley/internal/bus/nats"
	"parley/internal/cluster"
	"parley/internal/config"
	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/script"
	"parley/internal/session"
	"parley/internal/telemetry"
)

// Names of what nodes hold in memory; a change of it raises the revision.
const (
	revisionRegistry = "registry"
	revisionPeople   = "people"
	revisionAccounts = "accounts"
	revisionPresence = "presence"
	revisionReleases = "releases"
	revisionBots     = "bots" // their directories are to be read again
)

const (
	dutyLook      = 250 * time.Millisecond // how often a node sees whether it leads
	presencePause = 200 * time.Millisecond // for agents who open several windows at once
	presenceAgain = 30 * time.Second       // what is said of presence is said again
	goodbyeTime   = 3 * time.Second
)

// commons are the ports of what the nodes of a cluster have in common.
type commons struct {
	members cluster.Store
	marks   marks
	shelves script.Shelves
	alone   session.Alone
}

// marks are small facts of the database as a whole.
type marks interface {
	Read(ctx context.Context, name string) ([]byte, error)
	Replace(ctx context.Context, name string, before, after []byte) (bool, error)
	Made(ctx context.Context, name string, fresh []byte) ([]byte, error)
	Raise(ctx context.Context, revision string) error
}

// peers is what a node is to the others. A nil peers is the only node: it leads,
// and nobody hears it.
type peers struct {
	node    *Node
	commons *commons
	id      string // of the cluster
	member  *cluster.Member
	bus     *nats.Bus // nil: the store is asked

	adopting atomic.Bool // what changes now was read from the others
	present  chan struct{}
	stop     context.CancelFunc
	done     sync.WaitGroup
}

// meet finds the cluster of a store that several nodes may use. It joins nothing.
func meet(ctx context.Context, n *Node) (*peers, error) {
	if n.store.commons == nil {
		return nil, nil
	}
	p := &peers{node: n, commons: n.store.commons, present: make(chan struct{}, 1)}
	fresh := session.NewID(time.Now()).String()
	id, err := p.commons.marks.Made(ctx, "cluster", []byte(fresh))
	if err != nil {
		return nil, err
	}
	p.id = string(id)
	address := n.cfg.Advertise
	if address == "" {
		address = n.cfg.Listen
	}
	p.member = cluster.New(cluster.Config{Store: p.commons.members, Name: nodeName(n.cfg), Address: address, Log: n.log})
	n.metrics.Self(p.member.Self())
	if n.serving && n.cfg.NATS != "" {
		if p.bus, err = nats.Open(nats.Config{URL: n.cfg.NATS, Cluster: p.id, Name: nodeName(n.cfg), Log: n.log}); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// nodeName is the setting, or the machine's name as far as it can be a name.
func nodeName(cfg config.Config) string {
	if cfg.Node != "" {
		return cfg.Node
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		return "node"
	}
	return regexp.MustCompile(`[^A-Za-z0-9._-]`).ReplaceAllString(host, "-")
}

// others is what the desk's list needs of them.
func (p *peers) others() *inbox.Others {
	if p == nil {
		return nil
	}
	return &inbox.Others{Cluster: p.id, Bus: p.hints(), Heard: func() { p.node.router.Wake() }}
}

// hints is the bus, nil without one.
func (p *peers) hints() session.Bus {
	if p == nil || p.bus == nil {
		return nil
	}
	return p.bus
}

// view is the cluster as the core sees it, nil for the only node.
func (p *peers) view() session.Cluster {
	if p == nil {
		return nil
	}
	return p.member
}

// leads reports whether this node does what is done once.
func (p *peers) leads() bool { return p == nil || p.member.Leads() }

// alone is the lock between nodes, nil for the only node.
func (p *peers) alone() session.Alone {
	if p == nil {
		return nil
	}
	return p.commons.alone
}

// admins is alone for who is admin: with the people as the store has them.
func (p *peers) admins() session.Alone {
	if p == nil {
		return nil
	}
	return func(ctx context.Context, name string, do func(context.Context) error) error {
		return p.commons.alone(ctx, name, func(ctx context.Context) error {
			if err := p.node.people.Reload(ctx); err != nil {
				return err
			}
			return do(ctx)
		})
	}
}

// sealKey is what the sign-ons of all nodes are sealed with.
func (p *peers) sealKey(ctx context.Context) ([]byte, error) {
	if p == nil {
		return nil, nil
	}
	fresh := make([]byte, account.SealKeyBytes)
	_, _ = rand.Read(fresh) // crypto/rand.Read never fails (Go 1.24)
	return p.commons.marks.Made(ctx, "sign-on.key", fresh)
}

// join makes this node one of the cluster.
func (p *peers) join(ctx context.Context) error {
	if p == nil {
		return nil
	}
	n := p.node
	for name, do := range map[string]func(context.Context) error{
		revisionRegistry: n.directory.Reload,
		revisionPeople:   p.adoptPeople,
		revisionAccounts: n.accounts.Members().Recheck,
		revisionPresence: p.adoptPresence,
		revisionReleases: func(ctx context.Context) error { return n.bots.Adopt(ctx, p.commons.shelves) },
		revisionBots:     func(context.Context) error { return p.adoptBots() },
	} {
		p.member.OnChange(name, do)
	}
	p.member.OnDeath(func(ctx context.Context, gone cluster.Node) {
		n.log.InfoContext(ctx, "a node is gone", "node", gone.Name, "address", gone.Address)
		if err := p.adoptPresence(ctx); err != nil {
			n.log.WarnContext(ctx, "who is at other nodes cannot be read", "error", err.Error())
		}
		if p.leads() {
			n.inbox.CatchUp()
		}
	})
	p.member.OnLead(func(context.Context) {
		n.log.InfoContext(ctx, "this node leads")
		n.inbox.CatchUp()
	})
	if p.bus != nil {
		p.bus.Subscribe(func(h session.Hint) {
			if h.Kind == session.HintChanged {
				p.member.Look()
			}
		})
	}
	return patiently(ctx, n.log, p.member.Start)
}

// work does what only the node that leads does, and tells the others of changes.
func (p *peers) work(ctx context.Context) {
	n := p.node
	ctx, p.stop = context.WithCancel(ctx)
	deaf := n.people.Listen(p.hear)
	p.done.Go(func() { defer deaf(); p.tellPresence(ctx) })
	p.done.Go(func() { p.onDuty(ctx) })
}

// onDuty runs the parts that are there once, for as long as this node leads.
func (p *peers) onDuty(ctx context.Context) {
	tick := time.NewTicker(dutyLook)
	defer tick.Stop()
	on := false
	for ctx.Err() == nil {
		if leads := p.leads(); leads != on {
			on = leads
			p.node.duty(ctx, on)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	if on {
		p.node.duty(ctx, false)
	}
}

// duty begins or ends what is done once for all nodes.
func (n *Node) duty(ctx context.Context, on bool) {
	if on {
		n.router.Start(context.WithoutCancel(ctx))
		n.absence.Start()
		return
	}
	n.absence.Stop()
	n.router.Stop()
}

// rest ends work.
func (p *peers) rest() {
	if p.stop != nil {
		p.stop()
		p.done.Wait()
	}
}

// leave says good-bye: what this node holds is free. It comes after everything
// that holds something has ended.
func (p *peers) leave() error {
	if p == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), goodbyeTime)
	defer cancel()
	p.member.Stop(ctx)
	if p.bus == nil {
		return nil
	}
	p.bus.Publish(session.Hint{Kind: session.HintChanged}) // they see at once that it is gone
	return p.bus.Close()
}

// hear tells the others of what changed of people here.
func (p *peers) hear(c desk.Change) {
	switch {
	case p.adopting.Load():
	case c.Live:
		select {
		case p.present <- struct{}{}:
		default:
		}
	default:
		p.tell(revisionPeople)
	}
}

// tell has the others look for what changed.
func (p *peers) tell(what string) {
	if p != nil && p.bus != nil {
		p.bus.Publish(session.Hint{Kind: session.HintChanged, Data: []byte(what)})
	}
}

// tellPresence says who is here, when that changed, and now and then again.
func (p *peers) tellPresence(ctx context.Context) {
	tick := time.NewTicker(presenceAgain)
	defer tick.Stop()
	for said := map[string]int{}; ; {
		again := false
		select {
		case <-ctx.Done():
			return
		case <-p.present:
		case <-tick.C:
			again = true
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(presencePause):
		}
		here := p.node.people.Here()
		if len(here)+len(said) == 0 && !again {
			continue
		}
		if err := p.member.SavePresence(ctx, here); err != nil {
			p.node.log.WarnContext(ctx, "who is here could not be told", "error", err.Error())
			continue
		}
		said = here
		p.tell(revisionPresence)
	}
}

func (p *peers) adoptPeople(ctx context.Context) error {
	p.adopting.Store(true)
	defer p.adopting.Store(false)
	return p.node.people.Reload(ctx)
}

func (p *peers) adoptPresence(ctx context.Context) error {
	there, err := p.member.Presence(ctx)
	if err != nil {
		return err
	}
	p.adopting.Store(true)
	defer p.adopting.Store(false)
	p.node.people.SetRemote(there)
	return nil
}

func (p *peers) adoptBots() error {
	for dir, found := range p.node.bots.Reload() {
		if err := refuse(dir, found); err != nil {
			p.node.log.Error("a bot was not loaded again; the version in service stays", "error", err.Error())
		}
	}
	return nil
}

// ring keeps the keys of files' URLs where all nodes find them.
type ring struct{ marks marks }

const (
	ringMark     = "files.keys"
	ringPatience = 3 * time.Second
)

// Read is blob.Ring's.
func (r ring) Read() ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), ringPatience)
	defer cancel()
	return r.marks.Read(ctx, ringMark)
}

// Replace is blob.Ring's.
func (r ring) Replace(before, after []byte) (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), ringPatience)
	defer cancel()
	return r.marks.Replace(ctx, ringMark, before, after)
}

// telemetry is the cluster for metrics.
func (p *peers) telemetry() telemetry.Cluster {
	c := telemetry.Cluster{Leads: p.leads(), Bus: p.bus != nil, Leases: p.node.metrics.Leases()}
	for _, one := range p.member.Nodes() {
		if one.Alive {
			c.Nodes++
		}
	}
	if p.bus != nil {
		s := p.bus.Stats()
		c.BusConnected, c.HintsPublished, c.HintsReceived, c.HintsDropped = p.bus.Connected(), s.Published, s.Received, s.Dropped
	}
	return c
}

var errOutOfSight = errors.New("the other nodes take this one for dead: it has no sight of the database")

// ready returns why the node cannot work as one of the cluster.
func (p *peers) ready() error {
	if !p.member.Alive(p.member.Self()) {
		return errOutOfSight
	}
	return nil
}
