package history_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/e2e/history"
	"parley/e2e/history/load"
	"parley/internal/pgtest"
)

// TestBackup takes backups of a server under load, by a kill once, and demands of
// each archive that it is the run at one moment, restored into SQLite and into
// PostgreSQL. A server on the last one goes on with the callers that were there; so
// does one on PostgreSQL, to which the first server's store was moved as a kill left
// it. PARLEY_BACKUP_SECONDS is how long the first load lasts; in a longer run a
// server goes on from every archive.
func TestBackup(t *testing.T) {
	t.Parallel()
	length := time.Duration(setting(t, "PARLEY_BACKUP_SECONDS", 0)) * time.Second
	bot, err := filepath.Abs("bot")
	must(t, err)
	n := seed(t)
	s := newStage(t, build(t, "parley/e2e/history/server"), plan{bot: bot, hooks: true})
	l := s.load(n)
	archives := s.backups(l, length)
	must(t, s.program.Kill())
	end := s.rec.Now()
	l.Settle(t.Context())
	s.source = s.copied()
	run := s.history()
	t.Log(run)
	report(t, history.CheckCut(run.Cut(run.Facts, end, end)))
	var last *copied
	for i, a := range archives {
		last = s.restored(a, run, last)
		if length > 0 || i == len(archives)-1 {
			last.goOn(n+uint64(i)+1, l, 4*time.Second+length/10)
		}
	}
	t.Run("damage", func(t *testing.T) { s.damage(t, archives[len(archives)-1], run) })
	s.moved(run, end).goOn(n, l, 4*time.Second+length/10)
}

// backups runs a load and takes archives in its midst, for a time or four of them.
func (s *stage) backups(l *load.Load, length time.Duration) (archives []load.Archive) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		l.Run(ctx)
	}()
	dir := s.t.TempDir()
	rng := rand.New(rand.NewPCG(l.Seed, 3))
	began, enough := time.Now(), false
	for i := 0; i < 4 || time.Since(began) < length || !enough; i++ {
		enough = s.gaveUp()
		s.pass(500*time.Millisecond + time.Duration(rng.Int64N(int64(time.Second+length/10))))
		file := filepath.Join(dir, fmt.Sprint(i, ".zip"))
		if i%4 == 1 {
			s.cutBackup(file)
		}
		a, err := s.program.Backup(s.t.Context(), s.rec, file)
		must(s.t, err)
		archives = append(archives, a)
	}
	s.pass(time.Second)
	cancel()
	<-ran
	return archives
}

// gaveUp reports whether a webhook was refused for good, so that there is a dead
// letter to copy.
func (s *stage) gaveUp() bool {
	return slices.ContainsFunc(s.rec.History().Hooks, func(h history.Hook) bool { return h.Status == http.StatusGone })
}

// cutBackup kills the server while it writes an archive: none is left that is not
// whole.
func (s *stage) cutBackup(file string) {
	s.t.Helper()
	failed := make(chan error, 1)
	go func() {
		_, err := s.program.Backup(s.t.Context(), s.rec, file)
		failed <- err
	}()
	for begun := false; !begun && len(failed) == 0; { // it takes a moment only
		_, err := os.Stat(file + ".part")
		begun = err == nil
	}
	s.crash()
	err := <-failed
	if _, missing := os.Stat(file); missing == nil {
		s.t.Log("the archive was whole before the kill")
		must(s.t, os.Remove(file))
	} else if err == nil || !strings.Contains(err.Error(), "before it answered") {
		s.t.Errorf("there is no archive of a backup that was cut, and it said %v", err)
	}
}

// copied is a stage on a copy of a store, on which no server has run yet.
type copied struct {
	*stage
	facts  *history.Facts
	prefix *history.History // that the copy shows
}

// restored restores an archive into a new directory and into a new database, which
// get the same, and checks it against the run. The archive before it does not
// pass for it.
func (s *stage) restored(a load.Archive, run *history.History, before *copied) *copied {
	s.t.Helper()
	there := s.next(pgtest.Postgres(s.t), s.t.TempDir())
	must(s.t, there.program.Restore(s.t.Context(), a))
	next := s.next("", s.t.TempDir())
	must(s.t, next.program.Restore(s.t.Context(), a))
	c := next.checked(run, a.From, a.To)
	if twin := facts(s.t, there.source); !same(c.facts, twin) {
		s.t.Errorf("%s is another copy on PostgreSQL", a.File)
	}
	if before != nil && len(history.CheckCut(a.Of(run, before.facts))) == 0 {
		s.t.Errorf("the archive before it passes for %s", a.File)
	}
	return c
}

// moved moves the store of a killed server to PostgreSQL, in two attempts.
func (s *stage) moved(run *history.History, end int64) *copied {
	s.t.Helper()
	url := pgtest.Postgres(s.t)
	next := s.next(url, s.program.Dir)
	migrate := []string{"migrate", "--from", "sqlite:" + s.program.Dir, "--to", url}
	must(s.t, next.program.CutCommand(s.t.Context(), 4, migrate...))
	must(s.t, next.program.Command(s.t.Context(), migrate...))
	must(s.t, os.Remove(s.program.Trace()))
	c := next.checked(run, end, end)
	if !same(c.facts, run.Facts) {
		s.t.Error("what was moved is another")
	}
	return c
}

// checked checks a copy that was made between two moments against the run.
func (s *stage) checked(run *history.History, from, to int64) *copied {
	s.t.Helper()
	c := &copied{stage: s, facts: facts(s.t, s.source)}
	c.prefix = run.Cut(c.facts, from, to)
	report(s.t, history.CheckCut(c.prefix))
	report(s.t, history.CheckGrowth(c.facts, run.Facts))
	return c
}

func same(a, b *history.Facts) bool {
	return len(history.CheckGrowth(a, b)) == 0 && len(history.CheckGrowth(b, a)) == 0
}

// next is a stage on an empty place, with a recorder for what comes there.
func (s *stage) next(url, dir string) *stage {
	s.t.Helper()
	next := *s
	next.rec = s.rec.Next()
	env := s.program.Env
	if url != "" {
		env = append(slices.Clip(env), "PARLEY_STORE="+url, "PARLEY_NODE=next")
	}
	var err error
	next.program, err = load.NewProgram(s.program.Path, dir, env...)
	must(s.t, err)
	if next.source = url; url == "" {
		next.source = next.program.Database()
	}
	return &next
}

// goOn starts a server on the copy, has the callers of an earlier load go
// on with it, and checks the whole.
func (c *copied) goOn(seed uint64, earlier *load.Load, length time.Duration) {
	c.t.Helper()
	c.hooks.Tell(c.rec)
	c.run()
	up := c.rec.Now() / 1e6
	l := c.load(seed)
	l.Earlier = earlier
	ctx, cancel := context.WithTimeout(c.t.Context(), length)
	defer cancel()
	l.Run(ctx)
	c.settle(patience)
	l.Settle(c.t.Context())
	h := c.history()
	c.t.Log(h)
	must(c.t, c.program.Stop())
	report(c.t, history.CheckGrowth(c.facts, h.Facts))
	report(c.t, history.Check(c.prefix.Then(h, up)))
}

func facts(t *testing.T, source string) *history.Facts {
	t.Helper()
	f, err := history.Read(t.Context(), source)
	must(t, err)
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
