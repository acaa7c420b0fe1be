package telemetry

import (
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/internal/session"
)

// Metrics are the counters of one process. Its methods may be called from any
// goroutine.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	latency  *prometheus.HistogramVec
	turns    turns
	facts    facts
	store    commits
	hooks    deliveries
	stops    *prometheus.CounterVec
}

// New returns the metrics of a process.
func New(version string) *Metrics {
	r := prometheus.NewRegistry()
	m := &Metrics{
		registry: r,
		requests: counters(r, "parley_http_requests_total", "REST requests by route and status.", "route", "status"),
		latency:  durations(r, "parley_http_request_duration_seconds", "Time to answer a REST request.", "route"),
		turns:    newTurns(r),
		facts:    newFacts(r),
		store:    newCommits(r),
		hooks:    newDeliveries(r),
		stops:    counters(r, "parley_script_stops_total", "Turns stopped because a script ran too long (time) or took too much memory (memory).", "reason"),
	}
	for _, reason := range []string{"time", "memory"} {
		m.stops.WithLabelValues(reason)
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "parley_build_info", Help: "Always 1.", ConstLabels: prometheus.Labels{"version": version, "go_version": runtime.Version()},
	})
	build.Set(1)
	r.MustRegister(build, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request notes an answered REST request. route is the pattern, not the path.
func (m *Metrics) Request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.latency.WithLabelValues(route).Observe(took.Seconds())
}

// Stop notes why a script was stopped: time or memory.
func (m *Metrics) Stop(reason string) { m.stops.WithLabelValues(reason).Inc() }

// Core returns what the core reports to.
func (m *Metrics) Core() session.Metrics {
	t := &m.turns
	return session.Metrics{
		Turn:     t.turn,
		Failure:  func(code string) { t.failures.WithLabelValues(code).Inc() },
		Lanes:    func(delta int) { t.lanes.Add(float64(delta)) },
		Depth:    func(waiting int) { t.depth.Observe(float64(waiting)) },
		Restarts: t.restarts.Inc,
		Takeover: t.taken.Inc,
	}
}

// Commit notes a committed group of the store.
func (m *Metrics) Commit(changes int, took time.Duration) { m.store.commit(changes, took) }

// Committed notes what a batch of the core holds.
func (m *Metrics) Committed(b *session.Batch) { m.facts.batch(b) }

// Handler serves the metrics, asking the sources at each scrape. It is called
// once.
func (m *Metrics) Handler(s Sources) http.Handler {
	m.registry.MustRegister(&scrape{s})
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func counters(r prometheus.Registerer, name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	r.MustRegister(c)
	return c
}

func counter(r prometheus.Registerer, name, help string) prometheus.Counter {
	c := prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	r.MustRegister(c)
	return c
}

// durations go from 0.5 ms to 33 s.
func durations(r prometheus.Registerer, name, help string, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: prometheus.ExponentialBuckets(0.0005, 2, 17)}, labels)
	r.MustRegister(h)
	return h
}

func duration(r prometheus.Registerer, name, help string) prometheus.Observer {
	return durations(r, name, help).WithLabelValues()
}

// sizes go from 1 to 2^(steps-1).
func sizes(r prometheus.Registerer, name, help string, steps int) prometheus.Histogram {
	h := prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: prometheus.ExponentialBuckets(1, 2, steps)})
	r.MustRegister(h)
	return h
}
