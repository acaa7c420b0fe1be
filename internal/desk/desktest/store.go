package desktest

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/session"
)

// Store runs the suite of the desk's people. open returns a store without data,
// which it closes when the test ends; it is called once a subject.
func Store(t *testing.T, open func(t *testing.T) desk.Store) {
	for _, subject := range []struct {
		name string
		run  func(*testing.T, desk.Store)
	}{
		{"Agents", agents},
		{"AddressIsTaken", addressIsTaken},
		{"Departments", departments},
		{"CannedReplies", cannedReplies},
		{"Views", views},
	} {
		t.Run(subject.name, func(t *testing.T) { subject.run(t, open(t)) })
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// differ reports two values that are not the same, as JSON.
func differ(t *testing.T, what string, want, got any) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(got)
		t.Errorf("%s:\nwant %s\n got %s", what, a, b)
	}
}

// agent has every field set.
func agent(id string, createdMs int64) *desk.Agent {
	return &desk.Agent{
		ID: id, Email: id + "@desk.example", Name: "Анна " + id, Avatar: "https://desk.example/a.png", Role: desk.RoleAdmin, Capacity: 7,
		Departments: []string{"b", "a"}, Presence: desk.PresenceBusy, AutoAway: true, Active: true, CreatedMs: createdMs, Locale: "ru",
		Preferences: json.RawMessage(`{"b":1, "a":2}`),
	}
}

// agents come in order of creation, as they were saved last.
func agents(t *testing.T, s desk.Store) {
	ctx := context.Background()
	first, second, third := agent("x", 2), agent("b", 3), agent("a", 3)
	for _, a := range []*desk.Agent{second, first, third} {
		must(t, s.SaveAgent(ctx, a))
	}
	bare := &desk.Agent{ID: "x", Email: "bare@desk.example", Departments: []string{}, CreatedMs: 2}
	must(t, s.SaveAgent(ctx, bare))
	list, err := s.Agents(ctx)
	must(t, err)
	differ(t, "agents", []*desk.Agent{bare, third, second}, list)
	must(t, s.SaveAgent(ctx, &desk.Agent{ID: "x", Email: "bare@desk.example", CreatedMs: 2}))
	list, err = s.Agents(ctx)
	must(t, err)
	differ(t, "of no department", bare, list[0])
}

// addressIsTaken: of two agents with one address, in whatever case, the second is
// refused, and one can have his own back.
func addressIsTaken(t *testing.T, s desk.Store) {
	ctx := context.Background()
	ann, bob := agent("ann", 1), agent("bob", 2)
	must(t, s.SaveAgent(ctx, ann))
	must(t, s.SaveAgent(ctx, bob))
	taken := *bob
	taken.Email = strings.ToUpper(ann.Email)
	err, _ := s.SaveAgent(ctx, &taken).(*session.Error)
	if err == nil || err.Code != session.CodeConflict || err.Field != "email" {
		t.Errorf("an address that another has: %v", err)
	}
	own := *ann
	own.Email = strings.ToUpper(ann.Email)
	must(t, s.SaveAgent(ctx, &own))
	list, failed := s.Agents(ctx)
	must(t, failed)
	differ(t, "agents", []*desk.Agent{&own, bob}, list)
}

func departments(t *testing.T, s desk.Store) {
	ctx := context.Background()
	sales := &desk.Department{
		ID: "z", Name: "Sales", Strategy: desk.StrategyLongestWaiting, Sticky: true, Integrations: []string{"in-1"}, Default: true, CreatedMs: 1, RequeueAfter: 90,
		Hours: &desk.Hours{TimeZone: "Europe/Berlin", Weekly: []desk.Opening{{Days: []string{"mon"}, From: "09:00", To: "18:00"}}, Holidays: []string{"2026-12-25"}},
	}
	open := &desk.Department{ID: "a", Name: "Support", Strategy: desk.StrategyLongestWaiting, Integrations: []string{}, CreatedMs: 2}
	for _, d := range []*desk.Department{open, sales} {
		must(t, s.SaveDepartment(ctx, d))
	}
	list, err := s.Departments(ctx)
	must(t, err)
	differ(t, "departments", []*desk.Department{sales, open}, list)
	sales.Hours, sales.Name, sales.RequeueAfter = nil, "Sales and more", 0
	must(t, s.SaveDepartment(ctx, sales))
	for range 2 { // the second time it is not there
		must(t, s.DeleteDepartment(ctx, open.ID))
	}
	list, err = s.Departments(ctx)
	must(t, err)
	differ(t, "what is left", []*desk.Department{sales}, list)
}

func cannedReplies(t *testing.T, s desk.Store) {
	ctx := context.Background()
	late, early := &desk.CannedReply{ID: "1", Shortcut: "я", Text: "Привет\x00, {{name}}", Department: "d", Owner: "o"}, &desk.CannedReply{ID: "2", Shortcut: "Hi"}
	lower := &desk.CannedReply{ID: "0", Shortcut: "bye", Text: "Bye"}
	for _, c := range []*desk.CannedReply{late, lower, early} {
		must(t, s.SaveCannedReply(ctx, c))
	}
	list, err := s.CannedReplies(ctx)
	must(t, err)
	differ(t, "by shortcut", []*desk.CannedReply{early, lower, late}, list)
	early.Text = "Hello"
	must(t, s.SaveCannedReply(ctx, early))
	for range 2 {
		must(t, s.DeleteCannedReply(ctx, late.ID))
	}
	list, err = s.CannedReplies(ctx)
	must(t, err)
	differ(t, "what is left", []*desk.CannedReply{early, lower}, list)
}

func views(t *testing.T, s desk.Store) {
	ctx := context.Background()
	mine, all := &desk.View{ID: "1", Name: "Мои", Filter: json.RawMessage(`{"b":1, "a":2}`), Owner: "o"}, &desk.View{ID: "2", Name: "All", Filter: json.RawMessage(`{}`)}
	for _, v := range []*desk.View{mine, all} {
		must(t, s.SaveView(ctx, v))
	}
	list, err := s.Views(ctx)
	must(t, err)
	differ(t, "by name", []*desk.View{all, mine}, list)
	all.Name = "Ящик"
	must(t, s.SaveView(ctx, all))
	list, err = s.Views(ctx)
	must(t, err)
	differ(t, "by the new name", []*desk.View{mine, all}, list)
	for range 2 {
		must(t, s.DeleteView(ctx, mine.ID))
	}
	list, err = s.Views(ctx)
	must(t, err)
	differ(t, "what is left", []*desk.View{all}, list)
}
