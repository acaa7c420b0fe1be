package history

import (
	"fmt"
	"slices"
	"testing"
)

// sample is a small history in which everything is right: a chain of two
// sessions with a script timeout and an agent, and a session that expired.
func sample() *History {
	f := &Facts{
		ReadMs: 100_000,
		Clients: []*Client{
			{ID: "ada", Integration: "in", N: 4, InboxNumber: 4},
			{ID: "bob", Integration: "in", InboxNumber: 1},
		},
		Chains: []*Chain{
			{ID: "s1", Client: "ada", Head: "s2", Sequence: 15, Version: 2, Epoch: 3},
			{ID: "x1", Client: "bob", Head: "x1", Sequence: 3, Version: 1, Epoch: 1},
		},
		Sessions: []*Session{
			{ID: "s1", Integration: "in", Client: "ada", Chain: "s1", Successor: "s2", Status: "closed", Reason: "script", External: "t0",
				CreatedMs: 90_000, EndedMs: 94_000, N: 3, Document: map[string]any{"h_1": "t1"}},
			{ID: "s2", Integration: "in", Client: "ada", Chain: "s1", Predecessor: "s1", Status: "active", External: "t0",
				CreatedMs: 94_000, N: 1, Document: map[string]any{"h_1": "t1"}},
			{ID: "x1", Integration: "in", Client: "bob", Chain: "x1", Status: "expired", Reason: "timeout", External: "t9",
				CreatedMs: 20_000, EndedMs: 81_500, N: -1, Document: map[string]any{}},
		},
		Conversations: []*Conversation{
			{ID: "k1", Session: "s1", Owner: "bot", OpenedMs: 91_000, ClosedMs: 94_000},
			{ID: "k2", Session: "s2", Owner: "agent", Agent: "eve", OpenedMs: 94_000},
			{ID: "k3", Session: "x1", Owner: "queue", OpenedMs: 20_500, ClosedMs: 81_500},
		},
		Timers:     []*Timer{{ID: "z1", Session: "s2", Kind: "dialog", DueMs: 200_000}},
		Deliveries: []*Delivery{{ID: "w15", Chain: "s1", Session: "s2", Kind: "message:send", Sequence: 15, Dead: true}},
	}
	b := &transcript{facts: f}
	b.event("s1", "s1", 90_000, "session:created", nil)
	b.event("s1", "s1", 90_500, "session:context:updated", map[string]any{"patch": map[string]any{"h_1": "t1"}})
	b.user("s1", "s1", 91_000, "echo", "t2", "answered", 1)
	b.bot("s1", "s1", 91_010, "echo", "t2", 1, 1)
	b.user("s1", "s1", 92_000, "arm", "t3", "answered", 2)
	b.bot("s1", "s1", 92_010, "arm", "t3", 2, 2)
	b.bot("s1", "s1", 93_010, "timeout", "t3", 3, 3)
	b.event("s1", "s1", 94_000, "session:closed", map[string]any{"reason": "script", "successor_id": "s2"})
	b.event("s1", "s2", 94_000, "session:created", map[string]any{"predecessor_id": "s1", "reason": "script"})
	b.user("s1", "s2", 94_000, "restart", "t4", "answered", 3)
	b.bot("s1", "s2", 94_000, "restart", "t4", 1, 4)
	b.event("s1", "s2", 95_000, "conversation:handover", nil)
	b.event("s1", "s2", 95_500, "conversation:member_join", map[string]any{"agent_id": "eve"})
	b.user("s1", "s2", 96_000, "echo", "t5", "unanswered", 4)
	b.say("s1", "s2", 97_000, "message:received", &Stored{Author: "agent", Client: "ada", Verb: "answer", Token: "t10"})
	b.event("x1", "x1", 20_000, "session:created", nil)
	b.user("x1", "x1", 21_000, "echo", "t6", "unanswered", 1)
	b.event("x1", "x1", 81_500, "session:closed", map[string]any{"reason": "timeout"})
	return &History{
		Facts: f, SlackMs: 50, Settings: map[string]Settings{"in": {TimeoutMs: 60_000, MaxPending: 2, Subscribed: []string{"message:brain_send", "session:closed", "message:send"}}},
		Calls: calls(), Stays: stays(b), Hooks: hooks(), Turns: []Turn{
			{Client: "ada", Cause: "message s1/3", Load: 91_000e6, Commit: 91_011e6},
			{Client: "ada", Cause: "message s1/5", Load: 92_000e6, Commit: 92_011e6},
			{Client: "ada", Cause: "timer z0", Load: 93_000e6, Commit: 93_011e6, Err: "the cause of the turn is gone"},
			{Client: "ada", Cause: "timer z0", Load: 93_001e6, Commit: 93_012e6},
			{Client: "bob", Cause: "message x1/2", Load: 92_005e6, Commit: 92_100e6},
		},
	}
}

// transcript adds events and messages to facts.
type transcript struct{ facts *Facts }

func (b *transcript) event(chain, session string, atMs int64, kind string, body map[string]any) *Event {
	n := int64(1)
	for _, e := range b.facts.Events {
		if e.Chain == chain {
			n++
		}
	}
	e := &Event{Chain: chain, Sequence: n, Session: session, AtMs: atMs, Kind: kind, Body: body}
	b.facts.Events = append(b.facts.Events, e)
	return e
}

func (b *transcript) say(chain, session string, atMs int64, kind string, m *Stored) {
	e := b.event(chain, session, atMs, kind, nil)
	m.ID = fmt.Sprintf("%s/%d", chain, e.Sequence)
	m.Chain, m.Session, m.Sequence, e.Message = chain, session, e.Sequence, m.ID
	if m.AtMs == 0 {
		m.AtMs = atMs
	}
	b.facts.Messages = append(b.facts.Messages, m)
}

func (b *transcript) user(chain, session string, atMs int64, verb, token, outcome string, number int64) {
	accepted := session
	if verb == "restart" {
		accepted = "s1"
	}
	client := map[string]string{"s1": "ada", "x1": "bob"}[chain]
	b.say(chain, session, atMs, "message:user", &Stored{
		Author: "user", Client: client, Verb: verb, Token: token, Outcome: outcome, Number: number, AcceptedIn: accepted,
	})
}

func (b *transcript) bot(chain, session string, atMs int64, verb, token string, s, c int64) {
	b.say(chain, session, atMs, "message:brain_received", &Stored{Author: "bot", Client: "ada", Replies: []Reply{{verb, token, s, c}}})
}

func calls() []*Call {
	at := int64(89_000e6)
	call := func(kind Kind, session, acting, token string) *Call {
		at += 500e6
		return &Call{Kind: kind, Caller: "back", Session: session, Acting: acting, Token: token, Sent: at, Answered: at + 100e6, Outcome: Done}
	}
	list := []*Call{
		call(Create, "", "s1", "t0"), call(Merge, "s1", "s1", "t1"), call(Message, "s1", "s1", "t2"), call(Message, "s1", "s1", "t2"),
		call(Message, "s1", "s1", "t3"), call(View, "s1", "s1", ""), call(Message, "s1", "s1", "t4"), call(Claim, "s1", "s2", ""),
		call(Message, "s1", "s2", "t5"), call(Create, "", "x1", "t9"), call(Message, "x1", "x1", "t6"), call(Message, "s1", "", "t7"),
		call(Merge, "s1", "", "t8"), call(AgentMessage, "s1", "s2", "t10"), // of nobody, so that it takes no conversation
	}
	list[0].Version = 1
	list[1].Patch, list[1].IfVersion, list[1].Version, list[1].Document = true, 1, 2, map[string]any{"h_1": "t1", "user": "x"}
	list[2].Message = "s1/3"
	list[3].Message, list[3].Repeat = "s1/3", 1
	list[6].Sent, list[6].Answered = 93_500e6, 93_600e6 // after the timeout of t3 fired
	list[5].Version, list[5].Document = 2, map[string]any{"h_1": "t1"}
	list[7].Agent = "eve"
	list[11].Outcome, list[11].Answered = Unknown, 0
	list[12].Patch, list[12].IfVersion, list[12].Outcome, list[12].Code = true, 1, Refused, "412"
	return list
}

// stays of a socket that saw the first eight events, was cut, came back and
// saw the rest; the last message was its own.
func stays(b *transcript) []*Stay {
	seen := func(from, to int64) (list []Seen) {
		for _, e := range b.facts.Events {
			if e.Chain == "s1" && e.Sequence >= from && e.Sequence <= to {
				list = append(list, Seen{e.Kind, e.Session, e.Sequence, e.Message, e.AtMs * 1e6})
			}
		}
		return list
	}
	return []*Stay{
		{Socket: "a", Session: "s1", After: -1, Attached: true, Base: 1, Seen: seen(2, 8)},
		{Socket: "b", Session: "s1", After: 8, Attached: true, Resumed: true, Base: 11, Whole: true,
			Seen: append(seen(9, 13), seen(15, 15)...), Own: map[string]bool{"t5": true}},
		{Socket: "c", Session: "s1", After: 3},
	}
}

func hooks() []Hook {
	hook := func(sequence int64, session string, status int) Hook {
		return Hook{ID: fmt.Sprint("w", sequence), Session: session, Sequence: sequence, Status: status, Body: fmt.Sprint("body ", sequence)}
	}
	return []Hook{
		hook(4, "s1", 500), hook(4, "s1", 200), hook(6, "s1", 200), hook(7, "s1", 200), hook(8, "s1", 200),
		hook(11, "s2", 200), hook(15, "s2", 410),
	}
}

func TestSampleIsRight(t *testing.T) {
	h := sample()
	for _, f := range append(Check(h), CheckFacts(h.Facts)...) {
		t.Error(f)
	}
}

// fault is a change to the sample that an invariant forbids.
type fault struct {
	line int
	name string
	make func(h *History)
}

// message returns the stored message of a token.
func (h *History) message(token string) *Stored {
	return h.Facts.Messages[slices.IndexFunc(h.Facts.Messages, func(m *Stored) bool { return m.Token == token })]
}

// event returns an event of the first chain.
func (h *History) event(sequence int64) *Event { return h.Facts.Events[sequence-1] }

func faultsOfMessages() []fault {
	return []fault{
		{1, "an acknowledged message is not stored", func(h *History) { h.message("t5").Token = "other" }},
		{1, "an acknowledged message is stored twice", func(h *History) { h.message("t5").Token = "t4" }},
		{1, "a message stands in two places", func(h *History) { h.event(14).Message = "s1/10" }},
		{1, "a message stands elsewhere than it says", func(h *History) { h.message("t5").Sequence = 9 }},
		{1, "a waiting message stands in a transcript", func(h *History) { h.message("t5").Sequence = 0 }},
		{1, "an answer names another message", func(h *History) { h.Calls[2].Message = "s1/5" }},
		{1, "another chain took the message", func(h *History) { h.Calls[2].Acting = "x1" }},
		{1, "a cause was consumed twice", func(h *History) { h.Turns[2].Err = "" }},
		{1, "an agent's message is not stored", func(h *History) { h.message("t10").Token = "other" }},
		{1, "an agent's message is stored twice", func(h *History) {
			h.message("t6").Author, h.message("t6").Token = "agent", "t10"
		}},
		{17, "a refused agent's message is stored", func(h *History) { h.Calls[13].Outcome = Refused }},
		{2, "no outcome", func(h *History) { h.message("t5").Outcome = "" }},
		{2, "answered twice", func(h *History) {
			h.Facts.Messages[6].Replies[0].Token = "t2"
			h.Facts.Messages[6].Replies[0].Verb = "echo"
		}},
		{2, "suppressed and answered", func(h *History) { h.message("t2").Outcome = "suppressed" }},
		{2, "unanswered and answered", func(h *History) { h.message("t2").Outcome = "unanswered" }},
		{2, "failed without a reason", func(h *History) { h.message("t5").Outcome = "failed" }},
		{3, "a repeat was refused", func(h *History) { h.Calls[3].Outcome, h.Calls[3].Code = Refused, "500" }},
		{3, "a repeat got another message", func(h *History) { h.Calls[3].Message = "s1/5" }},
		{3, "a repeat got another session", func(h *History) { h.Calls[3].Acting = "s2" }},
		{4, "the numbers are in another order", func(h *History) { h.message("t2").Number, h.message("t3").Number = 2, 1 }},
		{4, "sent later and numbered first", func(h *History) { h.Calls[8].Answered, h.Calls[6].Sent = 1, 2 }},
		{4, "ran in another order", func(h *History) {
			h.Facts.Messages[1].Replies[0].C, h.Facts.Messages[3].Replies[0].C = 2, 1
		}},
		{17, "a refused message is stored", func(h *History) { h.Calls[8].Outcome = Refused }},
		{16, "a committed turn's message has no place", func(h *History) { h.message("t2").Sequence = 0 }},
		{17, "a message that nobody sent", func(h *History) { h.Calls[8].Token = "t11" }},
		{17, "a lost answer, stored twice", func(h *History) {
			h.message("t4").Token, h.message("t5").Token = "t7", "t7"
		}},
		{18, "over the bound", func(h *History) {
			in := h.Settings["in"]
			in.MaxPending = 1
			h.Settings["in"] = in
			h.Calls[4].Answered = 90_500e6 // acknowledged before the one before it was placed
		}},
	}
}

func faultsOfTurns() []fault {
	return []fault{
		{5, "turns overlap", func(h *History) { h.Turns[1].Load = 91_005e6 }},
		{5, "a turn under the lease of another node", func(h *History) { h.Turns[1].Node = "other" }},
		{5, "a turn under a lease that was lost", func(h *History) { h.Turns[0].Fence = 1 }},
		{6, "$client lost a turn", func(h *History) { h.Facts.Messages[6].Replies[0].C = 3 }},
		{6, "$client skipped one", func(h *History) { h.Facts.Messages[6].Replies[0].C = 5; h.Facts.Clients[0].N = 5 }},
		{6, "$client is not what was written", func(h *History) { h.Facts.Clients[0].N = 3 }},
		{6, "$session lost a turn", func(h *History) { h.Facts.Messages[3].Replies[0].S = 1 }},
		{6, "$session is not what was written", func(h *History) { h.Facts.Sessions[0].N = 2 }},
		{6, "$session came along", func(h *History) { h.Facts.Messages[6].Replies[0].S = 4; h.Facts.Sessions[1].N = 4 }},
		{12, "a reply while the queue owns", func(h *History) {
			swap(h, 12, 11)
		}},
		{12, "a script's end while people own", func(h *History) {
			h.event(7).Kind, h.event(7).Message = "conversation:handover", ""
		}},
		{12, "a turn that began before the owner changed, there and back", func(h *History) {
			h.event(4).Kind, h.event(4).Message = "conversation:handover", ""
			h.event(6).Kind, h.event(6).Message = "conversation:closed", ""
			h.event(5).AtMs, h.event(6).AtMs = 91_500, 92_400
			swap(h, 5, 6)
			h.Turns[1].Cause, h.Turns[1].Load = "message "+h.message("t3").ID, 91_600e6
		}},
		{14, "the timeout of another message", func(h *History) { h.Facts.Messages[4].Replies[0].Token = "t2" }},
		{14, "fired twice", func(h *History) { h.Facts.Messages[3].Replies[0] = Reply{"timeout", "t3", 2, 2} }},
		{14, "fired in the successor", func(h *History) { h.Facts.Messages[6].Replies[0] = Reply{"timeout", "t3", 1, 4} }},
		{14, "fired after a newer message", func(h *History) { swap(h, 6, 5) }},
		{14, "fired after a newer message was acknowledged", func(h *History) {
			h.Calls[6].Acting, h.Calls[6].Answered = "s1", 92_500e6
		}},
	}
}

// swap exchanges the places of two events.
func swap(h *History, a, b int64) {
	x, y := h.event(a), h.event(b)
	*x, *y = *y, *x
	x.Sequence, y.Sequence = a, b
	for _, m := range h.Facts.Messages {
		for _, e := range []*Event{x, y} {
			if m.ID == e.Message {
				m.Sequence = e.Sequence
			}
		}
	}
}

func faultsOfContext() []fault {
	return []fault{
		{7, "a confirmed write was never merged", func(h *History) { h.event(2).Body = map[string]any{} }},
		{7, "a confirmed write is not in the document", func(h *History) { h.Facts.Sessions[1].Document = map[string]any{} }},
		{7, "a key that nobody wrote", func(h *History) { h.Facts.Sessions[1].Document["h_2"] = "t2" }},
		{7, "an answer without the write", func(h *History) { h.Calls[1].Document = map[string]any{} }},
		{7, "a read of another document", func(h *History) { h.Calls[5].Document = map[string]any{"h_1": "t0"} }},
		{7, "a script's write is missing", func(h *History) { h.message("t2").Verb = "merge" }},
		{8, "the version does not count", func(h *History) { h.Facts.Chains[0].Version = 3 }},
		{8, "a version there never was", func(h *History) { h.Calls[5].Version = 3 }},
		{8, "another version than the one made", func(h *History) { h.Calls[1].Version = 1 }},
		{8, "an older version than seen before", func(h *History) { h.Calls[5].Version = 1; h.Calls[5].Document = nil }},
		{8, "a stale precondition passed", func(h *History) { h.Calls[1].IfVersion = 5 }},
		{8, "two writers passed with one precondition", func(h *History) {
			h.event(12).Kind, h.event(12).Body = "session:context:updated", map[string]any{"patch": map[string]any{"h_1": "t8"}}
		}},
		{17, "a merge that nobody asked for", func(h *History) {
			h.event(12).Kind, h.event(12).Body = "session:context:updated", map[string]any{"patch": map[string]any{"h_2": "t13"}}
		}},
		{17, "a refused write was merged", func(h *History) { h.Calls[1].Outcome = Refused }},
		{17, "a write without an answer was merged twice", func(h *History) {
			h.Calls[1].Outcome, h.Calls[1].Answered = Unknown, 0
			h.event(12).Kind, h.event(12).Body = "session:context:updated", map[string]any{"patch": map[string]any{"h_1": "t1"}}
		}},
	}
}

func faultsOfLife() []fault {
	return []fault{
		{9, "a gap", func(h *History) { h.Facts.Events = slices.Delete(h.Facts.Events, 11, 12) }},
		{9, "a repeated sequence", func(h *History) { h.event(12).Sequence = 11 }},
		{9, "an event after the end", func(h *History) { swap(h, 8, 7) }},
		{9, "an event before the successor's creation", func(h *History) { swap(h, 9, 10) }},
		{9, "the successor before the end", func(h *History) { swap(h, 8, 9) }},
		{9, "the head is another", func(h *History) { h.Facts.Chains[0].Head = "s1" }},
		{10, "no end", func(h *History) { h.event(8).Kind = "dialog:expired" }},
		{10, "two ends", func(h *History) { h.event(7).Kind = "session:closed" }},
		{10, "an end of an open session", func(h *History) { h.event(15).Kind = "session:closed" }},
		{10, "two reasons", func(h *History) { h.Facts.Sessions[0].Reason = "api" }},
		{10, "no reason", func(h *History) { h.Facts.Sessions[2].Reason = "" }},
		{10, "two successors", func(h *History) { h.Facts.Sessions[2].Predecessor = "s1" }},
		{10, "a successor that is not named", func(h *History) { h.Facts.Sessions[0].Successor = "" }},
		{10, "two open sessions", func(h *History) { h.Facts.Sessions[0].Status = "active" }},
		{10, "two confirmed closes", func(h *History) {
			h.Facts.Sessions[2].Reason = "api"
			h.Calls[9].Kind, h.Calls[10].Kind = Close, Close
		}},
		{10, "a confirmed close of an open session", func(h *History) { h.Calls[7].Kind = Close }},
		{13, "expired too early", func(h *History) { h.Facts.Sessions[2].EndedMs = 80_900 }},
		{13, "expired too late", func(h *History) { h.Facts.Sessions[2].EndedMs = 82_200 }},
		{13, "never expired", func(h *History) { h.Facts.ReadMs = 158_200 }},
		{13, "expired over an accepted message", func(h *History) {
			h.Facts.Messages = append(h.Facts.Messages, &Stored{
				ID: "m", Author: "user", Client: "bob", Chain: "x1", Session: "x1", Sequence: 3, Number: 2, AtMs: 21_400, Outcome: "unanswered",
			})
		}},
		{17, "a confirmed create made nothing", func(h *History) { h.Facts.Sessions[2].External = "" }},
		{17, "a session that nobody opened", func(h *History) { h.Facts.Sessions[2].External = "t12" }},
		{17, "a refused create made a session", func(h *History) { h.Calls[9].Outcome = Refused }},
	}
}

func faultsOfTheRest() []fault {
	return []fault{
		{11, "an event is missing", func(h *History) { h.Stays[0].Seen = slices.Delete(h.Stays[0].Seen, 2, 3) }},
		{11, "an event came twice", func(h *History) { h.Stays[0].Seen = append(h.Stays[0].Seen, h.Stays[0].Seen[6]) }},
		{11, "two events came in another order", func(h *History) {
			s := h.Stays[0].Seen
			s[1], s[2] = s[2], s[1]
		}},
		{11, "one is missing after a reconnect", func(h *History) { h.Stays[1].After = 7 }},
		{11, "another event than the stored one", func(h *History) { h.Stays[0].Seen[2].Kind = "message:user" }},
		{11, "another session than the stored one", func(h *History) { h.Stays[0].Seen[3].Session = "s2" }},
		{11, "somebody else's message is missing", func(h *History) { h.Stays[1].Own = nil }},
		{11, "the last event never came", func(h *History) { h.Stays[1].Seen = h.Stays[1].Seen[:5] }},
		{15, "a webhook was skipped", func(h *History) { h.Hooks = slices.Delete(h.Hooks, 2, 3) }},
		{15, "the first deliveries are out of order", func(h *History) { h.Hooks[2], h.Hooks[3] = h.Hooks[3], h.Hooks[2] }},
		{15, "a webhook of an event that is not there", func(h *History) { h.Hooks[5].Sequence = 20 }},
		{15, "a webhook came twice at a time", func(h *History) {
			again := h.Hooks[2]
			again.At += 2e6
			h.Hooks = slices.Insert(h.Hooks, 3, again)
		}},
		{15, "delivered and dead", func(h *History) { h.Hooks[6].Status = 200 }},
		{15, "another body at the second try", func(h *History) { h.Hooks[1].Body = "else" }},
		{15, "never delivered nor dead", func(h *History) { h.Facts.Deliveries = nil }},
		{16, "the client counts another number of waiting messages", func(h *History) { h.Facts.Clients[0].Pending = 1 }},
		{16, "the client counts another number of messages", func(h *History) { h.Facts.Clients[0].InboxNumber = 5 }},
		{16, "a reply without its event", func(h *History) { h.event(7).Kind, h.event(7).Message = "dialog:expired", "" }},
		{16, "an answered message without its answer", func(h *History) {
			h.event(11).Kind, h.event(11).Message = "dialog:expired", ""
			h.Facts.Messages = slices.Delete(h.Facts.Messages, 6, 7)
		}},
		{16, "a timer of an ended session", func(h *History) { h.Facts.Timers[0].Session = "s1" }},
		{18, "a message waits", func(h *History) { h.message("t5").Sequence = 0 }},
		{18, "a timer is overdue", func(h *History) { h.Facts.Timers[0].DueMs = 98_900 }},
		{18, "a webhook is overdue", func(h *History) { h.Facts.Deliveries[0].Dead = false }},
		{19, "the conversation has another owner", func(h *History) { h.Facts.Conversations[1].Agent = "mallory" }},
		{19, "the conversation is resolved", func(h *History) { h.Facts.Conversations[1].ClosedMs = 99_000 }},
		{19, "the claim is not among the events", func(h *History) { h.Calls[7].Agent = "mallory" }},
		{19, "taken from another by a claim of what is free", func(h *History) {
			h.event(12).Kind = "conversation:member_join"
			h.event(12).Body = map[string]any{"agent_id": "ann"}
			h.Calls[5].Kind, h.Calls[5].Agent, h.Calls[5].Acting = Claim, "ann", "s2"
		}},
		{19, "nobody claimed it", func(h *History) { h.Calls[7].Outcome = Refused }},
		{19, "transferred without being asked", func(h *History) {
			h.event(15).Kind, h.event(15).Message = "conversation:transferred", ""
		}},
		{19, "returned without being asked", func(h *History) {
			h.event(15).Kind, h.event(15).Message = "conversation:returned", ""
		}},
		{19, "resolved without being asked", func(h *History) { h.event(15).Kind, h.event(15).Message = "conversation:closed", "" }},
	}
}

// TestFaultsAreFound breaks the sample in every way that an invariant forbids.
func TestFaultsAreFound(t *testing.T) {
	covered := map[int]bool{}
	faults := slices.Concat(faultsOfMessages(), faultsOfTurns(), faultsOfContext(), faultsOfLife(), faultsOfTheRest())
	for _, fault := range faults {
		covered[fault.line] = true
		t.Run(fmt.Sprint(fault.line, " ", fault.name), func(t *testing.T) {
			h := sample()
			fault.make(h)
			found := Check(h)
			if !slices.ContainsFunc(found, func(f Finding) bool { return f.Line == fault.line }) {
				t.Errorf("found %v", found)
			}
		})
	}
	for line := 1; line <= 19; line++ {
		if !covered[line] {
			t.Errorf("no fault breaks invariant %d", line)
		}
	}
}

func TestParseReply(t *testing.T) {
	for text, want := range map[string]Reply{
		"echo t1 s=2 c=31":  {"echo", "t1", 2, 31},
		"before t1":         {"before", "t1", 0, 0},
		"timeout s=1 c=2":   {"timeout", "", 1, 2},
		"":                  {},
		"Sorry, it failed.": {"Sorry,", "it", 0, 0},
	} {
		if got := parseReply(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestMergedLeavesItsArguments(t *testing.T) {
	doc := map[string]any{"a": "1", "box": map[string]any{"x": "1"}}
	next := merged(doc, map[string]any{"b": "2", "box": map[string]any{"y": "2"}})
	if got := fmt.Sprint(next, doc); got != "map[a:1 b:2 box:map[x:1 y:2]] map[a:1 box:map[x:1]]" {
		t.Error(got)
	}
}
