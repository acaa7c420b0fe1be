package history

// timeouts: a script timeout fires at most once, in the session that set it,
// and never after a newer message (14).
func (x *index) timeouts(f *findings) {
	for chain, list := range x.events {
		armed := map[string]string{} // token by session
		for _, e := range list {
			m := x.messages[e.Message]
			if m == nil {
				continue
			}
			if m.User() {
				delete(armed, e.Session)
			}
			for _, r := range m.Replies {
				if !m.Bot() {
					continue
				}
				switch r.Verb {
				case "arm", "armlong":
					armed[e.Session] = r.Token
				case "timeout":
					if armed[e.Session] == "" || armed[e.Session] != r.Token {
						f.add(14, "chain %s: event %d is the timeout of %s; armed in session %s is %q", chain, e.Sequence, r.Token, e.Session, armed[e.Session])
					}
					delete(armed, e.Session)
				}
			}
		}
	}
}

// lateTimeouts: no script timeout fires after a newer message of the session
// was acknowledged (14).
func (r *run) lateTimeouts(f *findings) {
	acknowledged := map[string][]*Call{} // first confirmed messages by session
	for _, c := range r.first {
		if c.Kind == Message {
			acknowledged[c.Acting] = append(acknowledged[c.Acting], c)
		}
	}
	for _, e := range r.facts.Events {
		m := r.index.messages[e.Message]
		if m == nil || !m.Bot() || len(m.Replies) == 0 || m.Replies[0].Verb != "timeout" {
			continue
		}
		for _, c := range acknowledged[e.Session] {
			stored := r.tokens[c.Token]
			if len(stored) == 1 && stored[0].Sequence > e.Sequence && c.Answered/1e6+r.SkewMs < e.AtMs {
				f.add(14, "session %s: the timeout of %s fired after %s was acknowledged", e.Session, m.Replies[0].Token, c.Token)
			}
		}
	}
}

// expiries: no session expires while it has an accepted message or before its
// time, and none lives longer than a second over it (13).
func (r *run) expiries(f *findings) {
	const second = 1000
	pushed, busy := r.pushes()
	cut := r.cut()
	for _, s := range r.facts.Sessions {
		timeout := r.Settings[s.Integration].TimeoutMs
		if timeout == 0 {
			continue
		}
		due := pushed[s.ID] + timeout
		if s.Reason == "timeout" {
			if s.EndedMs+r.SkewMs < due {
				f.add(13, "session %s expired %d ms before its time", s.ID, due-s.EndedMs)
			}
			if cut[s.ID] {
				f.add(13, "session %s expired over an accepted message", s.ID)
			}
		}
		latest := max(due, busy[s.ID]) + second + r.SlackMs
		for _, d := range r.Downs {
			if d.From <= latest {
				latest = max(latest, d.To+second+r.SlackMs)
			}
		}
		if end := s.EndedMs; s.Reason == "timeout" && end > latest || s.Open() && r.facts.ReadMs > latest {
			f.add(13, "session %s (%s) was due at %d and is there at %d", s.ID, s.Status, due, max(end, latest))
		}
	}
}

// pushes returns by session when its timer was pushed last, and when the last
// reason went that kept it beyond: a message that had been waiting for its
// turn, or people, whose messages push too while they own the conversation.
func (r *run) pushes() (pushed, busy map[string]int64) {
	pushed, busy = map[string]int64{}, map[string]int64{}
	for _, s := range r.facts.Sessions {
		pushed[s.ID] = s.CreatedMs
	}
	for _, m := range r.facts.Messages {
		if m.User() {
			pushed[m.AcceptedIn] = max(pushed[m.AcceptedIn], m.AtMs)
		}
	}
	humans := r.humans()
	for chain := range r.events {
		r.talks(chain, func(e *Event, before talk) {
			m := r.index.messages[e.Message]
			switch {
			case e.Kind == "conversation:reopened", e.Kind == "message:received" && humans[e.Session]:
				pushed[e.Session] = max(pushed[e.Session], e.AtMs)
			case e.Kind == "message:user" && m != nil && m.AtMs < e.AtMs,
				(e.Kind == "conversation:closed" || e.Kind == "conversation:returned") && before.human():
				busy[e.Session] = max(busy[e.Session], e.AtMs)
			}
		})
	}
	return pushed, busy
}

// cut returns the sessions whose end placed a message that had been waiting.
func (r *run) cut() map[string]bool {
	found := map[string]bool{}
	for _, m := range r.facts.Messages {
		s, e := r.sessions[m.Session], r.at(m.Chain, m.Sequence)
		if m.User() && m.Outcome == "unanswered" && s != nil && e != nil && m.AtMs < e.AtMs && e.AtMs == s.EndedMs {
			found[s.ID] = true
		}
	}
	return found
}
