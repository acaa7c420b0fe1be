package inbox_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/inbox"
	"parley/internal/session"
)

// TestRow_OfAThread follows one thread through its life.
func TestRow_OfAThread(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t)
		id := h.begin("ada")
		h.rest()
		if rows := h.list(inbox.Filter{Status: inbox.StatusAny}); len(rows) != 0 {
			t.Fatal("a chain without a conversation has a row", asJSON(rows))
		}
		deed(t, h.say(id, "hello  there"))
		h.rest()
		r := h.row(id)
		if r.Status != inbox.StatusBot || r.Name != "ada" || r.Email != "ada@example.com" || r.Language != "ru" || r.Unread != 1 ||
			r.Preview != "echo hello there" || r.PreviewAuthor != inbox.AuthorBot || !slices.Equal(r.Tags, []string{"vip"}) || r.IntegrationName != "Shop" {
			t.Error("with the bot:", asJSON(r))
		}
		deed(t, h.handover(id))
		h.know(id, session.Document{"display_name": "Ada L."})
		deed(t, h.say(id, "anybody?"))
		h.rest()
		if r = h.row(id); r.Status != inbox.StatusQueued || r.WaitingMs == 0 || r.Department != "sales" || r.Reason != "requested" || r.Owner.Kind != session.OwnerQueue || r.Unread != 2 ||
			r.Preview != "anybody?" || r.PreviewAuthor != inbox.AuthorUser || r.Name != "Ada L." {
			t.Error("in the queue:", asJSON(r))
		}
		deed(t, h.answer(id, session.Agent{ID: "a1", Name: "Ann"}, "I am here"))
		h.rest()
		if r = h.row(id); r.Status != inbox.StatusOpen || r.AgentID() != "a1" || r.Unread != 0 || r.Preview != "I am here" || r.PreviewAuthor != inbox.AuthorAgent {
			t.Error("with an agent:", asJSON(r))
		}
		_, err := h.core.Note(t.Context(), h.in, id, session.Agent{ID: "a1"}, session.Note{Text: "she is angry"})
		deed(t, err)
		_, err = h.core.Snooze(t.Context(), h.in, id, session.Agent{ID: "a1"}, session.SnoozedUntilReply)
		deed(t, err)
		h.rest()
		if r = h.row(id); r.Status != inbox.StatusSnoozed || r.Snoozed != inbox.UntilReply || r.Preview != "she is angry" || r.PreviewAuthor != inbox.AuthorNote || r.WaitingMs != 0 {
			t.Error("asleep:", asJSON(r))
		}
		if c := h.inbox.Counts("a1"); c != (inbox.Counts{Snoozed: 1}) {
			t.Errorf("%+v", c)
		}
		_, err = h.core.Wake(t.Context(), h.in, id, session.Agent{ID: "a1"})
		deed(t, err)
		h.rest()
		if c := h.inbox.Counts("a1"); c != (inbox.Counts{Mine: 1, All: 1}) {
			t.Errorf("%+v", c)
		}
		_, err = h.core.CloseConversation(t.Context(), h.in, id, &session.Agent{ID: "a1"})
		deed(t, err)
		h.rest()
		if r = h.row(id); r.Status != inbox.StatusResolved {
			t.Error("resolved:", asJSON(r))
		}
		sleep(11 * time.Minute) // its session expires
		h.rest()
		if r = h.row(id); r.Status != inbox.StatusEnded || r.Preview != "she is angry" {
			t.Error("ended:", asJSON(r))
		}
	})
}

// TestRow_Mentions keeps who was asked for until he speaks or the conversation ends.
func TestRow_Mentions(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t)
		id := h.begin("ada")
		deed(t, h.say(id, "hello"))
		h.rest()
		note := func(by string, names ...string) {
			_, err := h.core.Note(t.Context(), h.in, id, session.Agent{ID: by}, session.Note{Text: "look", Mentions: names})
			deed(t, err)
			h.rest()
		}
		named := func() []string { return slices.Sorted(maps.Keys(h.row(id).Mentions)) }
		note("ann", "bob", "cid", "ann")
		first := h.row(id).Mentions["bob"]
		if got := named(); !slices.Equal(got, []string{"bob", "cid"}) || first != h.row(id).Sequence {
			t.Error("named:", got, first)
		}
		note("ann", "bob")
		if got := h.row(id).Mentions["bob"]; got <= first {
			t.Error("named again:", got)
		}
		note("bob")
		deed(t, h.answer(id, session.Agent{ID: "dan", Name: "Dan"}, "I am here"))
		h.rest()
		if got := named(); !slices.Equal(got, []string{"cid"}) {
			t.Error("bob has spoken:", got)
		}
		_, err := h.core.CloseConversation(t.Context(), h.in, id, nil)
		deed(t, err)
		h.rest()
		if got := named(); len(got) != 0 {
			t.Error("resolved:", got)
		}
	})
}

func deed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestRow_Unread counts what people have not seen.
func TestRow_Unread(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t)
		id := h.begin("ada")
		deed(t, h.handover(id))
		for _, words := range []string{"one", "two", "three"} {
			deed(t, h.say(id, words))
		}
		h.rest()
		read, err := h.core.Transcript(t.Context(), session.MessageFilter{Session: id, Limit: 2})
		deed(t, err)
		by := session.Agent{ID: "a1"}
		_, err = session.Reactions{Core: h.core}.Receive(t.Context(), h.in, id, session.Receipt{Kind: session.ReceiptRead, Messages: []session.ID{read[1].ID}, By: &by})
		deed(t, err)
		h.rest()
		if r := h.row(id); r.Unread != 1 {
			t.Errorf("%d unread after a receipt for the second of three", r.Unread)
		}
	})
}

// TestRow_Redacted: who sees masked fields as *** neither sees them in any answer
// nor finds by them.
func TestRow_Redacted(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t)
		id := h.begin("ada")
		deed(t, h.say(id, "hi"))
		h.rest()
		page, err := h.inbox.List(t.Context(), inbox.Filter{Hidden: true})
		deed(t, err)
		row, err := h.inbox.Row(t.Context(), id, true)
		deed(t, err)
		found, err := h.inbox.Search(t.Context(), "ada", true, 0)
		deed(t, err)
		if page.Rows[0].Email != session.Stars || row.Email != session.Stars || len(found.People) != 1 || found.People[0].Email != session.Stars || row.Name != "ada" {
			t.Error(asJSON(page), asJSON(row), asJSON(found))
		}
		byMail, err := h.inbox.Search(t.Context(), "example", true, 0)
		deed(t, err)
		clear, err := h.inbox.Search(t.Context(), "example", false, 0)
		deed(t, err)
		if len(byMail.People) != 0 || len(clear.People) != 1 || clear.People[0].Email != "ada@example.com" {
			t.Error(asJSON(byMail), asJSON(clear))
		}
	})
}

// TestInbox_Erasure: an erased person is gone from list, counts, search and pages.
func TestInbox_Erasure(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t)
		id, other := h.begin("ada"), h.begin("bob")
		deed(t, h.say(id, "secret"))
		deed(t, h.say(other, "public"))
		h.rest()
		p := h.page("a1")
		v, err := h.core.Look(t.Context(), h.in, id)
		deed(t, err)
		_, err = session.People{Core: h.core}.Erase(t.Context(), h.in, v.Client.ID, session.EraseOptions{By: "api"})
		deed(t, err)
		h.rest()
		p.same()
		found, err := h.inbox.Search(t.Context(), "secret", false, 0)
		deed(t, err)
		if len(p.rows) != 1 || len(found.Messages) != 0 || h.inbox.Counts("").All != 1 {
			t.Error(len(p.rows), asJSON(found), h.inbox.Counts(""))
		}
	})
}

// Every field of a row that is made of the context is masked like the context.
func TestRow_RedactsWhatIsOfTheContext(t *testing.T) {
	row := &inbox.Row{Name: "Ada", Email: "ada@example.com", Avatar: "https://x.example/a.png", Language: "ru", Tags: []string{"debtor"}, Preview: "hi"}
	shown := row.Redact(&session.Settings{Masked: []string{"user.display_name", "user.email", "user.avatar", "user.language", "tags"}})
	for name, got := range map[string]string{"name": shown.Name, "email": shown.Email, "avatar": shown.Avatar, "language": shown.Language} {
		if got != session.Stars {
			t.Errorf("%s: %q", name, got)
		}
	}
	if !slices.Equal(shown.Tags, []string{session.Stars}) || !slices.Equal(row.Tags, []string{"debtor"}) || shown.Preview != "hi" {
		t.Error(asJSON(shown), asJSON(row))
	}
	if clear := row.Redact(&session.Settings{Masked: []string{"user.phone"}}); !slices.Equal(clear.Tags, row.Tags) || clear.Name != "Ada" {
		t.Error(asJSON(clear))
	}
}

// A visitor cannot make the rows that go to every page as long as he likes.
func TestRow_IsBounded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t)
		id := h.begin("ada")
		long := strings.Repeat("ж", 20_000)
		h.know(id, session.Document{"display_name": long, "email": long, "avatar": "https://x.example/" + long, "language": long, "user_id": long})
		deed(t, h.say(id, long[:2000]))
		h.rest()
		r := h.row(id)
		if size := len(asJSON(r)); size > 4096 || !strings.HasPrefix(r.Name, "жжж") || r.Avatar != "" {
			t.Errorf("%d bytes, avatar %q", size, r.Avatar)
		}
		found, err := h.inbox.Search(t.Context(), "жжж", false, 0)
		deed(t, err)
		if size := len(asJSON(found)); len(found.People) != 1 || size > 8192 {
			t.Errorf("%d people, %d bytes", len(found.People), size)
		}
	})
}
