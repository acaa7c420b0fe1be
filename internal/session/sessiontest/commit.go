package sessiontest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"parley/internal/session"
)

var errRefused = errors.New("refused by its own rule")

func (h *House) refusal() *session.Change {
	return session.NewChange("refusal", h.Clock.Now(), func(*session.Work) error { return errRefused })
}

// gate occupies the writer until it is opened, so that what is committed
// meanwhile has to queue.
type gate struct {
	entered, open chan struct{}
	once          sync.Once
	done          sync.WaitGroup
}

func (h *House) shut() *gate {
	g := &gate{entered: make(chan struct{}), open: make(chan struct{})}
	change := session.NewChange("gate", h.Clock.Now(), func(*session.Work) error {
		g.once.Do(func() { close(g.entered) })
		<-g.open
		return nil
	})
	g.done.Go(func() {
		if err := h.Engine.Store().Commit(context.Background(), change); err != nil {
			h.Error(err)
		}
	})
	<-g.entered
	return g
}

func (g *gate) release() {
	close(g.open)
	g.done.Wait()
}

func ownError(h *House) {
	if err := h.Engine.Store().Commit(context.Background(), h.refusal()); !errors.Is(err, errRefused) {
		h.Errorf("got %v, want the change's own error as it is", err)
	}
	id := h.Open().ID
	stale := &session.Update{Patch: session.Document{"live_instructions": map[string]any{"a": 1}}, IfMatch: &session.IfMatch{Version: 7}}
	_, err := h.Core.Merge(context.Background(), h.In, id, stale)
	if session.CodeOf(err) != session.CodeVersionConflict {
		h.Errorf("got %v, want a version conflict", err)
	}
	h.Facts.Check(h.T, h.Engine.Store())
}

// breakdown: rules that panic when they have done half of their work take
// nobody with them and leave nothing behind.
func breakdown(h *House) {
	id := h.Open().ID
	g := h.shut()
	var all sync.WaitGroup
	for i := range 10 {
		all.Go(func() { h.Merge(id, fmt.Sprint("k", i), i) })
		all.Go(func() {
			_, err := h.Core.Create(context.Background(), h.In, session.Create{Repeat: &session.Repeat{
				Route: "create", Key: fmt.Sprint("k", i), Answer: func(*session.Result) []byte { panic("out of its mind") },
			}})
			if err == nil || !strings.Contains(err.Error(), "out of its mind") || session.CodeOf(err) != session.CodeInternal {
				h.Errorf("got %v, want an internal error that tells of the panic", err)
			}
		})
	}
	g.release()
	all.Wait()
	if n := len(h.instructions(id)); n != 10 {
		h.Errorf("%d of 10 neighbours of a broken change were kept", n)
	}
	if list := must(h.Core.Sessions(context.Background(), session.SessionFilter{}))(h); len(list) != 1 {
		h.Errorf("%d sessions, want the one that was opened in good health", len(list))
	}
	h.Facts.Check(h.T, h.Engine.Store())
}

func (h *House) instructions(id session.ID) map[string]any {
	v, _ := h.Document(id).At("live_instructions")
	m, _ := v.(map[string]any)
	return m
}

// neighbours: in one group some changes are refused, the others stand.
func neighbours(h *House) {
	id := h.Open().ID
	g := h.shut()
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if i%4 == 0 {
				if err := h.Engine.Store().Commit(context.Background(), h.refusal()); !errors.Is(err, errRefused) {
					h.Errorf("got %v, want its own error", err)
				}
				return
			}
			h.Merge(id, fmt.Sprint("k", i), i)
		})
	}
	g.release()
	all.Wait()
	if n := len(h.instructions(id)); n != 30 {
		h.Errorf("%d keys of 30 are there", n)
	}
	h.Facts.Check(h.T, h.Engine.Store())
}

// oneGroup: changes of one group run on top of each other.
func oneGroup(h *House) {
	id := h.Open().ID
	g := h.shut()
	var all sync.WaitGroup
	var seen sync.Map
	for i := range 50 {
		all.Go(func() {
			if _, twice := seen.LoadOrStore(h.Merge(id, fmt.Sprint("k", i), i), i); twice {
				h.Error("two changes were told the same version")
			}
		})
	}
	g.release()
	all.Wait()
	for v := int64(2); v <= 51; v++ {
		if _, ok := seen.Load(v); !ok {
			h.Errorf("nobody got version %d", v)
		}
	}
	h.Facts.Check(h.T, h.Engine.Store())
}

// answeredAfterListener: when Commit returns, the listener has heard of the
// change and every reader sees it.
func answeredAfterListener(h *House) {
	var all sync.WaitGroup
	for i := range 16 {
		id := h.Open().ID
		all.Go(func() {
			for range 20 {
				version := h.Merge(id, "k", fmt.Sprint(i, "-", h.told(id)))
				if told := h.told(id); told < version {
					h.Errorf("answered with version %d while the listener was told %d", version, told)
				}
				if v := must(h.Core.At(context.Background(), h.In, id))(h); v.Chain.Version < version {
					h.Errorf("answered with version %d while a reader sees %d", version, v.Chain.Version)
				}
			}
		})
	}
	all.Wait()
}

func (h *House) told(chain session.ID) int64 {
	h.Facts.mu.Lock()
	defer h.Facts.mu.Unlock()
	return h.Facts.chains[chain].Version
}

func cancelledBefore(h *House) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := h.Core.Create(ctx, h.In, session.Create{}); !errors.Is(err, context.Canceled) {
		h.Errorf("got %v, want the end of the caller's context", err)
	}
	if list := must(h.Core.Sessions(context.Background(), session.SessionFilter{}))(h); len(list) != 0 {
		h.Errorf("%d sessions, want none", len(list))
	}
}

// cancelledWhileQueued: the caller hears of its context; the change is there
// whole or not at all.
func cancelledWhileQueued(h *House) {
	id := h.Open().ID
	g := h.shut()
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			_, err := h.Core.Merge(ctx, h.In, id, patch(fmt.Sprint("k", i), i))
			if !errors.Is(err, context.Canceled) {
				h.Errorf("got %v, want the end of the caller's context", err)
			}
		})
	}
	cancel()
	all.Wait()
	g.release()
	h.Merge(id, "last", true) // after whatever was queued before it
	keys := int64(len(h.instructions(id)))
	if v := must(h.Core.At(context.Background(), h.In, id))(h); v.Chain.Version != keys+1 || v.Chain.Sequence != keys+1 {
		h.Errorf("version %d and sequence %d with %d keys: a change was applied in part", v.Chain.Version, v.Chain.Sequence, keys)
	}
	h.Facts.Check(h.T, h.Engine.Store())
}

// orderOfListener: one call at a time, and the events of a chain without gap.
func orderOfListener(h *House) {
	var inside atomic.Int32
	last := map[session.ID]int64{}
	h.Engine.Store().OnCommit(func(b *session.Batch) {
		if inside.Add(1) != 1 {
			h.Error("the listener was called twice at a time")
		}
		defer inside.Add(-1)
		for _, ev := range b.Events {
			if ev.Sequence != last[ev.Chain]+1 {
				h.Errorf("event %d of a chain after %d", ev.Sequence, last[ev.Chain])
			}
			last[ev.Chain] = ev.Sequence
		}
	})
	ids := []session.ID{h.Open().ID, h.Open().ID, h.Open().ID}
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for n := range 30 {
				h.Merge(ids[(i+n)%3], fmt.Sprint("k", i), n)
			}
		})
	}
	all.Wait()
	for _, id := range ids {
		if last[id] != 161 {
			h.Errorf("the listener heard of %d events, want 161", last[id])
		}
	}
}

// snapshot: a view sees one state, whatever is written meanwhile.
func snapshot(h *House) {
	id := h.Open().ID
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := 2; ; n++ { // the key is the version that the merge makes
			select {
			case <-stop:
				return
			default:
				h.Merge(id, "k", n)
			}
		}
	})
	for range 200 {
		err := h.Engine.Store().View(context.Background(), func(rows session.Rows) error {
			ch, err := rows.Chain(id)
			if err != nil {
				return err
			}
			doc, err := rows.Document(id)
			if want := fmt.Sprintf(`"k":%d}`, ch.Version); err == nil && ch.Version > 1 && !strings.Contains(string(doc), want) {
				return fmt.Errorf("version %d beside the document %s", ch.Version, doc)
			}
			return err
		})
		if err != nil {
			h.Error(err)
		}
	}
	close(stop)
	writer.Wait()
}

// noRow: what is not there is told apart from what fails.
func noRow(h *House) {
	nobody := session.NewID(h.Clock.Now())
	err := h.Engine.Store().View(context.Background(), func(rows session.Rows) error {
		_, client := rows.Client(nobody)
		_, byKey := rows.ClientByKey("house", "u:nobody")
		_, chain := rows.Chain(nobody)
		_, one := rows.Session(nobody)
		_, doc := rows.Document(nobody)
		_, vars := rows.Vars(nobody)
		_, talk := rows.Conversation(nobody)
		_, message := rows.Message(nobody)
		_, byID := rows.MessageByClientID(nobody, "x")
		_, remembered := rows.Remembered("house", "r", "k")
		for i, err := range []error{client, byKey, chain, one, doc, vars, talk, message, byID, remembered} {
			if !errors.Is(err, session.ErrNoRow) {
				h.Errorf("read %d: got %v, want ErrNoRow", i, err)
			}
		}
		pending, err := rows.Pending(nobody)
		if err != nil || len(pending) > 0 {
			h.Errorf("inbox: %d messages, %v", len(pending), err)
		}
		timers, err := rows.Timers(nobody)
		if err != nil || len(timers) > 0 {
			h.Errorf("timers: %d, %v", len(timers), err)
		}
		return errRefused
	})
	if !errors.Is(err, errRefused) {
		h.Errorf("got %v, want the reader's own error", err)
	}
}

// noKeyLost: sixteen writers on one session.
func noKeyLost(h *House) {
	id := h.Open().ID
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			var last int64
			for n := range 40 {
				v := h.Merge(id, fmt.Sprintf("w%d_%d", i, n), n)
				if v <= last {
					h.Errorf("version %d after %d", v, last)
				}
				last = v
			}
		})
	}
	all.Wait()
	h.use(h.Engine.Reopen(h.T))
	if n := len(h.instructions(id)); n != 16*40 {
		h.Errorf("%d confirmed keys of %d are there", n, 16*40)
	}
	events := h.Events(id)
	if len(events) != 1+16*40 {
		h.Errorf("%d events, want %d", len(events), 1+16*40)
	}
	for i, ev := range events {
		if ev.Sequence != int64(i+1) {
			h.Fatalf("event %d stands at place %d", ev.Sequence, i+1)
		}
	}
	h.Facts.Check(h.T, h.Engine.Store())
}

func closed(h *House) {
	id := h.Open().ID
	if err := h.Engine.Store().Close(); err != nil {
		h.Error(err)
	}
	_, err := h.Core.Merge(context.Background(), h.In, id, patch("k", 1))
	if session.CodeOf(err) != session.CodeUnavailable {
		h.Errorf("got %v, want unavailable", err)
	}
	if _, err := h.Core.At(context.Background(), h.In, id); session.CodeOf(err) != session.CodeUnavailable {
		h.Errorf("got %v, want unavailable", err)
	}
	h.use(h.Engine.Reopen(h.T))
	h.Facts.Check(h.T, h.Engine.Store())
}
