package desk

import (
	"testing"

	"parley/internal/desk"
)

func TestDepartments(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	made := o.admin.do("POST", "/departments", `{"name":"Sales","strategy":"round_robin","hours":{"time_zone":"Europe/Berlin","weekly":[{"days":["mon"],"from":"09:00","to":"18:00"}],"holidays":[]}}`).want(201)
	path := "/departments/" + made.text1("id")
	o.admin.do("POST", "/departments", `{"name":"sales"}`).want(409, "conflict")
	for _, bad := range []string{`{}`, `{"name":7}`, `{"name":"x","strategy":"dice"}`, `{"name":"x","hours":{"time_zone":"Mars"}}`, `{"name":"x","hours":7}`, `{"nam":"x"}`} {
		o.admin.do("POST", "/departments", bad).want(400, "invalid_payload")
	}
	changed := o.admin.do("PATCH", path, `{"sticky":true,"hours":null,"id":"another","created_at":1}`).want(200)
	if changed.get("id") != made.get("id") || changed.get("name") != "Sales" || changed.get("sticky") != true || changed.get("hours") != nil || changed.get("created_at") != made.get("created_at") {
		t.Errorf("changed: %s", changed.text)
	}
	o.admin.do("PATCH", "/departments/nowhere", `{}`).want(404)
	o.admin.do("DELETE", path, "").want(204)
	o.admin.do("DELETE", path, "").want(404)
	if got := o.admin.do("GET", "/departments", "").want(200); len(got.get("departments").([]any)) != 0 {
		t.Errorf("what is left: %s", got.text)
	}
}

// A canned reply is its owner's, or everybody's and the managers'; for a thread
// it comes with its variables filled in, what is masked as stars.
func TestCannedReplies(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, _ := o.agent("ann", desk.RoleAgent)
	bob, _ := o.agent("bob", desk.RoleAgent)
	own := ann.do("POST", "/canned-replies", `{"shortcut":"hi","text":"Hello {{client.name}}, {{agent.name}} here: {{context.user.city}} {{context.user.phone}}"}`).want(201)
	path := "/canned-replies/" + own.text1("id")
	ann.do("POST", "/canned-replies", `{"shortcut":"hi","text":"again"}`).want(409, "conflict")
	ann.do("POST", "/canned-replies", `{"shortcut":"all","text":"x","shared":true}`).want(403, "forbidden")
	ann.do("PATCH", path, `{"shared":true}`).want(403, "forbidden")
	for _, bad := range []string{`{}`, `{"shortcut":"a b","text":"x"}`, `{"shortcut":"x","text":"{{nope}}"}`, `{"shortcut":"x","text":"y","department":"nowhere"}`} {
		ann.do("POST", "/canned-replies", bad).want(400, "invalid_payload")
	}
	shared := o.admin.do("POST", "/canned-replies", `{"shortcut":"bye","text":"Bye","shared":true}`).want(201)
	bob.do("PATCH", path, `{"text":"mine now"}`).want(404)
	bob.do("DELETE", path, "").want(404)
	bob.do("PATCH", "/canned-replies/"+shared.text1("id"), `{"text":"x"}`).want(403, "forbidden")
	bob.do("DELETE", "/canned-replies/"+shared.text1("id"), "").want(403, "forbidden")
	if got := bob.do("GET", "/canned-replies", "").want(200); len(got.get("canned_replies").([]any)) != 1 {
		t.Errorf("bob sees %s", got.text)
	}
	v := o.visitor(`{"user":{"display_name":"Vic","city":"Corfu","phone":"+301"}}`).queue()
	for _, b := range []*browser{ann} {
		got := b.do("GET", "/canned-replies?thread="+v.id.String(), "").want(200)
		texts := map[any]any{}
		for _, r := range got.get("canned_replies").([]any) {
			texts[at(r, "shortcut")] = at(r, "rendered")
		}
		if texts["hi"] != "Hello Vic, ann here: Corfu ***" || texts["bye"] != "Bye" {
			t.Errorf("rendered: %v", texts)
		}
	}
	ann.do("GET", "/canned-replies?thread=x", "").want(400, "invalid_payload")
	ann.do("GET", "/canned-replies?thread="+someThread, "").want(404)
	ann.do("PATCH", path, `{"text":"Hi"}`).want(200)
	ann.do("DELETE", path, "").want(204)
}

func TestViews(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	viv, vivID := o.agent("viv", desk.RoleViewer)
	own := viv.do("POST", "/views", `{"name":"Waiting","filter":{"tab":"all","sort":"waiting"}}`).want(201)
	if own.get("owner") != vivID || own.get("filter", "sort") != "waiting" {
		t.Errorf("made: %s", own.text)
	}
	path := "/views/" + own.text1("id")
	viv.do("PATCH", path, `{"shared":true}`).want(403, "forbidden")
	viv.do("POST", "/views", `{"name":""}`).want(400, "invalid_payload")
	viv.do("POST", "/views", `{"name":"x","filter":[]}`).want(400, "invalid_payload")
	changed := viv.do("PATCH", path, `{"name":"Late"}`).want(200)
	if changed.get("name") != "Late" || changed.get("filter", "tab") != "all" {
		t.Errorf("changed: %s", changed.text)
	}
	o.admin.do("GET", "/views", "").want(200)
	o.admin.do("DELETE", path, "").want(404)
	o.admin.do("POST", "/views", `{"name":"All","shared":true}`).want(201)
	if got := viv.do("GET", "/views", "").want(200); len(got.get("views").([]any)) != 2 {
		t.Errorf("viv sees %s", got.text)
	}
	viv.do("DELETE", path, "").want(204)
}
