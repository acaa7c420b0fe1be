package desk

import (
	"net/http"
	"time"

	"parley/internal/account"
)

// cookieName of a login. The cookie goes to the desk alone.
const (
	cookieName = "parley_desk"
	cookiePath = "/desk"
)

// cookie returns the cookie of a login; "" takes it away.
func (c *call) cookie(token string) *http.Cookie {
	life := int(account.LoginLife / time.Second)
	if token == "" {
		life = -1
	}
	return &http.Cookie{
		Name: cookieName, Value: token, Path: cookiePath, MaxAge: life,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.secure(),
	}
}
