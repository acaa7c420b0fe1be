package session_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/session"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
)

// house is a core on a real SQLite store with one integration and a bot that
// is a function.
type house struct {
	t     *testing.T
	dir   string
	store *sqlite.Store
	core  *session.Core
	in    *session.Integration
	bot   botFunc
	chat  *session.Livechat // what the bot remembers of a livechat
	desk  bool              // somebody is online
	away  string            // the agent who is not

	states []string // of the bot, nil: not known

	lanes atomic.Int64 // that run

	mu    sync.Mutex
	trace []session.TraceEntry
}

// chatting is the house's bot with the livechat that the house remembers for it.
type chatting struct {
	botFunc
	house *house
}

func (b chatting) Livechat(*session.Vars) *session.Livechat { return b.house.chat }

// Availability makes the house its desk.
func (h *house) Availability(*session.Integration, string) session.Availability {
	if h.desk {
		return session.Queued
	}
	return session.NoAgents
}

// Available makes the house its desk.
func (h *house) Available(_ *session.Integration, agent, _ string) bool { return agent != h.away }

type botFunc func(ctx context.Context, turn *session.Turn) (*session.Decision, error)

func (f botFunc) Run(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
	return f(ctx, turn)
}

// newHouse opens a house whose bot answers with its own text and counts its
// turns in $session.n and $client.n.
func newHouse(t *testing.T, change ...func(*session.Integration)) *house {
	t.Helper()
	h := &house{t: t, dir: sqlitetest.Dir(t, sqlite.Open), bot: counting}
	h.in = &session.Integration{ID: session.NewID(time.Now()).String(), Name: "test", Kind: session.KindCustom, Active: true}
	for _, f := range change {
		f(h.in)
	}
	h.in.Settings = h.in.Settings.WithDefaults(h.in.Kind)
	h.open()
	t.Cleanup(h.close)
	return h
}

func (h *house) open() {
	h.t.Helper()
	store, err := sqlite.Open(h.t.Context(), h.dir, sqlite.Options{})
	if err != nil {
		h.t.Fatal(err)
	}
	h.store = store
	h.core = session.New(session.Config{
		Store:       store,
		Integration: func(id string) (*session.Integration, bool) { return h.in, id == h.in.ID },
		Bot: func(*session.Integration) session.Bot {
			if h.bot == nil {
				return nil
			}
			return chatting{h.bot, h}
		},
		Desk:      h,
		States:    func(*session.Integration) []string { return h.states },
		Now:       time.Now,
		Log:       slog.New(slog.NewTextHandler(h.t.Output(), nil)),
		Metrics:   session.Metrics{Lanes: func(delta int) { h.lanes.Add(int64(delta)) }},
		Retention: session.Retention{EventsMs: session.EventRetention.Milliseconds()},
		Trace: func(e session.TraceEntry) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.trace = append(h.trace, e)
		},
	})
	if err := h.core.Start(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	h.core.Stop(ctx)
	if err := h.store.Close(); err != nil {
		h.t.Error(err)
	}
}

func counting(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	d := &session.Decision{Vars: *turn.Vars}
	d.Vars.Data = count(turn.Vars.Data)
	d.Client = count(turn.Client.Data)
	d.Replies = []session.Reply{text("echo " + turn.Input.Text)}
	return d, nil
}

func count(raw []byte) []byte {
	var v struct {
		N int `json:"n"`
	}
	if len(raw) > 0 {
		_ = json.Unmarshal(raw, &v)
	}
	v.N++
	out, _ := json.Marshal(v)
	return out
}

func text(s string) session.Reply {
	raw, _ := json.Marshal(map[string]string{"type": "text", "text": s})
	return raw
}

func (h *house) create(channelUser string) session.ID {
	h.t.Helper()
	out, err := h.core.Create(h.t.Context(), h.in, session.Create{ChannelUserID: channelUser, Channel: h.in.Kind})
	if err != nil {
		h.t.Fatal(err)
	}
	return out.Session.ID
}

func (h *house) send(handle session.ID, words string) (*session.Result, error) {
	return h.sendAs(handle, words, "")
}

func (h *house) sendAs(handle session.ID, words, id string) (*session.Result, error) {
	raw, _ := json.Marshal(map[string]any{"input": map[string]string{"text": words}})
	return h.core.Accept(h.t.Context(), h.in, session.Incoming{
		Handle: handle, Input: session.Input{Text: words}, Raw: raw, ClientMessageID: id, InputHash: []byte(words),
	})
}

func (h *house) mustSend(handle session.ID, words string) *session.Result {
	h.t.Helper()
	out, err := h.send(handle, words)
	if err != nil {
		h.t.Fatalf("send %q: %v", words, err)
	}
	return out
}

// rest waits until every lane has ended: the inbox is empty a moment before the
// core has heard of the commit that emptied it.
func (h *house) rest() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 2*time.Minute)
	defer cancel()
	for {
		waiting, err := h.store.Waiting(ctx, nil, 1)
		if err != nil {
			h.t.Fatal(err)
		}
		if len(waiting) == 0 && h.lanes.Load() == 0 {
			return
		}
		select {
		case <-ctx.Done():
			h.t.Fatal("messages are still pending")
		case <-time.After(time.Millisecond):
		}
	}
}

func (h *house) look(id session.ID) *session.View {
	h.t.Helper()
	v, err := h.core.At(h.t.Context(), h.in, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

// head is the newest session of a chain.
func (h *house) head(id session.ID) *session.View {
	h.t.Helper()
	return h.look(h.look(id).Chain.Head)
}

// kinds lists the events of a chain, as "kind" or "kind:text", checking that
// their sequences are 1..n.
func (h *house) kinds(chain session.ID) []string {
	h.t.Helper()
	events, err := h.core.Events(h.t.Context(), chain, 0, 10_000)
	if err != nil {
		h.t.Fatal(err)
	}
	var list []string
	for i, ev := range events {
		if ev.Sequence != int64(i+1) {
			h.t.Fatalf("event %d has sequence %d", i+1, ev.Sequence)
		}
		list = append(list, label(ev))
	}
	return list
}

func label(ev *session.Event) string {
	switch ev.Kind {
	case session.EventMessageUser:
		return "user:" + ev.Message.InputOf().Text
	case session.EventMessageBot:
		var body struct {
			Responses []struct {
				Text string `json:"text"`
			} `json:"responses"`
		}
		_ = json.Unmarshal(ev.Message.Body, &body)
		var words []string
		for _, r := range body.Responses {
			words = append(words, r.Text)
		}
		return "bot:" + strings.Join(words, "|")
	}
	return ev.Kind
}

func (h *house) expect(chain session.ID, want ...string) {
	h.t.Helper()
	if got := h.kinds(chain); !slices.Equal(got, want) {
		h.t.Errorf("events\n got %q\nwant %q", got, want)
	}
}

func (h *house) patch(id session.ID, json string, version int64) (*session.Result, error) {
	doc, err := session.ParseDocument([]byte(json), "")
	if err != nil {
		h.t.Fatal(err)
	}
	u := &session.Update{Patch: doc}
	if version > 0 {
		u.IfMatch = &session.IfMatch{Version: version}
	}
	return h.core.Merge(h.t.Context(), h.in, id, u)
}

func wantCode(t *testing.T, err error, code session.Code) {
	t.Helper()
	if err == nil || session.CodeOf(err) != code {
		t.Fatalf("error %v, want code %s", err, code)
	}
}

// bubble runs a test on a fake clock.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}

// sleep moves the bubble's clock.
func sleep(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
