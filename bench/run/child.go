package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// stopTimeout is how long a process may take to end before it is killed.
const stopTimeout = 15 * time.Second

// child is a server process of the bench. It dies with the bench.
type child struct {
	command *exec.Cmd
	polite  os.Signal // asks it to end
	log     string
	ended   chan struct{}
	failure error // valid once ended is closed
}

// startChild starts the command with its output in a file of dir.
func startChild(command *exec.Cmd, polite syscall.Signal, dir string) (*child, error) {
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
	c := &child{command: command, polite: polite, log: log.Name(), ended: make(chan struct{})}
	go func() {
		c.failure = command.Wait()
		close(c.ended)
	}()
	return c, nil
}

func (c *child) pid() int { return c.command.Process.Pid }

// stop asks the process to end and waits; a process that does not listen is killed.
func (c *child) stop() error {
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
	return fmt.Errorf("%s did not stop within %s and was killed (%v)", c.command.Path, stopTimeout, err)
}

// died tells why a process ended that should not have.
func (c *child) died() error {
	said, _ := os.ReadFile(c.log)
	return fmt.Errorf("%s ended by itself: %v\n%s", c.command.Path, c.failure, tail(said))
}

func tail(said []byte) []byte {
	return said[max(0, len(said)-2000):]
}

// await tries until it succeeds, the process ends or the start takes too long.
func (c *child) await(ctx context.Context, try func() error) error {
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
