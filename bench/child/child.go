// Package child runs the programs that a bench needs: each dies with the bench, and its
// output is kept for the error that tells why it failed.
package child

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	stopTimeout  = 15 * time.Second // how long a process may take to end before it is killed
	startTimeout = 20 * time.Second
)

// Process is a server process of the bench. It dies with the bench.
type Process struct {
	command *exec.Cmd
	polite  os.Signal // asks it to end
	log     string
	ended   chan struct{}
	failure error // valid once ended is closed
}

// Start starts the command with its output in a file of dir.
func Start(command *exec.Cmd, polite syscall.Signal, dir string) (*Process, error) {
	log, err := os.CreateTemp(dir, filepath.Base(command.Path)+"-*.log")
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command.Stdout, command.Stderr = log, log
	if command.SysProcAttr == nil {
		command.SysProcAttr = &syscall.SysProcAttr{}
	}
	command.SysProcAttr.Pdeathsig = polite
	if err := command.Start(); err != nil {
		return nil, err
	}
	c := &Process{command: command, polite: polite, log: log.Name(), ended: make(chan struct{})}
	go func() {
		c.failure = command.Wait()
		close(c.ended)
	}()
	return c, nil
}

// PID is the number of the process.
func (c *Process) PID() int { return c.command.Process.Pid }

// Stop asks the process to end and waits; a process that does not listen is killed.
func (c *Process) Stop() error {
	select {
	case <-c.ended:
		return c.died()
	default:
	}
	if err := c.command.Process.Signal(c.polite); err != nil {
		return err
	}
	select {
	case <-c.ended:
		return nil
	case <-time.After(stopTimeout):
	}
	err := c.command.Process.Kill()
	<-c.ended
	return fmt.Errorf("%s did not stop within %s and was killed (%w)", c.command.Path, stopTimeout, err)
}

// died tells why a process ended that should not have.
func (c *Process) died() error {
	said, _ := os.ReadFile(c.log)
	return fmt.Errorf("%s ended by itself: %w\n%s", c.command.Path, c.failure, tail(said))
}

// Output is what the process has written so far.
func (c *Process) Output() string {
	said, _ := os.ReadFile(c.log)
	return string(said)
}

func tail(said []byte) []byte {
	return said[max(0, len(said)-2000):]
}

// Await tries until it succeeds, the process ends or the start takes too long.
func (c *Process) Await(ctx context.Context, try func() error) error {
	late := time.After(startTimeout)
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-c.ended:
			return c.died()
		case <-ctx.Done():
			return fmt.Errorf("interrupted while %s started: %w", c.command.Path, ctx.Err())
		case <-late:
			return fmt.Errorf("%s did not become ready within %s: %w", c.command.Path, startTimeout, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// FreeAddress is a loopback address that nobody listens on at the moment.
func FreeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// AwaitOK polls a URL until it answers 200, the process ends or the time is over.
func AwaitOK(ctx context.Context, process *Process, url string) error {
	return process.Await(ctx, func() error {
		response, err := http.Get(url)
		if err != nil {
			return err
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("GET %s answered %s", url, response.Status)
		}
		return nil
	})
}

// Run runs a command to its end and answers its standard output; on failure the
// error carries what it said.
func Run(command *exec.Cmd) (string, error) {
	var said, complained strings.Builder
	command.Stdout, command.Stderr = &said, &complained
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s%s", strings.Join(command.Args, " "), err, said.String(), complained.String())
	}
	return said.String(), nil
}
