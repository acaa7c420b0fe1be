package desk

import "testing"

func TestFirstAdmin(t *testing.T) {
	st := start(t)
	b := st.browser()
	if b.do("GET", "/sign-in", "").want(200).get("setup") != true {
		t.Error("a server without an admin does not say so")
	}
	admin := st.admin()
	if got := admin.do("GET", "/session", "").want(200).text1("agent", "role"); got != "admin" {
		t.Errorf("the first one is %q", got)
	}
}
