package desk

import (
	"math"
	"strconv"

	"parley/internal/account"
	"parley/internal/desk"
	"parley/internal/session"
)

// InvitationPath is the page of the desk that a one-time link opens; the token
// follows.
const InvitationPath = "/desk/invitations/"

// agentView is an agent with whether he still has to use his link.
type agentView struct {
	*desk.Agent
	Invited bool `json:"invited"`
}

func listAgents(c *call) (answer, error) {
	waiting, err := c.accounts().Members().Waiting(c.ctx)
	if err != nil {
		return answer{}, err
	}
	list := []agentView{}
	for _, agent := range c.face.cfg.People.Agents() {
		list = append(list, agentView{agent, waiting[agent.ID]})
	}
	return ok(struct {
		Agents []agentView `json:"agents"`
	}{list})
}

// invitedView is an agent with the link to hand to him.
type invitedView struct {
	Agent agentView `json:"agent"`
	URL   string    `json:"invitation_url"`
}

func (c *call) invited(agent *desk.Agent, token string, waiting bool) invitedView {
	return invitedView{agentView{agent, waiting}, c.link(InvitationPath + token)}
}

func inviteAgent(c *call) (answer, error) {
	var in struct {
		Email       string    `json:"email"`
		Name        string    `json:"name"`
		Role        desk.Role `json:"role"`
		Departments []string  `json:"departments"`
		Capacity    *int      `json:"capacity"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	who := account.NewAgent{Email: in.Email, Name: in.Name, Role: in.Role, Departments: in.Departments, Capacity: session.DefaultCapacity}
	assign(&who.Capacity, in.Capacity)
	agent, token, err := c.accounts().Members().Invite(c.ctx, c.caller, who)
	if err != nil {
		return answer{}, err
	}
	return created(c.invited(agent, token, true))
}

func changeAgent(c *call) (answer, error) {
	var in struct {
		Name        *string    `json:"name"`
		Email       *string    `json:"email"`
		Role        *desk.Role `json:"role"`
		Departments *[]string  `json:"departments"`
		Capacity    *int       `json:"capacity"`
		Active      *bool      `json:"active"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	agent, err := c.accounts().Members().Edit(c.ctx, c.caller, c.r.PathValue("agent_id"), func(a *desk.Agent) error {
		assign(&a.Name, in.Name)
		assign(&a.Email, in.Email)
		assign(&a.Role, in.Role)
		assign(&a.Departments, in.Departments)
		assign(&a.Capacity, in.Capacity)
		assign(&a.Active, in.Active)
		return nil
	})
	if err != nil {
		return answer{}, err
	}
	waiting, err := c.accounts().Members().Waiting(c.ctx)
	if err != nil {
		return answer{}, err
	}
	return ok(struct {
		Agent agentView `json:"agent"`
	}{agentView{agent, waiting[agent.ID]}})
}

func inviteAgain(c *call) (answer, error) {
	agent, token, err := c.accounts().Members().Reinvite(c.ctx, c.caller, c.r.PathValue("agent_id"))
	if err != nil {
		return answer{}, err
	}
	waiting, err := c.accounts().Members().Waiting(c.ctx)
	if err != nil {
		return answer{}, err
	}
	return created(c.invited(agent, token, waiting[agent.ID]))
}

type entryView struct {
	ID      int64  `json:"id"`
	At      int64  `json:"at"`
	Agent   string `json:"agent"`
	Action  string `json:"action"`
	Subject string `json:"subject"`
	Detail  string `json:"detail"`
	Address string `json:"address"`
}

func listAudit(c *call) (answer, error) {
	before, err := c.number("before", math.MaxInt64, 1, math.MaxInt64)
	if err != nil {
		return answer{}, err
	}
	limit, err := c.number("limit", account.AuditPage, 1, account.MaxAuditPage)
	if err != nil {
		return answer{}, err
	}
	entries, err := c.accounts().Entries(c.ctx, c.caller, before, int(limit))
	if err != nil {
		return answer{}, err
	}
	view := struct {
		Entries []entryView `json:"entries"`
		Next    *string     `json:"next"` // before= of the next page
	}{Entries: []entryView{}}
	for _, e := range entries {
		view.Entries = append(view.Entries, entryView{e.ID, e.AtMs, e.Agent, e.Action, e.Subject, e.Detail, e.Address})
	}
	if len(entries) == int(limit) {
		next := strconv.FormatInt(entries[len(entries)-1].ID, 10)
		view.Next = &next
	}
	return ok(view)
}

// number reads a whole number of the query.
func (c *call) number(name string, absent, low, high int64) (int64, error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < low || n > high {
		return 0, session.Invalid(name, "must be a whole number from %d to %d", low, high)
	}
	return n, nil
}
