package inboxtest

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/binary"
	"slices"

	"parley/internal/inbox"
	"parley/internal/session"
)

// everyField writes a row twice and reads what was written last.
func everyField(s *suite) {
	first, other := s.row(), s.row(bot)
	s.put([]*inbox.Row{first, other})
	next := s.row(func(r *inbox.Row) {
		r.ID, r.Client, r.Snoozed, r.Status, r.Sequence = first.ID, first.Client, inbox.UntilReply, inbox.StatusSnoozed, 9
	})
	s.put([]*inbox.Row{next})
	rows, err := s.index.Rows(context.Background(), []session.ID{first.ID, {1}, other.ID})
	if err != nil {
		s.Fatal(err)
	}
	slices.SortFunc(rows, func(a, b *inbox.Row) int { return cmp.Compare(b.Sequence, a.Sequence) })
	s.differ("rows", []*inbox.Row{next, other}, rows)
}

// many makes threads of all kinds, some of them at the same moment.
func (s *suite) many(n int) []*inbox.Row {
	rows := make([]*inbox.Row, n)
	for i := range rows {
		rows[i] = s.row(func(r *inbox.Row) {
			at := int64(atMs + s.random.IntN(n/3))
			r.LastMs, r.WaitingMs = at, 0
			if s.random.IntN(2) == 0 {
				r.WaitingMs = inbox.Moment(at - int64(s.random.IntN(9)))
			}
			r.Status = inbox.Statuses()[s.random.IntN(len(inbox.Statuses()))]
			switch {
			case r.Status == inbox.StatusBot:
				bot(r)
			case r.Status == inbox.StatusQueued:
			case r.Status == inbox.StatusOpen || s.random.IntN(2) == 0:
				held := r.Status
				heldBy(name(s.random.IntN(3)))(r)
				r.Status = held
			}
			r.Department = []string{"", "sales", "support"}[s.random.IntN(3)]
			r.Integration = []string{"in-1", "in-2"}[s.random.IntN(2)]
			if i > 10 && s.random.IntN(4) == 0 {
				r.Client = rows[s.random.IntN(10)].Client
			}
		})
	}
	return rows
}

// filters are all kinds of filters, apart and together.
func filters(client session.ID) []inbox.Filter {
	list := []inbox.Filter{
		{}, {Tab: inbox.TabMine, Viewer: name(1)}, {Tab: inbox.TabMine, Viewer: "nobody"}, {Tab: inbox.TabUnassigned},
		{Department: "sales"}, {Integration: "in-2"}, {Agent: name(2)}, {Status: inbox.StatusAny}, {Client: client},
		{Client: client, Status: inbox.StatusAny}, {Tab: inbox.TabMine, Viewer: name(1), Agent: name(2)},
		{Tab: inbox.TabUnassigned, Department: "support", Integration: "in-1"},
		{Tab: inbox.TabUnassigned, Status: inbox.StatusSnoozed}, {Tab: inbox.TabMine, Viewer: name(0), Status: inbox.StatusAny},
		{Agent: name(0), Status: inbox.StatusResolved, Department: "sales"},
	}
	for _, st := range inbox.Statuses() {
		list = append(list, inbox.Filter{Status: st})
	}
	for _, f := range slices.Clone(list) {
		f.Sort = inbox.SortWaiting
		list = append(list, f)
	}
	return list
}

// model is what a filter selects of rows, in order.
func model(rows []*inbox.Row, f inbox.Filter) []*inbox.Row {
	list := make([]*inbox.Row, 0)
	for _, r := range rows {
		if f.Has(r) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b *inbox.Row) int {
		return cmp.Or(cmp.Compare(a.Key(f.Sort), b.Key(f.Sort)), slices.Compare(a.ID[:], b.ID[:]))
	})
	return list
}

func after(r *inbox.Row, sort inbox.Sort) string {
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(r.ID[:], uint64(r.Key(sort))))
}

// pagesAndFilters walks the pages of every filter.
func pagesAndFilters(s *suite) {
	rows := s.many(120)
	s.put(rows)
	for _, f := range filters(rows[3].Client) {
		want := model(rows, f)
		var got []*inbox.Row
		for f.Limit = 7; ; {
			page := s.list(f)
			got = append(got, page...)
			if len(page) < f.Limit {
				break
			}
			f.After = after(page[len(page)-1], f.Sort)
		}
		s.differ("pages", ids(want), ids(got))
	}
}

// pagesWhileRowsMove: a row that does not move is on exactly one page.
func pagesWhileRowsMove(s *suite) {
	rows := s.many(60)
	still, moving := rows[:30], rows[30:]
	for _, r := range rows {
		bot(r)
	}
	s.put(rows)
	seen := map[session.ID]int{}
	for f := (inbox.Filter{Limit: 5}); ; {
		page := s.list(f)
		for _, r := range page {
			seen[r.ID]++
		}
		if len(page) < f.Limit {
			break
		}
		f.After = after(page[len(page)-1], inbox.SortLatest)
		for range 5 {
			moved := *moving[s.random.IntN(len(moving))]
			moved.LastMs = atMs + int64(s.random.IntN(1000))
			s.put([]*inbox.Row{&moved})
		}
	}
	for _, r := range still {
		if seen[r.ID] != 1 {
			s.Errorf("a row that did not move stood on %d pages", seen[r.ID])
		}
	}
}

func linesAndTotals(s *suite) {
	rows := s.many(90)
	s.put(rows)
	for _, f := range filters(rows[3].Client) {
		if err := f.Check(); err != nil {
			s.Fatal(err)
		}
		var want []inbox.Line
		for _, r := range model(rows, f) {
			want = append(want, inbox.Line{ID: r.ID, Sequence: r.Sequence, Status: r.Status})
		}
		got, err := s.index.Lines(context.Background(), f)
		if err != nil {
			s.Fatal(err)
		}
		s.differ("hash of the lines", inbox.Hash(want), inbox.Hash(got))
	}
	for _, integration := range []string{"", "in-2"} {
		want := map[inbox.Total]int{}
		for _, r := range rows {
			if r.Status != inbox.StatusResolved && r.Status != inbox.StatusEnded && (integration == "" || r.Integration == integration) {
				want[inbox.Total{Status: r.Status, Agent: r.AgentID()}]++
			}
		}
		totals, err := s.index.Totals(context.Background(), integration)
		if err != nil {
			s.Fatal(err)
		}
		got := map[inbox.Total]int{}
		for _, t := range totals {
			got[inbox.Total{Status: t.Status, Agent: t.Agent}] += t.Count
		}
		if len(want) != len(got) {
			s.Errorf("totals of %q: want %v, got %v", integration, want, got)
		}
		for k, n := range want {
			if got[k] != n {
				s.Errorf("totals of %q: %v is %d, want %d", integration, k, got[k], n)
			}
		}
	}
}
