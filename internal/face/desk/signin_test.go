package desk

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/account"
	"parley/internal/auth"
	"parley/internal/desk"
)

func TestSignIn_SameAnswerForEveryReason(t *testing.T) {
	st := start(t)
	admin := st.admin()
	_, gone := st.member(admin, "gone", desk.RoleAgent)
	admin.do("PATCH", "/agents/"+gone, `{"active":false}`).want(200)
	admin.do("POST", "/agents", `{"email":"new@desk.example","role":"agent"}`).want(201)
	var answers []string
	for _, try := range [][2]string{
		{"ada@desk.example", "wrong"},
		{"ada@desk.example", strings.Repeat("x", 10_000)},
		{"nobody@desk.example", password},
		{"gone@desk.example", password}, // disabled
		{"new@desk.example", ""},        // has no password yet
		{"", ""},
	} {
		r := st.browser().signIn(try[0], try[1], "").want(401, "invalid_credentials")
		if len(r.header["Set-Cookie"]) > 0 {
			t.Errorf("%v: a refusal sets a cookie", try)
		}
		answers = append(answers, r.text1("detail"))
	}
	for _, text := range answers {
		if text != answers[0] {
			t.Errorf("refusals differ: %q and %q", text, answers[0])
		}
	}
	b := st.browser()
	b.signIn(" ADA@desk.example ", password, "").want(200)
	b.do("GET", "/session", "").want(200)
}

// What a cookie says of itself: over plain HTTP, over TLS, and behind a proxy
// that is trusted or not.
func TestCookie_Flags(t *testing.T) {
	loopback, err := auth.ParseNetworks("trusted", []string{"127.0.0.1", "::1"})
	must(t, err)
	for _, test := range []struct {
		name    string
		options []option
		proto   string
		secure  bool
	}{
		{"plain", nil, "", false},
		{"a header that nobody vouches for", nil, "https", false},
		{"TLS", []option{withTLS()}, "", true},
		{"trusted proxy", []option{withConfig(func(c *Config) { c.Trusted = loopback })}, "https", true},
		{"trusted proxy without TLS", []option{withConfig(func(c *Config) { c.Trusted = loopback })}, "http", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			st := start(t, test.options...)
			st.admin()
			b := st.browser()
			if test.proto != "" {
				b.header.Set("X-Forwarded-Proto", test.proto)
			}
			r := b.signIn("ada@desk.example", password, "").want(200)
			cookies := (&http.Response{Header: r.header}).Cookies()
			if len(cookies) != 1 {
				t.Fatalf("%d cookies", len(cookies))
			}
			c := cookies[0]
			if c.Name != "parley_desk" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/desk" || c.Secure != test.secure || c.Domain != "" || len(c.Value) != 43 {
				t.Errorf("the cookie is %s", c)
			}
			if r.header.Get("Cache-Control") != "no-store" {
				t.Error("a cookie may be kept by a cache")
			}
		})
	}
}

// TestGuessing_LocksTheAccount: five wrong tries are free, then the wait grows;
// an unknown e-mail is treated alike, and the right password has to wait, too.
func TestGuessing_LocksTheAccount(t *testing.T) {
	for _, email := range []string{"ada@desk.example", "nobody@desk.example"} {
		st := start(t)
		st.admin()
		b := st.browser()
		for range account.FreeGuessesOfAccount {
			b.signIn(email, "wrong", "").want(401, "invalid_credentials")
		}
		wait := account.LockFirst
		for range 4 {
			r := b.signIn(email, password, "").want(429, "locked")
			if got := r.header.Get("Retry-After"); got != strconv.Itoa(int(wait.Seconds())) {
				t.Fatalf("%s: Retry-After is %s, want %v", email, got, wait)
			}
			st.clock.advance(wait - time.Second)
			b.signIn(email, password, "").want(429, "locked")
			st.clock.advance(time.Second)
			b.signIn(email, "wrong", "").want(401, "invalid_credentials")
			wait *= 2
		}
	}
}

func TestGuessing_RightPasswordForgives(t *testing.T) {
	st := start(t)
	st.admin()
	b := st.browser()
	for range 3 {
		for range account.FreeGuessesOfAccount - 1 {
			b.signIn("ada@desk.example", "wrong", "").want(401)
		}
		b.signIn("ada@desk.example", password, "").want(200)
	}
}

// TestGuessing_SpellingsAreOneAccount: an address has letters with several
// forms; none is a fresh account to guess at.
func TestGuessing_SpellingsAreOneAccount(t *testing.T) {
	st := start(t)
	st.admin()
	b := st.browser()
	for _, email := range []string{"ada@desk.example", "ADA@desk.example", "ada@deſk.example", "ada@des\u212a.example", " Ada@Desk.example"} {
		b.signIn(email, "wrong", "").want(401)
	}
	b.signIn("ada@desk.example", password, "").want(429, "locked")
}

// TestGuessing_LocksTheAddress: one address may not try a few passwords on
// everybody, and signing in on an own account in between does not help.
func TestGuessing_LocksTheAddress(t *testing.T) {
	loopback, err := auth.ParseNetworks("trusted", []string{"127.0.0.1"})
	must(t, err)
	st := start(t, withConfig(func(c *Config) { c.Trusted = loopback }))
	st.admin()
	b := st.browser()
	b.header.Set("X-Forwarded-For", "2001:db8:1:2::7")
	for i := range account.FreeGuessesOfAddress {
		b.signIn("person"+strconv.Itoa(i)+"@desk.example", "wrong", "").want(401)
		if i < account.FreeGuessesOfAddress-1 {
			b.signIn("ada@desk.example", password, "").want(200)
		}
	}
	b.signIn("ada@desk.example", password, "").want(429, "locked")
	b.header.Set("X-Forwarded-For", "2001:db8:1:2:3:4:5:6") // the same network of one customer
	b.signIn("ada@desk.example", password, "").want(429, "locked")
	b.header.Set("X-Forwarded-For", "2001:db8:1:3::7")
	b.signIn("ada@desk.example", password, "").want(200)
}

// TestGuessing_AtOnce: a hundred tries at the same moment are not one try.
func TestGuessing_AtOnce(t *testing.T) {
	st := start(t)
	st.admin()
	var mu sync.Mutex
	counts := map[int]int{}
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			r := st.browser().signIn("ada@desk.example", "wrong", "")
			mu.Lock()
			defer mu.Unlock()
			counts[r.status]++
		})
	}
	all.Wait()
	if counts[401] != account.FreeGuessesOfAccount || counts[401]+counts[429] != 100 {
		t.Errorf("%v", counts)
	}
}

// A cookie alone does not let its thief guess the password behind it.
func TestGuessing_ByCookie(t *testing.T) {
	st := start(t)
	admin := st.admin()
	for range account.FreeGuessesOfAccount {
		admin.do("POST", "/me/password", `{"current":"wrong","new":"another good phrase"}`).want(401, "invalid_credentials")
	}
	admin.do("POST", "/me/password", `{"current":"`+password+`","new":"another good phrase"}`).want(429, "locked")
	admin.do("DELETE", "/me/totp", `{"password":"`+password+`"}`).want(429, "locked")
}

func TestLogin_Expires(t *testing.T) {
	st := start(t)
	b := st.admin()
	for range 10 { // requests keep it
		st.clock.advance(account.LoginIdle - time.Minute)
		b.do("GET", "/session", "").want(200)
	}
	st.clock.advance(account.LoginIdle)
	b.do("GET", "/session", "").want(401, "unauthorized")

	b = st.browser()
	b.signIn("ada@desk.example", password, "").want(200)
	for elapsed := time.Duration(0); elapsed < account.LoginLife; elapsed += 8 * time.Hour {
		b.do("GET", "/session", "").want(200)
		st.clock.advance(8 * time.Hour)
	}
	b.do("GET", "/session", "").want(401, "unauthorized")
}

func TestLogin_Ends(t *testing.T) {
	st := start(t)
	one := st.admin()
	two := st.browser()
	two.signIn("ada@desk.example", password, "").want(200)
	three := st.browser()
	three.signIn("ada@desk.example", password, "").want(200)

	stolen := st.browser() // a copy of the cookie
	stolen.client.Jar.SetCookies(mustURL(t, st.server.URL+"/desk/"), one.client.Jar.Cookies(mustURL(t, st.server.URL+"/desk/")))
	stolen.do("GET", "/session", "").want(200)
	one.do("DELETE", "/session", "").want(204)
	stolen.do("GET", "/session", "").want(401)
	two.do("GET", "/session", "").want(200)

	two.do("POST", "/me/password", `{"current":"`+password+`","new":"another good phrase"}`).want(204)
	two.do("GET", "/session", "").want(200) // stays
	three.do("GET", "/session", "").want(401)
	three.signIn("ada@desk.example", password, "").want(401)
	three.signIn("ada@desk.example", "another good phrase", "").want(200)

	two.do("DELETE", "/sessions", "").want(204)
	two.do("GET", "/session", "").want(401)
	three.do("GET", "/session", "").want(401)
}

// TestLogin_TooMany: the twenty-first sign-in ends the first.
func TestLogin_TooMany(t *testing.T) {
	st := start(t)
	first := st.admin()
	for range account.MaxLogins {
		st.clock.advance(time.Second)
		st.browser().signIn("ada@desk.example", password, "").want(200)
	}
	first.do("GET", "/session", "").want(401)
}

func TestLogin_ForgedCookies(t *testing.T) {
	st := start(t)
	st.admin()
	for _, value := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("é", 20), strings.Repeat("x", 5000)} {
		b := st.browser()
		b.header.Set("Cookie", "parley_desk="+value)
		b.do("GET", "/session", "").want(401, "unauthorized")
	}
}

// TestOtherSites: no page of another site changes anything, whatever the
// browser tells of it.
func TestOtherSites(t *testing.T) {
	st := start(t, withConfig(func(c *Config) { c.PublicURL = "https://desk.example/" }))
	admin := st.admin()
	for _, rt := range routes() {
		if rt.method == http.MethodGet {
			continue
		}
		path := strings.NewReplacer("{token}", "x", "{agent_id}", "x").Replace(strings.TrimPrefix(rt.path, Base))
		for _, foreign := range []http.Header{
			{"Origin": {"https://evil.example"}},
			{"Origin": {"null"}},
			{"Origin": {"https://desk.example.evil.example"}},
			{"Sec-Fetch-Site": {"cross-site"}},
			{"Sec-Fetch-Site": {"same-site"}},
		} {
			admin.header = foreign
			admin.do(rt.method, path, `{}`).want(403, "cross_origin")
		}
	}
	admin.header = http.Header{"Origin": {"https://desk.example"}, "Sec-Fetch-Site": {"same-origin"}}
	admin.do("PATCH", "/me", `{"locale":"ru"}`).want(200)
	admin.header = http.Header{"Origin": {st.server.URL}}
	admin.do("PATCH", "/me", `{"locale":"en"}`).want(200)
	admin.header = http.Header{"Origin": {"https://desk.example"}} // a proxy that changes the Host
	admin.do("PATCH", "/me", `{"locale":"ru"}`).want(200)
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	must(t, err)
	return u
}
