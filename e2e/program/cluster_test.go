package program

import (
	"encoding/json"
	"strings"
	"testing"

	"parley/internal/natstest"
	"parley/internal/pgtest"
)

// nodes starts servers that share a PostgreSQL, and a NATS unless its URL is "".
func nodes(t *testing.T, n int, nats string) []*server {
	t.Helper()
	list, store := make([]*server, n), pgtest.Postgres(t)
	for i := range list {
		flags := []string{"--store", store, "--node", string(rune('a' + i))}
		if nats != "" {
			flags = append(flags, "--nats", nats)
		}
		list[i] = startWith(t, setup{flags: flags})
	}
	return list
}

// beside is the shop as it calls another node, once that one knows its key.
func (p *shop) beside(s *server) *shop {
	p.t.Helper()
	q := *p
	q.base = s.base
	eventually(p.t, "the node knows the key", func() bool {
		a, err := q.try("GET", "/api/v1/integrations/"+p.id+"/sessions", nil)
		return err == nil && a.status == 200
	})
	return &q
}

// manyNodes runs a test with hints and by asking the store alone.
func manyNodes(t *testing.T, test func(t *testing.T, nats string)) {
	t.Run("NATS", func(t *testing.T) {
		t.Parallel()
		test(t, natstest.Start(t).URL())
	})
	t.Run("Polling", func(t *testing.T) {
		t.Parallel()
		test(t, "")
	})
}

// A socket at one node hears what REST does at another, and the turns of all
// nodes are one transcript.
func TestNodes_SocketsHearOtherNodes(t *testing.T) {
	t.Parallel()
	manyNodes(t, func(t *testing.T, nats string) {
		all := nodes(t, 3, nats)
		at0 := all[0].scripted(nil)
		at1, at2 := at0.beside(all[1]), at0.beside(all[2])
		web := newBrowsers(t)
		tab := web.visit(at0, nil)
		id := text(tab.open(nil), "session_id")
		at1.say(id, "by REST")
		same(t, "a message by REST", text(tab.want("message:user"), "input", "text"), "by REST")
		same(t, "its answer", text(tab.want("message:brain_received"), "output", "responses", 0, "text"), "You said: by REST")
		late := web.visit(at2, nil)
		late.join(id, nil)
		same(t, "ack", late.call("message:send", said(id, "by socket"))["session_id"], id)
		same(t, "an answer at the node of the socket", text(late.until("message:brain_received"), "output", "responses", 0, "text"), "You said: by socket")
		same(t, "and at another", text(tab.until("message:brain_received"), "output", "responses", 0, "text"), "You said: by socket")
		same(t, "messages", len(at2.transcript(id)), 4)
		at2.call(200, "PATCH", at2.at(id, "/context"), object{"plan": "gold"})
		same(t, "a merge by REST", text(tab.until("session:context:updated"), "context", "plan"), "gold")
		at1.call(200, "POST", at1.at(id, "/close"), nil)
		same(t, "reason", tab.until("session:closed")["reason"], "api")
		late.until("session:closed")
	})
}

// An agent at one node takes what waits and was said at others; what he says
// reaches the client there.
func TestNodes_DeskSeesOtherNodes(t *testing.T) {
	t.Parallel()
	manyNodes(t, func(t *testing.T, nats string) {
		all := nodes(t, 3, nats)
		at0 := all[0].scripted(object{"desk": true})
		at1 := at0.beside(all[1])
		ada := admin(t, all)
		ada.base = all[2].base
		web := newBrowsers(t)
		tab := web.visit(at1, nil)
		id := text(tab.open(object{"user": object{"display_name": "Grace"}}), "session_id")
		tab.call("message:send", said(id, "person"))
		tab.until("conversation:handover")
		var thread string
		eventually(t, "the conversation waits at the desk of another node", func() bool {
			var page struct {
				Threads []struct{ ID, Name, Status string }
			}
			_, answer := ada.do("GET", "/threads?tab=unassigned", "")
			must(t, json.Unmarshal([]byte(answer), &page))
			if len(page.Threads) != 1 || page.Threads[0].Status != "queued" {
				return false
			}
			thread = page.Threads[0].ID
			return page.Threads[0].Name == "Grace"
		})
		status, answer := ada.do("POST", "/threads/"+thread+"/claim", "{}")
		same(t, "claim: "+answer, status, 200)
		status, answer = ada.do("POST", "/threads/"+thread+"/messages", `{"text":"I am Ada."}`)
		same(t, "message: "+answer, status/100, 2)
		if said := tab.until("message:received"); !strings.Contains(encoded(t, said), "I am Ada.") {
			t.Errorf("got %v", said)
		}
		if nats == "" {
			return // who writes is told by hints alone
		}
		status, answer = ada.do("POST", "/threads/"+thread+"/typing", `{"action":"start"}`)
		same(t, "typing: "+answer, status/100, 2)
		same(t, "typing at another node", tab.until("message:compose")["action"], "start")
	})
}

// What the command line does at one node, and a process of its own beside all of
// them, the other nodes take in.
func TestNodes_CommandsReachOtherNodes(t *testing.T) {
	t.Parallel()
	store := pgtest.Postgres(t)
	one, two := startWith(t, setup{flags: []string{"--store", store, "--node", "one"}}), startWith(t, setup{flags: []string{"--store", store, "--node", "two"}})
	shop := one.scripted(nil).beside(two)
	same(t, "answer", shop.talk(shop.open(nil), "hello"), "You said: hello")

	dir := directory(t) // no server runs there
	beside := func(args ...string) any {
		t.Helper()
		r := parleyIn(t, []string{"PARLEY_STORE=" + store}, append(args, "--data", dir, "--json")...)
		if r.code != 0 {
			t.Fatalf("parley %v: exit code %d: %s", args, r.code, r.err)
		}
		var v any
		must(t, json.Unmarshal([]byte(r.out), &v))
		return v
	}
	second := beside("key", "create", "--integration", shop.id)
	other := *shop
	other.key = text(second, "api_key")
	for _, s := range []*server{one, two} {
		other.beside(s)
	}
	beside("key", "revoke", text(second, "key_id"))
	for _, s := range []*server{one, two} {
		other.base = s.base
		eventually(t, "the key is no use any more", func() bool {
			a, err := other.try("GET", "/api/v1/integrations/"+shop.id+"/sessions", nil)
			return err == nil && a.status == 401
		})
	}
	same(t, "agents", len(beside("agent", "list").([]any)), 0)
	beside("agent", "invite", "--email", "bob@desk.example")
	for _, s := range []*server{one, two} {
		eventually(t, "every node knows the agent", func() bool { return len(s.ask("agent", "list").([]any)) == 1 })
	}

	deployed := beside("bot", "deploy", bot(t, "shop"), "--no-tests")
	same(t, "release", at(deployed, "current"), any(1.0))
	for _, s := range []*server{one, two} {
		eventually(t, "every node has the release", func() bool {
			return at(s.ask("bot", "releases", bot(t, "shop")), "current") == any(1.0)
		})
		here := shop.beside(s)
		same(t, "answer of the release", here.talk(here.open(nil), "hello"), "You said: hello")
	}
	same(t, "exit code", one.stop(), 0)
	same(t, "the other goes on", shop.talk(shop.open(nil), "again"), "You said: again")
}

// admin makes the first admin by the link that the leading node printed.
func admin(t *testing.T, all []*server) *person {
	t.Helper()
	for _, s := range all {
		link := linkPattern.FindStringSubmatch(s.out.String())
		if link == nil {
			continue
		}
		ada := newPerson(t, s.base)
		status, answer := ada.do("POST", "/invitations/"+link[1], `{"name":"Ada","email":"ada@desk.example","password":"correct mule battery"}`)
		same(t, "invitation: "+answer, status, 200)
		status, answer = ada.do("POST", "/session", `{"email":"ada@desk.example","password":"correct mule battery"}`)
		same(t, "sign-in: "+answer, status, 200)
		return ada
	}
	t.Fatal("no node printed a link")
	return nil
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	must(t, err)
	return string(raw)
}
