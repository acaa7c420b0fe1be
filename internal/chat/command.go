package chat

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/internal/dialog"
	"parley/internal/script"
	"parley/internal/session"
)

// command is what stands behind a colon.
type command struct {
	name, argument, help string
	do                   func(c *Chat, ctx context.Context, argument string)
}

func commands() []command {
	return []command{
		{"event", "NAME {json}", "send an event", (*Chat).event},
		{"say", "TEXT", "send a text as it is, also a number or what begins with a colon", (*Chat).literal},
		{"state", "[PATH]", "show or set the context path", (*Chat).state},
		{"vars", "", "show $session and $client", (*Chat).vars},
		{"context", "[{json}]", "show the context document or merge into it", (*Chat).document},
		{"time", "[+2h30m]", "show the clock or put it forward; what is due runs", (*Chat).time},
		{"timeout", "", "let the armed timeout fire", (*Chat).timeout},
		{"why", "", "show why the last turn went where it went", (*Chat).why},
		{"reset", "", "forget the dialog and begin anew", (*Chat).reset},
		{"reload", "", "read the bot again and go on", (*Chat).reload},
		{"help", "", "show this list", (*Chat).help},
		{"quit", "", "end", (*Chat).leave},
	}
}

func (c *Chat) command(ctx context.Context, name, argument string) {
	for _, known := range commands() {
		if known.name != name {
			continue
		}
		if argument != "" && known.argument == "" {
			c.refuse(":%s takes no argument", name)
			return
		}
		known.do(c, ctx, argument)
		return
	}
	c.refuse("there is no command :%s; :help lists them, :say sends a text that begins with a colon", name)
}

func (c *Chat) event(ctx context.Context, argument string) {
	name, data, _ := strings.Cut(argument, " ")
	if name == "" {
		c.refuse(`:event needs a name, as in :event myEvent {"id": 5}`)
		return
	}
	if data = strings.TrimSpace(data); data == "" {
		c.show(c.play.Raise(ctx, name, nil))
		return
	}
	if _, err := session.ParseDocument([]byte(data), "data"); err != nil {
		c.refuse("the data of an event is a JSON object: %s", err)
		return
	}
	c.show(c.play.Raise(ctx, name, json.RawMessage(data)))
}

func (c *Chat) literal(ctx context.Context, argument string) { c.say(ctx, argument) }

func (c *Chat) state(_ context.Context, path string) {
	if path == "" {
		c.printf("%s\n", c.play.State())
		return
	}
	if err := c.play.GoTo(path); err != nil {
		c.refuse("no state has the path %s", path)
	}
}

func (c *Chat) vars(context.Context, string) {
	own, client := c.play.Vars()
	c.json("$session", own)
	c.json("$client", client)
}

func (c *Chat) document(_ context.Context, argument string) {
	if argument == "" {
		c.json("context", c.play.Context())
		return
	}
	over, err := session.ParseDocument([]byte(argument), "context")
	if err != nil {
		c.refuse("the context is a JSON object: %s", err)
		return
	}
	c.play.Merge(over)
}

// Limits of one :time, so that a timeout that arms itself ends.
const (
	maxForward      = 366 * 24 * time.Hour
	maxForwardTurns = 1000
)

func (c *Chat) time(ctx context.Context, argument string) {
	if argument == "" {
		c.printf("%s\n", c.play.Now().Format(time.DateTime))
		if at, ok := c.play.Next(); ok {
			c.printf("(next at %s)\n", at.In(c.play.Now().Location()).Format(time.DateTime))
		}
		return
	}
	left, err := forward(argument)
	if err != nil {
		c.refuse("%s", err)
		return
	}
	for turn := 0; ; turn++ {
		var scene *script.Scene
		if scene, left, err = c.play.Advance(ctx, left); scene == nil && err == nil {
			return
		}
		if c.show(scene, err); err != nil {
			return
		}
		if turn == maxForwardTurns {
			c.refuse("stopped after %d turns, %s before the end", maxForwardTurns, left)
			return
		}
	}
}

var days = regexp.MustCompile(`^(\d{1,3})\s*(?:d|days?)$`)

// forward reads how far the clock goes: an interval as timeouts have it, or days.
func forward(text string) (time.Duration, error) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "+"))
	if m := days.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1]) // three digits
		if d := time.Duration(n) * 24 * time.Hour; d > 0 && d <= maxForward {
			return d, nil
		}
		return 0, errors.New("the clock goes forward by 1 to 366 days")
	}
	return dialog.ParseInterval(text)
}

func (c *Chat) timeout(ctx context.Context, _ string) {
	scene, err := c.play.FireTimeout(ctx)
	if errors.Is(err, script.ErrNoTimeout) {
		c.refuse("no timeout is armed")
		return
	}
	c.show(scene, err)
}

func (c *Chat) reset(context.Context, string) {
	c.play.Reset()
	c.last, c.labels = nil, nil
}

func (c *Chat) reload(context.Context, string) {
	bot, found := c.Load()
	c.tell(found)
	if bot == nil {
		c.refuse("the bot cannot run; the one that ran before goes on")
		return
	}
	c.play.Use(bot)
	c.printf("(reloaded)\n")
}

func (c *Chat) help(context.Context, string) {
	c.printf("A line is sent to the bot; a number clicks the button with that number.\n")
	for _, known := range commands() {
		c.printf("  %-20s %s\n", ":"+strings.TrimSpace(known.name+" "+known.argument), known.help)
	}
}

func (c *Chat) leave(context.Context, string) { c.quit = true }
