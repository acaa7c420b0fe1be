package account

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"parley/internal/desk"
	"parley/internal/session"
)

// SignOn says which OpenID Connect provider people sign on with, and who may.
type SignOn struct {
	Issuer       string // URL, as the provider's tokens name it
	ClientID     string
	ClientSecret string
	Name         string    // on the button; "" = the issuer's host
	Domains      []string  // of e-mail addresses that may come in; empty = any
	Role         desk.Role // of people who were not invited; "" = only invited ones
}

// Check refuses settings that would let anybody in, or nobody.
func (s *SignOn) Check() error {
	switch {
	case s.ClientID == "":
		return session.Invalid("oidc-client-id", "is needed with oidc-issuer")
	case s.Role != "" && !s.Role.Known():
		return session.Invalid("oidc-role", "must be viewer, agent or manager")
	case s.Role == desk.RoleAdmin:
		return session.Invalid("oidc-role", "must not make everybody an admin")
	case s.Role != "" && len(s.Domains) == 0:
		return session.Invalid("oidc-domain", "is needed with oidc-role: otherwise everybody whom the provider knows may come in")
	}
	return nil
}

// admits reports whether an e-mail address is of an allowed domain.
func (s *SignOn) admits(email string) bool {
	if len(s.Domains) == 0 {
		return true
	}
	_, domain, ok := strings.Cut(email, "@")
	return ok && slices.ContainsFunc(s.Domains, func(d string) bool { return strings.EqualFold(d, domain) })
}

// provider speaks with the one of SignOn. What it must remember of a sign-on
// travels in a sealed cookie of the browser that began it, so a stranger's
// requests fill no memory.
type provider struct {
	cfg    *SignOn
	now    func() time.Time
	client *http.Client
	seal   cipher.AEAD // with a key of this process, a restart ends what is under way
	mu     sync.Mutex
	known  *oidc.Provider // nil until it answered
}

// SealKeyBytes is the length of Config.SealKey.
const SealKeyBytes = 32

func newProvider(cfg *SignOn, key []byte, now func() time.Time) *provider {
	if len(key) != SealKeyBytes {
		key = random(SealKeyBytes)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil // unreachable: the key has a right size
	}
	seal, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil // unreachable: AES has the right block
	}
	return &provider{cfg: cfg, now: now, client: &http.Client{Timeout: ProviderTimeout}, seal: seal}
}

// pass is what is remembered of a sign-on.
type pass struct {
	State     string
	Nonce     string
	Verifier  string // PKCE
	Redirect  string
	ExpiresMs int64
}

func (p *provider) close(v pass) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return "" // unreachable: texts and a number
	}
	return base64.RawURLEncoding.EncodeToString(p.seal.Seal(nil, nil, raw, nil)) //nolint:gosec // this seal makes its own nonce
}

func (p *provider) open(sealed string) (pass, bool) {
	var v pass
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return v, false
	}
	plain, err := p.seal.Open(nil, nil, raw, nil)
	if err != nil || json.Unmarshal(plain, &v) != nil {
		return v, false
	}
	return v, v.ExpiresMs > p.now().UnixMilli()
}

// discover asks the provider for its addresses and keys, once it answers.
func (p *provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil {
		return p.known, nil
	}
	known, err := oidc.NewProvider(p.in(ctx), p.cfg.Issuer)
	if err != nil {
		return nil, session.Unavailable("the sign-on provider does not answer")
	}
	p.known = known
	return known, nil
}

// in gives a context the client with its timeout. It must not end with a
// request: the keys are fetched again later.
func (p *provider) in(ctx context.Context) context.Context {
	return oidc.ClientContext(context.WithoutCancel(ctx), p.client)
}

func (p *provider) oauth(known *oidc.Provider, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret, Endpoint: known.Endpoint(),
		RedirectURL: redirect, Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// begin returns where to send the browser and what it must bring back.
func (p *provider) begin(ctx context.Context, redirect string) (to, sealed string, err error) {
	known, err := p.discover(ctx)
	if err != nil {
		return "", "", err
	}
	state, _ := newToken()
	nonce, _ := newToken()
	v := pass{state, nonce, oauth2.GenerateVerifier(), redirect, p.now().Add(SignOnTime).UnixMilli()}
	to = p.oauth(known, redirect).AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(v.Verifier))
	return to, p.close(v), nil
}

// identity is what the provider says of a person.
type identity struct {
	Issuer   string   `json:"-"`
	Subject  string   `json:"-"`
	Email    string   `json:"email"`
	Verified verified `json:"email_verified"`
	Name     string   `json:"name"`
}

// verified is a boolean that some providers send as text.
type verified bool

// UnmarshalJSON reads true and "true"; everything else is false.
func (v *verified) UnmarshalJSON(raw []byte) error {
	*v = string(raw) == "true" || string(raw) == `"true"`
	return nil
}

// finish trades the code that the browser brought for what the provider says.
func (p *provider) finish(ctx context.Context, back Return) (*identity, error) {
	v, ok := p.open(back.Sealed)
	if !ok || subtle.ConstantTimeCompare([]byte(v.State), []byte(back.State)) != 1 {
		return nil, refused(CodeSignOnRefused, "the sign-on took too long, or began in another browser")
	}
	if back.Fault != "" || back.Code == "" {
		return nil, refused(CodeSignOnRefused, "the sign-on provider refused")
	}
	known, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	tokens, err := p.oauth(known, v.Redirect).Exchange(p.in(ctx), back.Code, oauth2.VerifierOption(v.Verifier))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", refused(CodeSignOnRefused, "the sign-on provider does not know the code"), err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := known.VerifierContext(p.in(ctx), &oidc.Config{ClientID: p.cfg.ClientID, Now: p.now}).Verify(p.in(ctx), raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", refused(CodeSignOnRefused, "the token of the sign-on provider is not valid"), err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(v.Nonce)) != 1 {
		return nil, refused(CodeSignOnRefused, "the token belongs to another sign-on")
	}
	who := &identity{Issuer: token.Issuer, Subject: token.Subject}
	if err := token.Claims(who); err != nil || who.Subject == "" {
		return nil, refused(CodeSignOnRefused, "the token does not say who it is about")
	}
	return who, nil
}
