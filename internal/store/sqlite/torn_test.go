//go:build linux

package sqlite

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"parley/internal/session"
	"parley/internal/session/sessiontest"
)

// TestTornLog cuts the write-ahead log at many places of its last group, and
// flips bits there. The group is there whole or not at all, and everything
// before it is there.
func TestTornLog(t *testing.T) {
	dir := t.TempDir()
	store := openStore(t, dir)
	h := sessiontest.NewHouse(t, &engine{dir: dir, store: store})
	before := map[session.ID]bool{}
	for range 10 {
		before[h.Open().ID] = true
	}
	start := int64(len(logOf(t, dir)))
	lastGroup(t, store, h)
	log, db := logOf(t, dir), contents(t, dir)
	if commits := store.Stats().Commits; commits != 12 {
		t.Fatalf("%d commits, want one for each of the first ten, one to hold the rest up, and one group", commits)
	}
	frame := int64(24 + binary.BigEndian.Uint32(log[8:])) // header and page: sqlite.org/fileformat2.html, 4.1
	end := int64(len(log))
	if (end-start)%frame != 0 || end-start < 10*frame {
		t.Fatalf("the last group has %d bytes in frames of %d", end-start, frame)
	}
	try := func(name string, torn []byte, whole bool) {
		t.Helper()
		if n := reopened(t, db, torn, before); n != 0 && !whole || n != 20 && whole {
			t.Errorf("%s: %d of the 20 sessions of the last group are there", name, n)
		}
	}
	dice := rand.New(rand.NewPCG(1, 1))
	try("untouched", log, true)
	for range 12 {
		place := start + dice.Int64N((end-start)/frame)*frame
		for _, off := range []int64{0, 1, 24, frame - 1} {
			try(fmt.Sprint("cut at ", place+off), log[:place+off], false)
		}
		flipped := append([]byte(nil), log...)
		bit := start + dice.Int64N(end-start)
		flipped[bit] ^= 1 << dice.IntN(8)
		try(fmt.Sprint("flipped at ", bit), flipped, false)
	}
}

// lastGroup opens twenty sessions in one commit.
func lastGroup(t *testing.T, store *Store, h *sessiontest.House) {
	t.Helper()
	release := held(t, store)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { h.Open() })
	}
	for queued := 0; queued < 20; {
		store.writer.mu.Lock()
		queued = len(store.writer.queue)
		store.writer.mu.Unlock()
	}
	release()
	all.Wait()
}

func logOf(t *testing.T, dir string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, File+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// reopened opens a store of the given files. It checks that the sessions known
// before are there and returns how many others are.
func reopened(t *testing.T, db, log []byte, before map[session.ID]bool) (others int) {
	t.Helper()
	dir := t.TempDir()
	for name, b := range map[string][]byte{File: db, File + "-wal": log} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	store, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	list, err := store.Sessions(t.Context(), session.SessionFilter{})
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for _, s := range list {
		whole(t, store, s)
		if before[s.ID] {
			known++
		}
	}
	if known != len(before) {
		t.Errorf("%d of %d sessions before the last group are there", known, len(before))
	}
	return len(list) - known
}
