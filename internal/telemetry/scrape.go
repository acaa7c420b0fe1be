package telemetry

import "github.com/prometheus/client_golang/prometheus"

// scrape reads the sources when Prometheus asks.
type scrape struct{ sources Sources }

func desc(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }

// Describe names nothing, which makes the collector unchecked: a source that
// fails leaves its values out instead of failing the scrape.
func (s *scrape) Describe(chan<- *prometheus.Desc) {}

// Collect asks the sources.
func (s *scrape) Collect(out chan<- prometheus.Metric) {
	gauge := func(name, help string, v float64) {
		out <- prometheus.MustNewConstMetric(desc(name, help), prometheus.GaugeValue, v)
	}
	count := func(name, help string, v uint64) {
		out <- prometheus.MustNewConstMetric(desc(name, help), prometheus.CounterValue, float64(v))
	}
	open, events, refused := s.sources.Sockets()
	gauge("parley_sockets", "Open Socket.IO connections.", float64(open))
	count("parley_socket_events_total", "Events of clients.", events)
	count("parley_socket_events_refused_total", "Events of clients over the rate.", refused)
	commits, changes := s.sources.Store()
	count("parley_store_commits_total", "Transactions, each with one sync of the disk.", commits)
	count("parley_store_changes_total", "Changes committed in them.", changes)
	if box, err := s.sources.Outbox(); err == nil {
		gauge("parley_outbox_waiting", "Webhooks waiting to be delivered.", float64(box.Waiting))
		gauge("parley_outbox_dead", "Dead letters.", float64(box.Dead))
		gauge("parley_outbox_age_seconds", "Age of the oldest waiting webhook.", box.Oldest.Seconds())
	}
}
