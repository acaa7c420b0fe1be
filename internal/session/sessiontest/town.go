package sessiontest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/session"
)

// Town is many nodes on one store, with one integration. Who is alive and who
// leads is what the test says.
type Town struct {
	*testing.T
	In    *session.Integration
	Nodes []*Node
	slack time.Duration

	mu    sync.Mutex
	turns []session.TraceEntry // that were committed
}

// Node is one core of a town.
type Node struct {
	*session.Core
	Name  string
	town  *Town
	id    session.ID
	store *door
	bot   func(ctx context.Context, turn *session.Turn) (*session.Decision, error)
	bus   *line

	mu    sync.Mutex
	alive map[session.ID]bool // in the eyes of the others and its own; absent: as all
	leads bool
}

// door is a node's way to the store. Shut, it lets nothing through.
type door struct {
	session.Store
	mu   sync.Mutex
	shut bool
}

var errCut = errors.New("the node is cut off from the store")

func (d *door) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = true
}

func (d *door) reopen() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = false
}

func (d *door) pass() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shut {
		return errCut
	}
	return nil
}

func (d *door) Commit(ctx context.Context, change *session.Change) error {
	if err := d.pass(); err != nil {
		return err
	}
	return d.Store.Commit(ctx, change)
}

func (d *door) View(ctx context.Context, read func(session.Rows) error) error {
	if err := d.pass(); err != nil {
		return err
	}
	return d.Store.View(ctx, read)
}

// newTown makes nodes, named a, b, c …; the first leads. open returns each
// node's store on the data they share.
func newTown(t *testing.T, n int, open func(t *testing.T) session.Store, change ...func(*session.Config)) *Town {
	town := &Town{T: t, In: Integration("town")}
	wire := &wire{}
	for i := range n {
		node := &Node{Name: string(rune('a' + i)), town: town, id: session.NewID(time.Now()), store: &door{Store: open(t)}, leads: i == 0, alive: map[session.ID]bool{}}
		node.bus = &line{wire: wire}
		node.bot = node.counting
		town.Nodes = append(town.Nodes, node)
	}
	for _, node := range town.Nodes {
		cfg := session.Config{
			Store: node.store, Now: time.Now, Log: slog.New(slog.DiscardHandler), Shared: true, Cluster: node,
			Integration: func(id string) (*session.Integration, bool) { return town.In, id == town.In.ID },
			Bot:         func(*session.Integration) session.Bot { return node },
			Trace:       town.trace,
			Retention:   session.Retention{EventsMs: session.EventRetention.Milliseconds()},
		}
		for _, f := range change {
			f(&cfg)
		}
		if cfg.Bus != nil {
			cfg.Bus = node.bus
			wire.lines = append(wire.lines, node.bus)
		}
		node.Core = session.New(cfg)
		if err := node.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			node.Stop(ctx)
		})
	}
	return town
}

// hinted gives the nodes a bus.
func hinted(cfg *session.Config) { cfg.Bus = &line{} }

// Self is session.Cluster's.
func (n *Node) Self() session.ID { return n.id }

// Alive is session.Cluster's.
func (n *Node) Alive(id session.ID) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	alive, said := n.alive[id]
	return alive || !said && n.town.node(id) != nil
}

// Others is session.Cluster's.
func (n *Node) Others() (list []session.ID) {
	for _, other := range n.town.Nodes {
		if other != n && n.Alive(other.id) {
			list = append(list, other.id)
		}
	}
	return list
}

// Leads is session.Cluster's.
func (n *Node) Leads() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.leads
}

func (n *Node) lead(leads bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.leads = leads
}

// sees says what a node thinks of another.
func (n *Node) sees(other *Node, alive bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.alive[other.id] = alive
}

func (town *Town) node(id session.ID) *Node {
	for _, n := range town.Nodes {
		if n.id == id {
			return n
		}
	}
	return nil
}

// bury lets the others take a node for dead; what it thinks itself stays.
func (town *Town) bury(dead *Node) {
	for _, n := range town.Nodes {
		if n != dead {
			n.sees(dead, false)
		}
	}
}

// Run makes the node its bot.
func (n *Node) Run(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
	n.mu.Lock()
	bot := n.bot
	n.mu.Unlock()
	return bot(ctx, turn)
}

// answer lets another function answer from the next turn on.
func (n *Node) answer(bot func(context.Context, *session.Turn) (*session.Decision, error)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.bot = bot
}

// counting answers with the node's name, the message and the attempt, and counts
// its turns with the client.
func (n *Node) counting(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	d := &session.Decision{Vars: *turn.Vars, Client: counted(turn.Client.Data)}
	text, _ := json.Marshal(n.Name + ":" + turn.Input.Text + ":" + strconv.Itoa(turn.Attempt))
	d.Replies = []session.Reply{session.Reply(`{"type":"text","text":` + string(text) + `}`)}
	return d, nil
}

func counted(raw []byte) []byte {
	var v struct {
		N int `json:"n"`
	}
	if len(raw) > 0 {
		_ = json.Unmarshal(raw, &v)
	}
	return fmt.Appendf(nil, `{"n":%d}`, v.N+1)
}

func (town *Town) trace(e session.TraceEntry) {
	town.mu.Lock()
	defer town.mu.Unlock()
	if e.Err == "" {
		town.turns = append(town.turns, e)
	}
}

func (town *Town) create(user string) session.ID {
	town.Helper()
	return town.Nodes[0].create(user)
}

func (n *Node) create(user string) session.ID {
	n.town.Helper()
	out, err := n.Create(context.Background(), n.town.In, session.Create{ChannelUserID: user, Channel: session.KindCustom})
	if err != nil {
		n.town.Fatal(err)
	}
	return out.Session.ID
}

func (n *Node) say(id session.ID, words string) {
	n.town.Helper()
	if err := n.trySay(id, words); err != nil {
		n.town.Fatal(err)
	}
}

func (n *Node) trySay(id session.ID, words string) error {
	_, err := n.Accept(context.Background(), n.town.In, session.Incoming{
		Handle: id, Input: session.Input{Text: words}, Raw: fmt.Appendf(nil, `{"input":{"text":%q}}`, words), InputHash: []byte(words),
	})
	return err
}

// await waits for something that comes by itself within a time.
func (town *Town) await(what string, within time.Duration, happened func() bool) {
	town.Helper()
	began := time.Now()
	for !happened() {
		if time.Since(began) > within+town.slack {
			town.Fatalf("%s: not within %s", what, within)
		}
		<-time.After(10 * time.Millisecond)
	}
}

// lines is what was said in a chain, in order, read past every door.
func (town *Town) lines(id session.ID) (list []string) {
	town.Helper()
	events, err := town.store().Events(context.Background(), town.client(id).chain, 0, 0)
	if err != nil {
		town.Fatal(err)
	}
	for _, ev := range events {
		if ev.Message == nil {
			continue
		}
		if ev.Kind == session.EventMessageUser {
			list = append(list, "user:"+ev.Message.InputOf().Text)
			continue
		}
		_, words, _ := strings.Cut(string(ev.Message.Body), `"text":"`)
		words, _, _ = strings.Cut(words, `"`)
		list = append(list, words)
	}
	return list
}

// store is a way to the data that no node's trouble blocks.
func (town *Town) store() session.Store { return town.Nodes[len(town.Nodes)-1].store.Store }

type dweller struct {
	*session.Client
	chain session.ID
}

// client reads the client of a session.
func (town *Town) client(id session.ID) dweller {
	town.Helper()
	var p dweller
	err := town.store().View(context.Background(), func(rows session.Rows) error {
		s, err := rows.Session(id)
		if err == nil {
			p.chain = s.Chain
			p.Client, err = rows.Client(s.Client)
		}
		return err
	})
	if err != nil {
		town.Fatal(err)
	}
	return p
}

// expect waits until exactly this was said.
func (town *Town) expect(id session.ID, within time.Duration, want ...string) {
	town.Helper()
	var got []string
	slack := town.slack
	if within == 0 {
		slack = 0 // now
	}
	began := time.Now()
	for got = town.lines(id); !slices.Equal(got, want) && time.Since(began) < within+slack; got = town.lines(id) {
		<-time.After(10 * time.Millisecond)
	}
	if !slices.Equal(got, want) {
		town.Fatalf("after %s\n got %q\nwant %q", within, got, want)
	}
}

// checkTurns: committed turns of a client never overlap.
func (town *Town) checkTurns() {
	town.Helper()
	town.mu.Lock()
	defer town.mu.Unlock()
	byClient := map[session.ID][]session.TraceEntry{}
	for _, e := range town.turns {
		byClient[e.Client] = append(byClient[e.Client], e)
	}
	for client, list := range byClient {
		slices.SortFunc(list, func(a, b session.TraceEntry) int {
			return cmp.Or(a.Commit.Compare(b.Commit), a.Load.Compare(b.Load))
		})
		for i, e := range list[1:] {
			if e.Load.Before(list[i].Commit) {
				town.Errorf("turns of %s overlap: %+v and %+v", client, list[i], e)
			}
			if e.Fence < list[i].Fence {
				town.Errorf("the fence of %s fell: %+v and %+v", client, list[i], e)
			}
		}
	}
}

// wire connects the lines of nodes: what one publishes the others hear.
type wire struct {
	mu    sync.Mutex
	lines []*line
	cut   bool
}

type line struct {
	wire  *wire
	heard []func(session.Hint)
}

func (l *line) Publish(h session.Hint) {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	for _, other := range l.wire.lines {
		if other != l && !l.wire.cut {
			for _, hear := range other.heard {
				go hear(h)
			}
		}
	}
}

func (l *line) Subscribe(hear func(session.Hint)) { l.heard = append(l.heard, hear) }

func (l *line) Connected() bool {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	return !l.wire.cut
}

func (l *line) Close() error { return nil }

// Split shares one store among nodes of this process: each hears of its own
// commits only, as if the store were elsewhere.
func Split(store session.Store) func(*testing.T) session.Store {
	s := &shared{Store: store}
	store.OnCommit(func(b *session.Batch) { s.owner.listen(b) })
	return func(*testing.T) session.Store { return &share{shared: s} }
}

type shared struct {
	session.Store
	mu    sync.Mutex
	owner *share // whose change is being committed
}

type share struct {
	*shared
	listen func(*session.Batch)
}

func (s *share) OnCommit(listen func(*session.Batch)) { s.listen = listen }

func (s *share) Commit(ctx context.Context, change *session.Change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owner = s
	return s.Store.Commit(context.WithoutCancel(ctx), change)
}
