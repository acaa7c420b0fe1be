package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/session"
)

// turns are the numbers of the lanes.
type turns struct {
	total    *prometheus.CounterVec
	failures *prometheus.CounterVec
	wait     prometheus.Observer
	running  prometheus.Observer
	lanes    prometheus.Gauge
	depth    prometheus.Histogram
	restarts prometheus.Counter
	taken    prometheus.Counter
}

func newTurns(r *prometheus.Registry) turns {
	t := turns{
		total:    counters(r, "parley_turns_total", "Bot turns by outcome.", "outcome"),
		failures: counters(r, "parley_turn_failures_total", "Error turns by the code of the error.", "code"),
		wait:     duration(r, "parley_lane_wait_seconds", "Time from the acceptance of a message to the start of its turn."),
		running:  duration(r, "parley_turn_duration_seconds", "Time from the start of a bot turn to its commit."),
		lanes:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "parley_lanes", Help: "Clients whose lane runs."}),
		depth:    sizes(r, "parley_lane_depth", "Accepted messages of a client that wait for their turn, at each acceptance.", 8),
		taken:    counter(r, "parley_cluster_takeovers_total", "Leases of lanes taken from nodes that died."),
		restarts: counter(r, "parley_restart_loops_total", "Turns stopped because they restarted or jumped without end."),
	}
	r.MustRegister(t.lanes)
	for _, outcome := range []session.Outcome{session.OutcomeAnswered, session.OutcomeSuppressed, session.OutcomeFailed} {
		t.total.WithLabelValues(string(outcome))
	}
	for _, code := range session.FailureCodes() {
		t.failures.WithLabelValues(code)
	}
	return t
}

func (t *turns) turn(outcome string, waited, ran time.Duration) {
	t.total.WithLabelValues(outcome).Inc()
	t.wait.Observe(waited.Seconds())
	t.running.Observe(ran.Seconds())
}
