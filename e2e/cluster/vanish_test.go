package cluster_test

import (
	"context"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/e2e/cluster"
	"parley/e2e/history"
	"parley/e2e/history/load"
)

// TestVanish cuts a node off from PostgreSQL and NATS without a word, under
// calls: it says so in time, others go on with its sessions, it comes back, and
// PostgreSQL keeps nothing of it.
func TestVanish(t *testing.T) {
	t.Parallel()
	s := newStage(t, network(t), build(t), 2, false)
	first, second := s.nodes[0], s.nodes[1]
	at := map[*cluster.Node]*load.Backend{}
	for _, n := range s.nodes {
		client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 40}}
		at[n] = &load.Backend{Name: n.Name, In: s.cast.Calm, URL: "http://" + n.Front.Address(), HTTP: client, Rec: s.rec}
		t.Cleanup(client.CloseIdleConnections)
	}
	var ids []string
	for range 40 {
		ids = append(ids, at[first].Create(t.Context(), s.rec.Token(), "", 0).Acting)
	}
	s.everybody(at[first], ids, "", 10*time.Second)
	refused := 12 * time.Second
	if _, confirmed := s.network.(cluster.Proxies); confirmed {
		refused = 25 * time.Second // bytes reach somebody, so an answer is waited for
	}
	for range 2 {
		must(t, first.Reach(cluster.Silent, cluster.Postgres, cluster.NATS))
		s.everybody(at[first], ids, "503", refused)
		s.within(8*time.Second, "the node does not say that it is cut off", func() bool { return s.readiness(first) == http.StatusServiceUnavailable })
		s.everybody(at[first], ids, "503", 12*time.Second)
		s.everybody(at[second], ids, "", 10*time.Second)
		must(t, first.Reach(cluster.Open, cluster.Postgres, cluster.NATS))
		s.within(8*time.Second, "the node does not come back", func() bool { return s.readiness(first) == http.StatusOK })
		s.everybody(at[first], ids, "", 10*time.Second)
	}
	must(t, first.Reach(cluster.Silent, cluster.Postgres, cluster.NATS))
	began := time.Now()
	must(t, first.Stop())
	t.Logf("stopped after %v", time.Since(began))
	must(t, first.Reach(cluster.Open, cluster.Postgres, cluster.NATS))
	s.within(15*time.Second, "PostgreSQL keeps connections of a node that is gone", func() bool { return s.connections(first) == 0 })
}

// everybody has a message sent to every session and each session read, and wants
// one answer of all, in time.
func (s *stage) everybody(at *load.Backend, ids []string, code string, limit time.Duration) {
	s.t.Helper()
	began := time.Now()
	var all sync.WaitGroup
	for _, id := range ids {
		sent, read := *at, *at // each with a memory of its own of whom to ask
		for _, call := range []func() *history.Call{
			func() *history.Call { return sent.Send(s.t.Context(), id, "echo", s.rec.Token(), nil, 0) },
			func() *history.Call { return read.View(s.t.Context(), id) },
		} {
			all.Go(func() {
				if c := call(); c.Code != code {
					s.t.Errorf("%v at %s: got %q, want %q", c.Kind, at.Name, c.Code, code)
				}
			})
		}
	}
	all.Wait()
	took := time.Since(began).Round(time.Millisecond)
	if s.t.Logf("node %s: everybody has %q after %v", at.Name, code, took); took > limit {
		s.t.Errorf("not all have %q from node %s after %v", code, at.Name, limit)
	}
}

func (s *stage) within(limit time.Duration, what string, done func() bool) {
	s.t.Helper()
	began := time.Now()
	for !done() {
		if time.Since(began) > limit {
			s.t.Errorf("%s after %v", what, limit)
			return
		}
		s.pass(50 * time.Millisecond)
	}
	s.t.Logf("done after %v (else: %s)", time.Since(began).Round(time.Millisecond), what)
}

// readiness asks a node over its control socket, which no cut reaches; 0 without
// an answer.
func (s *stage) readiness(n *cluster.Node) int {
	s.t.Helper()
	var dialer net.Dialer
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, "unix", filepath.Join(n.Dir, "parley.sock"))
	}}
	client := &http.Client{Timeout: time.Second, Transport: transport}
	res, err := client.Get("http://node/readyz")
	if err != nil {
		return 0
	}
	must(s.t, res.Body.Close())
	return res.StatusCode
}

// connections is how many PostgreSQL has of a node.
func (s *stage) connections(n *cluster.Node) (open int) {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.source)
	must(s.t, err)
	defer func() { must(s.t, conn.Close(context.Background())) }()
	must(s.t, conn.QueryRow(s.t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1", "parley/"+n.Name).Scan(&open))
	return open
}
