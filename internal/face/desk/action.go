package desk

import (
	"encoding/json"

	"parley/internal/desk"
	"parley/internal/session"
)

// What people do with a thread. Each is one transaction of the core: it took
// effect whole, or nothing changed and the answer says why.

// act runs an operation on the thread of the path and answers with its row as
// it is then.
func act(c *call, do func(t *thread, by session.Agent) error) (answer, error) {
	t, err := named(c)
	if err != nil {
		return answer{}, err
	}
	if err := do(t, c.caller.Agent.Public()); err != nil {
		return answer{}, err
	}
	row, err := c.face.cfg.Inbox.Refresh(c.ctx, t.id, c.masked())
	if err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"thread": row})
}

// claimThread takes a thread from the bot or the queue; with take also from
// another person.
func claimThread(c *call) (answer, error) {
	var in struct {
		Take bool `json:"take"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	return act(c, func(t *thread, by session.Agent) error {
		_, err := c.face.cfg.Core.Claim(c.ctx, t.in, t.id, by, in.Take)
		return err
	})
}

// transferThread gives a thread to another agent or to a department.
func transferThread(c *call) (answer, error) {
	var in struct {
		Agent      string `json:"agent_id"`
		Department string `json:"department_id"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	to, err := recipient(c, in.Agent, in.Department)
	if err != nil {
		return answer{}, err
	}
	return act(c, func(t *thread, by session.Agent) error {
		_, err := c.face.cfg.Core.Transfer(c.ctx, t.in, t.id, by, to)
		return err
	})
}

// recipient finds to whom a thread goes.
func recipient(c *call, agent, department string) (to session.Transfer, err error) {
	if (agent == "") == (department == "") {
		return to, session.Invalid("agent_id", "name either an agent or a department")
	}
	if department != "" {
		to.Department = department
		return to, checkDepartment(c, "department_id", department)
	}
	other, known := c.face.cfg.People.Agent(agent)
	if !known || !other.Active || !other.Role.Allows(desk.PermissionAnswer) {
		return to, session.Invalid("agent_id", "there is no such agent who answers")
	}
	who := other.Public()
	to.Agent = &who
	return to, nil
}

// returnThread gives a thread back to the bot, at a state or where it was.
func returnThread(c *call) (answer, error) {
	var in struct {
		State string `json:"state"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	return act(c, func(t *thread, by session.Agent) error {
		_, err := c.face.cfg.Core.Return(c.ctx, t.in, t.id, by, in.State)
		return err
	})
}

func resolveThread(c *call) (answer, error) {
	if err := c.into(&struct{}{}); err != nil {
		return answer{}, err
	}
	return act(c, func(t *thread, by session.Agent) error {
		_, err := c.face.cfg.Core.CloseConversation(c.ctx, t.in, t.id, &by)
		return err
	})
}

func reopenThread(c *call) (answer, error) {
	if err := c.into(&struct{}{}); err != nil {
		return answer{}, err
	}
	return act(c, func(t *thread, by session.Agent) error {
		_, err := c.face.cfg.Core.ReopenConversation(c.ctx, t.in, t.id, &by)
		return err
	})
}

// snoozeThread lets a thread sleep until a time, or until the user writes.
func snoozeThread(c *call) (answer, error) {
	var in struct {
		Until json.RawMessage `json:"until"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	until := session.SnoozedUntilReply
	if string(in.Until) != `"reply"` {
		if err := json.Unmarshal(in.Until, &until); err != nil || until <= c.at.UnixMilli() {
			return answer{}, session.Invalid("until", `must be a time in milliseconds that is to come, or "reply"`)
		}
	}
	return act(c, func(t *thread, by session.Agent) error {
		_, err := c.face.cfg.Core.Snooze(c.ctx, t.in, t.id, by, until)
		return err
	})
}

func wakeThread(c *call) (answer, error) {
	if err := c.into(&struct{}{}); err != nil {
		return answer{}, err
	}
	return act(c, func(t *thread, by session.Agent) error {
		_, err := c.face.cfg.Core.Wake(c.ctx, t.in, t.id, by)
		return err
	})
}

// readThread notes that people have read everything the user wrote.
func readThread(c *call) (answer, error) {
	if err := c.into(&struct{}{}); err != nil {
		return answer{}, err
	}
	return act(c, func(t *thread, by session.Agent) error {
		_, err := reactions(c).Receive(c.ctx, t.in, t.id, session.Receipt{Kind: session.ReceiptRead, By: &by})
		return err
	})
}

func reactions(c *call) session.Reactions { return session.Reactions{Core: c.face.cfg.Core} }

// typeInThread tells the user and the others in the thread that somebody
// writes.
func typeInThread(c *call) (answer, error) {
	var in struct {
		Action string `json:"action"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	return act(c, func(t *thread, by session.Agent) error {
		return reactions(c).Compose(c.ctx, t.in, t.id, session.Typing{Action: in.Action, By: &by})
	})
}

// sendMessage says something to the user. Writing takes the thread.
func sendMessage(c *call) (answer, error) {
	var in struct {
		Text        string `json:"text"`
		Attachments []struct {
			File string `json:"file_id"`
		} `json:"attachments"`
		ClientID string `json:"client_message_id"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	t, err := named(c)
	if err != nil {
		return answer{}, err
	}
	input := session.Input{Text: in.Text}
	if len(in.Attachments) > session.MaxAttachments {
		return answer{}, session.Invalid("attachments", "more than %d", session.MaxAttachments)
	}
	for _, a := range in.Attachments {
		input.Attachments = append(input.Attachments, session.Attachment{ID: a.File})
	}
	if input.Attachments, err = c.face.cfg.Files.Resolve(c.ctx, t.view.Chain.ID, input.Attachments, false); err != nil {
		return answer{}, err
	}
	if input.Empty() {
		return answer{}, session.Invalid("text", "is missing, and so is an attachment")
	}
	out, err := c.face.cfg.Core.AgentMessage(c.ctx, t.in, t.id, c.caller.Agent.Public(), input, in.ClientID)
	if err != nil {
		return answer{}, err
	}
	return said(c, t, out.Message)
}

// addNote writes what only people of the desk see.
func addNote(c *call) (answer, error) {
	var in struct {
		Text     string   `json:"text"`
		Mentions []string `json:"mentions"`
		ClientID string   `json:"client_message_id"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	for _, id := range in.Mentions {
		if _, known := c.face.cfg.People.Agent(id); !known {
			return answer{}, session.Invalid("mentions", "there is no agent %q", id)
		}
	}
	t, err := named(c)
	if err != nil {
		return answer{}, err
	}
	out, err := c.face.cfg.Core.Note(c.ctx, t.in, t.id, c.caller.Agent.Public(), session.Note{Text: in.Text, Mentions: in.Mentions, ID: in.ClientID})
	if err != nil {
		return answer{}, err
	}
	return said(c, t, out.Message)
}

// said answers with the event of a message; the row knows of it by then.
func said(c *call, t *thread, m *session.Message) (answer, error) {
	if _, err := c.face.cfg.Inbox.Refresh(c.ctx, t.id, true); err != nil {
		return answer{}, err
	}
	found, err := c.face.cfg.Core.Events(c.ctx, t.view.Chain.ID, m.Sequence-1, 1)
	if err != nil {
		return answer{}, err
	}
	if len(found) == 0 || found[0].Sequence != m.Sequence {
		return answer{}, errBroken
	}
	return created(map[string]any{"event": c.face.render(t.in, found[0], c.masked())})
}
