package cluster_test

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"parley/e2e/cluster"
	"parley/e2e/history"
	"parley/e2e/history/load"
	"parley/internal/natstest"
	"parley/internal/pgtest"
	"parley/internal/store/postgres"
)

// setting reads a number from the environment, which is how a longer run is
// asked for.
func setting(t *testing.T, name string, otherwise int64) int64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 64)
	must(t, err)
	return n
}

// seed returns the seed of a run and says it.
func seed(t *testing.T) uint64 {
	t.Helper()
	n := setting(t, "PARLEY_CLUSTER_SEED", time.Now().UnixNano())
	t.Logf("PARLEY_CLUSTER_SEED=%d", n)
	return uint64(n)
}

// build builds the server with a debug log of its turns.
func build(t *testing.T, flags ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "server")
	args := append(append([]string{"build", "-o", path}, flags...), "parley/e2e/history/server")
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Fatalf("go %v: %v\n%s", args, err, out)
	}
	return path
}

// stage is a service of several nodes, or of one on SQLite, with everything
// around it that a run needs.
type stage struct {
	t        *testing.T
	network  cluster.Network
	rec      *load.Recorder
	cast     *load.Cast
	nodes    []*cluster.Node
	balancer *cluster.Proxy // before all nodes
	chaos    *cluster.Chaos
	hooks    *load.Receiver
	gate     history.Gate
	source   string // of the facts
}

// newStage prepares a store and starts the nodes on it.
func newStage(t *testing.T, in cluster.Network, binary string, size int, scripts bool, env ...string) *stage {
	t.Helper()
	s := emptyStage(t, in, binary, size, env...)
	s.prepare(load.Webhook{URL: s.receiver()}, scripts)
	s.start()
	return s
}

// emptyStage is one whose nodes do not run and whose store has no integration.
func emptyStage(t *testing.T, in cluster.Network, binary string, size int, env ...string) *stage {
	t.Helper()
	s := &stage{t: t, network: in, rec: load.NewRecorder(), gate: history.Gate(t.TempDir())}
	s.chaos = &cluster.Chaos{Rec: s.rec, Log: t.Logf}
	s.place(binary, size, s.outside(size), env...)
	s.chaos.Nodes = s.nodes
	return s
}

// place makes the nodes, none of which runs.
func (s *stage) place(binary string, size int, at cluster.Outside, env ...string) {
	s.t.Helper()
	dir := s.directory()
	for i := range size {
		name := "n" + strconv.Itoa(i+1)
		n, err := cluster.NewNode(binary, dir, name, s.network, at, append(slices.Clone(env), "HISTORY_BOT=go", "HISTORY_GATE="+string(s.gate), "HISTORY_NODE="+name, "HISTORY_AHEAD="+s.ahead(i))...)
		must(s.t, err)
		s.t.Cleanup(func() { _ = n.Close() })
		s.nodes = append(s.nodes, n)
	}
}

// trap has faults strike turns that are under way, unless PARLEY_CLUSTER_TRAPS is off.
func (s *stage) trap() {
	if os.Getenv("PARLEY_CLUSTER_TRAPS") == "off" {
		return
	}
	client := &http.Client{Timeout: 4 * time.Second}
	s.t.Cleanup(client.CloseIdleConnections)
	s.chaos.Traps = &cluster.Traps{In: s.cast.Staged, Nodes: s.nodes, Rec: s.rec, HTTP: client, Gate: s.gate}
}

// directory is a new one, with a short path for that of a socket.
func (s *stage) directory() string {
	s.t.Helper()
	dir, err := os.MkdirTemp("", "parley-cluster")
	must(s.t, err)
	s.t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// start starts the nodes and measures the machine until the test ends.
func (s *stage) start() {
	s.t.Helper()
	var fronts []string
	for _, n := range s.nodes {
		fronts = append(fronts, n.Front.Address())
	}
	s.balancer = newProxy(s.t, fronts...)
	ctx, cancel := context.WithCancel(context.Background())
	s.t.Cleanup(cancel)
	go s.rec.Watch(ctx)
	for _, n := range s.nodes {
		starting, cancel := context.WithTimeout(s.t.Context(), 30*time.Second)
		must(s.t, n.Restart(starting))
		cancel()
	}
	s.t.Cleanup(s.said)
}

// ahead is how far the clock of a node is ahead: of many nodes none has the
// right time.
func (s *stage) ahead(node int) string {
	if s.source == "" {
		return "0"
	}
	return []string{"2500ms", "-1700ms", "600ms"}[node]
}

// said logs what the nodes wrote, where the test failed.
func (s *stage) said() {
	for _, n := range s.nodes {
		if n.Runs() {
			_ = n.Kill()
		}
		if words := n.Said(); s.t.Failed() && words != "" {
			s.t.Logf("node %s wrote:\n%s", n.Name, words[max(0, len(words)-2000):])
		}
	}
}

// prepare makes the integrations; the calm one has a script, so that both ways
// of a bot are there.
func (s *stage) prepare(hook load.Webhook, scripts bool) {
	s.t.Helper()
	bots := load.Bots{}
	var err error
	if scripts {
		bots.Calm, err = filepath.Abs(filepath.Join("..", "history", "bot"))
		must(s.t, err)
	}
	if s.source == "" {
		s.source = s.nodes[0].Program.Database()
		s.cast, err = load.Prepare(s.t.Context(), s.nodes[0].Dir, hook, bots)
		must(s.t, err)
		return
	}
	store, err := postgres.Open(s.t.Context(), s.source, postgres.Options{})
	must(s.t, err)
	s.cast, err = load.PrepareIn(s.t.Context(), store.Registry(), hook, bots)
	must(s.t, err)
	must(s.t, store.Close())
}

// outside starts the servers that many nodes share.
func (s *stage) outside(size int) cluster.Outside {
	s.t.Helper()
	if size == 1 {
		return cluster.Outside{}
	}
	database := pgtest.StartAt(s.t, s.network.At(cluster.Postgres))
	bus := natstest.StartAt(s.t, s.network.At(cluster.NATS).Addr().String())
	s.chaos.Postgres, s.chaos.NATS = &postgresServer{s.t, database}, &natsServer{bus}
	s.source = database.Database(s.t)
	return cluster.Outside{Store: s.source, NATS: bus.URL()}
}

// receiver takes webhooks where callers are.
func (s *stage) receiver() (url string) {
	s.t.Helper()
	listener, err := net.Listen("tcp", netip.AddrPortFrom(s.network.At(cluster.Callers).Addr(), 0).String())
	must(s.t, err)
	s.hooks = load.NewReceiver(s.rec)
	server := &http.Server{Handler: s.hooks, ReadHeaderTimeout: 10 * time.Second}
	s.t.Cleanup(func() { _ = server.Close() })
	go func() { _ = server.Serve(listener) }()
	return "http://" + listener.Addr().String()
}

// postgresServer is a cluster.Server.
type postgresServer struct {
	t *testing.T
	*pgtest.Server
}

func (p *postgresServer) Stop(mode string) { p.Server.Stop(p.t, mode) }
func (p *postgresServer) Start()           { p.Server.Start(p.t) }

// natsServer is a cluster.Server.
type natsServer struct{ *natstest.Server }

func (n *natsServer) Stop(string) { n.Server.Stop() }

// load is callers enough to keep so many sessions of each integration busy.
func (s *stage) load(seed uint64, spots int) *load.Load {
	s.t.Helper()
	var urls []string
	for _, n := range s.nodes {
		urls = append(urls, "http://"+n.Front.Address())
	}
	script, err := filepath.Abs(filepath.Join("..", "client.cjs"))
	must(s.t, err)
	browsers, err := load.NewBrowsers(script, s.rec)
	must(s.t, err)
	s.t.Cleanup(func() { must(s.t, browsers.Close()) })
	return &load.Load{
		URLs: urls, Cast: s.cast, Rec: s.rec, Seed: seed, Backends: 16, Sockets: 14, Spots: spots,
		Pause: 120 * time.Millisecond, Patience: 4 * time.Second,
		Browsers: browsers, Tabs: 4, TabURL: "http://" + s.balancer.Address(),
	}
}

// look checks what holds of the facts at every moment. A store that is away is
// looked at the next time.
func (s *stage) look() {
	s.t.Helper()
	if facts, err := history.Read(s.t.Context(), s.source); err == nil {
		report(s.t, history.CheckFacts(facts))
	}
}

// watch looks at the facts now and then until ctx ends.
func (s *stage) watch(ctx context.Context) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.look()
		}
	}
}

// settle waits until the service has nothing left to do, or for so long.
func (s *stage) settle(atMost time.Duration) {
	s.t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	deadline, began := time.After(atMost), time.Now()
	for {
		if n, err := history.Waiting(s.t.Context(), s.source); err == nil && n == 0 {
			s.t.Logf("at rest after %v", time.Since(began).Round(time.Millisecond))
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			return
		}
	}
}

// history returns what was seen and what is stored. The nodes must be at rest.
func (s *stage) history() *history.History {
	s.t.Helper()
	h := s.rec.History()
	h.Settings = s.cast.Settings()
	if len(s.nodes) > 1 {
		h.SkewMs = 100 + h.SlackMs
	}
	var err error
	h.Facts, err = history.Read(s.t.Context(), s.source)
	must(s.t, err)
	for _, n := range s.nodes {
		log, err := os.Open(n.Trace())
		must(s.t, err)
		turns, err := history.ReadTurns(log)
		must(s.t, err)
		must(s.t, log.Close())
		h.Turns = append(h.Turns, turns...)
	}
	return h
}

// report fails the test for every finding, the first ones in full.
func report(t *testing.T, found []history.Finding) {
	t.Helper()
	for i, f := range found {
		if i == 20 {
			t.Errorf("… and %d more", len(found)-i)
			break
		}
		t.Error(f)
	}
}
