package desk

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/session"
)

// A page whose connection is cut again and again gets every event of a thread
// once and in order.
func TestGuarantee21_DeskResumesExactly(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, _ := o.agent("ann", desk.RoleAgent)
	v := o.visitor(`{"user":{"display_name":"Vic"}}`)
	v.ask("hello")
	const cuts, most = 20, 15 // connections, and events over each
	enough, spoken := make(chan struct{}), make(chan int, 1)
	go func() {
		texts := 1 // the hello
		defer func() { spoken <- texts }()
		for ; !finished(enough); texts++ {
			v.ask(fmt.Sprint("text ", texts))
		}
	}()
	random := rand.New(rand.NewPCG(1, uint64(len(t.Name()))))
	var last int64
	said := map[string]int{}
	read := func(p *page) {
		frame := p.want("event")
		sequence := integer(t, at(frame, "event", "sequence"))
		if sequence != last+1 || frame["thread"] != v.id.String() {
			t.Fatalf("after %d came %v", last, frame)
		}
		last = sequence
		if text, ok := at(frame, "event", "input", "text").(string); ok {
			said[text]++
		}
	}
	for range cuts {
		p := ann.connect()
		p.say(fields{"type": "open", "thread": v.id.String(), "after": last})
		for range 1 + random.IntN(most) {
			read(p)
		}
		must(t, p.ws.UnderlyingConn().Close()) // a cut, without a word
	}
	close(enough)
	texts := <-spoken
	p := ann.connect()
	p.say(fields{"type": "open", "thread": v.id.String(), "after": last})
	for last < v.sequence() {
		read(p)
	}
	if len(said) != texts {
		t.Fatalf("%d texts came, want %d", len(said), texts)
	}
	for text, n := range said {
		if n != 1 {
			t.Errorf("%q came %d times", text, n)
		}
	}
	t.Logf("%d events", last)
}

func finished(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// A page whose connection is cut keeps a list that is the server's: every
// thread's last row comes.
func TestGuarantee21_ListResumesByCursor(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, _ := o.agent("ann", desk.RoleAgent)
	first := ann.do("GET", "/threads", "").want(200)
	cursor, boot := integer(t, first.get("cursor")), first.text1("boot")
	rows := map[string]int64{}
	// resume connects, reads until enough, and is cut.
	resume := func(enough func() bool) {
		t.Helper()
		p := ann.connect()
		p.say(fields{"type": "list", "after": cursor, "boot": boot})
		for !enough() {
			frame, err := p.read()
			must(t, err)
			if frame["type"] != "row" {
				continue
			}
			next := integer(t, frame["cursor"])
			if next <= cursor {
				t.Fatalf("cursor %d after %d", next, cursor)
			}
			cursor = next
			rows[at(frame, "thread", "id").(string)] = integer(t, at(frame, "thread", "last_sequence"))
		}
		must(t, p.ws.UnderlyingConn().Close())
	}
	var all []*visitor
	for i := range 20 {
		v := o.visitor(`{}`)
		v.ask(fmt.Sprint("hello ", i))
		all = append(all, v)
		if i%3 == 0 { // what happens in between comes over the next connection
			resume(func() bool { return rows[v.id.String()] == v.sequence() })
		}
	}
	resume(func() bool {
		return !slices.ContainsFunc(all, func(v *visitor) bool { return rows[v.id.String()] != v.sequence() })
	})
}

func TestLive_ResetsWhatCannotResume(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, _ := o.agent("ann", desk.RoleAgent)
	v := o.visitor(`{}`)
	v.ask("hello")
	p := ann.connect()
	hello := p.want("hello")
	for _, frame := range []fields{
		{"type": "list", "after": 0, "boot": "another start"},
		{"type": "list", "after": 1 << 40, "boot": hello["boot"]},
	} {
		p.say(frame)
		if got := p.want("reset"); got["thread"] != nil {
			t.Errorf("%v: %v", frame, got)
		}
	}
	p.say(fields{"type": "open", "thread": v.id.String(), "after": 1 << 40})
	if got := p.want("reset"); got["thread"] != v.id.String() {
		t.Errorf("a sequence that is not there: %v", got)
	}
}

func TestLive_BadFramesAreTold(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	viewer, _ := o.agent("viv", desk.RoleViewer)
	v := o.visitor(`{}`)
	v.ask("hello")
	p := viewer.connect()
	unknown := session.NewID(o.clock.Now()).String()
	for _, bad := range []struct {
		kind  int
		frame string
		code  string
	}{
		{websocket.TextMessage, `{`, "invalid_payload"},
		{websocket.TextMessage, `{"type":"dance"}`, "invalid_payload"},
		{websocket.TextMessage, `{"type":"list","after":"x"}`, "invalid_payload"},
		{websocket.TextMessage, `{"type":"open","thread":["x"]}`, "invalid_payload"},
		{websocket.TextMessage, `{"type":"open","thread":"` + unknown + `"}`, "not_found"},
		{websocket.TextMessage, `{"type":"typing","thread":"` + v.id.String() + `","action":"start"}`, "forbidden"},
		{websocket.BinaryMessage, `{"type":"pong"}`, "invalid_payload"},
		{websocket.TextMessage, `{"type":"` + strings.Repeat("x", session.MaxDeskFrame) + `"}`, "payload_too_large"},
	} {
		must(t, p.ws.WriteMessage(bad.kind, []byte(bad.frame)))
		got := p.want("error")
		if got["code"] != bad.code || got["message"] == "" {
			t.Errorf("%.60s: %v", bad.frame, got)
		}
	}
	p.say(fields{"type": "pong"}) // a good frame: the page may go on
	for range session.SocketRefusals {
		p.say(fields{"type": "dance"})
	}
	if code, _ := p.closed(); code != closeFlood {
		t.Errorf("closed with %d, want %d", code, closeFlood)
	}
	p = viewer.connect()
	must(t, p.ws.WriteMessage(websocket.TextMessage, []byte(strings.Repeat("x", session.MaxSocketPayload+1))))
	if code, _ := p.closed(); code != websocket.CloseMessageTooBig {
		t.Errorf("a frame without end: closed with %d", code)
	}
}

func TestLive_OpenThreadsAreBounded(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, _ := o.agent("ann", desk.RoleAgent)
	p := ann.connect()
	for i := range session.DeskThreads + 1 {
		v := o.visitor(`{}`)
		v.ask("hello")
		p.say(fields{"type": "open", "thread": v.id.String()})
		if i == session.DeskThreads {
			if got := p.want("error"); got["code"] != "rate_limited" || got["thread"] != v.id.String() {
				t.Errorf("one thread too many: %v", got)
			}
		}
	}
}

// Signing out, in whatever way, ends the live connection at once.
func TestLive_SignOutEnds(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for name, end := range map[string]func(b *browser, id string){
		"out":      func(b *browser, _ string) { b.do("DELETE", "/session", "").want(204) },
		"all":      func(b *browser, _ string) { b.do("DELETE", "/sessions", "").want(204) },
		"disabled": func(_ *browser, id string) { o.admin.do("PATCH", "/agents/"+id, `{"active":false}`).want(200) },
	} {
		b, id := o.agent(name, desk.RoleAgent)
		p := b.connect()
		p.want("hello")
		end(b, id)
		code, frames := p.closed()
		if code != closeSignedOut || len(frames) == 0 || frames[len(frames)-1]["type"] != "signed_out" {
			t.Errorf("%s: closed with %d after %v", name, code, frames)
		}
	}
	_, resp, err := o.browser().dial(http.Header{})
	if err == nil || resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger connects: %v %v", resp, err)
	}
	_, resp, err = o.admin.dial(http.Header{"Origin": {"https://elsewhere.example"}})
	if err == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("a page of another site connects: %v %v", resp, err)
	}
	o.admin.do("GET", "/live", "").want(400, "invalid_payload")
}

func TestLive_DrainSendsEverybodyAway(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	p := o.admin.connect()
	p.want("hello")
	must(t, o.face.Drain(t.Context()))
	if code, _ := p.closed(); code != websocket.CloseServiceRestart {
		t.Errorf("closed with %d", code)
	}
}

// Who types and who looks at a thread is shown to the others there, both ways.
func TestLive_TypingAndViewing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, annID := o.agent("ann", desk.RoleAgent)
	bob, bobID := o.agent("bob", desk.RoleAgent)
	v := o.visitor(`{}`)
	v.ask("hello")
	one, two := ann.connect(), bob.connect()
	one.say(fields{"type": "open", "thread": v.id.String()})
	if got := one.wantExactly("viewing"); fmt.Sprint(ids(got)) != fmt.Sprint([]string{annID}) {
		t.Errorf("who looks: %v", got)
	}
	two.say(fields{"type": "open", "thread": v.id.String()})
	if got := one.wantExactly("viewing"); len(ids(got)) != 2 {
		t.Errorf("who looks: %v", got)
	}
	two.wantExactly("viewing")
	two.say(fields{"type": "typing", "thread": v.id.String(), "action": "start"})
	if got := one.want("typing"); got["author"] != "agent" || at(got, "agent", "agent_id") != bobID || got["action"] != "start" {
		t.Errorf("bob types: %v", got)
	}
	must(t, session.Reactions{Core: o.core}.Compose(t.Context(), o.in, v.id, session.Typing{Action: "start", Text: "I wan"}))
	for _, p := range []*page{one, two} { // bob does not see himself type
		if got := p.want("typing"); got["author"] != "user" || got["text"] != "I wan" {
			t.Errorf("the visitor types: %v", got)
		}
	}
	must(t, two.ws.UnderlyingConn().Close())
	if got := one.wantExactly("viewing"); fmt.Sprint(ids(got)) != fmt.Sprint([]string{annID}) {
		t.Errorf("who is left: %v", got)
	}
	one.say(fields{"type": "shut", "thread": v.id.String()})
	one.say(fields{"type": "list", "after": 1 << 40})
	one.want("reset") // the thread is shut now
	bob.do("POST", v.path("/typing"), `{"action":"start"}`).want(200)
	one.say(fields{"type": "list", "after": 1 << 40})
	one.want("reset") // and no typing before it
}

func ids(frame fields) (list []string) {
	agents, _ := frame["agents"].([]any)
	for _, a := range agents {
		list = append(list, at(a, "agent_id").(string))
	}
	return list
}

// wantExactly reads until a frame of a type comes, whatever comes before.
func (p *page) wantExactly(kind string) fields {
	p.t.Helper()
	for {
		frame, err := p.read()
		if err != nil {
			p.t.Fatalf("no frame %s: %v", kind, err)
		}
		if frame["type"] == kind {
			return frame
		}
	}
}

// A page that does not read is sent away, and what it missed is there when it
// comes back.
func TestLive_SlowPageIsSentAway(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, annID := o.agent("ann", desk.RoleAgent)
	bob, _ := o.agent("bob", desk.RoleAgent)
	v := o.visitor(`{}`)
	v.ask("hello")
	slow := ann.connect()
	slow.say(fields{"type": "open", "thread": v.id.String()})
	slow.wantExactly("viewing")
	o.face.live.slow = patience // the room runs out first, on a busy machine too
	text := strings.Repeat("long ", 3000)
	typing := session.Typing{Action: "start", Text: text}
	for o.people.Connections(annID) > 0 && !o.full() {
		must(t, session.Reactions{Core: o.core}.Compose(t.Context(), o.in, v.id, typing))
	}
	code, _ := slow.closed()
	if code != closeSlow {
		t.Fatalf("closed with %d, want %d", code, closeSlow)
	}
	p := bob.connect() // others are not held up
	p.say(fields{"type": "open", "thread": v.id.String(), "after": 0})
	p.want("event")
}

// full reports whether a connection was found too slow.
func (o *office) full() bool {
	for _, c := range o.face.live.all() {
		c.out.mu.Lock()
		closed := c.out.closed
		c.out.mu.Unlock()
		if closed {
			return true
		}
	}
	return false
}

func TestLive_PresenceAndCounts(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ann, _ := o.agent("ann", desk.RoleAgent)
	bob, bobID := o.agent("bob", desk.RoleAgent)
	p := ann.connect()
	p.say(fields{"type": "list"})
	if got := p.wantExactly("counts"); integer(t, at(got, "counts", "unassigned")) != 0 {
		t.Errorf("counts: %v", got)
	}
	bob.do("PUT", "/me/presence", `{"presence":"online"}`).want(200)
	if got := p.wantExactly("presence"); got["agent_id"] != bobID || got["presence"] != "online" {
		t.Errorf("presence: %v", got)
	}
	o.visitor(`{}`).queue()
	for {
		if got := p.wantExactly("counts"); integer(t, at(got, "counts", "unassigned")) == 1 {
			break
		}
	}
}

// A page is told what its tabs must be, at their place among the updates.
func TestLive_Checksums(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.face.live.check = 50 * time.Millisecond
	ann, annID := o.agent("ann", desk.RoleAgent)
	p := ann.connect()
	p.say(fields{"type": "list"})
	v := o.visitor(`{}`).queue()
	ann.do("POST", v.path("/claim"), "").want(200)
	o.visitor(`{}`).queue()
	rows := map[session.ID]inbox.Line{}
	mine := map[session.ID]bool{}
	for right := 0; right < 3; {
		frame, err := p.read()
		must(t, err)
		switch frame["type"] {
		case "row":
			id, err := session.ParseID(at(frame, "thread", "id").(string))
			must(t, err)
			rows[id] = inbox.Line{ID: id, Sequence: integer(t, at(frame, "thread", "last_sequence")), Status: inbox.Status(at(frame, "thread", "status").(string))}
			mine[id] = at(frame, "thread", "owner", "agent", "agent_id") == annID
		case "checksum":
			var lines []inbox.Line
			for id, line := range rows {
				if tab := frame["tab"]; tab == "all" || tab == "mine" && mine[id] || tab == "unassigned" && line.Status == inbox.StatusQueued {
					lines = append(lines, line)
				}
			}
			if frame["hash"] != inbox.Hash(lines) || integer(t, frame["count"]) != int64(len(lines)) {
				t.Fatalf("%v, the page has %v", frame, lines)
			}
			if right++; len(rows) < 2 {
				right = 0 // also of a list with something in it
			}
		}
	}
}

func TestLive_FloodIsRefusedAndEnds(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	p := o.admin.connect()
	p.want("hello")
	go func() { // until it is closed: on a slow machine a hundred frames are no flood
		for p.send(fields{"type": "pong"}) == nil {
		}
	}()
	code, frames := p.closed()
	if code != closeFlood || len(frames) == 0 || frames[len(frames)-1]["code"] != "rate_limited" {
		t.Errorf("closed with %d after %v", code, frames)
	}
}
