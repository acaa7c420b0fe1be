package webhook

import (
	"net/http"
	"net/url"

	"parley/internal/egress"
)

// Guard says where webhooks may go. The zero value admits https URLs of public
// addresses only.
type Guard struct {
	AllowHTTP    bool // admit URLs without TLS
	AllowPrivate bool // admit loopback and private addresses
	// Around is egress.Guard's.
	Around func(http.RoundTripper) http.RoundTripper
}

// Egress is the guard of every call; it names the settings that admit more.
func (g Guard) Egress() egress.Guard {
	return egress.Guard{
		AllowHTTP: g.AllowHTTP, AllowPrivate: g.AllowPrivate,
		HTTPSetting: "allow-http-webhooks", PrivateSetting: "allow-private-webhooks",
		Around: g.Around,
	}
}

// CheckURL parses a receiver's URL; the error is a *egress.RefusedError.
func (g Guard) CheckURL(text string) (*url.URL, error) { return g.Egress().CheckURL(text) }

// Transport returns a transport that connects to admitted addresses only.
func (g Guard) Transport() *http.Transport { return g.Egress().Transport() }
