package program

import (
	"testing"

	"parley/internal/natstest"
	"parley/internal/pgtest"
)

// TestNodes_AreSeen: nodes count each other and the one that leads, and a message
// that one of them accepts stays in its trace wherever its turn runs.
func TestNodes_AreSeen(t *testing.T) {
	t.Parallel()
	out, hook := newTraces(t), newReceiver(t)
	store, bus := pgtest.Postgres(t), natstest.Start(t).URL()
	list := make([]*server, 2)
	for i, name := range []string{"one", "two"} {
		list[i] = startWith(t, setup{flags: []string{"--store", store, "--nats", bus, "--node", name, "--otlp-endpoint", out.url}})
	}
	at0 := list[0].scripted(hook.settings(nil))
	id := at0.open(nil)
	at1 := at0.beside(list[1])
	at1.say(id, "hello", "traceparent", traceparent(callerID))
	hook.want("message:brain_send", 1)
	for _, s := range list {
		eventually(t, "both nodes and the bus", func() bool {
			return metric(t, s.watch, "parley_cluster_nodes") == 2 && metric(t, s.watch, "parley_bus_connected") == 1
		})
	}
	eventually(t, "one node to lead", func() bool {
		return metric(t, list[0].watch, "parley_cluster_leads")+metric(t, list[1].watch, "parley_cluster_leads") == 1
	})
	eventually(t, "the lease to be given back", func() bool {
		return metric(t, list[0].watch, "parley_cluster_leases")+metric(t, list[1].watch, "parley_cluster_leases") == 0
	})
	if n := metric(t, list[0].watch, "parley_bus_hints_published_total") + metric(t, list[1].watch, "parley_bus_hints_published_total"); n == 0 {
		t.Error("no hint was published")
	}
	for _, s := range list {
		s.stop()
	}
	request := out.child(callerID, "POST /v1/custom/{integration_id}/sessions/{session_id}/messages")
	turn := out.child(spanID(out.child(spanID(request), "commit", "parley.change", "accept")), "turn", "parley.session", id)
	out.child(spanID(out.child(spanID(turn), "commit", "parley.change", "turn")), "webhook", "parley.event", "message:brain_send")
}
