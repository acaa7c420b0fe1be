package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"parley/internal/porttest"
	"parley/internal/store/sqlite"
)

// Program is a server process on a data directory, which may be killed and
// started again.
type Program struct {
	Path   string   // of the binary
	Env    []string // beside the environment of this process
	Flags  []string // of serve, beside those that every run has
	Within []string // words before the command, of a program that runs it elsewhere
	Dir    string
	Listen string // host:port, the same after a restart

	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
	err  error         // of its end
	errs bytes.Buffer
}

// NewProgram returns a program that is not running.
func NewProgram(path, dir string, env ...string) (*Program, error) {
	address, err := porttest.Address("127.0.0.1")
	return &Program{Path: path, Env: env, Dir: dir, Listen: address}, err
}

// arguments start a server without second thoughts about rates and networks.
func (p *Program) arguments() []string {
	return append([]string{
		"serve", "--data", p.Dir, "--listen", p.Listen, "--metrics-listen", "off", "--log-level", "error",
		"--allow-http-webhooks", "--allow-private-webhooks", "--socket-rate", "1000", "--socket-burst", "1000",
	}, p.Flags...)
}

// URL is where the program listens.
func (p *Program) URL() string { return "http://" + p.Listen }

// Trace is the file of the debug log.
func (p *Program) Trace() string { return filepath.Join(p.Dir, "turns.log") }

// Database is the file of the facts.
func (p *Program) Database() string { return filepath.Join(p.Dir, sqlite.File) }

// Start starts the program and returns how long it took until it answered.
func (p *Program) Start(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	words := append(append(slices.Clone(p.Within), p.Path), p.arguments()...)
	p.cmd = exec.Command(words[0], words[1:]...)
	p.cmd.Env = append(append(os.Environ(), "HISTORY_TRACE="+p.Trace()), p.Env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.errs, &p.errs
	if err := p.cmd.Start(); err != nil {
		return 0, err
	}
	p.done = make(chan struct{})
	go func() {
		defer close(p.done)
		p.err = p.cmd.Wait()
	}()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return 0, errors.Join(ctx.Err(), p.Kill())
		case <-p.done:
			return 0, fmt.Errorf("the program ended: %w: %s", p.err, p.errs.String())
		case <-tick.C:
			if p.answers() {
				return time.Since(began), nil
			}
		}
	}
}

func (p *Program) answers() bool {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	res, err := client.Get(p.URL() + "/v1/web/calm")
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// Kill ends the program with SIGKILL and waits for its end. It is an error
// when the program had ended by itself.
func (p *Program) Kill() error {
	err := p.cmd.Process.Kill()
	if <-p.done; err != nil {
		return fmt.Errorf("%w: %s", err, p.errs.String())
	}
	return nil
}

// Runs reports whether the program was started and has not ended.
func (p *Program) Runs() bool {
	if p.done == nil {
		return false
	}
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// Ran returns for how long the running program has had a processor.
func (p *Program) Ran() (time.Duration, error) { return Ran(p.cmd.Process.Pid) }

// Ran returns for how long a process has had a processor, to 10 ms.
func Ran(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("the process is gone: %s", stat)
	}
	var ticks time.Duration
	for _, field := range fields[11:13] { // proc(5): utime and stime, 100 a second
		n, err := strconv.Atoi(field)
		if err != nil {
			return 0, err
		}
		ticks += time.Duration(n)
	}
	return ticks * 10 * time.Millisecond, nil
}

// Pause stops the program where it is, as a long pause of a virtual machine does.
func (p *Program) Pause() error { return p.cmd.Process.Signal(syscall.SIGSTOP) }

// Continue ends a pause.
func (p *Program) Continue() error { return p.cmd.Process.Signal(syscall.SIGCONT) }

// Stop ends the program with SIGTERM and waits for its end, which is a kill and an
// error where it does not come.
func (p *Program) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	hung := time.AfterFunc(2*time.Minute, func() { _ = p.cmd.Process.Kill() })
	defer hung.Stop()
	if <-p.done; p.err != nil {
		return fmt.Errorf("%w: %s", p.err, p.errs.String())
	}
	return nil
}

// Said returns what the program wrote to its standard output and error. It
// must not be running.
func (p *Program) Said() string { return p.errs.String() }
