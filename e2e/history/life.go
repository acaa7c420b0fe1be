package history

// sequences: the events of a chain are 1..n; no event of a session follows its
// end, and none of its successor precedes it (9).
func (x *index) sequences(f *findings) {
	for _, c := range x.facts.Chains {
		list := x.events[c.ID]
		if int64(len(list)) != c.Sequence {
			f.add(9, "chain %s counts %d events and has %d", c.ID, c.Sequence, len(list))
		}
		current := ""
		ended := map[string]bool{}
		for i, e := range list {
			if e.Sequence != int64(i)+1 {
				f.add(9, "chain %s: event %d stands where %d belongs", c.ID, e.Sequence, i+1)
				break
			}
			switch {
			case e.Session == current:
			case e.Kind != "session:created":
				f.add(9, "chain %s: event %d (%s) of session %s comes before session:created or after another session's", c.ID, e.Sequence, e.Kind, e.Session)
			case current != "" && !ended[current]:
				f.add(9, "chain %s: session %s begins before %s has ended", c.ID, e.Session, current)
			}
			if ended[e.Session] {
				f.add(9, "chain %s: event %d (%s) follows the end of session %s", c.ID, e.Sequence, e.Kind, e.Session)
			}
			current = e.Session
			ended[current] = ended[current] || e.Kind == "session:closed"
		}
		if current != "" && current != c.Head {
			f.add(9, "chain %s: the newest event is of session %s, the head is %s", c.ID, current, c.Head)
		}
	}
}

// ends: a session ends once, with one reason; it has at most one successor, and
// only after script; a chain has at most one open session, its head (10).
func (x *index) ends(f *findings) {
	ends := map[string][]*Event{}
	for _, e := range x.facts.Events {
		if e.Kind == "session:closed" {
			ends[e.Session] = append(ends[e.Session], e)
		}
	}
	successors := map[string]string{}
	for _, s := range x.facts.Sessions {
		switch list := ends[s.ID]; {
		case s.Open() && len(list) > 0:
			f.add(10, "session %s is open and has ended (%s)", s.ID, list[0].text("reason"))
		case !s.Open() && len(list) != 1:
			f.add(10, "session %s is %s and ended %d times", s.ID, s.Status, len(list))
		case !s.Open() && (s.Reason == "" || list[0].text("reason") != s.Reason):
			f.add(10, "session %s ended with %q and says %q", s.ID, list[0].text("reason"), s.Reason)
		}
		if s.Open() && x.chains[s.Chain] != nil && x.chains[s.Chain].Head != s.ID {
			f.add(10, "session %s is open and not the head of its chain", s.ID)
		}
		if s.Successor != "" && s.Reason != "script" {
			f.add(10, "session %s has a successor after %q", s.ID, s.Reason)
		}
		if s.Predecessor == "" {
			continue
		}
		if other := successors[s.Predecessor]; other != "" {
			f.add(10, "session %s has two successors, %s and %s", s.Predecessor, other, s.ID)
		}
		successors[s.Predecessor] = s.ID
		if p := x.sessions[s.Predecessor]; p == nil || p.Successor != s.ID {
			f.add(10, "session %s is the successor of %s, which does not say so", s.ID, s.Predecessor)
		}
	}
}

// closes: of all closes of a session one is confirmed, and it is the end (10).
func (r *run) closes(f *findings) {
	confirmed := map[string]int{}
	for _, c := range r.Calls {
		if c.Kind != Close || c.Outcome != Done {
			continue
		}
		s := r.sessions[c.Acting]
		if s == nil || s.Open() || s.Reason != "api" && s.Reason != "user" {
			f.add(10, "the confirmed close of session %s did not end it", c.Acting)
		}
		if confirmed[c.Acting]++; confirmed[c.Acting] == 2 {
			f.add(10, "session %s was closed twice", c.Acting)
		}
	}
}

// creates: a confirmed create made one session, a refused one none (17).
func (r *run) creates(f *findings) {
	made := map[string]int{}
	for _, s := range r.facts.Sessions {
		if s.Predecessor == "" && s.External != "" {
			made[s.External]++
		}
	}
	for token, calls := range r.byToken {
		if calls[0].Kind != Create {
			continue
		}
		done, open := tally(calls)
		switch n := made[token]; {
		case done > 0 && n != 1:
			f.add(17, "the confirmed create of %s made %d sessions", token, n)
		case done == 0 && open == 0 && n > 0:
			f.add(17, "the refused create of %s made a session", token)
		case n > 1:
			f.add(17, "the create of %s, sent once without an answer, made %d sessions", token, n)
		}
	}
}

// wholeness: a Change is there whole or not at all, at every moment: what is
// written in several places by one Change agrees (16).
func (x *index) wholeness(f *findings) {
	waiting, highest := map[string]int64{}, map[string]int64{}
	for _, m := range x.facts.Messages {
		if !m.User() {
			continue
		}
		if m.Sequence == 0 {
			waiting[m.Client]++
		}
		highest[m.Client] = max(highest[m.Client], m.Number)
	}
	for _, c := range x.facts.Clients {
		if c.Pending != waiting[c.ID] || c.InboxNumber != highest[c.ID] || int64(len(x.inbox[c.ID])) != highest[c.ID] {
			f.add(16, "client %s: %d pending, %d given; there are %d waiting of %d, the highest %d",
				c.ID, c.Pending, c.InboxNumber, waiting[c.ID], len(x.inbox[c.ID]), highest[c.ID])
		}
	}
	for _, m := range x.facts.Messages {
		if m.User() || m.Outcome == "suppressed" {
			continue
		}
		if e := x.at(m.Chain, m.Sequence); e == nil || e.Message != m.ID {
			f.add(16, "message %s of a %s has no event", m.ID, m.Author)
		}
	}
	x.answers16(f)
	for _, t := range x.facts.Timers {
		if t.Kind == "push" { // of a client: it reaches whatever session he has then
			continue
		}
		if s := x.sessions[t.Session]; s == nil || !s.Open() {
			f.add(16, "timer %s (%s) outlived its session %s", t.ID, t.Kind, t.Session)
		}
	}
}

// answers16: an answered message has its answer behind it, in the same Change.
func (x *index) answers16(f *findings) {
	for _, m := range x.facts.Messages {
		if !m.User() || m.Outcome != "answered" || m.Sequence == 0 {
			continue
		}
		for n := m.Sequence + 1; ; n++ {
			e := x.at(m.Chain, n)
			if e == nil || e.Kind == "message:user" {
				f.add(16, "message %s (%s) is answered and nothing follows it", m.ID, m.Token)
				break
			}
			if e.Kind == "message:brain_received" {
				break
			}
		}
	}
}
