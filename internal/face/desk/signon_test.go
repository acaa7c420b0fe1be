package desk

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/account"
	"parley/internal/desk"
)

// idp is an OpenID Connect provider on a real listener: discovery, keys, an
// authorisation that says yes at once, and a token endpoint that checks what a
// provider checks (client, redirect URI, code, PKCE).
type idp struct {
	t      *testing.T
	server *httptest.Server
	key    *rsa.PrivateKey // signs; the one at /keys stays
	public *rsa.PublicKey
	clock  func() time.Time

	mu    sync.Mutex
	who   map[string]any               // claims of the person who signs on
	forge func(claims map[string]any)  // nil: an honest provider
	codes map[string]map[string]string // code -> what its authorisation asked
	down  bool
}

const clientSecret = "hush hush"

func newProvider(t *testing.T) *idp {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	p := &idp{t: t, key: key, public: &key.PublicKey, clock: time.Now, codes: map[string]map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.server = httptest.NewServer(mux)
	t.Cleanup(p.server.Close)
	return p
}

func (p *idp) settings() *account.SignOn {
	return &account.SignOn{Issuer: p.server.URL, ClientID: "parley", ClientSecret: clientSecret, Name: "Example ID"}
}

func reply200(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *idp) discovery(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		http.Error(w, "down", http.StatusBadGateway)
		return
	}
	url := p.server.URL
	reply200(w, map[string]any{
		"issuer": url, "authorization_endpoint": url + "/authorize", "token_endpoint": url + "/token", "jwks_uri": url + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"},
	})
}

func (p *idp) keys(w http.ResponseWriter, _ *http.Request) {
	b64 := base64.RawURLEncoding
	reply200(w, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1",
		"n": b64.EncodeToString(p.public.N.Bytes()), "e": b64.EncodeToString(big.NewInt(int64(p.public.E)).Bytes()),
	}}})
}

func (p *idp) authorize(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	q := r.URL.Query()
	if q.Get("client_id") != "parley" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || !strings.Contains(q.Get("scope"), "openid") {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	p.codes[code] = map[string]string{"nonce": q.Get("nonce"), "challenge": q.Get("code_challenge"), "redirect": q.Get("redirect_uri")}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked, ok := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	secret, _ = url.QueryUnescape(secret)
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || id != "parley" || secret != clientSecret || r.PostFormValue("redirect_uri") != asked["redirect"] || base64.RawURLEncoding.EncodeToString(sum[:]) != asked["challenge"] {
		w.WriteHeader(http.StatusBadRequest)
		reply200(w, map[string]string{"error": "invalid_grant"})
		return
	}
	now := p.clock()
	claims := map[string]any{"iss": p.server.URL, "aud": "parley", "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "nonce": asked["nonce"]}
	maps.Copy(claims, p.who)
	if p.forge != nil {
		p.forge(claims)
	}
	reply200(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": p.sign(claims)})
}

// sign writes a JWT; the claim "alg" forges its header.
func (p *idp) sign(claims map[string]any) string {
	alg := "RS256"
	if forged, ok := claims["alg"].(string); ok {
		alg = forged
		delete(claims, "alg")
	}
	b64 := base64.RawURLEncoding
	text := b64.EncodeToString(encode(map[string]string{"alg": alg, "kid": "1"})) + "." + b64.EncodeToString(encode(claims))
	if alg == "none" {
		return text + "."
	}
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Error(err)
	}
	return text + "." + b64.EncodeToString(signature)
}

func (p *idp) as(who map[string]any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.who = who
}

// signOn walks a browser through the provider and returns where it ends.
func (b *browser) signOn() string {
	b.st.t.Helper()
	at := b.do("GET", "/oidc/start", "").want(303).header.Get("Location")
	back := b.do("GET", at, "").want(302).header.Get("Location")
	return b.do("GET", back, "").want(303).header.Get("Location")
}

func claimsOf(subject, email string) map[string]any {
	return map[string]any{"sub": subject, "email": email, "email_verified": true, "name": "Bob B."}
}

func TestSignOn_Invited(t *testing.T) {
	p := newProvider(t)
	st := start(t, withSignOn(p.settings()))
	p.clock = st.clock.Now
	admin := st.admin()
	if got := st.browser().do("GET", "/sign-in", "").want(200).text1("oidc", "name"); got != "Example ID" {
		t.Errorf("the page offers %q", got)
	}
	made := admin.do("POST", "/agents", `{"email":"bob@desk.example","role":"agent"}`).want(201)
	p.as(claimsOf("b-1", "Bob@desk.example"))
	b := st.browser()
	if to := b.signOn(); to != st.server.URL+"/desk/" {
		t.Fatalf("ends at %s", to)
	}
	if got := b.do("GET", "/session", "").want(200).text1("agent", "id"); got != made.text1("agent", "id") {
		t.Errorf("signed on as %s", got)
	}
	st.browser().do("GET", "/invitations/"+tokenOf(made), "").want(404) // the link has done its work

	p.as(claimsOf("b-1", "renamed@desk.example")) // known by the subject from now on
	if to := st.browser().signOn(); strings.Contains(to, "sign_in_error") {
		t.Errorf("ends at %s", to)
	}
	p.as(claimsOf("b-2", "bob@desk.example")) // somebody else who was given the address
	if to := st.browser().signOn(); !strings.HasSuffix(to, "sign_in_error=sign_on_refused") {
		t.Errorf("ends at %s", to)
	}
	admin.do("PATCH", "/agents/"+made.text1("agent", "id"), `{"active":false}`).want(200)
	p.as(claimsOf("b-1", "bob@desk.example"))
	for range 2 {
		if to := st.browser().signOn(); !strings.HasSuffix(to, "sign_in_error=sign_on_refused") {
			t.Errorf("a disabled agent ends at %s", to)
		}
	}
}

func TestSignOn_Strangers(t *testing.T) {
	p := newProvider(t)
	rules := p.settings()
	st := start(t, withSignOn(rules))
	p.clock = st.clock.Now
	st.admin()
	for _, who := range []map[string]any{
		claimsOf("e-1", "eve@desk.example"), // nobody invited her
		{"sub": "e-2", "email": "ada@desk.example", "email_verified": false},
		{"sub": "e-3", "email": "ada@desk.example"},
		{"sub": "e-4"},
	} {
		p.as(who)
		b := st.browser()
		if to := b.signOn(); !strings.HasSuffix(to, "/desk/?sign_in_error=sign_on_refused") {
			t.Errorf("%v ends at %s", who, to)
		}
		b.do("GET", "/session", "").want(401)
	}
}

func TestSignOn_Domains(t *testing.T) {
	p := newProvider(t)
	rules := p.settings()
	rules.Domains, rules.Role = []string{"desk.example"}, desk.RoleAgent
	st := start(t, withSignOn(rules))
	p.clock = st.clock.Now
	st.admin()
	p.as(claimsOf("c-1", "carl@DESK.example"))
	b := st.browser()
	b.signOn()
	r := b.do("GET", "/session", "").want(200)
	if r.text1("agent", "role") != "agent" || r.text1("agent", "name") != "Bob B." {
		t.Errorf("got %s", r.text)
	}
	b.do("POST", "/me/totp", "").want(409) // has no password
	for _, email := range []string{"carl@evil.example", "carl@notdesk.example", "carl@desk.example.evil.example", "desk.example", ""} {
		p.as(claimsOf("x-"+email, email))
		if to := st.browser().signOn(); !strings.HasSuffix(to, "sign_on_refused") {
			t.Errorf("%q ends at %s", email, to)
		}
	}
	p.as(map[string]any{"sub": "x", "email": "carl2@desk.example", "email_verified": "false"})
	if to := st.browser().signOn(); !strings.HasSuffix(to, "sign_on_refused") {
		t.Errorf("an unverified address ends at %s", to)
	}
}

// TestSignOn_Forged: what is wrong with a token keeps its bearer out.
func TestSignOn_Forged(t *testing.T) {
	p := newProvider(t)
	st := start(t, withSignOn(p.settings()))
	p.clock = st.clock.Now
	st.admin()
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	honest := p.key
	p.as(claimsOf("a-1", "ada@desk.example"))
	for name, forge := range map[string]func(map[string]any){
		"nonce":      func(c map[string]any) { c["nonce"] = "other" },
		"no nonce":   func(c map[string]any) { delete(c, "nonce") },
		"audience":   func(c map[string]any) { c["aud"] = "another client" },
		"issuer":     func(c map[string]any) { c["iss"] = "https://evil.example" },
		"expired":    func(c map[string]any) { c["exp"] = st.clock.Now().Add(-time.Minute).Unix() },
		"unsigned":   func(c map[string]any) { c["alg"] = "none" },
		"HMAC":       func(c map[string]any) { c["alg"] = "HS256" },
		"no subject": func(c map[string]any) { delete(c, "sub") },
		"other key":  func(map[string]any) { p.key = stranger },
	} {
		p.mu.Lock()
		p.forge = forge
		p.mu.Unlock()
		b := st.browser()
		if to := b.signOn(); !strings.HasSuffix(to, "sign_in_error=sign_on_refused") {
			t.Errorf("%s: ends at %s", name, to)
		}
		b.do("GET", "/session", "").want(401)
		p.mu.Lock()
		p.forge, p.key = nil, honest
		p.mu.Unlock()
	}
	b := st.browser()
	b.signOn()
	b.do("GET", "/session", "").want(200) // nothing forged: she comes in
}

// TestSignOn_OtherBrowser: neither state nor code of one browser serves another
// one, nor twice, nor late.
func TestSignOn_OtherBrowser(t *testing.T) {
	p := newProvider(t)
	st := start(t, withSignOn(p.settings()))
	p.clock = st.clock.Now
	st.admin()
	p.as(claimsOf("a-1", "ada@desk.example"))
	begin := func(b *browser) string {
		return b.do("GET", b.do("GET", "/oidc/start", "").want(303).header.Get("Location"), "").want(302).header.Get("Location")
	}
	refused := func(b *browser, back string) {
		t.Helper()
		if to := b.do("GET", back, "").want(303).header.Get("Location"); !strings.HasSuffix(to, "sign_on_refused") {
			t.Errorf("ends at %s", to)
		}
		b.do("GET", "/session", "").want(401)
	}
	attacker, victim := st.browser(), st.browser()
	back := begin(attacker)
	refused(victim, back) // has begun nothing
	begin(victim)
	refused(victim, back) // has begun another one
	refused(attacker, st.server.URL+Base+"/oidc/callback?error=access_denied&state=x")
	late := begin(attacker)
	st.clock.advance(account.SignOnTime)
	refused(attacker, late)
	refused(attacker, st.server.URL+Base+"/oidc/callback")

	b := st.browser()
	back = begin(b)
	b.do("GET", back, "").want(303)
	b.do("GET", "/session", "").want(200)
	if to := b.do("GET", back, "").want(303).header.Get("Location"); !strings.HasSuffix(to, "sign_on_refused") {
		t.Errorf("a code serves twice: %s", to)
	}
}

func TestSignOn_ProviderIsDown(t *testing.T) {
	p := newProvider(t)
	st := start(t, withSignOn(p.settings()))
	p.clock = st.clock.Now
	st.admin()
	p.as(claimsOf("a-1", "ada@desk.example"))
	p.mu.Lock()
	p.down = true
	p.mu.Unlock()
	if to := st.browser().do("GET", "/oidc/start", "").want(303).header.Get("Location"); !strings.HasSuffix(to, "/desk/?sign_in_error=unavailable") {
		t.Errorf("ends at %s", to)
	}
	st.browser().signIn("ada@desk.example", password, "").want(200)
	p.mu.Lock()
	p.down = false
	p.mu.Unlock()
	b := st.browser()
	b.signOn()
	b.do("GET", "/session", "").want(200)
}

func TestSignOn_Off(t *testing.T) {
	st := start(t)
	r := st.browser().do("GET", "/sign-in", "").want(200)
	if r.get("oidc") != nil {
		t.Errorf("got %s", r.text)
	}
	if to := st.browser().do("GET", "/oidc/start", "").want(303).header.Get("Location"); !strings.HasSuffix(to, "sign_in_error=not_found") {
		t.Errorf("ends at %s", to)
	}
}

func TestSignOn_Check(t *testing.T) {
	good := account.SignOn{Issuer: "https://id.example", ClientID: "parley", Domains: []string{"desk.example"}, Role: desk.RoleAgent}
	must(t, good.Check())
	for name, change := range map[string]func(*account.SignOn){
		"oidc-client-id": func(s *account.SignOn) { s.ClientID = "" },
		"oidc-domain":    func(s *account.SignOn) { s.Domains = nil },
		"oidc-role":      func(s *account.SignOn) { s.Role = desk.RoleAdmin },
	} {
		bad := good
		change(&bad)
		if err := bad.Check(); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
