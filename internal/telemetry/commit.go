package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// commits are the numbers of the store's groups.
type commits struct {
	took  prometheus.Observer
	group prometheus.Histogram
}

func newCommits(r *prometheus.Registry) commits {
	return commits{
		took:  duration(r, "parley_store_commit_duration_seconds", "Time of a transaction, the sync of the disk included."),
		group: sizes(r, "parley_store_commit_changes", "Changes that shared a transaction.", 10),
	}
}

func (c *commits) commit(changes int, took time.Duration) {
	c.took.Observe(took.Seconds())
	c.group.Observe(float64(changes))
}
