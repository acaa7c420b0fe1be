package sqlite

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/session"
)

// The benchmarks drive the core on a store of its own, with as many callers as
// the name says, each waiting for its answer before the next call. Beside the
// operations a second they report how many shared a commit, and so a sync of
// the disk. "naive" lets one caller in at a time: a sync for every operation.
func BenchmarkCreate(b *testing.B)     { each(b, benchCreate) }
func BenchmarkMerge(b *testing.B)      { each(b, benchMerge) }
func BenchmarkMergeHot(b *testing.B)   { each(b, benchMergeHot) }
func BenchmarkMessage(b *testing.B)    { each(b, benchMessage) }
func BenchmarkReadRow(b *testing.B)    { each(b, benchView) }
func BenchmarkTranscript(b *testing.B) { each(b, benchTranscript) }

func each(b *testing.B, run func(*bench)) {
	for _, clients := range []int{1, 16, 64, 256} {
		for _, mode := range []string{"naive", "group"} {
			b.Run(fmt.Sprintf("%s/%d", mode, clients), func(b *testing.B) {
				run(newBench(b, clients, mode == "naive"))
			})
		}
	}
}

type bench struct {
	*testing.B
	store   *Store
	core    *session.Core
	in      *session.Integration
	clients int
}

// oneByOne is the store as a program without group commit would use it.
type oneByOne struct {
	*Store
	turn sync.Mutex
}

func (s *oneByOne) Commit(ctx context.Context, change *session.Change) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.Store.Commit(ctx, change)
}

func newBench(b *testing.B, clients int, naive bool) *bench {
	store, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	in := &session.Integration{ID: "bench", Kind: session.KindCustom, Active: true}
	in.Settings = session.Settings{MaxPending: 1 << 30}.WithDefaults(in.Kind)
	var port session.Store = store
	if naive {
		port = &oneByOne{Store: store}
	}
	core := session.New(session.Config{
		Store: port, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Integration: func(string) (*session.Integration, bool) { return in, true },
		Bot:         func(*session.Integration) session.Bot { return nil },
	})
	return &bench{B: b, store: store, core: core, in: in, clients: clients}
}

// drive runs do b.N times from the bench's clients and reports.
func (b *bench) drive(do func(client int) error) {
	before, written := b.store.Stats(), bytesWritten()
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for client := range b.clients {
		all.Go(func() {
			for next.Add(1) <= int64(b.N) {
				if err := do(client); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	after := b.store.Stats()
	b.ReportMetric(float64(bytesWritten()-written)/float64(b.N), "written-B/op")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
	if n := after.Commits - before.Commits; n > 0 {
		b.ReportMetric(float64(after.Tasks-before.Tasks)/float64(n), "ops/commit")
	}
}

// bytesWritten counts what the process has passed to write, where the system
// tells.
func bytesWritten() (n int64) {
	raw, _ := os.ReadFile("/proc/self/io")
	_, rest, _ := strings.Cut(string(raw), "wchar: ")
	_, _ = fmt.Sscan(rest, &n)
	return n
}

func (b *bench) create() *session.Result {
	res, err := b.core.Create(context.Background(), b.in, session.Create{Channel: session.KindCustom, Context: profile()})
	if err != nil {
		b.Fatal(err)
	}
	return res
}

// perClient opens a session for every client.
func (b *bench) perClient() []session.ID {
	ids := make([]session.ID, b.clients)
	for i := range ids {
		ids[i] = b.create().Session.ID
	}
	return ids
}

// profile is a context document of about 1.5 KB.
func profile() *session.Update {
	custom := map[string]any{}
	for i := range 20 {
		custom[fmt.Sprintf("field_%02d", i)] = "a value of some fifty characters, as forms have them"
	}
	return &session.Update{Patch: session.Document{"live_instructions": custom}}
}

func benchCreate(b *bench) {
	b.drive(func(int) error {
		_, err := b.core.Create(context.Background(), b.in, session.Create{Channel: session.KindCustom, Context: profile()})
		return err
	})
}

func (b *bench) merge(id session.ID, n int64) error {
	patch := session.Document{"live_instructions": map[string]any{"counter": strconv.FormatInt(n, 10)}}
	_, err := b.core.Merge(context.Background(), b.in, id, &session.Update{Patch: patch})
	return err
}

func benchMerge(b *bench) {
	ids := b.perClient()
	var n atomic.Int64
	b.drive(func(client int) error { return b.merge(ids[client], n.Add(1)) })
}

func benchMergeHot(b *bench) {
	id := b.create().Session.ID
	var n atomic.Int64
	b.drive(func(int) error { return b.merge(id, n.Add(1)) })
}

func (b *bench) say(id session.ID) error {
	raw := []byte(`{"input":{"text":"Hello, I would like to know where my parcel is; the number is 4711."}}`)
	_, err := b.core.Accept(context.Background(), b.in, session.Incoming{Handle: id, Input: session.Input{Text: "Hello"}, Raw: raw})
	return err
}

// benchMessage lets people answer, so that a message is placed by the
// transaction that accepts it, with its event.
func benchMessage(b *bench) {
	ids := b.perClient()
	for _, id := range ids {
		if _, err := b.core.Handover(context.Background(), b.in, id, session.Handover{}, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.drive(func(client int) error { return b.say(ids[client]) })
}

func benchView(b *bench) {
	ids := b.perClient()
	b.drive(func(client int) error {
		return b.store.View(context.Background(), func(rows session.Rows) error {
			_, err := rows.Session(ids[client])
			return err
		})
	})
}

func benchTranscript(b *bench) {
	ids := b.perClient()
	for _, id := range ids {
		_, _ = b.core.Handover(context.Background(), b.in, id, session.Handover{}, nil)
		for range 50 {
			if err := b.say(id); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.drive(func(client int) error {
		_, err := b.core.Transcript(context.Background(), session.MessageFilter{Session: ids[client], Last: true, Limit: 50})
		return err
	})
}
