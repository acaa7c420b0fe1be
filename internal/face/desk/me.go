package desk

import (
	"encoding/json"
	"net/http"

	"parley/internal/account"
	"parley/internal/desk"
)

// meView is the caller as his page sees him.
type meView struct {
	Agent       *desk.Agent       `json:"agent"`
	Permissions []desk.Permission `json:"permissions"`
	Locale      string            `json:"locale"`
	Preferences json.RawMessage   `json:"preferences"`
	TOTP        bool              `json:"totp"`
}

func showMe(c *call) (answer, error) {
	agent := c.caller.Agent
	factor, err := c.accounts().HasFactor(c.ctx, agent.ID)
	if err != nil {
		return answer{}, err
	}
	view := meView{agent, agent.Role.Permissions(), agent.Locale, agent.Preferences, factor}
	if len(view.Preferences) == 0 {
		view.Preferences = json.RawMessage("{}")
	}
	return ok(view)
}

// editMe changes the caller and answers with Me.
func (c *call) editMe(edit func(*desk.Agent)) (answer, error) {
	agent, err := c.face.cfg.People.EditAgent(c.ctx, c.caller.Agent.ID, func(a *desk.Agent) error {
		edit(a)
		return nil
	})
	if err != nil {
		return answer{}, err
	}
	c.caller.Agent = agent
	return showMe(c)
}

// assign sets a field that a request names.
func assign[T any](to *T, given *T) {
	if given != nil {
		*to = *given
	}
}

// changeMe changes what a person may say of himself: never his role, e-mail or
// departments.
func changeMe(c *call) (answer, error) {
	var in struct {
		Name        *string          `json:"name"`
		Avatar      *string          `json:"avatar"`
		Locale      *string          `json:"locale"`
		Preferences *json.RawMessage `json:"preferences"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	return c.editMe(func(a *desk.Agent) {
		assign(&a.Name, in.Name)
		assign(&a.Avatar, in.Avatar)
		assign(&a.Locale, in.Locale)
		assign(&a.Preferences, in.Preferences)
	})
}

func changePresence(c *call) (answer, error) {
	var in struct {
		Presence desk.Presence `json:"presence"`
		AutoAway *bool         `json:"auto_away"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	return c.editMe(func(a *desk.Agent) {
		a.Presence = in.Presence
		assign(&a.AutoAway, in.AutoAway)
	})
}

func changePassword(c *call) (answer, error) {
	var in struct {
		Current string `json:"current"`
		New     string `json:"new"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	if err := c.accounts().ChangePassword(c.ctx, c.caller, in.Current, in.New); err != nil {
		return answer{}, err
	}
	return done()
}

func startFactor(c *call) (answer, error) {
	secret, err := c.accounts().StartFactor(c.ctx, c.caller)
	if err != nil {
		return answer{}, err
	}
	return ok(struct {
		Secret string `json:"secret"`
		URI    string `json:"uri"`
	}{account.SecretText(secret), account.SecretURI(secret, c.caller.Agent.Email)})
}

func confirmFactor(c *call) (answer, error) {
	var in struct {
		Code string `json:"code"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	codes, err := c.accounts().ConfirmFactor(c.ctx, c.caller, in.Code)
	if err != nil {
		return answer{}, err
	}
	return ok(struct {
		Codes []string `json:"recovery_codes"`
	}{codes})
}

func dropFactor(c *call) (answer, error) {
	var in struct {
		Password string `json:"password"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	if err := c.accounts().DropFactor(c.ctx, c.caller, in.Password); err != nil {
		return answer{}, err
	}
	return done()
}

func agentRoutes() []route {
	const one = Base + "/agents/{agent_id}"
	return []route{
		{http.MethodGet, Base + "/agents", desk.PermissionRead, nothing, listAgents, nil},
		{http.MethodPost, Base + "/agents", desk.PermissionAdmin, object, inviteAgent, nil},
		{http.MethodPatch, one, desk.PermissionAdmin, object, changeAgent, nil},
		{http.MethodPost, one + "/invitation", desk.PermissionAdmin, nothing, inviteAgain, nil},
		{http.MethodGet, Base + "/audit", desk.PermissionAdmin, nothing, listAudit, nil},
	}
}
