package load

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

func (p *Program) command(ctx context.Context, arguments ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.Path, arguments...)
	cmd.Env = append(append(os.Environ(), "HISTORY_TRACE="+os.DevNull), p.Env...)
	return cmd
}

// Command runs another command of the program's binary in its environment. It is
// an error, with what the command wrote, when the command says that it failed.
func (p *Program) Command(ctx context.Context, arguments ...string) error {
	if out, err := p.command(ctx, arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", arguments[0], err, out)
	}
	return nil
}

// CutCommand runs a command and kills it when it has told of its progress so many
// times. It is an error when the command ends before.
func (p *Program) CutCommand(ctx context.Context, lines int, arguments ...string) error {
	cmd := p.command(ctx, arguments...)
	told, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return err
	}
	words := bufio.NewScanner(told)
	for range lines {
		if !words.Scan() {
			return errors.Join(fmt.Errorf("%s ended before it was cut", arguments[0]), cmd.Wait())
		}
	}
	err = cmd.Process.Kill()
	_ = cmd.Wait() // of a kill
	return err
}
