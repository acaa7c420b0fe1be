package program

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary builds the program once; TestMain removes it.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "parley-binary")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "parley")
	out, err := exec.Command("go", "build", "-o", path, "parley/cmd/parley").CombinedOutput()
	if err != nil {
		return path, errors.New(string(out))
	}
	return path, nil
})

func program(t *testing.T) string {
	t.Helper()
	path, err := binary()
	must(t, err)
	return path
}

// process is the real program in a process of its own, for signals and kills.
type process struct {
	t     *testing.T
	dir   string
	cmd   *exec.Cmd
	out   *buffer
	log   *buffer
	base  string
	watch string
	ended chan struct{}
}

// spawn starts a server on a directory and waits until it listens.
func spawn(t *testing.T, dir string, flags ...string) *process {
	t.Helper()
	return spawnAt(t, "127.0.0.1:0", dir, flags...)
}

// spawnAt is spawn on a given address.
func spawnAt(t *testing.T, address, dir string, flags ...string) *process {
	t.Helper()
	args := append([]string{
		"serve", "--listen", address, "--metrics-listen", "127.0.0.1:0", "--data", dir,
		"--allow-http-webhooks", "--allow-private-webhooks",
	}, flags...)
	p := &process{t: t, dir: dir, cmd: exec.Command(program(t), args...), out: &buffer{}, log: &buffer{}, ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.log
	must(t, p.cmd.Start())
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait()
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("output of the server:\n%s%s", p.out, p.log)
		}
	})
	public := regexp.MustCompile(`serves (https?://\S+)`)
	private := regexp.MustCompile(`metrics: (http://[^/]+)`)
	eventually(t, "the server to listen", func() bool {
		select {
		case <-p.ended:
			t.Fatalf("the server ended at once: %s", p.log)
		default:
		}
		a, b := public.FindStringSubmatch(p.out.String()), private.FindStringSubmatch(p.out.String())
		if a == nil || b == nil {
			return false
		}
		p.base, p.watch = a[1], b[1]
		return true
	})
	return p
}

// kill ends the process as a power cut does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// terminate asks the process to end and returns its exit code.
func (p *process) terminate() int {
	p.t.Helper()
	must(p.t, p.cmd.Process.Signal(syscall.SIGTERM))
	return p.wait()
}

func (p *process) wait() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatal("the server does not end")
	}
	return p.cmd.ProcessState.ExitCode()
}

// shop makes an integration while the server runs.
func (p *process) shop(settings object, flags ...string) *shop {
	p.t.Helper()
	s := &server{t: p.t, dir: p.dir, base: p.base}
	return s.shop(settings, flags...)
}

// moved returns the shop at the address of a server that was started again.
func (p *shop) moved(to *process) *shop {
	q := *p
	q.base = to.base
	return &q
}
