package desk

import (
	"net/http"
	"net/url"
	"time"

	"parley/internal/account"
	"parley/internal/session"
)

// The cookie of a sign-on that is under way.
const (
	signOnCookie = "parley_sign_on"
	signOnPath   = Base + "/oidc"
)

func signOnRoutes() []route {
	return []route{
		{http.MethodGet, signOnPath + "/start", public, nothing, beginSignOn, nil},
		{http.MethodGet, signOnPath + "/callback", public, nothing, finishSignOn, nil},
	}
}

func (c *call) signOnCookie(sealed string) *http.Cookie {
	life := int(account.SignOnTime / time.Second)
	if sealed == "" {
		life = -1
	}
	return &http.Cookie{
		Name: signOnCookie, Value: sealed, Path: signOnPath, MaxAge: life,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.secure(), // Lax: the provider sends the browser back
	}
}

// beginSignOn sends the browser to the provider. It is followed by a person, so
// what goes wrong is told by the page.
func beginSignOn(c *call) (answer, error) {
	to, sealed, err := c.accounts().SignOns().Begin(c.ctx, c.link(signOnPath+"/callback"))
	if err != nil {
		return c.backToDesk(err)
	}
	out := redirect(to)
	out.set(c.signOnCookie(sealed))
	return out, nil
}

// finishSignOn takes the browser back.
func finishSignOn(c *call) (answer, error) {
	query := c.r.URL.Query()
	back := account.Return{State: query.Get("state"), Code: query.Get("code"), Fault: query.Get("error")}
	if held, err := c.r.Cookie(signOnCookie); err == nil {
		back.Sealed = held.Value
	}
	cookie, _, err := c.accounts().SignOns().Finish(c.ctx, back, c.from())
	if err != nil {
		return c.backToDesk(err)
	}
	out := redirect(c.link("/desk/"))
	out.set(c.cookie(cookie))
	out.set(c.signOnCookie(""))
	return out, nil
}

// backToDesk shows a refusal on the sign-in page; a fault of ours is a 500.
func (c *call) backToDesk(refusal error) (answer, error) {
	code := session.CodeOf(refusal)
	if code == session.CodeInternal {
		return answer{}, refusal
	}
	out := redirect(c.link("/desk/?sign_in_error=" + url.QueryEscape(string(code))))
	out.set(c.signOnCookie(""))
	return out, nil
}
