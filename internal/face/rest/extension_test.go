package rest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/session"
)

// The extensions of contract c.6 and the rules of architecture, Session life.

func (st *stack) patch(id, body string, header http.Header) *reply {
	st.t.Helper()
	return st.do(ask{method: "PATCH", path: one(id) + "/context", body: body, header: header})
}

func ifMatching(tags ...string) http.Header { return http.Header{"If-Match": tags} }

func TestETagRisesOnlyWithTheDocument(t *testing.T) {
	st := start(t)
	id := st.create(orderSession)
	for _, step := range []struct {
		body    string
		version int
	}{
		{`{"order_id":"ORD-1"}`, 1}, {`{}`, 1}, {`{"a":1}`, 2}, {`{"a":1}`, 2}, {`{"sys-x":1}`, 2}, {`{"user":{}}`, 2}, {`{"a":2}`, 3},
	} {
		want := fmt.Sprintf(`"%s:%d"`, id, step.version)
		if got := st.patch(id, step.body, nil).want(200).header.Get("ETag"); got != want {
			t.Errorf("after %s the ETag is %s, want %s", step.body, got, want)
		}
	}
	if got := st.context(id).is(3, "version").header.Get("ETag"); got != fmt.Sprintf(`"%s:3"`, id) {
		t.Errorf("GET gives %s", got)
	}
}

func TestIfMatch(t *testing.T) {
	st := start(t)
	id := st.create("")
	tag := func(n int) string { return fmt.Sprintf(`"%s:%d"`, id, n) }
	other := `"018f3c5e-7b1a-7c3d-9e2f-0123456789ab:`
	st.patch(id, `{"n":1}`, ifMatching(tag(1))).want(200)
	st.patch(id, `{"n":2}`, ifMatching(tag(1))).refused(412, "precondition-failed").has("version 2, not 1")
	st.context(id).is(1, "context", "n").is(2, "version")
	st.patch(id, `{"n":3}`, ifMatching(tag(1)+", "+tag(2)+" ,"+tag(9))).want(200) // the second one holds
	st.patch(id, `{"n":4}`, ifMatching(tag(1), other+`3"`, tag(3))).want(200)     // two header lines, one right
	st.patch(id, `{"n":5}`, ifMatching(tag(1), other+`4"`, tag(2))).refused(412, "precondition-failed")
	st.patch(id, `{"n":6}`, ifMatching(" * ")).want(200).is(6, "context", "n")
	for _, bad := range []string{
		"W/" + tag(5), "", ",", `"5"`, "5", `"` + id + `"`, `"` + id + `:0"`, `"` + id + `:05"`, `"` + id + `:+5"`, `"` + id + `:-5"`,
		id + ":5", `"` + id + `:5`, "*, " + tag(5), tag(5) + ` "x"`, `"` + id + `:99999999999999999999"`,
	} {
		st.patch(id, `{"n":7}`, ifMatching(bad)).refused(400, "invalid-payload").has("If-Match")
	}
	st.context(id).is(6, "context", "n")
	gone := "018f3c5e-7b1a-7c3d-9e2f-0123456789ab"
	st.patch(gone, `{}`, ifMatching("bad")).refused(404, "session-not-found")
	st.patch(gone, `{}`, ifMatching("*")).refused(404, "session-not-found")
}

func TestOneOfManyPassesTheSameCondition(t *testing.T) {
	st := start(t)
	id := st.create("")
	statuses := st.together(16, func(i int) ask {
		return ask{method: "PATCH", path: one(id) + "/context", body: fmt.Sprintf(`{"winner":%d}`, i), header: ifMatching(`"` + id + `:1"`)}
	})
	if statuses[200] != 1 || statuses[412] != 15 {
		t.Errorf("statuses %v", statuses)
	}
	st.context(id).is(2, "version")
}

// together sends requests at the same time and counts the statuses.
func (st *stack) together(n int, each func(i int) ask) map[int]int {
	var group sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for i := range n {
		group.Go(func() {
			resp, err := st.server.Client().Do(st.request(each(i)))
			if err != nil {
				st.t.Error(err)
				return
			}
			_ = resp.Body.Close()
			mu.Lock()
			defer mu.Unlock()
			statuses[resp.StatusCode]++
		})
	}
	group.Wait()
	return statuses
}

func TestSixteenWritersLoseNothing(t *testing.T) {
	const writers, each = 16, 25
	st := start(t)
	id := st.create("")
	tags := make([][]string, writers)
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for n := range each {
				resp, err := st.server.Client().Do(st.request(ask{method: "PATCH", path: one(id) + "/context", body: fmt.Sprintf(`{"k":{"w%d_%d":%d}}`, w, n, n)}))
				if err != nil {
					t.Error(err)
					return
				}
				tags[w] = append(tags[w], resp.Header.Get("ETag"))
				_ = resp.Body.Close()
			}
		})
	}
	group.Wait()
	r := st.context(id).is(writers*each+1, "version")
	if kept, _ := r.get("context", "k").(map[string]any); len(kept) != writers*each {
		t.Errorf("%d of %d confirmed keys are there", len(kept), writers*each)
	}
	seen := map[string]bool{}
	for _, list := range tags {
		last := 0
		for _, tag := range list {
			n, err := strconv.Atoi(strings.TrimSuffix(tag[strings.LastIndexByte(tag, ':')+1:], `"`))
			if err != nil || n <= last || seen[tag] {
				t.Fatalf("the ETags of one writer do not rise: %v", list)
			}
			last, seen[tag] = n, true
		}
	}
}

func TestMergePatchFollowsRFC7396(t *testing.T) {
	st := start(t)
	patch := http.Header{"Content-Type": {mediaPatch}}
	for _, c := range []struct{ name, before, patch, after string }{
		{"replace", `{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{"add", `{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{"delete", `{"a":"b"}`, `{"a":null}`, `{}`},
		{"delete one", `{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{"array by text", `{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{"text by array", `{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{"inside", `{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{"array as a whole", `{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{"null inside what is new", `{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{"object by text", `{"a":{"b":1}}`, `{"a":"c"}`, `{"a":"c"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := st.of(t)
			want := st.create(`{"context":{"v":` + c.after + `}}`)
			id := st.create(`{"context":{"v":` + c.before + `}}`)
			st.patch(id, `{"v":`+c.patch+`}`, patch).want(200).is(st.context(want).get("context", "v"), "context", "v")
		})
	}
	id := st.create(orderSession)
	st.patch(id, `{"global":null,"tags":null,"channels":{"custom":null}}`, patch).refused(400, "invalid-payload").has("channels.custom")
	st.patch(id, `{"global":null,"tags":null,"channels":null}`, patch).want(200).
		is(map[string]any{}, "context", "global").is([]any{}, "context", "tags").is("order-12345", "context", "channels", "custom", "external_session_id")
}

func TestWrappedContextIsTakenLiterally(t *testing.T) {
	st := start(t)
	id := st.create("")
	st.patch(id, `{"context":{"plan":"pro"}}`, nil).want(200).is("pro", "context", "context", "plan").is(nil, "context", "plan")
	if !strings.Contains(st.log.String(), "wraps the context") {
		t.Error("no hint in the log")
	}
	before := strings.Count(st.log.String(), "wraps the context")
	st.patch(id, `{"context":{"plan":"pro"},"b":1}`, nil).want(200)
	if strings.Count(st.log.String(), "wraps the context") != before {
		t.Error("a hint for a context that has other keys")
	}
}

func TestMaskedREST(t *testing.T) {
	st := start(t, withSettings(func(s *session.Settings) { s.MaskREST = true }))
	r := st.do(ask{path: sessionsPath, body: orderSession}).want(201)
	r.is("***", "context", "user", "phone").is("***", "context", "user", "custom_psid").is("john@example.com", "context", "user", "email")
	st.do(ask{path: sessionsPath, body: `{"context":{"user":{"phone":"***","email":"e"}}}`}).want(201).is([]string{"user.phone"}, "ignored").lacks(`"phone"`)
	id := r.str("session_id")
	r = st.patch(id, `{"user":{"phone":"***","email":"x@example.com"}}`, nil).want(200)
	r.is([]string{"user.phone"}, "ignored").is("***", "context", "user", "phone").is("x@example.com", "context", "user", "email")
	st.patch(id, `{"user":{"location":{"city":"Athens","latitude":1.5}}}`, nil).want(200)
	st.patch(id, `{"user":{"location":"here"}}`, nil).refused(400, "invalid-payload").has("user.location")
	st.patch(id, `{"user":{"phone":"+15550199"}}`, nil).want(200).lacks("+15550199")
	st.context(id).is("***", "context", "user", "phone").is("***", "context", "user", "location", "latitude").is("Athens", "context", "user", "location", "city")
	st.do(ask2("GET", ours(id)+"/events")).want(200).lacks("+15550199", "1.5", "+15550100").has("session:context:updated", "Athens")
	st.do(ask{path: one(id) + "/messages", body: `{"input":{"text":"a"},"context":{"user":{"phone":"***"}}}`}).want(202)
	other := st.create("")
	st.do(ask{path: one(other) + "/close"}).want(200)
	st.do(ask2("GET", ours(other)+"/events?exact=true")).want(200).is("api", "events", 1, "data", "reason")
	view, err := st.core.View(t.Context(), st.in, mustID(t, id))
	must(t, err)
	if phone, _ := view.Document.At("user", "phone"); phone != "+15550199" {
		t.Errorf("stored phone %v", phone)
	}
}

func mustID(t *testing.T, text string) session.ID {
	t.Helper()
	id, err := session.ParseID(text)
	must(t, err)
	return id
}

func TestUnmaskedRESTStoresStars(t *testing.T) {
	st := start(t)
	id := st.create(orderSession)
	st.patch(id, `{"user":{"phone":"***"}}`, nil).want(200).is("***", "context", "user", "phone").is(nil, "ignored")
	st.patch(id, `{"user":{"phone":"+15550198"}}`, nil).want(200)
	st.do(ask2("GET", ours(id)+"/events")).want(200).is("+15550198", "events", 2, "data", "patch", "user", "phone")
}

func TestIdempotentCreate(t *testing.T) {
	st := start(t)
	a := ask{path: sessionsPath, body: orderSession, header: keyed("k-1")}
	first, second := st.do(a).want(201), st.do(a).want(201)
	for _, header := range []string{"X-Request-Id", "ETag", "Content-Type"} {
		if first.header.Get(header) != second.header.Get(header) {
			t.Errorf("%s: %q, then %q", header, first.header.Get(header), second.header.Get(header))
		}
	}
	if first.text != second.text {
		t.Errorf("the repeat got another body:\n%s\n%s", first.text, second.text)
	}
	st.patch(first.str("session_id"), `{"order_id":"changed"}`, nil).want(200)
	st.do(ask{path: one(first.str("session_id")) + "/close"}).want(200)
	st.do(a).want(201).is("ORD-1", "context", "order_id") // still the first answer
	a.header = keyed("k-2")
	if third := st.do(a).want(201); third.str("session_id") == first.str("session_id") {
		t.Error("another key gave the first session")
	}
	_, key := st.integration("other", session.Settings{})
	elsewhere := ask{path: "/v1/custom/other/sessions", body: `{}`, header: keyed("k-1"), key: key}
	st.do(elsewhere).want(201) // the key belongs to the integration
}

func TestIdempotencyKeyIsRememberedForADay(t *testing.T) {
	st := start(t)
	a := ask{path: sessionsPath, body: orderSession, header: keyed("k")}
	first := st.do(a).want(201).str("session_id")
	sweep := func() {
		t.Helper()
		_, err := st.store.Sweep(t.Context(), st.clock.Now().UnixMilli(), session.Retention{EventsMs: session.EventRetention.Milliseconds()})
		must(t, err)
	}
	st.clock.advance(session.RepeatMemory - time.Second)
	sweep()
	st.do(a).want(201).is(first, "session_id")
	st.clock.advance(time.Second)
	sweep()
	if r := st.do(a).want(201); r.str("session_id") == first {
		t.Error("the key is remembered after a day")
	}
}

func TestConcurrentRepeatsCreateOneSession(t *testing.T) {
	st := start(t)
	statuses := st.together(16, func(int) ask { return ask{path: sessionsPath, body: orderSession, header: keyed("k")} })
	if statuses[201]+statuses[409] != 16 || statuses[201] == 0 {
		t.Errorf("statuses %v", statuses)
	}
	r := st.do(ask{method: "GET", path: "/api/v1/integrations/shop/sessions"}).want(200)
	if n := len(r.get("sessions").([]any)); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

func TestIdempotentMessage(t *testing.T) {
	st := start(t, withBot(echo))
	id := st.create("")
	a := ask{path: one(id) + "/messages", body: `{"input":{"text":"once"}}`, header: keyed("m-1")}
	first := st.do(a).want(202)
	st.await(id, 0, session.EventMessageBot)
	if again := st.do(a).want(202); again.text != first.text {
		t.Errorf("the repeat got %s after %s", again.text, first.text)
	}
	other := a
	other.path = one(st.create("")) + "/messages"
	st.do(other).refused(422, "idempotency-mismatch") // the same key for another session
	handover := ask{path: one(id) + "/handover", header: keyed("m-1")}
	moved := st.do(handover).want(200) // another route
	handover.body = "ignored"
	if again := st.do(handover).want(200); again.text != moved.text {
		t.Errorf("the repeat got %s after %s", again.text, moved.text)
	}
	st.do(ask{path: one(id) + "/close"}).want(200)
	if again := st.do(a).want(202); again.text != first.text {
		t.Errorf("after the end the repeat got %s", again.text)
	}
	r := st.do(ask2("GET", ours(id)+"/messages?exact=true")).want(200)
	if n := strings.Count(r.text, `"author":"user"`); n != 1 {
		t.Errorf("the message stands %d times in the transcript", n)
	}
}

// stopper ends the session at "stop", starts a new one at "new", and answers
// the rest.
func stopper(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	d := say("in " + turn.Session.ID.String())
	switch turn.Input.Text {
	case "stop":
		d.Switch = session.SwitchStop
	case "new":
		d.Switch = session.SwitchStart
	}
	return d, nil
}

func TestStoppedSessionStaysAHandle(t *testing.T) {
	st := start(t, withBot(stopper))
	old := st.create(orderSession)
	st.do(ask{path: one(old) + "/messages", body: `{"input":{"text":"stop"}}`}).want(202)
	st.await(old, 0, session.EventSessionClosed)
	// What opens no session finds none; a broken body on what does is a 400.
	for _, a := range everyCall(old) {
		opens := strings.HasSuffix(a.path, "/context") || strings.HasSuffix(a.path, "/messages") && a.method == "" || strings.HasSuffix(a.path, "/handover") || strings.HasSuffix(a.path, "/claim") || strings.HasSuffix(a.path, "/transfer")
		if !opens {
			st.do(a).want(404)
		}
	}
	st.patch(old, `{broken`, nil).refused(400, "invalid-payload")
	st.do(ask{path: one(old) + "/messages/agent", body: `{broken`}).refused(404, "session-not-found")
	st.do(ask{path: ours(old) + "/claim", body: `{broken`}).want(400)
	r := st.patch(old, `{"after":1}`, nil).want(200).is("ORD-1", "context", "order_id")
	next := r.str("session_id")
	if next == old {
		t.Fatal("the context went to a session that was over")
	}
	if want := `"` + next + `:2"`; r.header.Get("ETag") != want {
		t.Errorf("ETag %s, want %s: the version runs on", r.header.Get("ETag"), want)
	}
	st.patch(old, `{}`, ifMatching(`"`+old+`:2"`)).refused(412, "precondition-failed")
	st.context(old).is(next, "session_id").is(old, "predecessor_id").is("active", "status")
	st.do(ask2("GET", ours(old)+"?exact=true")).want(200).is(old, "session_id").is(next, "successor_id").is("script", "reason").is("closed", "status")
	st.do(ask{path: one(old) + "/messages", body: `{"input":{"text":"hi"}}`}).want(202).is(next, "session_id")
	st.do(ask{path: one(old) + "/close"}).want(200).is(next, "session_id")
	st.patch(old, `{}`, nil).refused(404, "session-not-found") // ended in another way: dead
	st.patch(old, `{broken`, nil).refused(404, "session-not-found")
	st.do(ask2("GET", ours(old)+"/messages?limit=0")).want(404)
	st.do(ask2("GET", ours(old)+"/messages?limit=0&exact=true")).want(400).is("limit", "errors", 0, "field")
	st.do(ask2("GET", ours(old)+"/messages?exact=x")).want(404)
}

func TestStartedSessionTakesOver(t *testing.T) {
	st := start(t, withBot(stopper))
	old := st.create(orderSession)
	st.do(ask{path: one(old) + "/messages", body: `{"input":{"text":"hi"}}`}).want(202).is(old, "session_id")
	first := st.await(old, 0, session.EventMessageBot)
	st.do(ask{path: one(old) + "/messages", body: `{"input":{"text":"new"}}`}).want(202)
	st.await(old, first.Sequence, session.EventMessageBot)
	next := st.context(old).str("session_id")
	if next == old {
		t.Fatal("no successor")
	}
	st.do(ask2("GET", ours(old)+"/messages")).want(200).is(next, "session_id").is("new", "messages", 0, "input", "text").is(nil, "messages", 2)
	st.do(ask2("GET", ours(old)+"/messages?exact=true")).want(200).is(old, "session_id").is("hi", "messages", 0, "input", "text").is(nil, "messages", 2)
	r := st.do(ask2("GET", ours(next)+"/events")).want(200).is(old, "chain_id")
	var types []string
	for i := range r.get("events").([]any) {
		types = append(types, r.str("events", i, "type"))
		r.is(i+1, "events", i, "sequence")
	}
	want := "session:created message:user message:brain_received session:closed session:created message:user message:brain_received"
	if got := strings.Join(types, " "); got != want {
		t.Errorf("events %s", got)
	}
	r.is(next, "events", 3, "data", "successor_id").is(old, "events", 4, "data", "predecessor_id")
	st.patch(old, `{"x":1}`, nil).want(200).is(next, "session_id")
}

func TestLateRepliesAreNotShown(t *testing.T) {
	running, leave := make(chan struct{}), make(chan struct{})
	st := start(t, withBot(func(context.Context, *session.Turn) (*session.Decision, error) {
		close(running)
		<-leave
		return say("too late"), nil
	}))
	id := st.create("")
	st.do(ask{path: one(id) + "/messages", body: `{"input":{"text":"hello"}}`}).want(202)
	<-running
	st.do(ask{path: ours(id) + "/claim", body: claimBody}).want(200)
	close(leave)
	st.await(id, 0, session.EventMessageUser)
	st.do(ask2("GET", ours(id)+"/messages")).want(200).is("suppressed", "messages", 0, "outcome").lacks("too late")
	st.do(ask2("GET", ours(id)+"/events")).want(200).lacks("too late")
}

func TestDeskRoutes(t *testing.T) {
	st := start(t, withBot(echo))
	id := st.create("")
	st.talk(id)
	st.do(ask{path: ours(id) + "/agent-messages", body: `{"input":{"text":"Ann here"},"agent":{"agent_id":"a-1","agent_name":"Ann"}}`}).want(201).is(id, "session_id")
	st.context(id).is("agent", "conversation", "owner").is("a-1", "conversation", "agent", "agent_id")
	page := st.do(ask2("GET", ours(id)+"/messages?after=3")).want(200)
	page.is("agent", "messages", 0, "author").is("Ann here", "messages", 0, "input", "text").is("Ann", "messages", 0, "agent", "agent_name")
	st.do(ask{path: ours(id) + "/resolve", body: `{"agent":{"agent_id":"a-1","agent_name":"Ann"}}`}).want(200)
	st.context(id).is("closed", "conversation", "status").is("active", "status")
	r := st.do(ask2("GET", ours(id)+"/events?limit=200")).want(200)
	last := len(r.get("events").([]any)) - 1
	r.is("conversation:closed", "events", last, "type").is("a-1", "events", last, "data", "agent_id").is("Ann", "events", last, "data", "agent_name")
}

func TestPages(t *testing.T) {
	st := start(t, withBot(echo))
	var ids []string
	for range 5 {
		ids = append(ids, st.create(`{"external_session_id":"e"}`))
		st.clock.advance(time.Millisecond) // ids sort by time
	}
	st.do(ask{path: one(ids[0]) + "/close"}).want(200)
	var got []string
	for query := "?limit=2"; query != ""; {
		r := st.do(ask2("GET", "/api/v1/integrations/shop/sessions"+query)).want(200)
		for i := range r.get("sessions").([]any) {
			got = append(got, r.str("sessions", i, "session_id"))
		}
		if query = ""; r.str("next_cursor") != "" {
			query = "?limit=2&cursor=" + r.str("next_cursor")
		}
	}
	if want := []string{ids[4], ids[3], ids[2], ids[1], ids[0]}; strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("sessions %v, want %v", got, want)
	}
	st.do(ask2("GET", "/api/v1/integrations/shop/sessions?status=closed")).want(200).is(ids[0], "sessions", 0, "session_id").is(nil, "sessions", 1)
	st.do(ask2("GET", "/api/v1/integrations/shop/sessions?external_session_id=none")).want(200).is([]any{}, "sessions").is(nil, "next_cursor")

	id := ids[1]
	for range 3 {
		st.talk(id)
	}
	for list, name := range map[string]string{"/messages": "messages", "/events": "events"} {
		last, n := 0.0, 0
		for more := true; more; {
			r := st.do(ask2("GET", fmt.Sprintf("%s%s?limit=2&after=%.0f", ours(id), list, last))).want(200)
			items := r.get(name).([]any)
			for i := range items {
				sequence := r.get(name, i, "sequence").(float64)
				if sequence <= last {
					t.Fatalf("%s: %v after %v", list, sequence, last)
				}
				last = sequence
			}
			n += len(items)
			next, _ := r.get("next_after").(float64)
			if more = next != 0; more && (next != last || len(items) != 2) {
				t.Fatalf("%s: next_after %v after %d items up to %v", list, next, len(items), last)
			}
		}
		if want := map[string]int{"/messages": 6, "/events": 7}[list]; n != want {
			t.Errorf("%s: %d, want %d", list, n, want)
		}
	}
}

func TestWebConfigurationAndSharing(t *testing.T) {
	st := start(t)
	page := ask{method: "GET", path: "/v1/web/shop", key: "-", header: http.Header{"Origin": {"https://any.example"}}}
	if got := st.do(page).want(200).is([]any{}, "domains").header.Get("Access-Control-Allow-Origin"); got != "*" {
		t.Errorf("without domains: %q", got)
	}
	st.integration("web", session.Settings{
		Domains: []string{"shop.example", "https://app.example:8443"},
		Web:     map[string]any{"name": "Help", "accent_color": "#abc", "greeting": "hi"},
	})
	page.path = "/v1/web/web"
	for origin, shared := range map[string]bool{
		"https://shop.example": true, "https://SHOP.example": true, "https://app.example:8443": true,
		"https://evil.example": false, "https://shop.example.evil.example": false, "https://shop.example:444": false, "null": false, "": false,
	} {
		page.header = http.Header{"Origin": {origin}}
		r := st.do(page).want(200).is("Help", "name").is("#abc", "accent_color").is("hi", "greeting").is(86400, "session_timeout")
		got := r.header.Get("Access-Control-Allow-Origin")
		if shared && got != origin || !shared && got != "" || r.header.Get("Vary") != "Origin" {
			t.Errorf("%q: Access-Control-Allow-Origin %q, Vary %q", origin, got, r.header.Get("Vary"))
		}
		ask := page
		ask.method = "OPTIONS"
		if r := st.do(ask).want(204); (r.header.Get("Access-Control-Allow-Methods") != "") != shared {
			t.Errorf("%q: preflight %v", origin, r.header)
		}
	}
}

func TestKeyRotation(t *testing.T) {
	st := start(t)
	text, _, err := st.directory.IssueKey(t.Context(), "shop", st.clock.Now())
	must(t, err)
	st.do(ask{path: sessionsPath, key: text}).want(201)
	st.do(ask{path: sessionsPath}).want(201)
	keys, err := st.store.Registry().Keys(t.Context())
	must(t, err)
	for _, k := range keys {
		must(t, st.directory.RevokeKey(t.Context(), k.ID, st.clock.Now()))
	}
	st.do(ask{path: sessionsPath, key: text}).refused(401, "unauthorized")
	st.do(ask{path: sessionsPath}).refused(401, "unauthorized")
}

func TestBodiesWithoutALength(t *testing.T) {
	st := start(t)
	id := st.do(ask{path: sessionsPath, body: orderSession, chunked: true}).want(201).str("session_id")
	st.do(ask{path: one(id) + "/messages", body: `{"input":{"text":"x"}}`, chunked: true}).want(202)
	fits := `{"input":{"text":"x"}}` + strings.Repeat(" ", session.MaxBody-22)
	if len(fits) != session.MaxBody {
		t.Fatalf("%d bytes", len(fits))
	}
	for _, chunked := range []bool{false, true} {
		st.do(ask{path: one(id) + "/messages", body: fits, chunked: chunked}).want(202)
	}
	big := `{"big":"` + strings.Repeat("a", session.MaxDocumentBytes) + `"}`
	st.patch(id, big, nil).refused(413, "payload-too-large").has("context", "262144")
	st.context(id).is(1, "version")
}

func TestHeadTellsWhatGetWould(t *testing.T) {
	st := start(t)
	id := st.create(orderSession)
	resp, err := st.server.Client().Do(st.request(ask{method: "HEAD", path: ours(id)}))
	must(t, err)
	must(t, resp.Body.Close())
	if resp.StatusCode != http.StatusOK || resp.Header.Get("ETag") != `"`+id+`:1"` || resp.ContentLength < 100 {
		t.Errorf("%d %v, length %d", resp.StatusCode, resp.Header, resp.ContentLength)
	}
}

func TestLogHoldsNoSecrets(t *testing.T) {
	var mu sync.Mutex
	routes := map[string]int{}
	st := start(t, func(s *setup) {
		s.observe = func(route string, status int, took time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			if took < 0 || status < 200 {
				t.Errorf("%s: %d in %v", route, status, took)
			}
			routes[route]++
		}
	}, withBot(echo))
	id := st.create(orderSession)
	for _, a := range all(id) {
		a.header = http.Header{"X-Request-Id": {"caller-" + strings.Repeat("7", 300)}, "Idempotency-Key": {"secret-" + a.path[len(a.path)-3:]}}
		st.do(a)
	}
	st.do(ask{path: one(id) + "/messages", body: `{"input":`}).want(404)
	log := st.log.String()
	for _, secret := range []string{st.key, st.key[4:], id, "user-67890", "john@example.com", "ORD-1", "secret-"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
	for _, text := range []string{"caller_request_id=caller-777", "route=/v1/custom/{integration_id}/sessions/{session_id}/close", "status=404", "integration=shop", "method=PATCH"} {
		if !strings.Contains(log, text) {
			t.Errorf("the log lacks %s", text)
		}
	}
	if strings.Contains(log, strings.Repeat("7", 200)) {
		t.Error("a caller's request id is logged at any length")
	}
	mu.Lock()
	defer mu.Unlock()
	uuid := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}`)
	for route := range routes {
		if uuid.MatchString(route) || strings.Contains(route, "shop") {
			t.Errorf("the label %s holds an id", route)
		}
	}
	if len(routes) < 18 {
		t.Errorf("%d labels", len(routes))
	}
}

func TestSlowBodyIsCutOff(t *testing.T) {
	st := start(t, func(s *setup) { s.patience = 50 * time.Millisecond })
	for _, c := range []struct{ key, length, status string }{
		{st.key, "Content-Length: 10", "400"}, {st.key, "Transfer-Encoding: chunked", "400"},
		{"wrong", "Content-Length: 10", "401"}, {"wrong", "Transfer-Encoding: chunked", "401"},
		{st.key, "Content-Length: 2000000", "413"}, {"wrong", "Content-Length: 2000000", "413"},
	} {
		answer := st.stall(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: apikey %s\r\nContent-Type: application/json\r\n%s\r\n\r\n", sessionsPath, c.key, c.length))
		if !strings.HasPrefix(answer, "HTTP/1.1 "+c.status) || !strings.Contains(answer, "Connection: close") {
			t.Errorf("%+v: %s", c, answer)
		}
	}
	answer := st.stall("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 404") {
		t.Error(answer)
	}
}

// stall sends the head of a request whose body never comes, and reads until
// the server closes.
func (st *stack) stall(head string) string {
	st.t.Helper()
	conn, err := net.Dial("tcp", st.server.Listener.Addr().String())
	must(st.t, err)
	defer func() { _ = conn.Close() }()
	_, err = io.WriteString(conn, head)
	must(st.t, err)
	must(st.t, conn.SetReadDeadline(time.Now().Add(patience)))
	answer, err := io.ReadAll(conn)
	must(st.t, err)
	return string(answer)
}

// A body over the limit is refused as soon as it is, not when its sender ends.
func TestEndlessBodyIsRefusedAtOnce(t *testing.T) {
	st := start(t)
	conn, err := net.Dial("tcp", st.server.Listener.Addr().String())
	must(t, err)
	defer func() { _ = conn.Close() }()
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: apikey %s\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s", sessionsPath, st.key, 2<<20, strings.Repeat(" ", session.MaxBody+1))
	must(t, err)
	must(t, conn.SetReadDeadline(time.Now().Add(patience)))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	must(t, resp.Body.Close())
	if resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func TestSlowCallKeepsItsConnection(t *testing.T) {
	hook := &hooked{}
	const limit = 2 * time.Second // for bodies; a busy machine reads them in it
	st := start(t, withHook(hook), func(s *setup) { s.patience = limit })
	hook.set(func(name string) error {
		if name == "create" {
			<-time.After(limit + limit/2)
		}
		return nil
	})
	for range 2 {
		st.do(ask{path: sessionsPath, body: orderSession}).want(201)
	}
}

func TestIntegrationsSeeTheirOwn(t *testing.T) {
	st := start(t)
	st.create(orderSession)
	_, key := st.integration("other", session.Settings{})
	const path = "/api/v1/integrations/other/sessions"
	st.do(ask{method: "GET", path: path, key: key}).want(200).is([]any{}, "sessions")
	st.do(ask{method: "GET", path: path + "?external_session_id=order-12345", key: key}).want(200).is([]any{}, "sessions")
	st.do(ask2("GET", path)).want(401)
}

func TestInactiveIntegration(t *testing.T) {
	st := start(t)
	off := *st.in
	off.Active = false
	must(t, st.store.Registry().SaveIntegration(t.Context(), &off))
	must(t, st.directory.Reload(t.Context()))
	st.do(ask{path: sessionsPath}).refused(401, "unauthorized")
	st.do(ask{method: "GET", path: "/v1/web/shop", key: "-"}).refused(404, "integration-not-found")
}
