package sessiontest

import (
	"context"
	"errors"
	"sync"
	"time"

	"parley/internal/session"
)

const lease = 45_000

func (h *House) claim(limit int, except ...string) []*session.Delivery {
	h.Helper()
	return must(h.Engine.Outbox().Claim(context.Background(), h.Clock.Ms(), lease, limit, except...))(h)
}

func (h *House) settle(s ...session.Settlement) {
	h.Helper()
	if err := h.Engine.Outbox().Settle(context.Background(), s); err != nil {
		h.Fatal(err)
	}
}

func delivered(d *session.Delivery) session.Settlement {
	return session.Settlement{ID: d.ID, Token: d.Token, Delivered: true}
}

// outboxOrder: every delivery of every chain, once, in order of sequence, with
// the bytes of the batch; chains side by side.
func outboxOrder(h *House) {
	chains := []session.ID{h.Open().ID, h.Open().ID, h.Open().ID}
	for i := range 5 {
		for _, id := range chains {
			h.Merge(id, "k", i)
		}
	}
	h.use(h.Engine.Reopen(h.T))
	for step := range 6 {
		list := h.claim(10)
		if len(list) != len(chains) {
			h.Fatalf("%d deliveries at step %d, want one a chain", len(list), step)
		}
		for _, d := range list {
			want := *h.Facts.outbox[d.Chain][step]
			want.Token, want.LeaseMs = d.Token, h.Clock.Ms()+lease
			if diff := Diff(want, *d); diff != "" {
				h.Errorf("step %d%s", step, diff)
			}
			if d.Token.IsZero() {
				h.Error("a claim without a token")
			}
			h.settle(delivered(d))
		}
	}
	if list := h.claim(10); len(list) != 0 {
		h.Errorf("%d deliveries are left", len(list))
	}
}

// outboxPassesOver: what is due of the integrations that are named stays, and
// hides nothing of the others.
func outboxPassesOver(h *House) {
	for range 5 {
		h.Open()
	}
	other := Integration("other")
	must(h.Core.Create(context.Background(), other, session.Create{Channel: session.KindCustom}))(h)
	if list := h.claim(2, "house", "other", "unknown"); len(list) != 0 {
		h.Errorf("%d deliveries of integrations that are passed over", len(list))
	}
	if list := h.claim(2, "house"); len(list) != 1 || list[0].Integration != "other" || list[0].Token.IsZero() {
		h.Fatalf("got %v, want that of the other", list)
	}
	if list := h.claim(2, "house"); len(list) != 0 {
		h.Errorf("%d deliveries are claimed twice", len(list))
	}
	if list := h.claim(10, "unknown"); len(list) != 5 {
		h.Errorf("%d deliveries, want those of the house", len(list))
	}
}

// outboxHeadBlocks: the head blocks its chain in every state, and only its
// chain.
func outboxHeadBlocks(h *House) {
	a, b := h.Open().ID, h.Open().ID
	h.Merge(a, "k", 1)
	h.Merge(b, "k", 1)
	first := map[session.ID]*session.Delivery{}
	for _, d := range h.claim(10) {
		first[d.Chain] = d
	}
	if list := h.claim(10); len(first) != 2 || len(list) != 0 {
		h.Fatalf("%d chains claimed, then %d more deliveries", len(first), len(list))
	}
	h.settle(session.Settlement{ID: first[a].ID, Token: first[a].Token, DueMs: h.Clock.Ms() + 1000, LastError: "503"}, delivered(first[b]))
	list := h.claim(10)
	if len(list) != 1 || list[0].Chain != b || list[0].Sequence != 2 {
		h.Fatalf("got %v, want the next of the chain whose head is out", list)
	}
	h.Clock.Advance(time.Second)
	list = h.claim(10)
	if len(list) != 1 || list[0].ID != first[a].ID || list[0].Attempts != 1 || list[0].LastError != "503" {
		h.Fatalf("got %+v, want the failed head again", list)
	}
	h.settle(delivered(list[0]))
	if list = h.claim(10); len(list) != 1 || list[0].Chain != a || list[0].Sequence != 2 {
		h.Errorf("got %v, want the second of the chain", list)
	}
}

// outboxLease: a silent claim is given back; the late token settles nothing.
func outboxLease(h *House) {
	h.Open()
	late := h.claim(1)[0]
	h.Clock.Advance(lease*time.Millisecond - time.Millisecond)
	if list := h.claim(1); len(list) != 0 {
		h.Error("claimed again before the lease ran out")
	}
	h.use(h.Engine.Reopen(h.T)) // a crash keeps the lease
	h.Clock.Advance(time.Millisecond)
	list := h.claim(1)
	if len(list) != 1 || list[0].ID != late.ID || list[0].Token == late.Token {
		h.Fatalf("got %v, want the same delivery under a new token", list)
	}
	h.settle(delivered(late),
		session.Settlement{ID: late.ID, Token: late.Token, Dead: true, LastError: "gone"},
		session.Settlement{ID: late.ID, Token: late.Token, DueMs: 1, LastError: "late"})
	if waiting, dead, _, err := h.Engine.Outbox().Backlog(context.Background(), h.Clock.Ms()); err != nil || waiting != 1 || dead != 0 {
		h.Errorf("%d waiting, %d dead, %v: a late token had an effect", waiting, dead, err)
	}
	h.settle(delivered(list[0]))
	h.settle(delivered(list[0])) // a repeat is harmless
	if list := h.claim(1); len(list) != 0 {
		h.Error("a delivered one came back")
	}
}

// outboxParallel: two senders never hold the same delivery.
func outboxParallel(h *House) {
	const chains = 40
	for range chains {
		h.Merge(h.Open().ID, "k", 1)
	}
	var mu sync.Mutex
	seen := map[session.ID]int64{}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for list := h.claim(3); len(list) > 0; list = h.claim(3) {
				for _, d := range list {
					mu.Lock()
					if seen[d.Chain]++; seen[d.Chain] != d.Sequence {
						h.Errorf("sequence %d came at place %d", d.Sequence, seen[d.Chain])
					}
					mu.Unlock()
					h.settle(delivered(d))
				}
			}
		})
	}
	all.Wait()
	for list := h.claim(100); len(list) > 0; list = h.claim(100) { // a head that was held when the senders looked last
		for _, d := range list {
			seen[d.Chain]++
			h.settle(delivered(d))
		}
	}
	for chain, n := range seen {
		if n != 2 {
			h.Errorf("chain %s had %d deliveries, want 2", chain, n)
		}
	}
	if len(seen) != chains {
		h.Errorf("%d chains, want %d", len(seen), chains)
	}
}

func outboxNextDue(h *House) {
	next := func() int64 { return must(h.Engine.Outbox().NextDue(context.Background()))(h) }
	if due := next(); due != 0 {
		h.Errorf("%d with nothing waiting, want 0", due)
	}
	h.Merge(h.Open().ID, "k", 1)
	created := h.Clock.Ms()
	if due := next(); due != created {
		h.Errorf("due %d, want %d", due, created)
	}
	d := h.claim(1)[0]
	if due := next(); due != created+lease {
		h.Errorf("due %d while claimed, want the end of the lease %d", due, created+lease)
	}
	h.settle(session.Settlement{ID: d.ID, Token: d.Token, DueMs: created + 250, LastError: "x"})
	if due := next(); due != created+250 {
		h.Errorf("due %d after a failure, want %d", due, created+250)
	}
}

func deadLetters(h *House) {
	box := h.Engine.Outbox()
	var want []session.ID
	for range 5 {
		id := h.Open().ID
		h.Merge(id, "k", 1)
		for _, d := range h.claim(1) {
			h.settle(session.Settlement{ID: d.ID, Token: d.Token, Dead: true, LastError: "410", AtMs: h.Clock.Ms() + 7})
			want = append([]session.ID{d.ID}, want...)
		}
		for _, d := range h.claim(1) { // the next of the chain is free
			h.settle(delivered(d))
		}
	}
	list := must(box.DeadLetters(context.Background(), h.In.ID, session.ID{}, 3))(h)
	rest := must(box.DeadLetters(context.Background(), h.In.ID, list[2].ID, 3))(h)
	var got []session.ID
	for _, d := range append(list, rest...) {
		got = append(got, d.ID)
	}
	if diff := Diff(want, got); diff != "" {
		h.Fatal("pages of dead letters, newest first", diff)
	}
	if d := list[0]; d.LastError != "410" || d.DiedMs != h.Clock.Ms()+7 || d.Attempts != 1 || d.Sequence != 1 || len(d.Body) == 0 {
		h.Errorf("got %+v", d)
	}
	if other := must(box.DeadLetters(context.Background(), "elsewhere", session.ID{}, 3))(h); len(other) != 0 {
		h.Error("dead letters of another integration")
	}
	h.revive(want)
}

func (h *House) revive(dead []session.ID) {
	box := h.Engine.Outbox()
	if err := box.Revive(context.Background(), dead[0], false, "still 410"); err != nil {
		h.Error(err)
	}
	if d := must(box.DeadLetter(context.Background(), dead[0]))(h); d.LastError != "still 410" || d.Attempts != 2 {
		h.Errorf("got %+v", d)
	}
	if err := box.Revive(context.Background(), dead[0], true, ""); err != nil {
		h.Error(err)
	}
	if _, err := box.DeadLetter(context.Background(), dead[0]); !errors.Is(err, session.ErrNoRow) {
		h.Errorf("a delivered dead letter is there: %v", err)
	}
	if err := box.Revive(context.Background(), dead[0], true, ""); !errors.Is(err, session.ErrNoRow) {
		h.Errorf("got %v, want ErrNoRow", err)
	}
}

func backlog(h *House) {
	read := func() [3]int64 {
		waiting, dead, oldest, err := h.Engine.Outbox().Backlog(context.Background(), h.Clock.Ms())
		if err != nil {
			h.Error(err)
		}
		return [3]int64{waiting, dead, oldest}
	}
	if got := read(); got != [3]int64{} {
		h.Errorf("got %v of nothing", got)
	}
	h.Open()
	h.Clock.Advance(time.Second)
	h.Open()
	h.Clock.Advance(time.Second)
	if got := read(); got != [3]int64{2, 0, 2001} {
		h.Errorf("got %v, want 2 waiting, the oldest 2001 ms", got)
	}
	d := h.claim(1)[0]
	h.settle(session.Settlement{ID: d.ID, Token: d.Token, Dead: true, AtMs: h.Clock.Ms()})
	if got := read(); got != [3]int64{1, 1, 1000} {
		h.Errorf("got %v, want 1 waiting, 1 dead, the oldest 1000 ms", got)
	}
}
