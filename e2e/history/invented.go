package history

// invented: nothing is stored that nobody asked for (17).
func invented(f *findings, r *run) {
	asked := func(what, token string) {
		if r.byToken[token] == nil {
			f.add(17, "%s carries %q, which nobody sent", what, token)
		}
	}
	for _, m := range r.facts.Messages {
		if m.User() || m.Author == "agent" {
			asked("message "+m.ID, m.Token)
		}
		for _, reply := range m.Replies {
			if m.Bot() && reply.C > 0 {
				asked("the reply "+m.ID, reply.Token)
			}
		}
	}
	for _, s := range r.facts.Sessions {
		if s.External != "" {
			asked("session "+s.ID, s.External)
		}
	}
	for _, e := range r.facts.Events {
		with, _ := e.Body["patch"].(map[string]any)
		texts := map[string]bool{}
		collect(ours(with), texts)
		for text := range texts {
			asked("a merge of chain "+e.Chain, text)
		}
	}
}

// committed: what a turn was told is committed is there: the message has its
// place (16).
func committed(f *findings, r *run) {
	for _, t := range r.Turns {
		id, of := messageOf(t)
		if m := r.index.messages[id]; of && (m == nil || m.Sequence == 0) {
			f.add(16, "the turn of message %s was committed, and the message has no place", id)
		}
	}
}
