package sessiontest

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"parley/internal/session"
)

func ids(list []*session.Session) []session.ID {
	out := make([]session.ID, len(list))
	for i, s := range list {
		out[i] = s.ID
	}
	return out
}

// sessionPages walks all pages; what is opened meanwhile does not disturb.
func sessionPages(h *House) {
	var want []session.ID
	for range 25 {
		want = append([]session.ID{h.Open().ID}, want...)
	}
	var got []session.ID
	filter := session.SessionFilter{Integration: h.In.ID, Limit: 10}
	for {
		page := must(h.Core.Sessions(context.Background(), filter))(h)
		if len(page) == 0 {
			break
		}
		got = append(got, ids(page)...)
		filter.Before = got[len(got)-1]
		h.Open()
	}
	if d := Diff(want, got); d != "" {
		h.Error("pages of 10, newest first", d)
	}
}

func sessionFilters(h *House) {
	known := func(c *session.Create) { c.ChannelUserID, c.ExternalID = "anna", "ext-1" }
	anna := []*session.Session{h.Open(known), h.Open(known)}
	other := h.Open(func(c *session.Create) { c.ExternalID = "ext-2" })
	must(h.Core.Close(context.Background(), h.In, anna[0].ID, session.ReasonAPI))(h)
	for _, c := range []struct {
		filter session.SessionFilter
		want   []session.ID
	}{
		{session.SessionFilter{}, []session.ID{other.ID, anna[1].ID, anna[0].ID}},
		{session.SessionFilter{Integration: h.In.ID}, []session.ID{other.ID, anna[1].ID, anna[0].ID}},
		{session.SessionFilter{Integration: "elsewhere"}, nil},
		{session.SessionFilter{Integration: h.In.ID, Status: session.StatusOpen}, []session.ID{other.ID, anna[1].ID}},
		{session.SessionFilter{Status: session.StatusClosed}, []session.ID{anna[0].ID}},
		{session.SessionFilter{Status: session.StatusExpired}, nil},
		{session.SessionFilter{Client: anna[0].Client}, []session.ID{anna[1].ID, anna[0].ID}},
		{session.SessionFilter{Client: anna[0].Client, Status: session.StatusOpen}, []session.ID{anna[1].ID}},
		{session.SessionFilter{ExternalID: "ext-1"}, []session.ID{anna[1].ID, anna[0].ID}},
		{session.SessionFilter{Integration: h.In.ID, ExternalID: "ext-2", Limit: 1}, []session.ID{other.ID}},
		{session.SessionFilter{Before: other.ID, Limit: 1}, []session.ID{anna[1].ID}},
	} {
		list := must(h.Core.Sessions(context.Background(), c.filter))(h)
		if d := Diff(c.want, ids(list)); d != "" {
			h.Errorf("%+v%s", c.filter, d)
		}
	}
}

// endlessSessions: guarantees 2, row 18.
func endlessSessions(h *House) {
	ctx, day := context.Background(), 24*time.Hour
	endless := func() []session.ID {
		return ids(must(h.Core.Sessions(ctx, session.SessionFilter{Endless: session.EndlessSince(h.Clock.Now(), day)}))(h))
	}
	expect := func(what string, want []session.ID) {
		if d := Diff(want, endless()); d != "" {
			h.Error(what, d)
		}
	}
	orphan := h.Open().ID
	over := h.Open().ID
	must(h.Core.Close(ctx, h.In, over, session.ReasonAPI))(h)
	expect("younger than a day", nil)
	h.Clock.Advance(day + time.Hour)
	expect("of an integration that nobody keeps", []session.ID{orphan})
	if err := h.Engine.Registry().SaveIntegration(ctx, h.In); err != nil {
		h.Fatal(err)
	}
	h.In.Settings.SessionTimeout = session.Duration(3 * day)
	timed := h.Open().ID
	h.Clock.Advance(time.Second)
	h.In.Settings.SessionTimeout = session.Duration(200 * day) // more than a face admits
	far := h.Open().ID
	h.Clock.Advance(day + time.Hour)
	expect("with a timer too far away, or one that was missed", []session.ID{far, orphan})
	h.Clock.Advance(3 * day)
	expect("with missed timers", []session.ID{far, timed, orphan})
}

func texts(list []*session.Message) []string {
	out := make([]string, len(list))
	for i, m := range list {
		out[i] = m.InputOf().Text
	}
	return out
}

func messagePages(h *House) {
	id, other := h.Open().ID, h.Open().ID
	h.Handover(id)
	h.Handover(other)
	var sequences []int64
	for i := range 9 {
		h.Clock.Advance(time.Millisecond)
		sequences = append(sequences, h.Say(id, fmt.Sprint("m", i)).Sequence)
		h.Say(other, "elsewhere")
	}
	for _, c := range []struct {
		filter session.MessageFilter
		want   []string
	}{
		{session.MessageFilter{Limit: 4}, []string{"m0", "m1", "m2", "m3"}},
		{session.MessageFilter{After: sequences[3], Limit: 4}, []string{"m4", "m5", "m6", "m7"}},
		{session.MessageFilter{After: sequences[7], Limit: 4}, []string{"m8"}},
		{session.MessageFilter{After: sequences[8], Limit: 4}, nil},
		{session.MessageFilter{Last: true, Limit: 3}, []string{"m6", "m7", "m8"}},
		{session.MessageFilter{Last: true, After: sequences[7], Limit: 3}, []string{"m8"}},
	} {
		c.filter.Session = id
		if d := Diff(c.want, texts(must(h.Core.Transcript(context.Background(), c.filter))(h))); d != "" {
			h.Errorf("%+v%s", c.filter, d)
		}
	}
}

// messageOutcomes lists by outcome across sessions, newest first.
func messageOutcomes(h *House) {
	for i := range 4 {
		id := h.Open().ID
		h.Handover(id)
		h.Say(id, fmt.Sprint("people ", i))
	}
	pending := h.Open().ID
	h.Say(pending, "still waits")
	got := must(h.Core.Transcript(context.Background(), session.MessageFilter{Outcome: session.OutcomeUnanswered, Limit: 3}))(h)
	if d := Diff([]string{"people 3", "people 2", "people 1"}, texts(got)); d != "" {
		h.Error(d)
	}
	for _, none := range []session.Outcome{session.OutcomeFailed, session.OutcomeSuppressed, session.OutcomeAnswered} {
		if got := must(h.Core.Transcript(context.Background(), session.MessageFilter{Outcome: none}))(h); len(got) != 0 {
			h.Errorf("%d messages are %s, want none", len(got), none)
		}
	}
	inSession := session.MessageFilter{Session: pending}
	if got := must(h.Core.Transcript(context.Background(), inSession))(h); len(got) != 0 {
		h.Error("a message of the inbox stands in a transcript")
	}
}

func eventPages(h *House) {
	id, other := h.Open().ID, h.Open().ID
	for i := range 9 {
		h.Merge(id, "k", i)
		h.Merge(other, "k", i)
	}
	var got []int64
	for after := int64(0); ; after = got[len(got)-1] {
		page := must(h.Core.Events(context.Background(), id, after, 4))(h)
		if len(page) == 0 {
			break
		}
		for _, ev := range page {
			if ev.Chain != id {
				h.Error("an event of another chain")
			}
			got = append(got, ev.Sequence)
		}
	}
	if d := Diff([]int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, got); d != "" {
		h.Error(d)
	}
}

// waiting lists clients by their oldest pending message. Those of one millisecond
// have no order: many nodes write them.
func waiting(h *House) {
	first, second, third := h.Open(), h.Open(), h.Open()
	h.Say(second.ID, "one")
	h.Clock.Advance(time.Millisecond)
	h.Say(first.ID, "two")
	h.Say(second.ID, "three")
	h.Handover(third.ID)
	h.Say(third.ID, "placed at once")
	want := []session.Waiting{{Client: second.Client}, {Client: first.Client}}
	if d := Diff(want, h.waiting(0)); d != "" {
		h.Error(d)
	}
	if d := Diff(want[:1], h.waiting(1)); d != "" {
		h.Error(d)
	}
	must(h.Core.Close(context.Background(), h.In, second.ID, session.ReasonAPI))(h)
	if d := Diff(want[1:], h.waiting(0)); d != "" {
		h.Error("after the end of a session", d)
	}
}

func (h *House) waiting(limit int, besides ...session.ID) []session.Waiting {
	h.Helper()
	return must(h.Engine.Store().Waiting(context.Background(), besides, limit))(h)
}

// waitingBesides: a client whose lane another node runs is left to it.
func waitingBesides(h *House) {
	node := session.NewID(h.Clock.Now())
	other := session.NewID(h.Clock.Now())
	h.cluster = &solitude{node: node}
	h.use(h.Engine)
	held := h.Open()
	h.Say(held.ID, "held by the node")
	h.cluster = nil
	h.use(h.Engine)
	free := h.Open()
	h.Say(free.ID, "held by nobody")
	all := []session.Waiting{{Client: held.Client, Holder: node}, {Client: free.Client}}
	if d := Diff(all, h.waiting(0)); d != "" {
		h.Error(d)
	}
	if d := Diff(all, h.waiting(0, other)); d != "" {
		h.Error("besides one that holds nothing", d)
	}
	if d := Diff(all[1:], h.waiting(0, other, node)); d != "" {
		h.Error("besides the holder", d)
	}
	h.Facts.Check(h.T, h.Engine.Store())
}

// solitude is a cluster of one node.
type solitude struct{ node session.ID }

func (s *solitude) Self() session.ID           { return s.node }
func (s *solitude) Alive(node session.ID) bool { return node == s.node }
func (s *solitude) Others() []session.ID       { return nil }
func (s *solitude) Leads() bool                { return true }

// heads names the last event of each chain there is.
func heads(h *House) {
	a, b := h.Open().ID, h.Open().ID
	for i := range 3 {
		h.Merge(a, "k", i)
	}
	nobody := session.NewID(h.Clock.Now())
	ask := func(chains ...session.ID) map[session.ID]int64 {
		return must(h.Engine.Store().Heads(context.Background(), chains))(h)
	}
	if d := Diff(map[session.ID]int64{a: 4, b: 1}, ask(b, nobody, a)); d != "" {
		h.Error(d)
	}
	if d := Diff(map[session.ID]int64{}, ask()); d != "" {
		h.Error(d)
	}
	var many []session.ID
	for range 3000 {
		many = append(many, session.NewID(h.Clock.Now()))
	}
	if d := Diff(map[session.ID]int64{a: 4}, ask(append(many, a)...)); d != "" {
		h.Error(d)
	}
}

// releases counts open sessions only, apart for each release.
func releases(h *House) {
	h.bot = onRelease{}
	if err := h.Core.Start(context.Background()); err != nil {
		h.Fatal(err)
	}
	defer h.Core.Stop(context.Background())
	for _, words := range []string{"1", "2", "2", "2"} {
		h.Say(h.Open().ID, words)
	}
	closed := h.Open()
	must(h.Core.Close(context.Background(), h.In, closed.ID, session.ReasonAPI))(h)
	h.Open()
	want := []session.ReleaseCount{{Integration: h.In.ID, Open: 1}, {Integration: h.In.ID, Release: 1, Open: 1}, {Integration: h.In.ID, Release: 2, Open: 3}}
	var got []session.ReleaseCount
	for range 2000 {
		if got = must(h.Engine.Store().Releases(context.Background()))(h); Diff(want, got) == "" {
			return
		}
		<-time.After(5 * time.Millisecond)
	}
	h.Error(Diff(want, got))
}

// onRelease is a bot whose release is what the user says.
type onRelease struct{}

func (onRelease) Run(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	n, err := strconv.Atoi(turn.Input.Text)
	return &session.Decision{Vars: *turn.Vars, Release: n}, err
}
