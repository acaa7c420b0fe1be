package telemetry

import "github.com/prometheus/client_golang/prometheus"

// scrape reads the sources when Prometheus asks.
type scrape struct{ sources Sources }

// Describe names nothing, which makes the collector unchecked: a source that
// fails leaves its values out instead of failing the scrape.
func (s *scrape) Describe(chan<- *prometheus.Desc) {}

// Collect asks the sources.
func (s *scrape) Collect(out chan<- prometheus.Metric) {
	p := page(out)
	p.sockets(s.sources.Sockets())
	p.store(s.sources.Store())
	if box, err := s.sources.Outbox(); err == nil {
		p.outbox(box)
	}
	if work, err := s.sources.Work(); err == nil {
		p.gauge("parley_pending_clients", "Clients with accepted messages that wait for their turn, in the whole store; at most 1000 are counted.", float64(work.Pending))
	}
	if desk, err := s.sources.Desk(); err == nil {
		p.desk(desk)
	}
	cluster := alone()
	if s.sources.Cluster != nil {
		cluster = s.sources.Cluster()
	}
	p.cluster(cluster)
}

// page is where the values of one scrape go.
type page chan<- prometheus.Metric

func (p page) gauge(name, help string, v float64) {
	p <- prometheus.MustNewConstMetric(prometheus.NewDesc(name, help, nil, nil), prometheus.GaugeValue, v)
}

func (p page) count(name, help string, v uint64) {
	p <- prometheus.MustNewConstMetric(prometheus.NewDesc(name, help, nil, nil), prometheus.CounterValue, float64(v))
}

func (p page) flag(name, help string, on bool) {
	v := 0.0
	if on {
		v = 1
	}
	p.gauge(name, help, v)
}

func (p page) sockets(s Sockets) {
	p.gauge("parley_sockets", "Open Socket.IO connections.", float64(s.Open))
	p.count("parley_socket_events_total", "Events of clients.", s.Events)
	p.count("parley_socket_events_refused_total", "Events of clients over the rate.", s.Refused)
	p.count("parley_socket_received_bytes_total", "Bytes of packets that clients sent.", s.ReceivedBytes)
	p.count("parley_socket_sent_bytes_total", "Bytes of packets sent to clients.", s.SentBytes)
}

func (p page) store(s Store) {
	p.count("parley_store_commits_total", "Transactions of changes, each with one sync of the disk.", s.Commits)
	p.count("parley_store_changes_total", "Changes committed in them.", s.Changes)
	p.count("parley_store_retries_total", "Transactions run again after a conflict or a lost connection.", s.Retries)
	p.flag("parley_store_healthy", "1 while the store takes writes.", s.Healthy)
}

func (p page) outbox(b Outbox) {
	p.gauge("parley_outbox_waiting", "Webhooks waiting to be delivered, in the whole store.", float64(b.Waiting))
	p.gauge("parley_outbox_dead", "Dead letters, in the whole store.", float64(b.Dead))
	p.gauge("parley_outbox_age_seconds", "Age of the oldest waiting webhook.", b.Oldest.Seconds())
}

func (p page) desk(d Desk) {
	by := prometheus.NewDesc("parley_conversations", "Conversations that are not over, by who has them, in the whole store.", []string{"status"}, nil)
	for status, n := range d.Conversations {
		p <- prometheus.MustNewConstMetric(by, prometheus.GaugeValue, float64(n), status)
	}
	p.gauge("parley_desk_queue_age_seconds", "How long the longest waiting client has waited for a person.", d.Oldest.Seconds())
	p.gauge("parley_desk_agents_online", "Agents who are online.", float64(d.AgentsOnline))
	p.gauge("parley_desk_agents_connected", "Agents with a page open at this node.", float64(d.AgentsConnected))
}

func (p page) cluster(c Cluster) {
	p.gauge("parley_cluster_nodes", "Nodes that live, as this one sees them.", float64(c.Nodes))
	p.gauge("parley_cluster_leases", "Clients whose lane this node holds.", float64(c.Leases))
	p.flag("parley_cluster_leads", "1 on the node that has the duty of what is done once.", c.Leads)
	p.flag("parley_bus_configured", "1 when a bus between nodes is set up.", c.Bus)
	p.flag("parley_bus_connected", "1 while the bus between nodes is connected.", c.BusConnected)
	p.count("parley_bus_hints_published_total", "Hints sent to other nodes.", c.HintsPublished)
	p.count("parley_bus_hints_received_total", "Hints heard from other nodes.", c.HintsReceived)
	p.count("parley_bus_hints_dropped_total", "Hints that could not be sent.", c.HintsDropped)
}
