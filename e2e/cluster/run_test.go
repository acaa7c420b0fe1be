package cluster_test

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"parley/e2e/cluster"
	"parley/e2e/history"
	"parley/e2e/history/load"
)

// play runs a load while a plan is carried out, lets everything come to rest
// and checks the history that it made.
func (s *stage) play(seed uint64, plan cluster.Plan) {
	s.t.Helper()
	s.trap()
	l := s.load(seed, 100)
	watched, end := context.WithCancel(s.t.Context())
	var watcher sync.WaitGroup
	watcher.Go(func() { s.watch(watched) })
	s.drive(l, plan)
	end()
	watcher.Wait()
	s.settle(time.Minute)
	for _, n := range s.nodes {
		if !n.Runs() {
			s.t.Errorf("node %s has ended: %s", n.Name, n.LastWords())
		}
	}
	if len(s.nodes) > 1 {
		s.pass(6 * time.Second) // a hint that was lost is made up for by the next look, at most 5 s later
	}
	l.Settle(s.t.Context())
	h := s.history()
	s.t.Log(h)
	report(s.t, history.Check(h))
}

// drive runs a load while a plan is carried out.
func (s *stage) drive(l *load.Load, plan cluster.Plan) {
	s.t.Helper()
	s.t.Logf("plan:\n%v", plan)
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	var ran sync.WaitGroup
	ran.Go(func() { l.Run(ctx) })
	if err := s.chaos.Run(s.t.Context(), plan); err != nil {
		s.t.Error(err)
	}
	s.pass(3 * time.Second) // under load, healed
	cancel()
	ran.Wait()
}

// pass lets real time go by: nodes are processes with clocks of their own.
func (s *stage) pass(d time.Duration) {
	s.t.Helper()
	select {
	case <-time.After(d):
	case <-s.t.Context().Done():
		s.t.Fatal("the test has ended")
	}
}

// network is what PARLEY_CLUSTER_CUTS asks for, or what this process may make;
// it says which.
func network(t *testing.T) cluster.Network {
	t.Helper()
	n, refused, err := cluster.NewNetwork(os.Getenv("PARLEY_CLUSTER_CUTS"))
	must(t, err)
	t.Cleanup(func() { must(t, n.Close()) })
	t.Logf("cuts by %v", n)
	if refused != nil {
		t.Logf("no network namespaces here: %v", refused)
	}
	return n
}

// TestCluster breaks what can break around three nodes: every kind of fault
// once, or again and again for PARLEY_CLUSTER_MINUTES.
func TestCluster(t *testing.T) {
	t.Parallel()
	n := seed(t)
	length := time.Duration(setting(t, "PARLEY_CLUSTER_MINUTES", 0)) * time.Minute
	newStage(t, network(t), build(t), 3, true).play(n, cluster.NewPlan(n, 3, length, true))
}

// TestAlone breaks what can break around a single node on SQLite.
func TestAlone(t *testing.T) {
	t.Parallel()
	n := seed(t)
	newStage(t, cluster.Proxies{}, build(t), 1, true).play(n, cluster.NewPlan(n, 1, 0, false))
}
