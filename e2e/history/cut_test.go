package history

import (
	"slices"
	"testing"
)

// late is after everything of the sample.
const late = 100_000e6

// TestCut_FindsWhatACheckFinds breaks the sample in every way and looks at it as
// at a copy that was made at its end.
func TestCut_FindsWhatACheckFinds(t *testing.T) {
	for _, f := range CheckCut(sample().cutAt(late)) {
		t.Error(f)
	}
	faults := slices.Concat(faultsOfMessages(), faultsOfTurns(), faultsOfContext(), faultsOfLife(), faultsOfTheRest())
	for _, fault := range faults {
		if fault.line == 18 && fault.name != "over the bound" || fault.name == "the last event never came" {
			continue // a copy is of a server at work
		}
		h := sample()
		fault.make(h)
		if found := CheckCut(h.cutAt(h.Facts.ReadMs * 1e6)); !slices.ContainsFunc(found, func(f Finding) bool { return f.Line == fault.line }) {
			t.Errorf("%d %s: found %v", fault.line, fault.name, found)
		}
	}
}

func (h *History) cutAt(at int64) *History { return h.Cut(h.Facts, at, at) }

// without takes the newest events of the first chain of the sample away, with
// what came with them, so that the rest is a state that there was.
func (h *History) without() {
	f := h.Facts
	f.Events = slices.Delete(f.Events, 13, 15)
	f.Chains[0].Sequence = 13
	f.Clients[0].InboxNumber = 3
	f.Messages = slices.DeleteFunc(f.Messages, func(m *Stored) bool { return m.Token == "t5" || m.Token == "t10" })
	f.Deliveries = nil
}

// TestCut_IsOfOneMoment cuts before, in the midst of and after two calls whose
// writes are not in the copy.
func TestCut_IsOfOneMoment(t *testing.T) {
	sent := func(h *History, token string) *Call {
		return h.Calls[slices.IndexFunc(h.Calls, func(c *Call) bool { return c.Token == token })]
	}
	for name, c := range map[string]struct {
		from, to int64 // of the copy
		change   func(h *History)
		lost     bool
	}{
		"before both were sent":              {92_900e6, 92_950e6, nil, false},
		"while the first went on":            {92_900e6, 93_050e6, nil, false},
		"after the first was answered":       {93_200e6, 93_300e6, nil, true},
		"after both":                         {late, late, nil, true},
		"with what came after it was over":   {92_900e6, 92_950e6, func(h *History) { sent(h, "t4").Sent = 94_000e6 }, true},
		"with a call that was sent after it": {92_900e6, 99_000e6, func(h *History) { sent(h, "t4").Sent = 98_000e6; sent(h, "t4").Answered = 98_100e6 }, true},
	} {
		h := sample()
		at := int64(93_000e6)
		for _, token := range []string{"t5", "t10"} {
			sent(h, token).Sent, sent(h, token).Answered = at, at+100e6
			at += 10e6
		}
		for _, k := range []string{"t4", "t9", "t6"} { // the rest was there before
			sent(h, k).Sent, sent(h, k).Answered = 92_000e6, 92_100e6
		}
		for i := range h.Stays {
			for j := range h.Stays[i].Seen {
				h.Stays[i].Seen[j].At = 93_400e6
			}
		}
		for i := range h.Hooks {
			h.Hooks[i].At = 92_800e6
		}
		h.Hooks[len(h.Hooks)-1].At = 93_400e6
		h.Turns = nil
		h.without()
		if c.change != nil {
			c.change(h)
		}
		found := CheckCut(h.Cut(h.Facts, c.from, c.to))
		lost := slices.ContainsFunc(found, func(f Finding) bool { return f.Line == 1 || f.Line == 17 })
		if lost != c.lost {
			t.Errorf("%s: found %v", name, found)
		}
	}
}

// TestCheckGrowth lets what stood fall, go or change.
func TestCheckGrowth(t *testing.T) {
	earlier := sample()
	earlier.without()
	for _, f := range append(CheckGrowth(earlier.Facts, sample().Facts), CheckGrowth(sample().Facts, sample().Facts)...) {
		t.Error(f)
	}
	for _, fault := range []fault{
		{1, "a message is gone", func(h *History) { h.Facts.Messages = slices.Delete(h.Facts.Messages, 1, 2) }},
		{1, "a text is another", func(h *History) { h.message("t2").Verb = "slow" }},
		{1, "a reply is another", func(h *History) { h.Facts.Messages[1].Replies[0].C = 9 }},
		{1, "an outcome is another", func(h *History) { h.message("t2").Outcome = "suppressed" }},
		{6, "$client fell", func(h *History) { h.Facts.Clients[0].N = 3 }},
		{6, "the inbox fell", func(h *History) { h.Facts.Clients[0].InboxNumber = 2 }},
		{8, "the version fell", func(h *History) { h.Facts.Chains[0].Version = 1 }},
		{9, "the sequence fell", func(h *History) { h.Facts.Chains[0].Sequence = 12 }},
		{9, "an event is another", func(h *History) { h.event(2).Body = map[string]any{} }},
		{9, "a chain is gone", func(h *History) { h.Facts.Chains = h.Facts.Chains[:1] }},
		{10, "a session is gone", func(h *History) { h.Facts.Sessions = h.Facts.Sessions[:2] }},
		{10, "a session is another's", func(h *History) { h.Facts.Sessions[0].Client = "bob" }},
		{10, "an end is another", func(h *History) { h.Facts.Sessions[0].EndedMs++ }},
		{10, "a successor is another", func(h *History) { h.Facts.Sessions[0].Successor = "x1" }},
		{10, "an ended session is open", func(h *History) { h.Facts.Sessions[2].Status = "active" }},
		{12, "the epoch fell", func(h *History) { h.Facts.Chains[0].Epoch = 2 }},
		{16, "a client is gone", func(h *History) { h.Facts.Clients = h.Facts.Clients[:1] }},
	} {
		h := sample()
		fault.make(h)
		if found := CheckGrowth(earlier.Facts, h.Facts); !slices.ContainsFunc(found, func(f Finding) bool { return f.Line == fault.line }) {
			t.Errorf("%d %s: found %v", fault.line, fault.name, found)
		}
	}
}

// TestThen_IsOneHistory lets a server go on from a copy of the sample's middle: what
// the first server did after the copy is not its own.
func TestThen_IsOneHistory(t *testing.T) {
	h := sample()
	whole := h.Cut(h.Facts, 93_000e6, 93_000e6).Then(&History{Facts: h.Facts, Settings: h.Settings}, 93_500)
	for _, c := range whole.Calls {
		if c.Sent > 93_000e6 {
			t.Errorf("the call of %s came after the copy", c.Token)
		}
	}
	if len(whole.Downs) != 1 || whole.Downs[0].To != 93_500 {
		t.Errorf("down in %v", whole.Downs)
	}
}
