package program

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/natstest"
	"parley/internal/pgtest"
)

// follower is a client that keeps a log of its chain over nodes that go away,
// as the widget does.
type follower struct {
	*tab
	id    string
	mu    sync.Mutex
	log   []float64 // sequences, as they came
	names []string
	hints int
	moves int
}

// follow opens a session through a proxy and keeps its log from then on.
func (b *browsers) follow(p *shop, transports ...string) *follower {
	b.t.Helper()
	f := &follower{tab: b.visit(p, object{"transports": transports})}
	made := f.open(nil)
	f.id = text(made, "session_id")
	first, _ := made["sequence"].(float64)
	f.log = append(f.log, first)
	f.names = append(f.names, "session:created")
	done := make(chan struct{})
	b.t.Cleanup(func() { close(done) })
	go func() {
		for {
			select {
			case ev := <-f.events:
				f.hear(ev)
			case <-done:
				return
			}
		}
	}()
	return f
}

func (f *follower) hear(ev socketEvent) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch ev.name {
	case "connect":
		f.moves++
		f.emit("session:reconnect", object{"session_id": f.id, "last_sequence": f.log[len(f.log)-1]})
		return
	case "server:draining":
		f.hints++
		return
	case "session:reconnected":
		return
	}
	if n, ok := ev.payload["sequence"].(float64); ok {
		f.log, f.names = append(f.log, n), append(f.names, ev.name)
	}
}

// answers is the number of answers that came.
func (f *follower) answers() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, name := range f.names {
		if name == "message:brain_received" {
			n++
		}
	}
	return n
}

// whole says whether the log has every event, each once and in order.
func (f *follower) whole() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := 1; i < len(f.log); i++ {
		if f.log[i] != f.log[i-1]+1 {
			return false
		}
	}
	return true
}

// roll is three nodes behind a proxy, and what callers do meanwhile.
type roll struct {
	t      *testing.T
	nodes  []*process
	places []place
	dirs   []string
	store  string
	nats   string
}

func newRoll(t *testing.T) *roll {
	t.Helper()
	r := &roll{t: t, store: pgtest.Postgres(t), nats: natstest.Start(t).URL()}
	for i := range 3 {
		r.dirs, r.places = append(r.dirs, directory(t)), append(r.places, place{vacant(t), vacant(t)})
		r.nodes = append(r.nodes, r.start(i))
	}
	return r
}

func (r *roll) start(i int) *process {
	r.t.Helper()
	p := spawnAt(r.t, r.places[i].public, r.dirs[i], "--store", r.store, "--nats", r.nats, "--node", fmt.Sprint("parley-", i+1),
		"--metrics-listen", r.places[i].watch, "--trusted-proxy", "127.0.0.1")
	eventually(r.t, "the node to be ready", func() bool {
		res, err := caller().Get(p.watch + "/readyz")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	return p
}

// all replaces one node after the other.
func (r *roll) all() {
	r.t.Helper()
	for i, p := range r.nodes {
		same(r.t, "exit code", p.terminate(), 0)
		r.nodes[i] = r.start(i)
	}
}

// A rolling restart of three nodes behind the proxies of deploy/, under REST
// and sockets by each transport: callers see no error, clients no gap.
func TestBalancers_RollingRestart(t *testing.T) {
	t.Parallel()
	for name, begin := range balancers {
		t.Run(name, func(t *testing.T) {
			r := newRoll(t)
			shop := r.nodes[0].shop(nil, "--bot", bot(t, "shop"))
			shop.base = begin(t, r.places)
			eventually(t, "all nodes to know the key", func() bool {
				for range 9 {
					a, err := shop.try("GET", shop.ours("", "")[:strings.LastIndex(shop.ours("", ""), "/")], nil)
					if err != nil || a.status != 200 {
						return false
					}
				}
				return true
			})
			web, over := newBrowsers(t), make(chan struct{})
			var callers sync.WaitGroup
			var followers []*follower
			sent := make([]int, 6)
			for i, ways := range [][]string{{"polling"}, {"websocket"}, {"polling", "websocket"}, {"polling"}, {"websocket"}, {"polling", "websocket"}} {
				f := web.follow(shop, ways...)
				followers = append(followers, f)
				callers.Go(func() { sent[i] = f.converse(shop, i%2 == 0, over) })
			}
			callers.Go(func() { shop.changes(over) })
			r.all()
			close(over)
			callers.Wait()
			for i, f := range followers {
				if !f.whole() || f.answers() != sent[i] {
					t.Errorf("client %d: sent %d, answers %d, log %v", i, sent[i], f.answers(), f.log)
				}
				if f.moves < 1 || f.hints < 1 {
					t.Errorf("client %d: %d moves, %d hints in a roll of all nodes", i, f.moves, f.hints)
				}
				t.Logf("client %d: %d messages, %d moves, %d hints", i, sent[i], f.moves, f.hints)
			}
		})
	}
}

// converse says something by REST and waits for the answer on the socket, over
// and over. It returns how much it said.
func (f *follower) converse(p *shop, keyed bool, over <-chan struct{}) int {
	for n := 1; ; n++ {
		var header []string
		if keyed {
			header = []string{"Idempotency-Key", fmt.Sprint(f.id, "-", n)}
		}
		a, err := p.try("POST", p.at(f.id, "/messages"), object{"input": object{"text": fmt.Sprint("words ", n)}}, header...)
		if err != nil || a.status != 202 {
			f.t.Errorf("message %d (keyed: %t): %v, status %d: %s", n, keyed, err, a.status, a.text)
			return n - 1
		}
		if !f.answered(n) {
			return n
		}
		select {
		case <-over:
			return n
		default:
		}
	}
}

// answered waits for so many answers.
func (f *follower) answered(n int) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for f.answers() < n {
		select {
		case <-tick.C:
		case <-late:
			f.mu.Lock()
			defer f.mu.Unlock()
			f.t.Errorf("message %d: no answer came; moves %d, log %v", n, f.moves, f.log)
			return false
		}
	}
	return true
}

// changes opens sessions, changes and reads them without any key until over.
func (p *shop) changes(over <-chan struct{}) {
	wants := []int{201, 200, 200, 200}
	for n := 0; ; n++ {
		select {
		case <-over:
			p.t.Logf("%d sessions opened, changed, read and closed", n)
			return
		default:
		}
		id, got := "", []int{}
		for step := range wants {
			method, path, body := "POST", p.sessions(), any(object{})
			switch step {
			case 1:
				method, path, body = "PATCH", p.at(id, "/context"), object{"n": n}
			case 2:
				method, path, body = "GET", p.ours(id, ""), nil
			case 3:
				path, body = p.at(id, "/close"), nil
			}
			a, err := p.try(method, path, body)
			if err != nil {
				p.t.Errorf("%s %s: %v", method, path, err)
				return
			}
			if step == 0 {
				id = a.id()
			}
			got = append(got, a.status)
		}
		if !slices.Equal(got, wants) {
			p.t.Errorf("round %d: got %v, want %v", n, got, wants)
			return
		}
	}
}
