package telemetry

import (
	"io"
	"math"
	"slices"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Reading is the page of metrics of a server at a moment.
type Reading struct {
	At       time.Time
	families map[string]*dto.MetricFamily
}

// Read parses a page in Prometheus's text format.
func Read(page io.Reader, at time.Time) (*Reading, error) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(page)
	return &Reading{At: at, families: families}, err
}

// Value is the sum of a metric's values; labels, pairs of name and value, select
// some of them. It is 0 where there is none.
func (r *Reading) Value(name string, labels ...string) float64 {
	sum := 0.0
	for _, m := range r.of(name) {
		if has(m, labels) {
			sum += m.GetCounter().GetValue() + m.GetGauge().GetValue() + m.GetUntyped().GetValue()
		}
	}
	return sum
}

// Label is the value of a label of the first of a metric's values.
func (r *Reading) Label(name, label string) string {
	for _, m := range r.of(name) {
		for _, l := range m.Label {
			if l.GetName() == label {
				return l.GetValue()
			}
		}
	}
	return ""
}

func (r *Reading) of(name string) []*dto.Metric {
	if r == nil {
		return nil
	}
	return r.families[name].GetMetric()
}

func has(m *dto.Metric, labels []string) bool {
	for i := 0; i+1 < len(labels); i += 2 {
		if !slices.ContainsFunc(m.Label, func(l *dto.LabelPair) bool { return l.GetName() == labels[i] && l.GetValue() == labels[i+1] }) {
			return false
		}
	}
	return true
}

// buckets are the cumulated counts of a histogram, over all its labels.
func (r *Reading) buckets(name string) map[float64]float64 {
	sum := map[float64]float64{}
	for _, m := range r.of(name) {
		for _, b := range m.GetHistogram().GetBucket() {
			sum[b.GetUpperBound()] += float64(b.GetCumulativeCount())
		}
	}
	return sum
}

// Interval is what happened between two readings.
type Interval struct {
	*Reading
	before *Reading // nil: the start of the server, or its last start
}

// Since is what happened after an earlier reading, which may be nil. A server
// that was started again meanwhile counts from its start.
func (r *Reading) Since(before *Reading) Interval {
	const start = "process_start_time_seconds"
	if before != nil && before.Value(start) != r.Value(start) {
		before = nil
	}
	return Interval{r, before}
}

func (i Interval) took() float64 {
	if i.before != nil {
		return i.At.Sub(i.before.At).Seconds()
	}
	return float64(i.At.UnixMilli())/1000 - i.Value("process_start_time_seconds")
}

// Rate is by how much a counter rose, per second.
func (i Interval) Rate(name string, labels ...string) float64 {
	rose := i.Value(name, labels...)
	if i.before != nil {
		rose -= i.before.Value(name, labels...)
	}
	if took := i.took(); took > 0 {
		return rose / took
	}
	return 0
}

// Quantile estimates a quantile of a histogram, as Prometheus does: inside a
// bucket values are taken as spread evenly. It reports false where nothing was
// observed in the interval.
func (i Interval) Quantile(q float64, name string) (float64, bool) {
	now, old := i.buckets(name), map[float64]float64{}
	if i.before != nil {
		old = i.before.buckets(name)
	}
	bounds := make([]float64, 0, len(now))
	for bound := range now {
		bounds = append(bounds, bound)
	}
	slices.Sort(bounds)
	if len(bounds) == 0 {
		return 0, false
	}
	count := func(bound float64) float64 { return now[bound] - old[bound] }
	rank := q * count(bounds[len(bounds)-1])
	if rank <= 0 {
		return 0, false
	}
	low, below := 0.0, 0.0
	for _, bound := range bounds {
		n := count(bound)
		if n >= rank {
			if math.IsInf(bound, 1) {
				return low, true
			}
			return low + (bound-low)*(rank-below)/(n-below), true
		}
		low, below = bound, n
	}
	return low, true
}
