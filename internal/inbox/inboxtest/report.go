package inboxtest

import (
	"context"
	"slices"
	"time"

	"parley/internal/inbox"
	"parley/internal/session"
)

// conversations counts by the moments that lie in the period.
func conversations(s *suite) {
	c, in := s.core()
	ctx, agent := context.Background(), session.Agent{ID: "a1"}
	answered, waiting := s.opened(c, in), s.opened(c, in)
	_, err := c.AgentMessage(ctx, in, answered.ID, agent, session.Input{Text: "hello"}, "")
	if err == nil {
		_, err = c.CloseConversation(ctx, in, answered.ID, &agent)
	}
	if err != nil {
		s.Fatal(err)
	}
	now := time.Now().UnixMilli()
	read := func(p inbox.Period) (human, closed []bool) {
		err := s.index.Conversations(ctx, p, func(f inbox.Fact) {
			human, closed = append(human, f.Human), append(closed, f.ClosedMs > 0)
			if f.OpenedMs > now || f.QueuedMs < f.OpenedMs || f.Human != (f.AnsweredMs >= f.QueuedMs) {
				s.Errorf("%+v", f)
			}
		})
		if err != nil {
			s.Fatal(err)
		}
		return human, closed
	}
	today := inbox.Period{FromMs: now - 60_000, ToMs: now + 60_000}
	human, closed := read(today)
	if len(human) != 2 || !slices.Contains(human, true) || !slices.Contains(human, false) || !slices.Equal(human, closed) {
		s.Error("two conversations, one answered and closed:", human, closed)
	}
	today.Integration = "elsewhere"
	if human, _ := read(today); len(human) != 0 {
		s.Error("of another integration:", human)
	}
	if human, _ := read(inbox.Period{FromMs: now - 120_000, ToMs: now - 60_000}); len(human) != 0 {
		s.Error("of another time:", human)
	}
	if _, err := c.CloseConversation(ctx, in, waiting.ID, nil); err != nil {
		s.Fatal(err)
	}
	// Opened before the period, closed in it.
	<-time.After(3 * time.Millisecond)
	if human, closed := read(inbox.Period{FromMs: waiting.CreatedMs + 1, ToMs: now + 60_000}); len(closed) == 0 || !closed[0] {
		s.Error("closed in the period:", human, closed)
	}
}
