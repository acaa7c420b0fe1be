// Package chat lets a person, or a script through a pipe, talk to a bot without a
// server.
package chat

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"parley/internal/dialog"
	"parley/internal/script"
)

// Chat is a dialog with a bot, line by line.
type Chat struct {
	In  io.Reader
	Out io.Writer
	// Terminal says that a person types: there is a prompt, and timeouts fire while
	// it waits. In a pipe time stands still unless a command moves it.
	Terminal bool
	Clock    func() time.Time
	// Load reads the bot; it is nil when it cannot run.
	Load func() (*script.Bot, []dialog.Diagnostic)

	screen
	play *script.Rehearsal
	last *script.Scene
	quit bool
}

// ErrNoBot says that the bot cannot run; what is wrong was written to Out.
var ErrNoBot = errors.New("the bot cannot run")

// maxLine bounds a line of the input, in bytes.
const maxLine = 1 << 20

// Run talks until the input ends, a command quits or ctx ends. Failed tells that
// a turn failed or a command was wrong.
func (c *Chat) Run(ctx context.Context) (failed bool, err error) {
	if err := c.start(); err != nil {
		return true, err
	}
	lines, wrong := c.lines(ctx)
	for !c.quit {
		c.prompt()
		timer, stop := c.timer()
		select {
		case <-ctx.Done():
			return c.failed, nil
		case <-timer:
			c.runDue(ctx)
		case line, ok := <-lines:
			if !ok {
				return c.failed, <-wrong
			}
			c.line(ctx, strings.TrimSpace(line))
		}
		stop()
	}
	return c.failed, nil
}

func (c *Chat) start() error {
	c.screen = screen{out: c.Out}
	bot, found := c.Load()
	c.tell(found)
	if bot == nil {
		return ErrNoBot
	}
	c.play = script.NewRehearsal(bot, c.Clock)
	if c.Terminal {
		c.printf("%s is listening; :help lists the commands\n", bot.Name())
	}
	return nil
}

// tell shows what is wrong with the bot: all errors, warnings only by number.
func (c *Chat) tell(found []dialog.Diagnostic) {
	warnings := 0
	for _, d := range found {
		if d.Severity != dialog.Error {
			warnings++
			continue
		}
		c.printf("%s\n", d.String())
	}
	if warnings > 0 && c.Terminal {
		c.printf("(%d warnings: see parley check)\n", warnings)
	}
}

// lines reads the input; the error of reading follows when it ends.
func (c *Chat) lines(ctx context.Context) (<-chan string, <-chan error) {
	lines, wrong := make(chan string), make(chan error, 1)
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(c.In)
		scanner.Buffer(nil, maxLine)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-ctx.Done():
				wrong <- nil
				return
			}
		}
		wrong <- scanner.Err()
	}()
	return lines, wrong
}

func (c *Chat) prompt() {
	if c.Terminal {
		c.printf("%s> ", c.play.State())
	}
}

// timer is when something is due while a person thinks.
func (c *Chat) timer() (at <-chan time.Time, stop func() bool) {
	due, ok := c.play.Next()
	if !c.Terminal || !ok {
		return nil, func() bool { return false }
	}
	t := time.NewTimer(max(due.Sub(c.play.Now()), 0))
	return t.C, t.Stop
}

func (c *Chat) runDue(ctx context.Context) {
	scene, err := c.play.RunDue(ctx)
	if scene != nil || err != nil {
		c.printf("\n")
		c.show(scene, err)
	}
}

// line takes one line: a command, the number of a button or a text.
func (c *Chat) line(ctx context.Context, line string) {
	switch {
	case line == "":
	case strings.HasPrefix(line, ":"):
		name, argument, _ := strings.Cut(line[1:], " ")
		c.command(ctx, name, strings.TrimSpace(argument))
	default:
		c.say(ctx, c.clicked(line))
	}
}

func (c *Chat) say(ctx context.Context, text string) { c.show(c.play.Say(ctx, text)) }
