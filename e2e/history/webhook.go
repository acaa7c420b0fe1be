package history

import (
	"slices"
	"time"
)

// beside is less than the shortest pause before a webhook is sent again. One that
// comes again sooner was sent by two senders at a time.
const beside = int64(100 * time.Millisecond)

// webhooks: the first deliveries of a chain come in order of sequence, none is
// skipped, and each ends delivered or dead, never both; none is sent twice at a
// time (15).
func (r *run) webhooks(f *findings) {
	delivered, bodies := map[string]int64{}, map[string]string{}
	last := map[string]int64{}
	got := map[string]map[int64]bool{}
	for _, h := range r.Hooks {
		chain := r.chainOf(h.Session)
		if e := r.at(chain, h.Sequence); e == nil || e.Session != h.Session {
			f.add(15, "webhook %s (%d) of session %s came, and there is no such event", h.Kind, h.Sequence, h.Session)
		}
		if bodies[h.ID] == "" { // the first of its kind
			if h.Sequence <= last[chain] {
				f.add(15, "webhook %s (%d) of chain %s came first after %d", h.Kind, h.Sequence, chain, last[chain])
			}
			last[chain] = h.Sequence
		} else if bodies[h.ID] != h.Body {
			f.add(15, "webhook %s came with another body", h.ID)
		}
		bodies[h.ID] = h.Body
		if at, taken := delivered[h.ID]; taken && h.At-at < beside {
			f.add(15, "webhook %s (%d) of chain %s came again %v after it was taken", h.Kind, h.Sequence, chain, time.Duration(h.At-at))
		}
		if h.Status/100 == 2 {
			delivered[h.ID] = h.At
			if got[chain] == nil {
				got[chain] = map[int64]bool{}
			}
			got[chain][h.Sequence] = true
		}
	}
	for _, d := range r.facts.Deliveries {
		if _, taken := delivered[d.ID]; d.Dead && taken {
			f.add(15, "webhook %s is dead and was delivered", d.ID)
		}
		if got[d.Chain] == nil {
			got[d.Chain] = map[int64]bool{}
		}
		got[d.Chain][d.Sequence] = true
	}
	for _, e := range r.facts.Events {
		if s := r.sessions[e.Session]; s != nil && !got[e.Chain][e.Sequence] && r.subscribed(s.Integration, e) {
			f.add(15, "chain %s: the webhook of event %d (%s) was neither delivered nor is it waiting or dead", e.Chain, e.Sequence, e.Kind)
		}
	}
}

// subscribed reports whether an event has a webhook.
func (r *run) subscribed(integration string, e *Event) bool {
	name := e.Kind
	switch e.Kind {
	case "message:brain_received":
		name = "message:brain_send"
		if m := r.index.messages[e.Message]; m == nil || len(m.Replies) == 0 {
			return false // nothing to show
		}
	case "message:received":
		name = "message:send"
	case "message:user":
		name = "message:received"
	case "session:context:updated":
		name = "context:updated"
	case "session:closed":
		if e.text("reason") == "timeout" {
			name = "session:expired"
		}
	}
	return slices.Contains(r.Settings[integration].Subscribed, name)
}
