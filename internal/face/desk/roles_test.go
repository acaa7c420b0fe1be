package desk

import (
	"net/http"
	"strings"
	"testing"

	"parley/internal/account"
	"parley/internal/desk"
)

func TestFirstAdmin(t *testing.T) {
	st := start(t)
	b := st.browser()
	if b.do("GET", "/sign-in", "").want(200).get("setup") != true {
		t.Error("a server without an admin does not say so")
	}
	old, err := st.accounts.Members().Setup(t.Context())
	must(t, err)
	token, err := st.accounts.Members().Setup(t.Context())
	must(t, err)
	b.do("GET", "/invitations/"+old, "").want(404, "not_found") // a later start makes it void
	r := b.do("GET", "/invitations/"+token, "").want(200)
	if r.get("setup") != true || r.get("role") != "admin" {
		t.Errorf("got %s", r.text)
	}
	for _, typed := range []string{
		`{"email":"ada@desk.example","password":"short"}`,
		`{"email":"ada@desk.example","password":"password123"}`,
		`{"email":"ada@desk.example","password":"aaaaaaaaaaaaaaa"}`,
		`{"email":"adalovelace@desk.example","password":"AdaLovelace1815"}`,
		`{"email":"no address","name":"Ada","password":"` + password + `"}`,
		`{"email":"ada@desk.example","name":"Ada","password":"` + password + `","role":"admin"}`,
	} {
		if fields, _ := b.do("POST", "/invitations/"+token, typed).want(400, "invalid_payload").get("errors").([]any); len(fields) != 1 {
			t.Errorf("%s: the field is not named", typed)
		}
	}
	b.do("POST", "/invitations/"+token, `{"email":"ada@desk.example","name":"Ada","password":"`+password+`"}`).want(200)
	b.do("GET", "/session", "").want(200)
	st.browser().do("POST", "/invitations/"+token, `{"email":"eve@desk.example","name":"Eve","password":"`+password+`"}`).want(404)
	if b.do("GET", "/sign-in", "").want(200).get("setup") != false {
		t.Error("a server with an admin asks for one")
	}
	if again, err := st.accounts.Members().Setup(t.Context()); err != nil || again != "" {
		t.Errorf("a second first admin: %q, %v", again, err)
	}
}

func TestFirstAdmin_LinkEnds(t *testing.T) {
	st := start(t)
	token, err := st.accounts.Members().Setup(t.Context())
	must(t, err)
	st.clock.advance(account.SetupLife)
	st.browser().do("GET", "/invitations/"+token, "").want(404)
	st.browser().do("POST", "/invitations/"+token, `{"email":"ada@desk.example","name":"Ada","password":"`+password+`"}`).want(404)
}

func TestInvitation(t *testing.T) {
	st := start(t)
	admin := st.admin()
	made := admin.do("POST", "/agents", `{"email":"bob@desk.example","name":"Bob","role":"agent","capacity":0}`).want(201)
	id, first := made.text1("agent", "id"), tokenOf(made)
	if made.get("agent", "invited") != true {
		t.Error("an agent who cannot sign in yet is not marked")
	}
	admin.do("POST", "/agents", `{"email":"BOB@desk.example","role":"agent"}`).want(409, "conflict")
	admin.do("POST", "/agents", `{"email":"eve@desk.example","role":"king"}`).want(400, "invalid_payload")
	admin.do("POST", "/agents", `{"email":"eve@desk.example","role":"agent","departments":["none"]}`).want(400)
	admin.do("POST", "/agents", `{"email":"eve@desk.example","role":"agent","id":"x"}`).want(400, "invalid_payload")
	admin.do("POST", "/agents/nobody/invitation", "").want(404)

	second := tokenOf(admin.do("POST", "/agents/"+id+"/invitation", "").want(201))
	bob := st.browser()
	bob.do("POST", "/invitations/"+first, `{"password":"`+password+`"}`).want(404) // the newer one replaced it
	bob.do("POST", "/invitations/"+second, `{"password":"`+password+`"}`).want(200)
	bob.do("POST", "/invitations/"+second, `{"password":"`+password+` 2"}`).want(404)
	if got := bob.do("GET", "/session", "").want(200); got.text1("agent", "name") != "Bob" || got.text1("agent", "role") != "agent" {
		t.Errorf("got %s", got.text)
	}

	third := tokenOf(admin.do("POST", "/agents/"+id+"/invitation", "").want(201)) // a forgotten password
	bob.do("GET", "/session", "").want(200)
	bob.do("POST", "/invitations/"+third, `{"password":"a wholly new phrase"}`).want(200)
	st.browser().signIn("bob@desk.example", password, "").want(401)
	st.browser().signIn("bob@desk.example", "a wholly new phrase", "").want(200)

	fourth := tokenOf(admin.do("POST", "/agents/"+id+"/invitation", "").want(201))
	st.clock.advance(account.InvitationLife)
	st.browser().do("GET", "/invitations/"+fourth, "").want(404)

	admin = st.browser()
	admin.signIn("ada@desk.example", password, "").want(200)
	fifth := tokenOf(admin.do("POST", "/agents/"+id+"/invitation", "").want(201))
	admin.do("PATCH", "/agents/"+id, `{"active":false}`).want(200)
	st.browser().do("POST", "/invitations/"+fifth, `{"password":"`+password+`"}`).want(404)
	admin.do("POST", "/agents/"+id+"/invitation", "").want(409)
}

// TestEveryRouteKnowsItsCaller: nobody, and no role below the one of the table,
// comes through, whatever he sends.
func TestEveryRouteKnowsItsCaller(t *testing.T) {
	st := start(t)
	admin := st.admin()
	callers := map[desk.Role]*browser{}
	for _, role := range []desk.Role{desk.RoleViewer, desk.RoleAgent, desk.RoleManager} {
		callers[role], _ = st.member(admin, string(role), role)
	}
	refused := 0
	for _, rt := range routes() {
		if rt.needs == public {
			continue
		}
		path := strings.TrimPrefix(rt.path, Base)
		body := ""
		if rt.takes == object {
			body = "{}"
		}
		st.browser().do(rt.method, path, body).want(401, "unauthorized")
		for role, b := range callers {
			if !role.Allows(rt.needs) {
				b.do(rt.method, path, body).want(403, "forbidden")
				refused++
			}
		}
	}
	if refused < 3*4 {
		t.Errorf("only %d refusals were seen", refused)
	}
}

// TestNobodyMakesHimselfAdmin tries the ways up.
func TestNobodyMakesHimselfAdmin(t *testing.T) {
	st := start(t)
	admin := st.admin()
	for _, role := range []desk.Role{desk.RoleViewer, desk.RoleAgent, desk.RoleManager} {
		b, id := st.member(admin, string(role), role)
		b.do("PATCH", "/me", `{"role":"admin"}`).want(400, "invalid_payload")
		b.do("PATCH", "/me", `{"name":"X","permissions":["admin"]}`).want(400)
		b.do("PATCH", "/me", `{"email":"ada@desk.example"}`).want(400)
		b.do("PATCH", "/agents/"+id, `{"role":"admin"}`).want(403, "forbidden")
		b.do("POST", "/agents", `{"email":"evil@desk.example","role":"admin"}`).want(403)
		b.do("POST", "/agents/"+id+"/invitation", "").want(403)
		b.do("GET", "/audit", "").want(403)
		b.do("PUT", "/me/presence", `{"presence":"online","role":"admin"}`).want(400)
		if got := b.do("GET", "/session", "").want(200).text1("agent", "role"); got != string(role) {
			t.Fatalf("became %s", got)
		}
	}
}

// TestRoleCountsAtOnce: a demoted or disabled agent loses what he had with his
// next request.
func TestRoleCountsAtOnce(t *testing.T) {
	st := start(t)
	admin := st.admin()
	b, id := st.member(admin, "bob", desk.RoleAdmin)
	b.do("GET", "/audit", "").want(200)
	admin.do("PATCH", "/agents/"+id, `{"role":"agent"}`).want(200)
	b.do("GET", "/audit", "").want(403)

	caller, err := st.accounts.Caller(t.Context(), b.client.Jar.Cookies(mustURL(t, st.server.URL+"/desk/"))[0].Value, account.From{})
	must(t, err)
	ended, release := st.accounts.Ended(caller)
	defer release()
	admin.do("PATCH", "/agents/"+id, `{"active":false}`).want(200)
	select {
	case <-ended:
	default:
		t.Error("a live connection does not hear of the end")
	}
	if _, err := st.accounts.Still(t.Context(), caller); err == nil {
		t.Error("a disabled agent is still in")
	}
	b.do("GET", "/session", "").want(401)
	admin.do("PATCH", "/agents/"+id, `{"active":true}`).want(200)
	b.do("GET", "/session", "").want(401) // his logins are gone
	b.signIn("bob@desk.example", password, "").want(200)
}

// TestLastAdminStays: one who was invited and never came does not count.
func TestLastAdminStays(t *testing.T) {
	st := start(t)
	admin := st.admin()
	ada := admin.do("GET", "/session", "").want(200).text1("agent", "id")
	made := admin.do("POST", "/agents", `{"email":"bob@desk.example","role":"admin"}`).want(201)
	for _, change := range []string{`{"role":"manager"}`, `{"role":"viewer"}`, `{"active":false}`} {
		admin.do("PATCH", "/agents/"+ada, change).want(409, "conflict")
	}
	admin.do("GET", "/audit", "").want(200)
	st.browser().do("POST", "/invitations/"+tokenOf(made), `{"password":"`+password+`"}`).want(200)
	admin.do("PATCH", "/agents/"+ada, `{"role":"manager"}`).want(200)
	admin.do("PATCH", "/agents/"+made.text1("agent", "id"), `{"active":false}`).want(403)
}

func TestMe(t *testing.T) {
	st := start(t)
	admin := st.admin()
	r := admin.do("PATCH", "/me", `{"name":"Ada L.","avatar":"https://desk.example/a.png","locale":"ru","preferences":{"keys":false}}`).want(200)
	if r.text1("agent", "name") != "Ada L." || r.text1("locale") != "ru" || r.get("preferences", "keys") != false {
		t.Errorf("got %s", r.text)
	}
	admin.do("PATCH", "/me", `{"name":""}`).want(400)
	admin.do("PATCH", "/me", `{"preferences":[1]}`).want(400)
	admin.do("PATCH", "/me", `{"name":7}`).want(400, "invalid_payload")
	admin.do("PATCH", "/me", `{"name":"x"`).want(400)
	admin.do("PATCH", "/me", `{"name":"`+strings.Repeat("x", 1<<20)+`"}`).want(413, "payload_too_large")
	r = admin.do("PUT", "/me/presence", `{"presence":"online","auto_away":true}`).want(200)
	if r.text1("agent", "presence") != "online" || r.get("agent", "auto_away") != true {
		t.Errorf("got %s", r.text)
	}
	admin.do("PUT", "/me/presence", `{"presence":"asleep"}`).want(400)
	admin.do("POST", "/me/password", `{"current":"`+password+`","new":"short"}`).want(400)
	if n, _ := admin.do("GET", "/agents", "").want(200).get("agents").([]any); len(n) != 1 {
		t.Errorf("%d agents", len(n))
	}
	admin.do("POST", "/audit", "{}").want(405, "method_not_allowed")
	admin.do("GET", "/nowhere", "").want(404, "not_found")
	admin.do("GET", "/problems/locked", "").want(200)
	admin.do("GET", "/problems/nothing", "").want(404)
}

func TestAudit(t *testing.T) {
	st := start(t)
	admin := st.admin()
	_, id := st.member(admin, "bob", desk.RoleAgent)
	admin.do("PATCH", "/agents/"+id, `{"role":"manager"}`).want(200)
	for range account.FreeGuessesOfAccount {
		st.browser().signIn("bob@desk.example", "wrong", "").want(401)
	}
	var actions []string
	path := "/audit?limit=2"
	for path != "" {
		page := admin.do("GET", path, "").want(200)
		entries, _ := page.get("entries").([]any)
		for _, e := range entries {
			entry, _ := e.(map[string]any)
			actions = append(actions, entry["action"].(string))
			if entry["address"] != "127.0.0.1" {
				t.Errorf("from where is missing: %v", entry)
			}
			if entry["action"] == "agent_changed" && entry["detail"] != "role: agent -> manager" {
				t.Errorf("what is missing: %v", entry)
			}
		}
		if path = ""; page.get("next") != nil {
			path = "/audit?limit=2&before=" + page.text1("next")
		}
	}
	want := "locked agent_changed invitation_used agent_invited invitation_used"
	if got := strings.Join(actions, " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, query := range []string{"limit=0", "limit=201", "limit=x", "before=0"} {
		admin.do(http.MethodGet, "/audit?"+query, "").want(400, "invalid_payload")
	}
}
