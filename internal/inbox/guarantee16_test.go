package inbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"parley/internal/inbox"
	"parley/internal/session"
)

// page is the list as a desk keeps it: read once, then only fed.
type page struct {
	*house
	viewer string
	rows   map[session.ID]*inbox.Row
	sub    *inbox.Subscription
	resets int
}

func (h *house) page(viewer string) *page {
	p := &page{house: h, viewer: viewer}
	p.load()
	return p
}

func (p *page) load() {
	p.Helper()
	p.rows = map[session.ID]*inbox.Row{}
	p.sub = p.inbox.Feed().Subscribe(p.inbox.Feed().Cursor())
	for _, r := range p.list(inbox.Filter{Status: inbox.StatusAny}) {
		p.rows[r.ID] = r
	}
}

func (p *page) apply(updates []*inbox.Update, reset bool) {
	if reset {
		p.resets++
		p.load()
		return
	}
	for _, u := range updates {
		if p.rows[u.ID] = u.Row; u.Row == nil {
			delete(p.rows, u.ID)
		}
	}
}

// verify compares the page with the store: by the checksum of a tab.
func (p *page) verify(tab inbox.Tab) {
	p.Helper()
	updates, reset, sum, err := p.inbox.Verify(context.Background(), p.sub, tab, p.viewer)
	if err != nil {
		p.Fatal(err)
	}
	if reset {
		p.apply(nil, true)
		return
	}
	p.apply(updates, false)
	var lines []inbox.Line
	f := inbox.Filter{Tab: tab, Viewer: p.viewer}
	for _, r := range p.rows {
		if f.Has(r) {
			lines = append(lines, inbox.Line{ID: r.ID, Sequence: r.Sequence, Status: r.Status})
		}
	}
	if len(lines) != sum.Count || inbox.Hash(lines) != sum.Hash {
		p.Errorf("tab %s: the page shows %d threads (%s), the store has %d (%s)", tab, len(lines), inbox.Hash(lines), sum.Count, sum.Hash)
	}
}

// same compares the page with the list, field for field and in order, and the
// counts with both.
func (p *page) same() {
	p.Helper()
	p.apply(p.sub.Pending())
	for _, tab := range []inbox.Tab{inbox.TabMine, inbox.TabUnassigned, inbox.TabAll} {
		for _, status := range []inbox.Status{"", inbox.StatusAny, inbox.StatusResolved} {
			f := inbox.Filter{Tab: tab, Viewer: p.viewer, Status: status}
			want := p.list(f)
			n := 0
			for _, r := range p.rows {
				if f.Has(r) {
					n++
				}
			}
			if n != len(want) {
				p.Errorf("%s %s: the page shows %d threads, the list has %d", tab, status, n, len(want))
			}
			for _, r := range want {
				if a, b := asJSON(r), asJSON(p.rows[r.ID]); a != b {
					p.Errorf("%s %s: a row differs\nlist %s\npage %s", tab, status, a, b)
				}
			}
		}
	}
	counts := inbox.Counts{
		Mine: p.count(inbox.Filter{Tab: inbox.TabMine, Viewer: p.viewer}), Unassigned: p.count(inbox.Filter{Tab: inbox.TabUnassigned}),
		All: p.count(inbox.Filter{}), Snoozed: p.count(inbox.Filter{Status: inbox.StatusSnoozed}),
	}
	if got := p.inbox.Counts(p.viewer); got != counts {
		p.Errorf("counts are %+v, the list has %+v", got, counts)
	}
}

func (p *page) count(f inbox.Filter) int { return len(p.list(f)) }

func asJSON(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

// complete holds the list against the core: every chain that was spoken in has
// its row, and the row says what the core says.
func (h *house) complete(ids []session.ID) {
	h.Helper()
	for _, id := range ids {
		v, err := h.core.Look(context.Background(), h.in, id)
		if err != nil {
			h.Fatal(err)
		}
		r, err := h.inbox.Row(context.Background(), v.Chain.ID, false)
		switch {
		case err != nil && v.Conversation != nil:
			h.Errorf("a thread is hidden: %v", err)
		case err == nil && r.Sequence != v.Chain.Sequence:
			h.Errorf("a row is at %d, its chain at %d", r.Sequence, v.Chain.Sequence)
		case err == nil && v.Conversation.Open() && v.Session.Open() && (int64(r.WaitingMs) != v.Conversation.WaitingMs ||
			int64(r.Snoozed) != v.Conversation.SnoozedMs || r.Department != v.Conversation.Department || r.Reason != v.Conversation.Reason):
			h.Errorf("a row says %s, the core says %+v", asJSON(r), v.Conversation)
		case err == nil && v.Conversation.Open() && (r.Owner.Kind != v.Conversation.Owner || r.AgentID() != v.Conversation.Agent.ID):
			h.Errorf("a row says %s has it, the core says %+v", asJSON(r.Owner), v.Conversation)
		}
	}
}

// anything does one random thing to a thread. A refusal is as good as a deed.
func (h *house) anything(r *rand.Rand, ids []session.ID) {
	ctx, id := context.Background(), ids[r.IntN(len(ids))]
	agent := session.Agent{ID: fmt.Sprintf("agent-%d", r.IntN(3)), Name: "Agent"}
	switch r.IntN(17) {
	case 0, 1, 2:
		_ = h.say(id, fmt.Sprint("words ", r.IntN(100)))
	case 3:
		_ = h.say(id, []string{"new", "stop"}[r.IntN(2)])
	case 4, 5:
		_ = h.handover(id)
	case 6, 7:
		_, _ = h.core.Claim(ctx, h.in, id, agent, r.IntN(2) == 0)
	case 8:
		_ = h.answer(id, agent, "an answer")
	case 9:
		_, _ = h.core.CloseConversation(ctx, h.in, id, &agent)
	case 10:
		h.reopen(id, agent)
	case 11:
		if r.IntN(6) == 0 {
			_, _ = h.core.Close(ctx, h.in, id, session.ReasonAPI)
			return
		}
		user := session.Document{"user": map[string]any{"display_name": fmt.Sprint("Name ", r.IntN(9))}}
		_, _ = h.core.Merge(ctx, h.in, id, &session.Update{Patch: user})
	case 12:
		_, _ = h.core.Snooze(ctx, h.in, id, agent, []int64{session.SnoozedUntilReply, time.Now().Add(time.Second).UnixMilli()}[r.IntN(2)])
	case 13:
		_, _ = h.core.Transfer(ctx, h.in, id, agent, session.Transfer{Department: "support"})
	case 14:
		_, _ = h.core.Return(ctx, h.in, id, agent, "")
	case 15:
		_, _ = h.core.Note(ctx, h.in, id, agent, session.Note{Text: "between us"})
	case 16:
		_, _ = session.Reactions{Core: h.core}.Receive(ctx, h.in, id, session.Receipt{Kind: session.ReceiptRead, By: &agent})
	}
}

// TestGuarantee16_FedListIsTheQueriedList: whatever happens, a list that is only
// fed is the list that is queried, and nothing is hidden.
func TestGuarantee16_FedListIsTheQueriedList(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				h, r := newHouse(t), rand.New(rand.NewPCG(seed, 16))
				early := h.page("agent-1")
				var ids []session.ID
				for step := range 160 {
					if len(ids) < 3 || r.IntN(12) == 0 {
						ids = append(ids, h.begin(fmt.Sprint("user-", len(ids))))
					}
					h.anything(r, ids)
					if r.IntN(4) == 0 {
						sleep(time.Duration(r.IntN(40)) * time.Millisecond)
					}
					if step%40 == 39 {
						h.rest()
						early.same()
						h.page("agent-2").same()
						h.complete(ids)
					}
				}
			})
		})
	}
}

// TestGuarantee16_AfterACrash: what was committed and not written into the list
// before a crash is in it after the next start, and an erased thread is not.
func TestGuarantee16_AfterACrash(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h, r := newHouse(t), rand.New(rand.NewPCG(1, 16))
		ids := []session.ID{h.begin("a"), h.begin("b"), h.begin("c")}
		for range 40 {
			h.anything(r, ids)
		}
		h.rest()
		h.again(true)
		ids = append(ids, h.begin("d"), h.begin("e"))
		for range 60 {
			h.anything(r, ids)
		}
		h.rest()
		if err := h.store.Index().Put(t.Context(), []*inbox.Entry{{Row: &inbox.Row{ID: session.NewID(time.Now())}, Person: &inbox.Person{}}}); err != nil {
			t.Fatal(err)
		}
		h.again(false)
		h.rest()
		h.complete(ids)
		h.page("agent-1").same()
		if all := h.list(inbox.Filter{Status: inbox.StatusAny}); len(all) != 5 {
			t.Errorf("%d threads, want 5: the orphan is to go", len(all))
		}
	})
}

// again opens the house anew, deaf where its inbox is not to run.
func (h *house) again(deaf bool) {
	h.close()
	h.deaf = deaf
	h.open()
}

// TestGuarantee16_WhileEverythingMoves: agents follow the list on their own pace
// while others change it; at every moment what a page shows is what the store
// has at the page's cursor.
func TestGuarantee16_WhileEverythingMoves(t *testing.T) {
	h := newHouse(t)
	var ids []session.ID
	for i := range 12 {
		ids = append(ids, h.begin(fmt.Sprint("user-", i)))
	}
	moving, still := context.WithCancel(t.Context())
	var writers, readers sync.WaitGroup
	for seed := range uint64(4) {
		writers.Go(func() {
			r := rand.New(rand.NewPCG(seed, 17))
			for range 120 {
				h.anything(r, ids)
			}
		})
	}
	pages := make([]*page, 5)
	for i := range pages {
		pages[i] = h.page(fmt.Sprintf("agent-%d", i%3))
		readers.Go(func() {
			for n := 0; ; n++ {
				updates, reset, err := pages[i].sub.Next(moving)
				if err != nil {
					return
				}
				pages[i].apply(updates, reset)
				if n%(i+2) == 0 {
					pages[i].verify([]inbox.Tab{inbox.TabAll, inbox.TabMine, inbox.TabUnassigned}[n%3])
				}
			}
		})
	}
	writers.Wait()
	for _, id := range ids {
		for { // bot turns may still run
			if _, err := h.inbox.Refresh(t.Context(), id, false); err != nil && session.CodeOf(err) != session.CodeNotFound {
				t.Fatal(err)
			}
			waiting, err := h.store.Waiting(t.Context(), nil, 1)
			if err != nil {
				t.Fatal(err)
			}
			if len(waiting) == 0 {
				break
			}
		}
	}
	still()
	readers.Wait()
	for _, p := range pages {
		p.verify(inbox.TabAll)
		p.verify(inbox.TabMine)
	}
}
