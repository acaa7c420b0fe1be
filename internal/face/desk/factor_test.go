package desk

import (
	"encoding/base32"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"parley/internal/account"
)

// TestSecondFactor walks through its life: begun, confirmed, asked for, never
// taken twice, replaced by recovery codes, switched off.
func TestSecondFactor(t *testing.T) {
	st := start(t)
	admin := st.admin()
	admin.do("PUT", "/me/totp", `{"code":"123456"}`).want(409, "conflict")
	begun := admin.do("POST", "/me/totp", "").want(200)
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(begun.text1("secret"))
	must(t, err)
	if uri := begun.text1("uri"); !strings.Contains(uri, "secret="+begun.text1("secret")) || !strings.Contains(uri, "ada@desk.example") {
		t.Errorf("the URI is %s", uri)
	}
	code := func() string { return account.Code(secret, st.clock.Now()) }
	st.browser().signIn("ada@desk.example", password, "").want(200) // not before it is confirmed
	admin.do("PUT", "/me/totp", `{"code":"0000000"}`).want(400, "invalid_code")
	confirmed := admin.do("PUT", "/me/totp", `{"code":"`+code()+`"}`).want(200)
	var view struct {
		Codes []string `json:"recovery_codes"`
	}
	must(t, json.Unmarshal([]byte(confirmed.text), &view))
	if len(view.Codes) != account.RecoveryCodes {
		t.Fatalf("%d recovery codes", len(view.Codes))
	}
	admin.do("POST", "/me/totp", "").want(409)

	try := func(code string) *reply { return st.browser().signIn("ada@desk.example", password, code) }
	try("").want(401, "code_required")
	st.browser().signIn("ada@desk.example", "wrong", "").want(401, "invalid_credentials")
	try(code()).want(401, "invalid_credentials") // the one that confirmed it
	st.clock.advance(account.CodeStep)
	used := code()
	try(used).want(200)
	try(used).want(401, "invalid_credentials")
	st.clock.advance(account.CodeStep)
	try(used).want(401, "invalid_credentials") // late, and used
	try(code()).want(200)

	try(strings.ToUpper(strings.ReplaceAll(view.Codes[0], "-", " "))).want(200)
	try(view.Codes[0]).want(401, "invalid_credentials")
	try(view.Codes[1]).want(200)
	if admin.do("GET", "/session", "").want(200).get("totp") != true {
		t.Error("Me does not tell of the second factor")
	}
	admin.do("DELETE", "/me/totp", `{"password":"wrong"}`).want(401, "invalid_credentials")
	admin.do("DELETE", "/me/totp", `{"password":"`+password+`"}`).want(204)
	try("").want(200)
	admin.do("POST", "/me/totp", "").want(200)
	admin.do("PUT", "/me/totp", `{"code":"`+code()+`"}`).want(400, "invalid_code") // of the old secret
}

// TestSecondFactor_Guessing: who has the password cannot try codes freely, and
// asking without a code in between does not help.
func TestSecondFactor_Guessing(t *testing.T) {
	st := start(t)
	admin := st.admin()
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(admin.do("POST", "/me/totp", "").want(200).text1("secret"))
	must(t, err)
	admin.do("PUT", "/me/totp", `{"code":"`+account.Code(secret, st.clock.Now())+`"}`).want(200)
	b := st.browser()
	for range account.FreeGuessesOfAccount {
		b.signIn("ada@desk.example", password, "").want(401, "code_required")
		b.signIn("ada@desk.example", password, "abcdef").want(401, "invalid_credentials")
	}
	b.signIn("ada@desk.example", password, "").want(429, "locked")
}

// TestSecondFactor_OnceAtOnce: of ten sign-ins with one code at the same moment
// one is let in.
func TestSecondFactor_OnceAtOnce(t *testing.T) {
	st := start(t)
	admin := st.admin()
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(admin.do("POST", "/me/totp", "").want(200).text1("secret"))
	must(t, err)
	admin.do("PUT", "/me/totp", `{"code":"`+account.Code(secret, st.clock.Now())+`"}`).want(200)
	st.clock.advance(account.CodeStep)
	code := account.Code(secret, st.clock.Now())
	var mu sync.Mutex
	entered := 0
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			r := st.browser().signIn("ada@desk.example", password, code)
			mu.Lock()
			defer mu.Unlock()
			if r.status == 200 {
				entered++
			}
		})
	}
	all.Wait()
	if entered != 1 {
		t.Errorf("%d came in with one code", entered)
	}
}

// TestSecondFactor_Reset: a link of an admin helps who lost his phone.
func TestSecondFactor_Reset(t *testing.T) {
	st := start(t)
	admin := st.admin()
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(admin.do("POST", "/me/totp", "").want(200).text1("secret"))
	must(t, err)
	admin.do("PUT", "/me/totp", `{"code":"`+account.Code(secret, st.clock.Now())+`"}`).want(200)
	me := admin.do("GET", "/session", "").want(200).text1("agent", "id")
	token := tokenOf(admin.do("POST", "/agents/"+me+"/invitation", "").want(201))
	st.browser().signIn("ada@desk.example", password, "").want(401, "code_required") // until it is used
	st.browser().do("POST", "/invitations/"+token, `{"password":"`+password+`"}`).want(200)
	admin.do("GET", "/session", "").want(401)
	st.browser().signIn("ada@desk.example", password, "").want(200)
}
