package rest

import (
	"net/http"

	"parley/internal/session"
)

// What agents do, for bridges to other desks.

// claimConversation gives the conversation to an agent; with transfer, from
// whoever has it.
func claimConversation(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	by, transfer := agentOf(body), body.flag("transfer")
	if err := body.err(); err != nil {
		return answer{}, err
	}
	return c.done(c.core().Claim(c.ctx, c.in, c.session, by, transfer))
}

// sendAgentMessage writes to the user in an agent's name, which takes the
// conversation.
func sendAgentMessage(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	input, by, id := inputOf(c, body), agentOf(body), body.text("client_message_id")
	if err := body.err(); err != nil {
		return answer{}, err
	}
	if err := resolve(c, &input, body); err != nil {
		return answer{}, err
	}
	out, err := c.core().AgentMessage(c.ctx, c.in, c.session, by, input, id)
	if err != nil {
		return answer{}, err
	}
	return c.receipt(http.StatusCreated, out, receipt{message: out.Message.ID}), nil
}

// resolveConversation closes the conversation in an agent's name, or in nobody's
// when the body names none.
func resolveConversation(c *call) (answer, error) {
	body, err := c.body.envelope()
	if err != nil {
		return answer{}, err
	}
	var by *session.Agent
	if body.has("agent") {
		agent := agentOf(body)
		by = &agent
	}
	if err := body.err(); err != nil {
		return answer{}, err
	}
	return c.done(c.core().CloseConversation(c.ctx, c.in, c.session, by))
}
