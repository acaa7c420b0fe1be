package desk

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/session"
)

// Of two people who claim at once one wins, and the other is told who.
func TestClaim_OneOfTwoWins(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, annID := o.agent("ann", desk.RoleAgent)
	bob, bobID := o.agent("bob", desk.RoleAgent)
	for range 10 {
		v := o.visitor(`{}`).queue()
		answers := make([]*reply, 2)
		var both sync.WaitGroup
		for i, b := range []*browser{ann, bob} {
			both.Go(func() { answers[i] = b.do("POST", v.path("/claim"), `{}`) })
		}
		both.Wait()
		winner := 0
		if answers[1].status == http.StatusOK {
			winner = 1
		}
		id := []string{annID, bobID}[winner]
		won, lost := answers[winner].want(200), answers[1-winner].want(409, "conflict")
		if won.get("thread", "owner", "agent", "agent_id") != id || won.get("thread", "status") != "open" {
			t.Errorf("the winner sees %s", won.text)
		}
		if lost.get("owner", "kind") != "agent" || lost.get("owner", "agent", "agent_id") != id {
			t.Errorf("the loser is told %s", lost.text)
		}
	}
}

// Writing takes the conversation; the same message again is one message.
func TestMessage_TakesTheThread(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, annID := o.agent("ann", desk.RoleAgent)
	bob, bobID := o.agent("bob", desk.RoleAgent)
	v := o.visitor(`{}`).queue()
	said := ann.do("POST", v.path("/messages"), `{"text":"How can I help?","client_message_id":"a1"}`).want(201)
	if said.get("event", "author") != "agent" || said.get("event", "agent", "agent_id") != annID || said.get("event", "input", "text") != "How can I help?" {
		t.Errorf("the event: %s", said.text)
	}
	again := ann.do("POST", v.path("/messages"), `{"text":"How can I help?","client_message_id":"a1"}`).want(201)
	if again.get("event", "sequence") != said.get("event", "sequence") {
		t.Errorf("the same message twice: %s", again.text)
	}
	if who := ann.do("GET", v.path(""), "").want(200).get("thread", "owner", "agent", "agent_id"); who != annID {
		t.Errorf("%v has it", who)
	}
	bob.do("POST", v.path("/messages"), `{"text":"I take over"}`).want(201)
	if who := ann.do("POST", v.path("/read"), `{}`).want(200).get("thread", "owner", "agent", "agent_id"); who != bobID {
		t.Errorf("%v has it", who)
	}
	for _, bad := range []string{`{}`, `{"text":"  "}`, `{"text":7}`, `{"text":"x","attachments":[{"file_id":"` + someThread + `"}]}`, `{"txt":"x"}`, `{"text":"` + strings.Repeat("x", session.MaxTextChars+1) + `"}`} {
		ann.do("POST", v.path("/messages"), bad).want(400)
	}
}

// A transfer is one transaction: the new owner has it and the event says so, or
// nothing changed and the answer is an error.
func TestGuarantee17_TransferFailureChangesNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, annID := o.agent("ann", desk.RoleAgent)
	_, bobID := o.agent("bob", desk.RoleAgent)
	_, vivID := o.agent("viv", desk.RoleViewer)
	_, oldID := o.agent("old", desk.RoleAgent)
	o.admin.do("PATCH", "/agents/"+oldID, `{"active":false}`).want(200)
	support := o.admin.do("POST", "/departments", `{"name":"Support"}`).want(201).text1("id")
	v := o.visitor(`{}`).queue()
	ann.do("POST", v.path("/claim"), `{}`).want(200)
	before := v.sequence()
	for _, to := range []string{
		`{}`, `{"agent_id":"nobody"}`, `{"agent_id":"` + vivID + `"}`, `{"agent_id":"` + oldID + `"}`, `{"department_id":"nowhere"}`,
		`{"agent_id":"` + bobID + `","department_id":"` + support + `"}`, `{"agent_id":7}`,
	} {
		ann.do("POST", v.path("/transfer"), to).want(400, "invalid_payload")
	}
	ann.do("POST", "/threads/"+someThread+"/transfer", `{"agent_id":"`+bobID+`"}`).want(404)
	if got := v.sequence(); got != before {
		t.Fatalf("%d events came of refused transfers", got-before)
	}
	if who := ann.do("GET", v.path(""), "").want(200).get("thread", "owner", "agent", "agent_id"); who != annID {
		t.Fatalf("%v has it after refused transfers", who)
	}

	moved := ann.do("POST", v.path("/transfer"), `{"agent_id":"`+bobID+`"}`).want(200)
	if moved.get("thread", "owner", "agent", "agent_id") != bobID {
		t.Errorf("moved: %s", moved.text)
	}
	moved = ann.do("POST", v.path("/transfer"), `{"department_id":"`+support+`"}`).want(200)
	if moved.get("thread", "status") != "queued" || moved.get("thread", "department_id") != support || moved.get("thread", "owner", "agent") != nil {
		t.Errorf("moved to a department: %s", moved.text)
	}
	_, err := o.core.Close(t.Context(), o.in, v.id, session.ReasonAPI)
	must(t, err)
	before = v.sequence()
	ann.do("POST", v.path("/transfer"), `{"agent_id":"`+annID+`"}`).want(404)
	if v.sequence() != before {
		t.Error("a transfer of an ended session left an event")
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, annID := o.agent("ann", desk.RoleAgent)
	v := o.visitor(`{}`)
	v.ask("hello")
	ann.do("POST", v.path("/claim"), `{}`).want(200)
	for _, bad := range []string{`{}`, `{"until":"tomorrow"}`, `{"until":1}`, `{"until":1.5}`, `{"until":null}`} {
		ann.do("POST", v.path("/snooze"), bad).want(400, "invalid_payload")
	}
	later := o.clock.Now().Add(time.Hour).UnixMilli()
	if got := ann.do("POST", v.path("/snooze"), fmt.Sprintf(`{"until":%d}`, later)).want(200); got.get("thread", "status") != "snoozed" || integer(t, got.get("thread", "snoozed_until")) != later {
		t.Errorf("snoozed: %s", got.text)
	}
	if got := ann.do("POST", v.path("/wake"), `{}`).want(200); got.get("thread", "status") != "open" {
		t.Errorf("woken: %s", got.text)
	}
	if got := ann.do("POST", v.path("/snooze"), `{"until":"reply"}`).want(200); got.get("thread", "snoozed_until") != "reply" {
		t.Errorf("snoozed: %s", got.text)
	}
	ann.do("POST", v.path("/return"), `{"state":"/Nowhere"}`).want(400, "invalid_payload")
	if got := ann.do("POST", v.path("/return"), `{"state":"/Bye"}`).want(200); got.get("thread", "status") != "bot" {
		t.Errorf("returned: %s", got.text)
	}
	ann.do("POST", v.path("/claim"), ``).want(200)
	if got := ann.do("POST", v.path("/resolve"), ``).want(200); got.get("thread", "status") != "resolved" {
		t.Errorf("resolved: %s", got.text)
	}
	o.admin.do("GET", "/threads?status=resolved", "").want(200)
	if got := ann.do("POST", v.path("/reopen"), ``).want(200); got.get("thread", "status") == "resolved" {
		t.Errorf("reopened: %s", got.text)
	}
	note := ann.do("POST", v.path("/notes"), `{"text":"ask the boss","mentions":["`+annID+`"]}`).want(201)
	if note.get("event", "author") != "note" || note.get("event", "input", "text") != "ask the boss" || note.get("event", "agent", "agent_id") != annID {
		t.Errorf("the note: %s", note.text)
	}
	ann.do("POST", v.path("/notes"), `{"text":"ask","mentions":["nobody"]}`).want(400, "invalid_payload")
	ann.do("POST", v.path("/notes"), `{"text":""}`).want(400, "invalid_payload")
	ann.do("POST", v.path("/typing"), `{"action":"start"}`).want(200)
	ann.do("POST", v.path("/typing"), `{"action":"sing"}`).want(400, "invalid_payload")
}

// What a role may not do is refused on every route, before anything else.
func TestRoles_EveryThreadRoute(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	viewer, _ := o.agent("viv", desk.RoleViewer)
	ann, _ := o.agent("ann", desk.RoleAgent)
	v := o.visitor(`{}`).queue()
	before := v.sequence()
	for _, rt := range append(threadRoutes(), peopleRoutes()...) {
		path := strings.NewReplacer("{thread_id}", v.id.String(), "{integration_id}", "shop").Replace(strings.TrimPrefix(rt.path, Base))
		if rt.needs == desk.PermissionRead {
			continue
		}
		viewer.do(rt.method, path, "").want(403, "forbidden")
		if rt.needs == desk.PermissionManage {
			ann.do(rt.method, path, "").want(403, "forbidden")
		}
		o.browser().do(rt.method, path, "").want(401, "unauthorized")
	}
	if v.sequence() != before {
		t.Error("a refused request left an event")
	}
	for _, path := range []string{"/threads", v.path(""), v.path("/events"), v.path("/previous"), v.path("/context/history"), "/integrations", "/integrations/shop/states", "/search?query=x", "/departments", "/canned-replies", "/views"} {
		viewer.do("GET", path, "").want(200)
	}
	viewer.do("GET", "/threads/nonsense", "").want(404)
	viewer.do("GET", "/threads/"+someThread, "").want(404)
	viewer.do("GET", "/integrations/alone/states", "").want(404)
}

// Agents and viewers see masked fields as ***, and cannot write the stars back.
func TestContext_MasksAndVersions(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, _ := o.agent("ann", desk.RoleAgent)
	boss, _ := o.agent("boss", desk.RoleManager)
	v := o.visitor(`{"user":{"display_name":"Vic","phone":"+301","email":"vic@example.com"}}`).queue()
	shown := ann.do("GET", v.path(""), "").want(200)
	if shown.get("context", "user", "phone") != "***" || shown.get("context", "user", "email") != "vic@example.com" {
		t.Errorf("an agent sees %s", shown.text)
	}
	if got := boss.do("GET", v.path(""), "").want(200); got.get("context", "user", "phone") != "+301" || len(got.get("masked").([]any)) != 0 {
		t.Errorf("a manager sees %s", got.text)
	}
	version := integer(t, shown.get("version"))
	change := func(b *browser, body, match string) *reply {
		b.header.Del("If-Match")
		if match != "" {
			b.header.Set("If-Match", match)
		}
		defer b.header.Del("If-Match")
		return b.do("PATCH", v.path("/context"), body)
	}
	got := change(ann, `{"patch":{"user":{"phone":"***","language":"el"}}}`, fmt.Sprintf(`"%d"`, version)).want(200)
	if fmt.Sprint(got.get("ignored")) != "[user.phone]" || got.get("context", "user", "phone") != "***" || integer(t, got.get("version")) != version+1 {
		t.Errorf("the stars: %s", got.text)
	}
	change(ann, `{"patch":{"user":{"language":"de"}}}`, strconv.FormatInt(version, 10)).want(412, "version_conflict")
	change(ann, `{"patch":{"user":{"language":"de"}}}`, `"x"`).want(400, "invalid_payload")
	change(ann, `{"patch":{"user":{"phone":"+302"}}}`, "").want(200)
	for _, bad := range []string{`{}`, `{"patch":7}`, `{"patch":{"user":7}}`, `{"patch":{"__proto__":{}}}`, `{"patch":{},"more":1}`} {
		change(ann, bad, "").want(400, "invalid_payload")
	}
	history := ann.do("GET", v.path("/context/history"), "").want(200)
	if strings.Contains(history.text, "+302") || strings.Contains(ann.do("GET", v.path("/events"), "").want(200).text, "+302") {
		t.Errorf("an agent reads the phone in the history: %s", history.text)
	}
	entries := boss.do("GET", v.path("/context/history"), "").want(200)
	list, _ := entries.get("entries").([]any)
	if len(list) != 2 || integer(t, at(list[0], "version")) != version+2 || at(list[0], "patch", "user", "phone") != "+302" || at(list[0], "by") != "agent" || at(list[0], "agent", "agent_name") != "ann" {
		t.Errorf("the history: %s", entries.text)
	}
}

// TestContext_MergePatchDeletes follows RFC 7396 where the media type says so.
func TestContext_MergePatchDeletes(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, _ := o.agent("ann", desk.RoleAgent)
	v := o.visitor(`{"city":"Athens","user":{"display_name":"Vic","phone":"+301"}}`).queue()
	ann.header.Set("Content-Type", "application/merge-patch+json")
	defer ann.header.Del("Content-Type")
	got := ann.do("PATCH", v.path("/context"), `{"city":null,"patch":{"n":1},"user":{"phone":"***"}}`).want(200)
	shown, _ := got.get("context").(map[string]any)
	if _, kept := shown["city"]; kept || fmt.Sprint(got.get("context", "patch", "n")) != "1" || fmt.Sprint(got.get("ignored")) != "[user.phone]" {
		t.Errorf("after the merge patch: %s", got.text)
	}
	for _, bad := range []string{`[]`, `7`, `{"__proto__":{}}`} {
		ann.do("PATCH", v.path("/context"), bad).want(400, "invalid_payload")
	}
	ann.do("POST", v.path("/claim"), `{}`).want(400, "invalid_payload") // of this route alone
}

func TestEvents_Pages(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	v := o.visitor(`{}`)
	for i := range 5 {
		v.ask(strconv.Itoa(i))
	}
	newest := v.sequence()
	sequences := func(query string) (list []int64, r *reply) {
		r = o.admin.do("GET", v.path("/events"+query), "").want(200)
		events, _ := r.get("events").([]any)
		for _, ev := range events {
			list = append(list, integer(t, at(ev, "sequence")))
		}
		return list, r
	}
	for _, c := range []struct {
		query       string
		first, last int64
		more        bool
	}{
		{"", 1, newest, false}, {"?limit=3", newest - 2, newest, true}, {"?after=2&limit=2", 3, 4, true}, {"?before=4", 1, 3, false},
		{"?before=5&limit=2", 3, 4, true}, {fmt.Sprintf("?before=%d&limit=1", newest+50), newest, newest, true},
	} {
		got, r := sequences(c.query)
		if int64(len(got)) != c.last-c.first+1 || got[0] != c.first || got[len(got)-1] != c.last || r.get("more") != c.more {
			t.Errorf("%s: %v, %s", c.query, got, r.text)
		}
	}
	if got, r := sequences(fmt.Sprintf("?after=%d", newest)); got != nil || integer(t, r.get("last")) != newest {
		t.Errorf("after the newest: %s", r.text)
	}
	for _, bad := range []string{"?after=x", "?before=0", "?limit=0", "?limit=501"} {
		o.admin.do("GET", v.path("/events"+bad), "").want(400, "invalid_payload")
	}
}

func TestSearchReportsPrevious(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	v := o.visitor(`{"user":{"display_name":"Victoria"}}`)
	v.ask("where is my umbrella")
	o.admin.do("POST", v.path("/read"), "").want(200) // its row is written
	if got := o.admin.do("GET", "/search?query=umbre", "").want(200); len(got.get("messages").([]any)) == 0 {
		t.Errorf("the message is not found: %s", got.text)
	}
	if got := o.admin.do("GET", "/search?query=victor", "").want(200); len(got.get("people").([]any)) != 1 {
		t.Errorf("the person is not found: %s", got.text)
	}
	o.admin.do("GET", "/search?query=", "").want(400, "invalid_payload")
	if got := o.admin.do("GET", "/reports", "").want(200); integer(t, got.get("bot_now")) != 1 {
		t.Errorf("the report: %s", got.text)
	}
	o.admin.do("GET", "/reports?from=5&to=4", "").want(400, "invalid_payload")
	if got := o.admin.do("GET", v.path("/previous"), "").want(200); len(got.get("threads").([]any)) != 0 {
		t.Errorf("others: %s", got.text)
	}
	states := o.admin.do("GET", "/integrations/shop/states", "").want(200)
	if fmt.Sprint(states.get("states")) != "[/Bye /Start]" {
		t.Errorf("states: %s", states.text)
	}
	if got := o.admin.do("GET", "/integrations", "").want(200); len(got.get("integrations").([]any)) != 1 {
		t.Errorf("integrations: %s", got.text)
	}
}

func TestFiles_BothWays(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, _ := o.agent("ann", desk.RoleAgent)
	v := o.visitor(`{}`).queue()
	slot := ann.do("POST", v.path("/files"), `{"filename":"a.txt","content_type":"text/plain","size":5}`).want(201)
	ann.do("POST", v.path("/files"), `{"filename":"../a","content_type":"text/plain"}`).want(400, "invalid_payload")
	id := slot.text1("file_id")
	ann.do("GET", "/files/"+id, "").want(404) // nothing was uploaded yet
	ann.do("POST", v.path("/messages"), `{"attachments":[{"file_id":"`+id+`"}]}`).want(400)
	fileID, err := session.ParseID(id)
	must(t, err)
	_, err = o.face.cfg.Files.Receive(t.Context(), fileID, "text/plain", 5, strings.NewReader("hello"))
	must(t, err)
	sent := ann.do("POST", v.path("/messages"), `{"text":"see","attachments":[{"file_id":"`+id+`"}]}`).want(201)
	list, _ := sent.get("event", "input", "attachments").([]any)
	if len(list) != 1 || at(list[0], "filename") != "a.txt" || !strings.HasPrefix(fmt.Sprint(at(list[0], "url")), o.server.URL+"/v1/files/") {
		t.Errorf("the attachment: %s", sent.text)
	}
	if to := ann.do("GET", "/files/"+id, "").want(302).header.Get("Location"); !strings.HasPrefix(to, "/v1/files/"+id) {
		t.Errorf("the file is at %q", to)
	}
	o.browser().do("GET", "/files/"+id, "").want(401)
}
