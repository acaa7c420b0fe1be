package rest

import (
	"net/http"

	"parley/internal/session"
)

// Where a conversation goes from an agent, for bridges to other desks. In each
// body agent is who does it.

// transferConversation gives the conversation to another agent or to the queue of
// a department.
func transferConversation(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	by, to, where := agentOf(body), session.Transfer{}, body.object("to")
	to.Department = where.text("department")
	switch {
	case where.has("agent"):
		agent := agentOf(where)
		to.Agent = &agent
	case !where.has("department"):
		body.refuse("to", "must name an agent or a department")
	}
	if err := body.err(); err != nil {
		return answer{}, err
	}
	out, err := c.core().Transfer(c.ctx, c.in, c.session, by, to)
	if err != nil {
		return answer{}, err
	}
	return c.receipt(http.StatusOK, out, receipt{stands: out.Standing}), nil
}

// returnConversation gives the conversation back to the bot, at a state where one
// is named.
func returnConversation(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	by, state := agentOf(body), body.text("state")
	if err := body.err(); err != nil {
		return answer{}, err
	}
	return c.done(c.core().Return(c.ctx, c.in, c.session, by, state))
}

// snoozeConversation puts the conversation to sleep until a moment, or until the
// user writes ("reply").
func snoozeConversation(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	by, until := agentOf(body), session.SnoozedUntilReply
	if body.fields["until"] != "reply" {
		if until = body.number("until"); until < 0 {
			body.refuse("until", `must be a moment in Unix milliseconds, or "reply"`)
		}
	}
	if err := body.err(); err != nil {
		return answer{}, err
	}
	return c.done(c.core().Snooze(c.ctx, c.in, c.session, by, until))
}

func wakeConversation(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	by := agentOf(body)
	if err := body.err(); err != nil {
		return answer{}, err
	}
	return c.done(c.core().Wake(c.ctx, c.in, c.session, by))
}

// addNote writes what agents alone read.
func addNote(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	by, note := agentOf(body), session.Note{Text: body.text("text"), Mentions: body.texts("mentions")}
	if err := body.err(); err != nil {
		return answer{}, err
	}
	out, err := c.core().Note(c.ctx, c.in, c.session, by, note)
	if err != nil {
		return answer{}, err
	}
	return c.receipt(http.StatusCreated, out, receipt{message: out.Message.ID}), nil
}
