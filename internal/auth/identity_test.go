package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/internal/auth"
	"parley/internal/session"
)

func newRSA(t *testing.T, bits int) (*rsa.PrivateKey, string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key, publicPEM(t, &key.PublicKey)
}

func publicPEM(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

func sign(t *testing.T, method jwt.SigningMethod, key any, claims jwt.MapClaims, header map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	maps.Copy(token.Header, header)
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDirectory_Identify(t *testing.T) {
	key, public := newRSA(t, 2048)
	stranger, _ := newRSA(t, 2048)
	d := directory(t, newRegistry(
		integration("web", session.Settings{IdentityKey: public}),
		integration("strict", session.Settings{IdentityKey: public, IdentityIssuer: "https://shop.example"}),
		integration("plain", session.Settings{}),
	))
	at := func(offset time.Duration) int64 { return moment().Add(offset).Unix() }
	rs256 := func(claims jwt.MapClaims) string { return sign(t, jwt.SigningMethodRS256, key, claims, nil) }
	good := jwt.MapClaims{"sub": "ann", "exp": at(4 * time.Second)}

	tests := []struct {
		name, integration, token string
		subject, context, fault  string // fault "" = accepted
	}{
		{"accepted", "web", rs256(good), "ann", "", ""},
		{"context", "web", rs256(jwt.MapClaims{"sub": "ann", "exp": at(1), "context": map[string]any{"tier": 12345678901234567}}), "ann", `{"tier":12345678901234567}`, ""},
		{"null context", "web", rs256(jwt.MapClaims{"sub": "ann", "exp": at(time.Minute), "context": nil}), "ann", "", ""},
		{"issuer, none configured", "web", rs256(jwt.MapClaims{"sub": "ann", "exp": at(time.Minute), "iss": "anybody"}), "ann", "", ""},
		{"the configured issuer", "strict", rs256(jwt.MapClaims{"sub": "ann", "exp": at(time.Minute), "iss": "https://shop.example"}), "ann", "", ""},
		{"expired within the leeway", "web", rs256(jwt.MapClaims{"sub": "ann", "exp": at(-4 * time.Second)}), "ann", "", ""},

		{"expired", "web", rs256(jwt.MapClaims{"sub": "ann", "exp": at(-6 * time.Second)}), "", "", "expired"},
		{"no exp", "web", rs256(jwt.MapClaims{"sub": "ann"}), "", "", "exp is missing"},
		{"no sub", "web", rs256(jwt.MapClaims{"exp": at(time.Minute)}), "", "", "sub is missing"},
		{"sub of a wrong type", "web", rs256(jwt.MapClaims{"sub": 7, "exp": at(time.Minute)}), "", "", "well-formed"},
		{"sub too long", "web", rs256(jwt.MapClaims{"sub": strings.Repeat("ж", 257), "exp": at(time.Minute)}), "", "", "too long"},
		{"not yet valid", "web", rs256(jwt.MapClaims{"sub": "ann", "exp": at(time.Hour), "nbf": at(time.Minute)}), "", "", "not valid yet"},
		{"no issuer", "strict", rs256(good), "", "", "iss"},
		{"other issuer", "strict", rs256(jwt.MapClaims{"sub": "ann", "exp": at(time.Minute), "iss": "https://evil.example"}), "", "", "iss is not"},
		{"context of a wrong type", "web", rs256(jwt.MapClaims{"sub": "ann", "exp": at(time.Minute), "context": "x"}), "", "", "must be an object"},
		{"signed by a stranger", "web", sign(t, jwt.SigningMethodRS256, stranger, good, nil), "", "", "signature"},
		{"other hash", "web", sign(t, jwt.SigningMethodRS512, key, good, nil), "", "", "signature"},
		{"public key used as HMAC secret", "web", sign(t, jwt.SigningMethodHS256, []byte(public), good, nil), "", "", "signature"},
		{"unsigned", "web", sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good, nil), "", "", "signature"},
		{"unknown extension demanded", "web", sign(t, jwt.SigningMethodRS256, key, good, map[string]any{"crit": []string{"b64"}}), "", "", "crit"},
		{"empty", "web", "", "", "", "well-formed"},
		{"garbage", "web", "a.b.c", "", "", "well-formed"},
		{"integration without a key", "plain", rs256(good), "", "", "no identity key"},
		{"unknown integration", "nowhere", rs256(good), "", "", "no identity key"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			who, err := d.Identify(test.integration, test.token, moment())
			if test.fault != "" {
				wantCode(t, err, session.CodeInvalidIdentity)
				if !strings.Contains(err.Error(), test.fault) {
					t.Errorf("%q does not say %q", err, test.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if who.Subject != test.subject || string(who.Context) != test.context {
				t.Errorf("got %q and %q", who.Subject, who.Context)
			}
		})
	}
}

func TestCheckSettings_IdentityKey(t *testing.T) {
	key, public := newRSA(t, 2048)
	_, small := newRSA(t, 1024)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&key.PublicKey)}))
	for name, test := range map[string]struct {
		pem string
		ok  bool
	}{
		"PKIX": {public, true}, "PKCS1": {pkcs1, true},
		"too small": {small, false}, "other kind": {publicPEM(t, &curve.PublicKey), false},
	} {
		err := auth.CheckSettings(&session.Settings{IdentityKey: test.pem, IdentityRequired: true})
		if (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
