package history

// rest: when the program has come to rest, nothing is left that should have
// been done (18).
func (r *run) rest(f *findings) {
	const second = 1000
	for _, m := range r.facts.Messages {
		if m.User() && m.Sequence == 0 {
			f.add(18, "message %s (%s) still waits", m.ID, m.Token)
		}
	}
	overdue := r.facts.ReadMs - second - r.SlackMs
	for _, t := range r.facts.Timers {
		if t.DueMs < overdue {
			f.add(18, "timer %s (%s) of session %s was due %d ms ago", t.ID, t.Kind, t.Session, r.facts.ReadMs-t.DueMs)
		}
	}
	for _, d := range r.facts.Deliveries {
		if !d.Dead && d.DueMs < overdue {
			f.add(18, "webhook %s (%s) was due %d ms ago", d.ID, d.Kind, r.facts.ReadMs-d.DueMs)
		}
	}
}
