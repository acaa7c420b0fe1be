package auth

import (
	"bytes"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"parley/internal/session"
)

const (
	// IdentityLeeway is how far the clocks of issuer and server may differ.
	IdentityLeeway = 5 * time.Second
	minRSABits     = 2048
)

// Identity is what a verified identity token says (contract c.5).
type Identity struct {
	Subject string          // the person, 1 to 256 characters; becomes user.external_id
	Context json.RawMessage // the claim object "context", a JSON object or nil; trusted
}

type identityClaims struct {
	jwt.RegisteredClaims
	Context json.RawMessage `json:"context"`
}

// Identify verifies an identity token (an RS256 JWT) with the key of the
// integration. sub and exp are required; iss must be the configured one.
// Refusals have session.CodeInvalidIdentity and never repeat the token.
func (d *Directory) Identify(integrationID, token string, at time.Time) (*Identity, error) {
	e := d.now.Load().integrations[integrationID]
	if e == nil || e.identity == nil {
		return nil, invalidIdentity("this integration has no identity key")
	}
	claims := &identityClaims{}
	parsed, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return e.identity, nil },
		identityOptions(e.integration, at)...)
	if err != nil {
		return nil, invalidIdentity(identityFault(err))
	}
	if _, critical := parsed.Header["crit"]; critical {
		return nil, invalidIdentity("the header demands an extension (crit)")
	}
	return claims.identity()
}

func identityOptions(in *session.Integration, at time.Time) []jwt.ParserOption {
	options := []jwt.ParserOption{
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithLeeway(IdentityLeeway),
		jwt.WithTimeFunc(func() time.Time { return at }),
	}
	if issuer := in.Settings.IdentityIssuer; issuer != "" {
		options = append(options, jwt.WithIssuer(issuer))
	}
	return options
}

func (c *identityClaims) identity() (*Identity, error) {
	if c.Subject == "" {
		return nil, invalidIdentity("sub is missing")
	}
	if utf8.RuneCountInString(c.Subject) > session.MaxExternalIDChars {
		return nil, invalidIdentity("sub is too long")
	}
	if c.Context == nil || string(c.Context) == "null" {
		return &Identity{Subject: c.Subject}, nil
	}
	if !bytes.HasPrefix(c.Context, []byte("{")) {
		return nil, invalidIdentity("context must be an object")
	}
	return &Identity{Subject: c.Subject, Context: c.Context}, nil
}

// identityFault names what is wrong without quoting the token.
func identityFault(err error) string {
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return "the token has expired"
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return "exp is missing, or iss where one is required"
	case errors.Is(err, jwt.ErrTokenInvalidIssuer):
		return "iss is not the configured one"
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		return "the token is not valid yet"
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return "the signature is not RS256 by the configured key"
	}
	return "not a well-formed JWT"
}

func invalidIdentity(why string) error {
	return &session.Error{Code: session.CodeInvalidIdentity, Field: "identity_token", Message: why}
}

// parseIdentityKey reads an RSA public key or certificate in PEM, nil for "".
func parseIdentityKey(pem string) (*rsa.PublicKey, error) {
	if pem == "" {
		return nil, nil
	}
	key, err := jwt.ParseRSAPublicKeyFromPEM([]byte(pem))
	if err != nil {
		return nil, session.Invalid("identity_public_key", "must be an RSA public key in PEM: %v", err)
	}
	if bits := key.N.BitLen(); bits < minRSABits {
		return nil, session.Invalid("identity_public_key", "has %d bits; at least %d are needed", bits, minRSABits)
	}
	return key, nil
}
