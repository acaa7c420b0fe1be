package program

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A backup of a busy server is a copy of one moment: everything acknowledged
// before it was asked for is in it, every chain is without a gap, and a server on
// the copy goes on where the sessions were.
func TestBackup_OfABusyServerIsAServerOfThatMoment(t *testing.T) {
	t.Parallel()
	p := spawn(t, directory(t))
	shop := p.shop(nil, "--bot", bot(t, "shop"))
	const clients = 8
	ids := make([]string, clients)
	for i := range ids {
		ids[i] = shop.open(object{"user_id": fmt.Sprint("user ", i)})
		for n := range 5 {
			shop.say(ids[i], fmt.Sprint("before ", n))
		}
	}
	end := make(chan struct{})
	var load sync.WaitGroup
	for _, id := range ids {
		load.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-end:
					return
				default:
				}
				if a, err := shop.try("POST", shop.at(id, "/messages"), object{"input": object{"text": fmt.Sprint("during ", n)}}); err != nil || a.status != 202 && a.status != 429 {
					t.Errorf("during the backup: %d %s, %v", a.status, a.text, err)
					return
				}
			}
		})
	}
	file := filepath.Join(t.TempDir(), "parley.zip")
	out := parley(t, "backup", "--data", p.dir, file)
	close(end)
	load.Wait()
	if out.code != 0 || !strings.Contains(out.out, "messages") {
		t.Fatalf("backup: %d %s %s", out.code, out.out, out.err)
	}
	if out := parley(t, "backup", "--data", p.dir, file); out.code == 0 || !strings.Contains(out.err, "exists") {
		t.Errorf("a second backup into the same file: %d %s", out.code, out.err)
	}
	if out := parley(t, "restore", "--data", p.dir, file); out.code == 0 || !strings.Contains(out.err, "in use") {
		t.Errorf("a restore over a server that runs: %d %s", out.code, out.err)
	}
	fresh := directory(t)
	if out := parley(t, "restore", "--data", fresh, file); out.code != 0 {
		t.Fatalf("restore: %d %s", out.code, out.err)
	}
	if out := parley(t, "restore", "--data", fresh, file); out.code == 0 || !strings.Contains(out.err, "not empty") {
		t.Errorf("a restore over data: %d %s", out.code, out.err)
	}
	copied := shop.moved(spawn(t, fresh))
	for _, id := range ids {
		copied.whole(id)
		if said := copied.talk(id, "hi"); said == "" {
			t.Errorf("session %s does not go on", id)
		}
	}
}

// A backup of a wrong directory is no backup: none is made.
func TestBackup_OfNothingIsRefused(t *testing.T) {
	t.Parallel()
	dir, file := directory(t), filepath.Join(t.TempDir(), "parley.zip")
	if out := parley(t, "backup", "--data", dir, file); out.code == 0 || !strings.Contains(out.err, "nothing to back up") {
		t.Errorf("backup: %d %s", out.code, out.err)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
		t.Errorf("%v was made, %v", list, err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("there is an archive")
	}
}

// whole checks that what was said before stands in the transcript in order, each
// once, and that sequences have no gap.
func (p *shop) whole(id string) {
	p.t.Helper()
	var before []string
	for i, ev := range p.events(id) {
		if at(ev, "sequence") != float64(i+1) {
			p.t.Fatalf("session %s: event %d has sequence %v", id, i+1, at(ev, "sequence"))
		}
	}
	for _, m := range p.transcript(id) {
		if words := text(m, "input", "text"); text(m, "author") == "user" && strings.HasPrefix(words, "before") {
			before = append(before, words)
		}
	}
	if want := "before 0 before 1 before 2 before 3 before 4"; strings.Join(before, " ") != want {
		p.t.Errorf("session %s: %q, want %q", id, before, want)
	}
}
