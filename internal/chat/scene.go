package chat

import (
	"context"
	"strings"

	"parley/internal/dialog"
	"parley/internal/script"
	"parley/internal/session"
)

// show prints what a turn did.
func (c *Chat) show(scene *script.Scene, err error) {
	if err != nil {
		c.refuse("%s", err)
		return
	}
	c.last, c.labels = scene, nil
	for _, raw := range scene.Replies {
		c.reply(raw)
	}
	if f := scene.Failure; f != nil {
		c.failed = true
		where := ""
		if f.Where != "" {
			where = " at " + f.Where
		}
		c.printf("! error in %s%s: %s [%s]\n", f.State, where, f.Message, f.Code)
		return
	}
	if len(scene.Replies) == 0 {
		c.printf("(no answer)\n")
	}
	c.notes(scene)
}

// notes tells what a turn did beside answering.
func (c *Chat) notes(scene *script.Scene) {
	switch scene.Switch {
	case session.SwitchStart, session.SwitchRestart:
		c.printf("(a new session began)\n")
	case session.SwitchStop:
		c.printf("(the session has ended)\n")
	}
	if t := scene.Timeout; t != nil {
		c.printf("(timeout in %s: %s)\n", t.After, t.TargetState)
	}
	if h := scene.Handover; h != nil {
		c.printf("(handed over to people %s)\n", h.Department)
	}
}

// why shows the reason of the last turn.
func (c *Chat) why(context.Context, string) {
	if c.last == nil {
		c.refuse("nothing was said yet")
		return
	}
	s := c.last
	target := s.Target
	if target == "" {
		target = "none"
	}
	c.printf("state: %s (by %s)\n", target, s.By)
	if s.Trigger != nil {
		c.printf("trigger: %s\n", trigger(s.Trigger))
	}
	for i, fit := range s.Candidates {
		if i == maxCandidates {
			c.printf("  and %d more\n", len(s.Candidates)-i)
			break
		}
		mark := " "
		if fit.Trigger == s.Trigger {
			mark = "*"
		}
		c.printf("%s %.3f  distance %d  %s  %s", mark, fit.Score, fit.Distance, fit.Trigger.Target(), trigger(fit.Trigger))
		if fit.Intent != "" {
			c.printf("  (%s)", fit.Intent)
		}
		c.printf("\n")
	}
	if len(s.Entered) > 0 {
		c.printf("entered: %s\n", strings.Join(s.Entered, " -> "))
	}
	c.printf("context: %s\n", s.State)
}

// maxCandidates is how many candidates are shown.
const maxCandidates = 20

// trigger is a trigger as written, with its place.
func trigger(t *dialog.Trigger) string {
	mark := ""
	if t.Global {
		mark = "!"
	}
	return string(t.Kind) + mark + ": " + t.Value.Text + "  " + t.Pos.String()
}
