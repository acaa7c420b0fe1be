package cluster

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Lapse is a rule of the program that a build of its own leaves out, by sources
// that are changed for that build alone. Where other rules stand behind it, which
// hide that it is gone, they are left out too.
type Lapse struct {
	Name  string
	Rule  string
	Hooks bool // it is seen only where webhooks go out
	edits []edit
}

// edit replaces the one place where a file says something.
type edit struct{ file, old, new string }

const (
	guards = "internal/session/guard.go"
	outbox = "internal/store/postgres/queries/outbox.sql"
	list   = "internal/store/postgres/queries/list.sql"
)

// off switches a guard of the core off.
func off(line string) edit {
	return edit{guards, line, strings.Replace(line, "= true", "= false", 1)}
}

// Lapses are what a run must see: rules that many nodes need.
func Lapses() []Lapse {
	fence, cause := off("guardFence       = true"), off("guardCause       = true")
	return []Lapse{
		{"fence", "a lane commits only while its lease holds (with it: a turn consumes its cause)", false, []edit{fence, cause}},
		{"repeat", "an id or an Idempotency-Key that was used before is answered, not done again", false, []edit{
			off("guardRepeat      = true"),
			{"internal/session/create.go", "	if r == nil {\n		return nil, nil\n	}\n	old,", "	if r == nil || true {\n		return nil, nil\n	}\n	old,"},
			{"internal/session/create.go", "	if r == nil {\n		return\n	}\n	w.remember", "	if r == nil || true {\n		return\n	}\n	w.remember"},
		}},
		{"claim", "a webhook that a node sends is nobody else's for a while", true, []edit{
			{outbox, "lease_ms = $4, due_ms = $4 FROM free", "lease_ms = $4, due_ms = $1 FROM free"},
		}},
		{"epoch", "what a bot says after people took over is not shown", false, []edit{off("guardEpoch       = true")}},
		{"timer", "one node fires a timer, once (with it: the lease and its fence)", false, []edit{
			off("guardLease       = true"), fence,
			{"internal/session/worker.go", "return c.cfg.Cluster == nil || c.cfg.Cluster.Leads()", "return true"},
			{"internal/session/turn.go", "(t == nil || t.ID != c.timer.ID) && guardCause", "(t == nil || t.ID != c.timer.ID) && false"},
		}},
		{"recovery", "what a dead node had accepted is done by another", false, []edit{
			{list, "AND (c.holder IS NULL OR c.holder <> ALL($1::uuid[]))", "AND c.holder IS NULL AND cardinality($1::uuid[]) >= 0"},
		}},
	}
}

// Overlay writes changed copies of the module's files into a directory, and what
// `go build -overlay` has to know of them. It is an error where a source does not
// say, exactly once, what is to be replaced.
func (l Lapse) Overlay(module, dir string) (file string, err error) {
	texts := map[string]string{}
	for _, e := range l.edits {
		text, known := texts[e.file]
		if !known {
			raw, err := os.ReadFile(filepath.Join(module, e.file))
			if err != nil {
				return "", err
			}
			text = string(raw)
		}
		if n := strings.Count(text, e.old); n != 1 {
			return "", fmt.Errorf("lapse %s: %s says %d times, not once: %s", l.Name, e.file, n, e.old)
		}
		texts[e.file] = strings.Replace(text, e.old, e.new, 1)
	}
	replaced := map[string]string{}
	for name, text := range texts {
		copied := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
			return "", err
		}
		replaced[filepath.Join(module, name)] = copied
	}
	told, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return "", err
	}
	file = filepath.Join(dir, "overlay.json")
	return file, os.WriteFile(file, told, 0o600)
}
