package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"parley/internal/config"
	"parley/internal/telemetry"
)

type topCommand struct {
	Data  string        `name:"data" placeholder:"DIR" help:"Data directory of a server on this machine (default: the setting data)."`
	URL   []string      `name:"url" placeholder:"URL" help:"Second address of a server, such as http://10.0.0.5:8081; repeated for several nodes."`
	Key   string        `name:"key" env:"PARLEY_TOP_KEY" placeholder:"KEY" help:"Bearer token for a proxy in front of --url; better given in PARLEY_TOP_KEY."`
	Every time.Duration `name:"every" default:"2s" help:"Time between two looks; rates are over it."`
	Once  bool          `name:"once" help:"Print one table and end; so does an output that is no terminal."`
}

// Help shows an example.
func (topCommand) Help() string {
	return "Example:\n\n  parley top --url http://10.0.0.5:8081 --url http://10.0.0.6:8081\n\nCtrl-C ends it."
}

const (
	minEvery    = 100 * time.Millisecond
	clearScreen = "\x1b[H\x1b[2J"
)

// Run looks at the servers until it is interrupted.
func (c *topCommand) Run(p *process) error {
	if c.Every < minEvery || c.Every > time.Hour {
		return fmt.Errorf("every: must be from %s to 1h, not %s", minEvery, c.Every)
	}
	nodes, err := c.nodes(p)
	if err != nil {
		return err
	}
	before, err := lookAll(p.ctx, nodes)
	if err != nil {
		return err
	}
	for screen := terminal(p.env.Stdout) && !c.Once; ; {
		if !pause(p.ctx, c.Every) {
			return nil
		}
		now, err := lookAll(p.ctx, nodes)
		if p.ctx.Err() != nil {
			return nil //nolint:nilerr // whoever looks has seen enough
		}
		var out bytes.Buffer
		if screen {
			out.WriteString(clearScreen)
		}
		if err == nil {
			err = writeTop(&out, nodes, before, now)
		}
		if err != nil && !screen {
			return err
		}
		if err != nil {
			fmt.Fprintln(&out, err)
		} else {
			before = now
		}
		if _, err := out.WriteTo(p.env.Stdout); err != nil || !screen {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// terminal tells whether a person looks at the output.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// watched is a server that top looks at.
type watched struct {
	name string
	page viewer
}

func (c *topCommand) nodes(p *process) ([]watched, error) {
	var list []watched
	for _, text := range c.URL {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("url: must be an http or https URL, not %q", text)
		}
		base := strings.TrimSuffix(strings.TrimSuffix(text, "/"), "/metrics")
		list = append(list, watched{u.Host, viewer{url: base, key: c.Key}})
	}
	if len(list) > 0 {
		return list, nil
	}
	effective, err := p.settings(&config.Config{Data: c.Data})
	if err != nil {
		return nil, err
	}
	return []watched{{"this node", viewer{dir: effective.Config.Data}}}, nil
}

// lookAll reads all servers; one that does not answer has no reading. The error
// is that of the first, when none answers.
func lookAll(ctx context.Context, nodes []watched) ([]*telemetry.Reading, error) {
	readings := make([]*telemetry.Reading, len(nodes))
	var first error
	answered := false
	for i, n := range nodes {
		r, err := n.look(ctx)
		if err != nil {
			if first == nil {
				first = fmt.Errorf("%s: %w", n.name, err)
			}
			continue
		}
		readings[i], answered = r, true
	}
	if answered {
		return readings, nil
	}
	return nil, first
}

func (n watched) look(ctx context.Context) (*telemetry.Reading, error) {
	body, status, err := n.page.get(ctx, "/metrics")
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("it answered %d %s", status, http.StatusText(status))
	}
	return telemetry.Read(bytes.NewReader(body), time.Now())
}

// writeTop prints a row for each node and then what they share.
func writeTop(w io.Writer, nodes []watched, before, now []*telemetry.Reading) error {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "NODE\tVERSION\tUP\tTURNS/S\tP50\tP99\tFAILED/S\tREQUESTS/S\tLANES\tSOCKETS\tCOMMIT P99\tHINTS/S\tMEMORY\tCPU")
	var any *telemetry.Reading
	for i, n := range nodes {
		if now[i] == nil {
			fmt.Fprintf(table, "%s\tdoes not answer\n", n.name)
			continue
		}
		any = now[i]
		writeNode(table, n.name, now[i].Since(before[i]))
	}
	fmt.Fprintln(table)
	writeShared(table, any)
	return table.Flush()
}

func writeNode(w io.Writer, name string, d telemetry.Interval) {
	r := d.Reading
	up := time.Duration(float64(r.At.Unix())-r.Value("process_start_time_seconds")) * time.Second
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%.0f\t%.0f\t%s\t%s\t%s\t%s\n",
		name, r.Label("parley_build_info", "version"), up,
		rate(d.Rate("parley_turns_total")), quantile(d, 0.5, "parley_turn_duration_seconds"), quantile(d, 0.99, "parley_turn_duration_seconds"),
		rate(d.Rate("parley_turns_total", "outcome", "failed")), rate(d.Rate("parley_http_requests_total")),
		r.Value("parley_lanes"), r.Value("parley_sockets"), quantile(d, 0.99, "parley_store_commit_duration_seconds"),
		rate(d.Rate("parley_bus_hints_received_total")), mebibytes(r.Value("process_resident_memory_bytes")), percent(d.Rate("process_cpu_seconds_total")))
}

// writeShared prints what is the same for all nodes.
func writeShared(w io.Writer, r *telemetry.Reading) {
	fmt.Fprintf(w, "conversations\t%.0f with the bot, %.0f in the queue (longest %s), %.0f with agents, %.0f snoozed\n",
		r.Value("parley_conversations", "status", "bot"), r.Value("parley_conversations", "status", "queued"),
		waited(r.Value("parley_desk_queue_age_seconds")), r.Value("parley_conversations", "status", "open"), r.Value("parley_conversations", "status", "snoozed"))
	fmt.Fprintf(w, "pending\t%.0f clients wait for their turn\n", r.Value("parley_pending_clients"))
	fmt.Fprintf(w, "agents\t%.0f online\n", r.Value("parley_desk_agents_online"))
	fmt.Fprintf(w, "webhooks\t%.0f waiting (oldest %s), %.0f dead\n", r.Value("parley_outbox_waiting"), waited(r.Value("parley_outbox_age_seconds")), r.Value("parley_outbox_dead"))
	store := "takes writes"
	if r.Value("parley_store_healthy") == 0 {
		store = "TAKES NO WRITES"
	}
	fmt.Fprintf(w, "store\t%s\n", store)
	bus := "not set up"
	if r.Value("parley_bus_configured") == 1 {
		bus = "AWAY"
		if r.Value("parley_bus_connected") == 1 {
			bus = "connected"
		}
	}
	fmt.Fprintf(w, "cluster\t%.0f nodes, bus %s\n", r.Value("parley_cluster_nodes"), bus)
}

func rate(v float64) string { return fmt.Sprintf("%.1f", v) }

func percent(v float64) string { return fmt.Sprintf("%.0f%%", v*100) }

func mebibytes(v float64) string { return fmt.Sprintf("%.0f MiB", v/(1<<20)) }

func waited(v float64) string {
	return time.Duration(v * float64(time.Second)).Round(time.Second).String()
}

// quantile is "-" where nothing happened in the interval.
func quantile(d telemetry.Interval, q float64, name string) string {
	v, ok := d.Quantile(q, name)
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%.1f ms", v*1000)
}
