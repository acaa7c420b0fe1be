package history

// transcripts: an accepted message stands in at most one place, and that place
// says so too (1).
func (x *index) transcripts(f *findings) {
	places := map[string]int{}
	for _, e := range x.facts.Events {
		if e.Kind != "message:user" {
			continue
		}
		places[e.Message]++
		m := x.messages[e.Message]
		if m == nil || m.Chain != e.Chain || m.Session != e.Session || m.Sequence != e.Sequence {
			f.add(1, "event %d of chain %s names message %s, which stands elsewhere", e.Sequence, e.Chain, e.Message)
		}
	}
	for _, m := range x.facts.Messages {
		switch n := places[m.ID]; {
		case !m.User():
		case m.Sequence > 0 && n != 1:
			f.add(1, "message %s (%s) stands %d times in transcripts", m.ID, m.Token, n)
		case m.Sequence == 0 && n > 0:
			f.add(1, "message %s (%s) waits and stands in a transcript", m.ID, m.Token)
		}
	}
}

// outcomes: a placed message has one outcome, and the transcript agrees (2).
func (x *index) outcomes(f *findings) {
	replies := map[string]int{}
	for _, m := range x.facts.Messages {
		for _, r := range m.Replies {
			if m.Bot() && r.C > 0 && r.Verb != "timeout" {
				replies[r.Token]++
			}
		}
	}
	for _, m := range x.facts.Messages {
		if !m.User() || m.Sequence == 0 {
			continue
		}
		n := replies[m.Token]
		switch m.Outcome {
		case "answered":
			if n > 1 {
				f.add(2, "message %s (%s) was answered %d times", m.ID, m.Token, n)
			}
		case "suppressed", "unanswered", "failed":
			if n > 0 {
				f.add(2, "message %s (%s) is %s and was answered", m.ID, m.Token, m.Outcome)
			}
			if m.Outcome == "failed" && m.Why == "" {
				f.add(2, "message %s (%s) failed without a reason", m.ID, m.Token)
			}
		default:
			f.add(2, "message %s (%s) is placed with the outcome %q", m.ID, m.Token, m.Outcome)
		}
	}
}

// messages: what was acknowledged is there once, what was refused is not (1, 17).
func (r *run) messages(f *findings) {
	for token, calls := range r.byToken {
		if calls[0].Kind != Message {
			continue
		}
		done, open := tally(calls)
		switch n := len(r.tokens[token]); {
		case done > 0 && n != 1:
			f.add(1, "the acknowledged message %s is stored %d times", token, n)
		case done == 0 && open == 0 && n > 0:
			f.add(17, "the refused message %s is stored", token)
		case n > 1:
			f.add(17, "the message %s, sent once without an answer, is stored %d times", token, n)
		}
	}
	for _, c := range r.Calls {
		if c.Kind != Message || c.Outcome != Done {
			continue
		}
		m := r.index.messages[c.Message]
		switch {
		case c.Message != "" && (m == nil || m.Token != c.Token):
			f.add(1, "the answer to %s names message %s, which is not it", c.Token, c.Message)
		case r.chainOf(c.Acting) == "" || r.chainOf(c.Acting) != r.chainOf(c.Session):
			f.add(1, "the message %s for session %s was taken by session %s", c.Token, c.Session, c.Acting)
		}
	}
}

// said: what an agent was told to have said is there once, what was refused is
// not (1, 17). An agent's message has no id under which it could be repeated.
func said(f *findings, r *run) {
	stored := map[string]int{}
	for _, m := range r.facts.Messages {
		if m.Author == "agent" {
			stored[m.Token]++
		}
	}
	for _, c := range r.Calls {
		switch n := stored[c.Token]; {
		case c.Kind != AgentMessage:
		case c.Outcome == Done && n != 1:
			f.add(1, "the acknowledged message %s of %s is stored %d times", c.Token, c.Agent, n)
		case c.Outcome == Refused && n > 0:
			f.add(17, "the refused message %s of %s is stored", c.Token, c.Agent)
		case n > 1:
			f.add(17, "the message %s of %s, sent once without an answer, is stored %d times", c.Token, c.Agent, n)
		}
	}
}

// tally counts the calls under one token that were confirmed, and those of
// which nobody knows.
func tally(calls []*Call) (done, open int) {
	for _, c := range calls {
		switch c.Outcome {
		case Done:
			done++
		case Unknown:
			open++
		}
	}
	return done, open
}

// repeats: a repeated id gets the first answer (3). A repeat may be refused
// only for reasons that have nothing to do with it.
func (r *run) repeats(f *findings) {
	for token, calls := range r.byToken {
		first := r.first[token]
		for _, c := range calls {
			if first == nil || c == first || !first.before(c) {
				continue
			}
			if c.Outcome == Refused && !passing(c.Code) {
				f.add(3, "the repeat of %s was refused with %s", token, c.Code)
			}
			if c.Outcome == Done && (c.Acting != first.Acting || c.Message != "" && first.Message != "" && c.Message != first.Message) {
				f.add(3, "the repeat of %s was answered with message %q in %s, first %q in %s", token, c.Message, c.Acting, first.Message, first.Acting)
			}
		}
	}
}

// passing refusals say nothing about the request.
func passing(code string) bool {
	switch code {
	case "429", "503", "409", "rate_limited", "unavailable", "connection":
		return true
	}
	return false
}

// order: messages of a client run in the order of their acknowledgements (4).
func (r *run) order(f *findings) {
	answered := map[string]int64{} // c= by token
	for _, m := range r.facts.Messages {
		for _, reply := range m.Replies {
			if m.Bot() && reply.C > 0 && reply.Verb != "timeout" {
				answered[reply.Token] = reply.C
			}
		}
	}
	for _, list := range r.inbox {
		last, lastCount := map[string]*Stored{}, int64(0)
		for _, m := range list {
			if before := last[m.Chain]; m.Sequence > 0 && before != nil && before.Sequence > m.Sequence {
				f.add(4, "message %s (number %d) stands before %s (number %d)", m.Token, m.Number, before.Token, before.Number)
			}
			if m.Sequence > 0 {
				last[m.Chain] = m
			}
			if n := answered[m.Token]; n > 0 && m.Outcome == "answered" {
				if n < lastCount {
					f.add(4, "message %s (number %d) ran before one with a lower number", m.Token, m.Number)
				}
				lastCount = n
			}
		}
	}
	r.acknowledgements(f)
}

// acknowledgements: a message acknowledged before another was sent has the
// lower number.
func (r *run) acknowledgements(f *findings) {
	for _, list := range r.inbox {
		latest := "" // of those with a lower number, the one that was sent last
		for _, m := range list {
			if ack := r.first[m.Token]; ack != nil && latest != "" && ack.Answered < r.sent[latest] {
				f.add(4, "message %s was acknowledged before %s was sent and stands after it", m.Token, latest)
			}
			if r.sent[m.Token] > r.sent[latest] {
				latest = m.Token
			}
		}
	}
}

// bounds: a client never has more accepted messages without a turn than its
// integration allows: how the inbox comes to rest (18). What a turn placed
// after the acknowledgement of a message was waiting when it was accepted.
func (r *run) bounds(f *findings) {
	for client, list := range r.inbox {
		c := r.clients[client]
		if c == nil || r.Settings[c.Integration].MaxPending == 0 {
			continue
		}
		for i, m := range list {
			ack := r.first[m.Token]
			if ack == nil {
				continue
			}
			if n := r.waitingAt(list[max(0, i-200):i], ack.Answered/1e6+r.SkewMs); n >= r.Settings[c.Integration].MaxPending {
				f.add(18, "message %s was accepted while %d waited; the bound is %d", m.Token, n, r.Settings[c.Integration].MaxPending)
				break
			}
		}
	}
}

// waitingAt counts messages that were placed after a moment.
func (r *run) waitingAt(list []*Stored, atMs int64) int {
	n := 0
	for _, m := range list {
		if placed := r.at(m.Chain, m.Sequence); placed == nil || placed.AtMs > atMs {
			n++
		}
	}
	return n
}
