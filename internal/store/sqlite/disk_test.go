//go:build linux

package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"parley/internal/session"
	"parley/internal/session/sessiontest"
)

// TestWriteErrors lets the kernel refuse writes beyond a size, at a different
// place in every round: what was confirmed stays, what was refused is absent,
// and the store recovers by itself when it may write again.
func TestWriteErrors(t *testing.T) {
	for _, room := range []int{0, 1, 24, 4096, 4120, 9999, 33_000, 70_001, 200_000, 500_000} {
		t.Run(strconv.Itoa(room), func(t *testing.T) {
			if err := command(t, "limit", t.TempDir(), strconv.Itoa(room)).Run(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestFullDisk does the same on a small file system of its own, where the
// process may mount one; elsewhere the limit of sizes has to stand for it.
func TestFullDisk(t *testing.T) {
	attempt := func(attr *syscall.SysProcAttr) (*exec.Cmd, error) {
		cmd := command(t, "disk", t.TempDir(), "0")
		cmd.SysProcAttr = attr
		return cmd, cmd.Start()
	}
	id := []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	cmd, err := attempt(&syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL})
	if errors.Is(err, syscall.EPERM) {
		cmd, err = attempt(&syscall.SysProcAttr{
			Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER, Pdeathsig: syscall.SIGKILL, UidMappings: id,
		})
	}
	if err != nil {
		t.Logf("no file system may be mounted here (%v); limiting the size of files instead", err)
		cmd = command(t, "limit", t.TempDir(), "50000")
		err = cmd.Start()
	}
	if err == nil {
		err = cmd.Wait()
	}
	if err != nil {
		t.Error(err)
	}
}

// TestUnreadablePages: a change that cannot read what it decides on is not
// refused by a rule; the store is sick.
func TestUnreadablePages(t *testing.T) {
	dir := t.TempDir()
	first := openStore(t, dir)
	ids := many(t, first, 300)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	store := openStore(t, dir)
	h := sessiontest.NewHouse(t, &engine{dir: dir, store: store})
	h.Merge(ids[0], "k", 1) // the schema and a few pages are in memory now
	spoil(t, filepath.Join(dir, File))
	for range 2 {
		_, err := h.Core.Merge(t.Context(), h.In, ids[150], profile())
		if session.CodeOf(err) != session.CodeUnavailable || store.Healthy() == nil {
			t.Errorf("got %v from a store whose health is %v, want unavailable", err, store.Healthy())
		}
	}
	if _, err := h.Core.At(t.Context(), h.In, ids[150]); session.CodeOf(err) != session.CodeUnavailable {
		t.Errorf("a reader got %v, want unavailable", err)
	}
}

// many opens n sessions with documents of some size.
func many(t *testing.T, store *Store, n int) []session.ID {
	t.Helper()
	h := sessiontest.NewHouse(t, &engine{store: store})
	ids := make([]session.ID, n)
	for i := range ids {
		ids[i] = h.Open(func(c *session.Create) { c.Context = profile() }).ID
	}
	return ids
}

// spoil overwrites every page of the file but the first.
func spoil(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(bytes.Repeat([]byte{0xff}, int(info.Size())-4096), 4096); err != nil {
		t.Fatal(err)
	}
}

// meetLimit is a child that may not write beyond the size of its log plus the
// given room.
func (c *child) meetLimit() error {
	signal.Ignore(syscall.SIGXFSZ)
	if err := c.open(); err != nil {
		return err
	}
	known := map[session.ID]bool{}
	if err := c.create(known, 20); err != nil {
		return err
	}
	log, err := os.Stat(filepath.Join(c.dir, File+"-wal"))
	if err != nil {
		return err
	}
	room, err := strconv.ParseInt(c.round, 10, 64)
	if err != nil {
		return err
	}
	var free syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &free); err != nil {
		return err
	}
	limit := func(n uint64) error {
		return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: free.Max})
	}
	return c.sickness(known, func() error { return limit(uint64(log.Size() + room)) }, func() error { return limit(free.Cur) })
}

// fillDisk is a child on a file system of 4 MB, of which it first takes half.
func (c *child) fillDisk() error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := syscall.Mount("tmpfs", c.dir, "tmpfs", 0, "size=4m"); err != nil {
		return err
	}
	if err := c.open(); err != nil {
		return err
	}
	known := map[session.ID]bool{}
	if err := c.create(known, 20); err != nil {
		return err
	}
	ballast := filepath.Join(c.dir, "ballast")
	fill := func() error { return os.WriteFile(ballast, make([]byte, 2<<20), 0o600) }
	return c.sickness(known, fill, func() error { return os.Remove(ballast) })
}

// sickness is the whole story: a store that works, fails, refuses, and works
// again.
func (c *child) sickness(known map[session.ID]bool, strike, heal func() error) error {
	if err := strike(); err != nil {
		return err
	}
	err := c.create(known, 5000)
	if session.CodeOf(err) != session.CodeUnavailable {
		return fmt.Errorf("a full disk gave %w, want unavailable", err)
	}
	if c.store.Healthy() == nil {
		return errors.New("the store says it is healthy on a full disk")
	}
	for range 3 {
		if err := c.create(known, 1); session.CodeOf(err) != session.CodeUnavailable {
			return fmt.Errorf("a sick store gave %w, want unavailable", err)
		}
	}
	if err := c.verify(known); err != nil {
		return fmt.Errorf("while the disk is full: %w", err)
	}
	if err := heal(); err != nil {
		return err
	}
	for began := time.Now(); c.store.Healthy() != nil; runtime.Gosched() {
		if time.Since(began) > 2*time.Minute {
			return fmt.Errorf("the store has not recovered: %w", c.store.Healthy())
		}
	}
	if err := c.create(known, 20); err != nil {
		return fmt.Errorf("after the recovery: %w", err)
	}
	if err := c.verify(known); err != nil {
		return fmt.Errorf("after the recovery: %w", err)
	}
	if err := c.store.Close(); err != nil {
		return err
	}
	if err := c.open(); err != nil {
		return err
	}
	return c.verify(known)
}

// create opens up to n sessions and notes those that were confirmed.
func (c *child) create(known map[session.ID]bool, n int) error {
	for range n {
		res, err := c.core.Create(context.Background(), c.in, session.Create{Channel: session.KindCustom, Context: profile()})
		if err != nil {
			return err
		}
		known[res.Session.ID] = true
	}
	return nil
}

// verify finds the confirmed sessions, whole, and no other.
func (c *child) verify(known map[session.ID]bool) error {
	ctx, found := context.Background(), 0
	filter := session.SessionFilter{}
	for {
		page, err := c.store.Sessions(ctx, filter)
		if err != nil {
			return err
		}
		for _, s := range page {
			if !known[s.ID] {
				return fmt.Errorf("session %s was refused and is there", s.ID)
			}
			view, err := c.core.At(ctx, c.in, s.ID)
			if err != nil || len(view.Document) == 0 {
				return fmt.Errorf("session %s is not whole: %w", s.ID, err)
			}
			if events, err := c.store.Events(ctx, s.ID, 0, 0); err != nil || len(events) != 1 {
				return fmt.Errorf("session %s has %d events: %w", s.ID, len(events), err)
			}
			filter.Before = s.ID
			found++
		}
		if len(page) == 0 {
			break
		}
	}
	if found != len(known) {
		return fmt.Errorf("%d of %d confirmed sessions are there", found, len(known))
	}
	return nil
}
