package telemetry

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the counters of one process.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	latency  *prometheus.HistogramVec
	turns    *prometheus.CounterVec
	wait     prometheus.Histogram
	running  prometheus.Histogram
	lanes    prometheus.Gauge
	depth    prometheus.Histogram
	restarts prometheus.Counter
}

// Outbox is the state of the webhook queue.
type Outbox struct {
	Waiting, Dead int64
	Oldest        time.Duration // age of the oldest waiting webhook
}

// Sources are asked at each scrape. All are required.
type Sources struct {
	Sockets func() (open int, events, refused uint64)
	Outbox  func() (Outbox, error)
	Store   func() (commits, changes uint64)
}

// New returns the metrics of a process.
func New(version string) *Metrics {
	seconds := prometheus.ExponentialBuckets(0.0005, 2, 17) // 0.5 ms to 33 s
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "parley_http_requests_total", Help: "REST requests by route and status."}, []string{"route", "status"}),
		latency:  prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "parley_http_request_duration_seconds", Help: "Time to answer a REST request.", Buckets: seconds}, []string{"route"}),
		turns:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "parley_turns_total", Help: "Bot turns by outcome."}, []string{"outcome"}),
		wait:     prometheus.NewHistogram(prometheus.HistogramOpts{Name: "parley_lane_wait_seconds", Help: "Time from the acceptance of a message to the start of its turn.", Buckets: seconds}),
		running:  prometheus.NewHistogram(prometheus.HistogramOpts{Name: "parley_turn_duration_seconds", Help: "Time from the start of a bot turn to its commit.", Buckets: seconds}),
		lanes:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "parley_lanes", Help: "Clients whose lane runs."}),
		depth:    prometheus.NewHistogram(prometheus.HistogramOpts{Name: "parley_lane_depth", Help: "Accepted messages of a client that wait for their turn, at each acceptance.", Buckets: prometheus.ExponentialBuckets(1, 2, 8)}),
		restarts: prometheus.NewCounter(prometheus.CounterOpts{Name: "parley_restart_loops_total", Help: "Turns stopped because they restarted or jumped without end."}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "parley_build_info", Help: "Always 1.", ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.latency, m.turns, m.wait, m.running, m.lanes, m.depth, m.restarts, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request notes an answered REST request. route is the pattern, not the path.
func (m *Metrics) Request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.latency.WithLabelValues(route).Observe(took.Seconds())
}

// Turn notes a committed bot turn.
func (m *Metrics) Turn(outcome string, waited, ran time.Duration) {
	m.turns.WithLabelValues(outcome).Inc()
	m.wait.Observe(waited.Seconds())
	m.running.Observe(ran.Seconds())
}

// Lanes notes that lanes started or ended.
func (m *Metrics) Lanes(delta int) { m.lanes.Add(float64(delta)) }

// Depth notes how many accepted messages of a client wait.
func (m *Metrics) Depth(waiting int) { m.depth.Observe(float64(waiting)) }

// Restarts notes an endless turn that was stopped.
func (m *Metrics) Restarts() { m.restarts.Inc() }

// Handler serves the metrics, asking the sources at each scrape.
func (m *Metrics) Handler(s Sources) http.Handler {
	m.registry.MustRegister(&scrape{s})
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
