package cluster_test

import (
	"testing"
	"time"

	"parley/e2e/cluster"
)

// TestPlan holds plans to what they promise: the same seed the same plan, every
// kind of fault, at most two at once and never two on one node.
func TestPlan(t *testing.T) {
	for seed := range uint64(50) {
		plan := cluster.NewPlan(seed, 3, 5*time.Minute, true)
		if again := cluster.NewPlan(seed, 3, 5*time.Minute, true); again.String() != plan.String() {
			t.Fatalf("seed %d made two plans:\n%v\n%v", seed, plan, again)
		}
		if plan.End() < 5*time.Minute {
			t.Errorf("seed %d: the plan ends after %v", seed, plan.End())
		}
		kinds := map[cluster.Kind]bool{}
		for i, f := range plan {
			kinds[f.Kind] = true
			beside := 0
			for _, other := range plan[:i] {
				if other.At+other.For <= f.At {
					continue
				}
				if beside++; other.Node == f.Node || other.Node < 0 || f.Node < 0 {
					t.Errorf("seed %d: %v meets %v", seed, f, other)
				}
			}
			if beside > 1 {
				t.Errorf("seed %d: %d faults go on beside %v", seed, beside, f)
			}
		}
		if len(kinds) != 17 {
			t.Errorf("seed %d: %d kinds of faults", seed, len(kinds))
		}
		for _, f := range cluster.NewPlan(seed, 1, 0, false) {
			if f.Node > 0 || f.Kind == cluster.FastRestart || f.Kind == cluster.Isolate {
				t.Errorf("seed %d: a node alone meets %v", seed, f)
			}
		}
	}
}
