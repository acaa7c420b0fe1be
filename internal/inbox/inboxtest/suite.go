package inboxtest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"parley/internal/inbox"
	"parley/internal/session"
)

// Engine is an index under test, beside the store whose chains it compares
// with.
type Engine interface {
	Store() session.Store
	Index() inbox.Index
}

// Index runs the suite. open returns an engine without data, which it closes
// when the test ends; it is called once a subject.
func Index(t *testing.T, open func(t *testing.T) Engine) {
	for _, subject := range []struct {
		name string
		run  func(*suite)
	}{
		{"EveryField", everyField},
		{"PagesAndFilters", pagesAndFilters},
		{"PagesWhileRowsMove", pagesWhileRowsMove},
		{"LinesAndTotals", linesAndTotals},
		{"Messages", messages},
		{"People", people},
		{"QueryOfAList", queryOfList},
		{"Erase", erase},
		{"Stale", stale},
		{"ManyWriters", manyWriters},
		{"Changed", changed},
		{"Conversations", conversations},
	} {
		t.Run(subject.name, func(t *testing.T) {
			e := open(t)
			subject.run(&suite{T: t, Engine: e, index: e.Index(), random: rand.New(rand.NewPCG(1, 2))})
		})
	}
}

type suite struct {
	*testing.T
	Engine
	index  inbox.Index
	random *rand.Rand
	made   int
}

// atMs is the moment at which the suite's threads begin.
const atMs = 1_800_000_000_000

// row makes a thread with every field set.
func (s *suite) row(change ...func(*inbox.Row)) *inbox.Row {
	s.made++
	at := time.UnixMilli(atMs + int64(s.made))
	r := &inbox.Row{
		ID: session.NewID(at), Session: session.NewID(at), Integration: "in-1", IntegrationName: "One", Channel: "web",
		Client: session.NewID(at), Name: "Anna", Email: "anna@example.com", Avatar: "https://example.com/a.png",
		Preview: "hello", PreviewAuthor: inbox.AuthorUser, LastMs: at.UnixMilli(), Sequence: 7, OpenedMs: at.UnixMilli() - 5,
		Status: inbox.StatusQueued, Owner: inbox.Owner{Kind: session.OwnerQueue}, Department: "sales", Reason: "requested",
		WaitingMs: inbox.Moment(at.UnixMilli()), Unread: 2, Tags: []string{"vip", "новый"}, Language: "ru", Rating: 4,
	}
	for _, f := range change {
		f(r)
	}
	return r
}

func bot(r *inbox.Row) {
	r.Status, r.WaitingMs = inbox.StatusBot, 0
	r.Owner = inbox.Owner{Kind: session.OwnerBot, Bot: &inbox.Bot{Name: "shop", Release: 3}}
}

func heldBy(agent string) func(*inbox.Row) {
	return func(r *inbox.Row) {
		r.Status = inbox.StatusOpen
		r.Owner = inbox.Owner{Kind: session.OwnerAgent, Agent: &session.Agent{ID: agent, Name: "Agent " + agent}}
	}
}

func status(v inbox.Status) func(*inbox.Row) {
	return func(r *inbox.Row) { r.Status = v }
}

// put writes rows with the texts given to the first of them.
func (s *suite) put(rows []*inbox.Row, texts ...string) {
	s.Helper()
	entries := make([]*inbox.Entry, len(rows))
	for i, r := range rows {
		entries[i] = &inbox.Entry{Row: r, Person: &inbox.Person{
			Client: r.Client, Integration: r.Integration, Thread: r.ID, Name: r.Name, Email: r.Email, LastMs: r.LastMs,
			Shown: inbox.Fold(r.Name), Masked: inbox.Fold(r.Email),
		}}
	}
	for i, words := range texts {
		entries[0].Texts = append(entries[0].Texts, inbox.Text{
			Message: session.NewID(time.UnixMilli(atMs)), Sequence: int64(i + 1), AtMs: atMs + int64(i), Author: inbox.AuthorUser, Text: words,
		})
	}
	if err := s.index.Put(context.Background(), entries); err != nil {
		s.Fatal(err)
	}
}

func (s *suite) list(f inbox.Filter) []*inbox.Row {
	s.Helper()
	if err := f.Check(); err != nil {
		s.Fatal(err)
	}
	rows, err := s.index.List(context.Background(), f)
	if err != nil {
		s.Fatal(err)
	}
	return rows
}

// differ reports two lists that are not the same, as JSON.
func (s *suite) differ(what string, want, got any) {
	s.Helper()
	if reflect.DeepEqual(want, got) {
		return
	}
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(got)
	if string(a) != string(b) {
		s.Errorf("%s:\nwant %s\n got %s", what, a, b)
	}
}

func ids(rows []*inbox.Row) []session.ID {
	list := make([]session.ID, 0, len(rows))
	for _, r := range rows {
		list = append(list, r.ID)
	}
	return list
}

// core is the real core on the engine's store; bots answer nothing.
func (s *suite) core() (*session.Core, *session.Integration) {
	in := &session.Integration{ID: "in-1", Name: "One", Kind: session.KindCustom, Active: true}
	in.Settings.Desk = true
	in.Settings = in.Settings.WithDefaults(in.Kind)
	return session.New(session.Config{
		Store: s.Store(), Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Integration: func(id string) (*session.Integration, bool) { return in, id == in.ID },
		Bot:         func(*session.Integration) session.Bot { return nil },
	}), in
}

// opened opens a session that people have, and so a chain with a conversation.
func (s *suite) opened(c *session.Core, in *session.Integration) *session.Session {
	s.Helper()
	made, err := c.Create(context.Background(), in, session.Create{Channel: session.KindCustom})
	if err == nil {
		_, err = c.Handover(context.Background(), in, made.Session.ID, session.Handover{Reason: "asked"}, nil)
	}
	if err != nil {
		s.Fatal(err)
	}
	return made.Session
}

func name(i int) string { return fmt.Sprintf("agent-%d", i) }
