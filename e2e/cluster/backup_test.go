package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/e2e/cluster"
	"parley/e2e/history"
	"parley/e2e/history/load"
	"parley/internal/natstest"
	"parley/internal/pgtest"
)

// TestBackup takes backups of three nodes under load, one of which is killed, and
// demands of each archive that it is the run at one moment, restored into another
// database and into SQLite. Two nodes on the last one go on with the callers that
// were there. For PARLEY_BACKUP_SECONDS everything that can break around the nodes
// breaks meanwhile, and nodes go on from every archive.
func TestBackup(t *testing.T) {
	t.Parallel()
	length := time.Duration(setting(t, "PARLEY_BACKUP_SECONDS", 0)) * time.Second
	n := seed(t)
	plan := cluster.Plan{{At: 2 * time.Second, For: time.Second, Kind: cluster.Kill, Node: int(n % 3)}}
	if length > 0 {
		plan = cluster.NewPlan(n, 3, length, true)
	}
	t.Logf("plan:\n%v", plan)
	binary := build(t)
	s := newStage(t, cluster.Proxies{}, binary, 3, true)
	l := s.load(n, 100)
	archives := s.backups(l, plan)
	for _, node := range s.nodes {
		must(t, node.Kill())
	}
	end := s.rec.Now()
	l.Settle(t.Context())
	run := s.history()
	t.Log(run)
	report(t, history.CheckCut(run.Cut(run.Facts, end, end)))
	var last *copied
	for i, a := range archives {
		last = s.restored(binary, a, run, last)
		if length > 0 || i == len(archives)-1 {
			last.goOn(binary, n+uint64(i)+1, l, 4*time.Second+length/20)
		}
	}
}

// backups runs a load and takes archives in its midst while a plan is carried out:
// by a node, or beside the nodes by a process of its own. One that fails, as it may
// when the node or the database goes, leaves nothing.
func (s *stage) backups(l *load.Load, plan cluster.Plan) (archives []load.Archive) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	ran, broken := make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(ran)
		l.Run(ctx)
	}()
	go func() { broken <- s.chaos.Run(s.t.Context(), plan) }()
	dir := s.t.TempDir()
	rng := rand.New(rand.NewPCG(l.Seed, 3))
	for began := time.Now(); len(archives) < 3 || time.Since(began) < plan.End(); {
		s.pass(500*time.Millisecond + time.Duration(rng.Int64N(int64(time.Second+plan.End()/10))))
		at := s.directory()
		if i := rng.IntN(len(s.nodes) + 1); i < len(s.nodes) {
			at = s.nodes[i].Dir
		}
		file := filepath.Join(dir, fmt.Sprint(len(archives), ".zip"))
		a, err := s.beside(s.nodes[0].Path, at, s.source).Backup(s.t.Context(), s.rec, file)
		if err == nil {
			archives = append(archives, a)
			continue
		}
		s.t.Log(err)
		if _, left := os.Stat(file); !errors.Is(left, fs.ErrNotExist) {
			s.t.Errorf("a backup failed and left an archive: %v", left)
		}
	}
	must(s.t, <-broken)
	s.pass(time.Second)
	cancel()
	<-ran
	return archives
}

// beside is the program on a directory and a store, "" for the directory's own, to
// run commands.
func (s *stage) beside(binary, dir, url string) *load.Program {
	s.t.Helper()
	p, err := load.NewProgram(binary, dir, "PARLEY_STORE="+url, "PARLEY_NODE=beside")
	must(s.t, err)
	return p
}

// copied is a stage on a copy of a store, on which no node has run yet.
type copied struct {
	*stage
	facts  *history.Facts
	prefix *history.History // that the copy shows
}

// restored restores an archive into a new database and a new directory, which get
// the same, and checks it against the run. The archive before it does not pass for
// it.
func (s *stage) restored(binary string, a load.Archive, run *history.History, before *copied) *copied {
	s.t.Helper()
	next := *s
	next.rec, next.nodes, next.chaos = s.rec.Next(), nil, nil
	next.source = pgtest.Postgres(s.t)
	must(s.t, s.beside(binary, s.directory(), next.source).Restore(s.t.Context(), a))
	there := s.beside(binary, s.directory(), "")
	must(s.t, there.Restore(s.t.Context(), a))
	c := &copied{stage: &next, facts: facts(s.t, next.source)}
	if twin := facts(s.t, there.Database()); !same(c.facts, twin) {
		s.t.Errorf("%s is another copy on SQLite", a.File)
	}
	c.prefix = a.Of(run, c.facts)
	report(s.t, history.CheckCut(c.prefix))
	report(s.t, history.CheckGrowth(c.facts, run.Facts))
	if before != nil && len(history.CheckCut(a.Of(run, before.facts))) == 0 {
		s.t.Errorf("the archive before it passes for %s", a.File)
	}
	return c
}

func same(a, b *history.Facts) bool {
	return len(history.CheckGrowth(a, b)) == 0 && len(history.CheckGrowth(b, a)) == 0
}

// goOn starts nodes on the copy, has the callers of an earlier load go on with
// them, and checks the whole.
func (c *copied) goOn(binary string, seed uint64, earlier *load.Load, length time.Duration) {
	c.t.Helper()
	c.hooks.Tell(c.rec)
	c.place(binary, 2, cluster.Outside{Store: c.source, NATS: natstest.Start(c.t).URL()})
	c.start()
	up := c.rec.Now() / 1e6
	l := c.load(seed, 100)
	l.Earlier = earlier
	ctx, cancel := context.WithTimeout(c.t.Context(), length)
	defer cancel()
	l.Run(ctx)
	c.settle(time.Minute)
	c.pass(time.Second) // for what one node hears of the other
	l.Settle(c.t.Context())
	h := c.history()
	c.t.Log(h)
	for _, n := range c.nodes {
		must(c.t, n.Stop())
	}
	report(c.t, history.CheckGrowth(c.facts, h.Facts))
	report(c.t, history.Check(c.prefix.Then(h, up)))
}

func facts(t *testing.T, source string) *history.Facts {
	t.Helper()
	f, err := history.Read(t.Context(), source)
	must(t, err)
	return f
}
