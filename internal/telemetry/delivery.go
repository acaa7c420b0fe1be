package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// deliveries are the numbers of the webhook sender.
type deliveries struct {
	attempts *prometheus.CounterVec
	took     prometheus.Observer
}

// Outcomes of an attempt to deliver a webhook.
const (
	AttemptDelivered = "delivered"
	AttemptFailed    = "failed"  // it may be tried again
	AttemptRefused   = "refused" // no further attempt can help
)

func newDeliveries(r *prometheus.Registry) deliveries {
	d := deliveries{
		attempts: counters(r, "parley_webhook_attempts_total", "Attempts to deliver a webhook, by outcome.", "outcome"),
		took:     duration(r, "parley_webhook_attempt_duration_seconds", "Time of an attempt to deliver a webhook."),
	}
	for _, outcome := range []string{AttemptDelivered, AttemptFailed, AttemptRefused} {
		d.attempts.WithLabelValues(outcome)
	}
	return d
}

// Attempt notes an attempt to deliver a webhook.
func (m *Metrics) Attempt(delivered, final bool, took time.Duration) {
	outcome := AttemptFailed
	switch {
	case delivered:
		outcome = AttemptDelivered
	case final:
		outcome = AttemptRefused
	}
	m.hooks.attempts.WithLabelValues(outcome).Inc()
	m.hooks.took.Observe(took.Seconds())
}
