package desk

import (
	"net/http"

	"parley/internal/account"
	"parley/internal/desk"
)

func signInRoutes() []route {
	const (
		read  = desk.PermissionRead
		token = Base + "/invitations/{token}"
	)
	return []route{
		{http.MethodGet, Base + "/sign-in", public, nothing, waysIn, nil},
		{http.MethodPost, Base + "/session", public, object, signIn, nil},
		{http.MethodGet, Base + "/session", read, nothing, showMe, nil},
		{http.MethodDelete, Base + "/session", read, nothing, signOut, nil},
		{http.MethodDelete, Base + "/sessions", read, nothing, signOutEverywhere, nil},
		{http.MethodGet, token, public, nothing, showInvitation, nil},
		{http.MethodPost, token, public, object, acceptInvitation, nil},
		{http.MethodPatch, Base + "/me", read, object, changeMe, nil},
		{http.MethodPut, Base + "/me/presence", read, object, changePresence, nil},
		{http.MethodPost, Base + "/me/password", read, object, changePassword, nil},
		{http.MethodPost, Base + "/me/totp", read, nothing, startFactor, nil},
		{http.MethodPut, Base + "/me/totp", read, object, confirmFactor, nil},
		{http.MethodDelete, Base + "/me/totp", read, object, dropFactor, nil},
	}
}

type signOnView struct {
	Name string `json:"name"`
}

// waysIn tells what the sign-in page can offer.
func waysIn(c *call) (answer, error) {
	setup, err := c.accounts().Members().NeedsSetup(c.ctx)
	if err != nil {
		return answer{}, err
	}
	view := struct {
		Setup bool        `json:"setup"`
		OIDC  *signOnView `json:"oidc"`
	}{Setup: setup}
	if name := c.accounts().SignOns().Name(); name != "" {
		view.OIDC = &signOnView{name}
	}
	return ok(view)
}

func signIn(c *call) (answer, error) {
	var in struct {
		Email    string `json:"email"`
		Password string `json:"password"`
		Code     string `json:"code"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	cookie, caller, err := c.accounts().SignIn(c.ctx, account.Attempt(in), c.from())
	return c.enter(cookie, caller, err)
}

// enter answers a sign-in that worked with the cookie and Me.
func (c *call) enter(cookie string, caller *account.Caller, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	c.caller = caller
	out, err := showMe(c)
	out.set(c.cookie(cookie))
	return out, err
}

func signOut(c *call) (answer, error) { return c.leave(c.accounts().SignOut(c.ctx, c.caller)) }

func signOutEverywhere(c *call) (answer, error) {
	return c.leave(c.accounts().SignOutEverywhere(c.ctx, c.caller))
}

func (c *call) leave(err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	out, err := done()
	out.set(c.cookie(""))
	return out, err
}

type invitationView struct {
	Email string    `json:"email"`
	Name  string    `json:"name"`
	Role  desk.Role `json:"role"`
	Setup bool      `json:"setup"`
}

func showInvitation(c *call) (answer, error) {
	invited, err := c.accounts().Members().Invited(c.ctx, c.r.PathValue("token"))
	if err != nil {
		return answer{}, err
	}
	return ok(invitationView{invited.Agent.Email, invited.Agent.Name, invited.Agent.Role, invited.Setup})
}

func acceptInvitation(c *call) (answer, error) {
	var in struct {
		Name     string `json:"name"`
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	if err := c.into(&in); err != nil {
		return answer{}, err
	}
	cookie, caller, err := c.accounts().Members().Accept(c.ctx, c.r.PathValue("token"), account.Acceptance(in), c.from())
	return c.enter(cookie, caller, err)
}
