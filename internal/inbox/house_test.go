package inbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/inbox"
	"parley/internal/session"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
)

// house is an inbox beside the real core, on a real store.
type house struct {
	testing.TB
	dir   string
	in    *session.Integration
	store *sqlite.Store
	core  *session.Core
	inbox *inbox.Inbox
	deaf  bool // the inbox does not run: as after a crash
}

func newHouse(t testing.TB) *house {
	h := &house{TB: t, dir: sqlitetest.Dir(t, sqlite.Open), in: &session.Integration{ID: "shop", Name: "Shop", Kind: session.KindCustom, Active: true}}
	h.in.Settings.Desk = true
	h.in.Settings.SessionTimeout = session.Duration(10 * time.Minute)
	h.in.Settings.Masked = []string{"user.email"}
	h.in.Settings = h.in.Settings.WithDefaults(h.in.Kind)
	h.open()
	t.Cleanup(h.close)
	return h
}

func (h *house) open() {
	h.Helper()
	var err error
	if h.store, err = sqlite.Open(context.Background(), h.dir, sqlite.Options{}); err != nil {
		h.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(h.Output(), nil))
	find := func(id string) (*session.Integration, bool) { return h.in, id == h.in.ID }
	h.inbox = inbox.New(inbox.Config{
		Index: h.store.Index(), Store: h.store, Integration: find, Now: time.Now, Log: log,
		Integrations: func() []*session.Integration { return []*session.Integration{h.in} },
	})
	h.core = session.New(session.Config{
		Store: h.store, Integration: find, Now: time.Now, Log: log, Committed: h.inbox.Mark,
		Bot:       func(*session.Integration) session.Bot { return echo{} },
		Retention: session.Retention{EventsMs: session.EventRetention.Milliseconds()},
	})
	if err = h.core.Start(context.Background()); err == nil && !h.deaf {
		err = h.inbox.Start(context.Background())
	}
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) close() {
	h.core.Stop(context.Background())
	h.inbox.Stop()
	if err := h.store.Close(); err != nil {
		h.Error(err)
	}
}

// echo answers what it hears; "stop" ends the session, "new" starts another.
type echo struct{}

func (echo) Run(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	reply, _ := json.Marshal(map[string]string{"type": "text", "text": "echo " + turn.Input.Text})
	d := &session.Decision{Vars: *turn.Vars, Replies: []session.Reply{reply}}
	switch turn.Input.Text {
	case "": // an event
		d.Replies = nil
	case "stop":
		d.Switch = session.SwitchStop
	case "new":
		d.Switch = session.SwitchStart
	}
	return d, nil
}

// bubble runs a test on a clock of its own.
func bubble(t *testing.T, f func(*testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}

// rest lets everything happen that a commit sets going.
func (h *house) rest() {
	synctest.Wait()
	sleep(2 * time.Second)
}

// sleep moves the clock of the bubble.
func sleep(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func (h *house) begin(name string) session.ID {
	h.Helper()
	made, err := h.core.Create(context.Background(), h.in, session.Create{Channel: session.KindCustom, ChannelUserID: name})
	if err != nil {
		h.Fatal(err)
	}
	h.know(made.Session.ID, session.Document{"display_name": name, "email": name + "@example.com", "language": "ru"})
	return made.Session.ID
}

func (h *house) know(id session.ID, user session.Document) {
	h.Helper()
	patch := session.Document{"user": map[string]any(user), "tags": []any{"vip"}}
	if _, err := h.core.Merge(context.Background(), h.in, id, &session.Update{Patch: patch}); err != nil {
		h.Fatal(err)
	}
}

func (h *house) say(id session.ID, words string) error {
	_, err := h.core.Accept(context.Background(), h.in, session.Incoming{
		Handle: id, Input: session.Input{Text: words}, Raw: fmt.Appendf(nil, `{"input":{"text":%q}}`, words), InputHash: []byte(words),
	})
	return err
}

func (h *house) handover(id session.ID) error {
	_, err := h.core.Handover(context.Background(), h.in, id, session.Handover{Reason: "requested", Department: "sales"}, nil)
	return err
}

func (h *house) list(f inbox.Filter) []*inbox.Row {
	h.Helper()
	var all []*inbox.Row
	for f.Limit = 3; ; {
		p, err := h.inbox.List(context.Background(), f)
		if err != nil {
			h.Fatal(err)
		}
		all = append(all, p.Rows...)
		if f.After = p.Next; p.Next == "" {
			return all
		}
	}
}

func (h *house) row(id session.ID) *inbox.Row {
	h.Helper()
	r, err := h.inbox.Row(context.Background(), id, false)
	if err != nil {
		h.Fatal(err)
	}
	return r
}

func (h *house) answer(id session.ID, by session.Agent, words string) error {
	_, err := h.core.AgentMessage(context.Background(), h.in, id, by, session.Input{Text: words}, "")
	return err
}

func (h *house) reopen(id session.ID, by session.Agent) {
	_, _ = h.core.ReopenConversation(context.Background(), h.in, id, &by)
}
