//go:build e2e

package program

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/pgtest"
)

// 100,000 sessions, each with a context and a message, move to PostgreSQL with every
// row: issue's size. The program compares counts and sums of every table by itself; the
// test compares what it was told with what a backup of each side says.
func TestMigrateMany(t *testing.T) {
	const sessions, callers = 100_000, 32
	dir, url := directory(t), pgtest.Postgres(t)
	one := spawn(t, dir)
	shop := one.shop(nil)
	began := time.Now()
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			for i := c; i < sessions; i += callers {
				a, err := shop.try("POST", shop.sessions(), object{"channel_user_id": fmt.Sprint("user ", i), "context": object{"user": object{"display_name": "Ada"}, "number": i}})
				if err == nil && a.status == 201 {
					a, err = shop.try("POST", shop.at(a.id(), "/messages"), object{"input": object{"text": fmt.Sprint("message ", i)}})
				}
				if err != nil || a.status != 202 {
					t.Errorf("session %d: %d %s, %v", i, a.status, a.text, err)
					return
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d sessions in %s", sessions, time.Since(began).Round(time.Second))
	one.terminate()
	began = time.Now()
	out := parley(t, "migrate", "--from", "sqlite:"+dir, "--to", url)
	if out.code != 0 {
		t.Fatalf("migrate: %d %s", out.code, out.err)
	}
	t.Logf("%s in %s\n%s", strings.TrimSpace(out.out), time.Since(began).Round(time.Second), out.err)
	from := backedUp(t, dir)
	to := backedUp(t, directory(t), "PARLEY_STORE="+url)
	if from["sessions"] == nil || fmt.Sprint(from) != fmt.Sprint(to) {
		t.Errorf("the backups differ:\n%v\n%v", from, to)
	}
	if rows := from["sessions"].(object)["rows"]; rows != float64(sessions) {
		t.Errorf("%v sessions", rows)
	}
}

// backedUp returns the counts and sums of a backup.
func backedUp(t *testing.T, dir string, environ ...string) object {
	t.Helper()
	out := parleyIn(t, environ, "backup", "--json", "--data", dir, filepath.Join(t.TempDir(), "parley.zip"))
	var made object
	if err := json.Unmarshal([]byte(out.out), &made); err != nil {
		t.Fatalf("backup: %d %s %s", out.code, out.out, out.err)
	}
	tables, _ := made["tables"].(object)
	return tables
}
