package program

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// A full disk: calls get 503, the node says that it is not ready, and when
// there is room again it goes on with everything that it had acknowledged.
func TestFullDiskRecovers(t *testing.T) {
	t.Parallel()
	dir, full, room := smallDisk(t)
	p := spawn(t, dir)
	shop := p.shop(nil, "--bot", bot(t, "shop"))
	id := shop.open(object{"channel_user_id": "ada"})
	same(t, "before", shop.talk(id, "count"), "1 of 1")
	full(p)
	var refused answer
	acknowledged := map[string]bool{}
	for i := 0; refused.status == 0 && i < 10_000; i++ {
		key := fmt.Sprintf("k%d", i)
		a, err := shop.try("PATCH", shop.at(id, "/context"), object{key: strings.Repeat("x", 100), "big": strings.Repeat(key, 2000)})
		must(t, err)
		if a.status == 200 {
			acknowledged[key] = true
			continue
		}
		refused = a
	}
	same(t, "status", refused.status, 503)
	same(t, "code", text(refused.body, "error_code"), "unavailable")
	if refused.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	status, body := page(t, p.watch, "/readyz")
	if status != 503 {
		t.Errorf("/readyz on a full disk: %d %s", status, body)
	}
	status, _ = page(t, p.watch, "/healthz")
	same(t, "/healthz: it lives", status, 200)
	room(p)
	eventually(t, "recovery", func() bool {
		a, err := shop.try("PATCH", shop.at(id, "/context"), object{"room": "again"})
		return err == nil && a.status == 200
	})
	eventually(t, "readiness", func() bool {
		status, _ := page(t, p.watch, "/readyz")
		return status == 200
	})
	same(t, "after", shop.talk(id, "count"), "2 of 2")
	p.kill()
	p = spawn(t, dir)
	shop = shop.moved(p)
	context, _ := at(shop.show(id), "context").(object)
	for key := range acknowledged {
		if _, ok := context[key]; !ok {
			t.Errorf("the confirmed key %s is gone", key)
		}
	}
	same(t, "after a restart", shop.talk(id, "count"), "3 of 3")
}

// smallDisk returns a data directory that can be filled up, and emptied again.
// Root mounts a file system of 8 MiB. Others forbid the server to make its
// files any longer, which a writer meets in the same way.
func smallDisk(t *testing.T) (dir string, full func(*process), room func(*process)) {
	t.Helper()
	dir = directory(t)
	if err := syscall.Mount("parley-test", dir, "tmpfs", 0, "size=8m"); err != nil {
		return dir, func(p *process) { p.limitFiles(dir) }, func(p *process) { p.limitFiles("") }
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	ballast := filepath.Join(dir, "ballast")
	return dir, func(*process) { fill(t, ballast) }, func(*process) { must(t, os.Remove(ballast)) }
}

// limitFiles sets the longest file that the process may write to the longest
// one in a directory; "" lifts the limit.
func (p *process) limitFiles(dir string) {
	p.t.Helper()
	var limit unix.Rlimit
	must(p.t, unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, nil, &limit))
	limit.Cur = limit.Max
	if dir != "" {
		entries, err := os.ReadDir(dir)
		must(p.t, err)
		limit.Cur = 0
		for _, e := range entries {
			info, err := e.Info()
			must(p.t, err)
			limit.Cur = max(limit.Cur, uint64(info.Size()))
		}
	}
	must(p.t, unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, &limit, nil))
}

// fill writes a file until nothing more fits.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	must(t, err)
	block := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(block)
	}
	must(t, f.Close())
}
