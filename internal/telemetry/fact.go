package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/session"
)

// facts count what commits of this process brought about.
type facts struct {
	messages map[session.Author]prometheus.Counter
	events   map[string]prometheus.Counter
	leases   *leases
}

func newFacts(r *prometheus.Registry) facts {
	f := facts{leases: &leases{}, messages: map[session.Author]prometheus.Counter{}, events: map[string]prometheus.Counter{
		session.EventSessionCreated: counter(r, "parley_sessions_created_total", "Sessions opened, successors among them."),
		session.EventSessionClosed:  counter(r, "parley_sessions_closed_total", "Sessions ended, for whatever reason."),
		session.EventHandover:       counter(r, "parley_handovers_total", "Conversations given to people."),
	}}
	by := counters(r, "parley_messages_total", "Messages stored, by who wrote them.", "author")
	for _, author := range []session.Author{session.AuthorUser, session.AuthorBot, session.AuthorAgent, session.AuthorExternal, session.AuthorNote} {
		f.messages[author] = by.WithLabelValues(string(author))
	}
	return f
}

func (f *facts) batch(b *session.Batch) {
	for _, m := range b.NewMessages {
		if c := f.messages[m.Author]; c != nil {
			c.Inc()
		}
	}
	f.leases.batch(b)
	for _, e := range b.Events {
		if c := f.events[e.Kind]; c != nil {
			c.Inc()
		}
	}
}
