package desk_test

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/session"
	"parley/internal/sqlitetest"
	"parley/internal/store/sqlite"
)

func openStore(t *testing.T) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlitetest.Dir(t, sqlite.Open), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, store.Close()) })
	return store
}

func openDirectory(t *testing.T, store *sqlite.Store) *desk.Directory {
	t.Helper()
	d := desk.NewDirectory(store.Desk(), time.Now)
	must(t, d.Reload(t.Context()))
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newID() string { return session.NewID(time.Now()).String() }

// person is an agent who is online.
func person(name string, departments ...string) *desk.Agent {
	return &desk.Agent{
		ID: newID(), Email: name + "@desk.example", Name: name, Role: desk.RoleAgent, Capacity: session.DefaultCapacity,
		Departments: departments, Presence: desk.PresenceOnline, Active: true,
	}
}

func group(name string) *desk.Department {
	return &desk.Department{ID: newID(), Name: name, Strategy: desk.StrategyLongestWaiting, Sticky: true}
}

func TestDirectory_WritesThrough(t *testing.T) {
	store := openStore(t)
	d := openDirectory(t, store)
	sales := group("Sales")
	sales.Integrations, sales.Default, sales.CreatedMs, sales.RequeueAfter = []string{"in-1"}, true, 7, 90
	sales.Hours = &desk.Hours{TimeZone: "Europe/Berlin", Weekly: []desk.Opening{{Days: []string{"mon"}, From: "09:00", To: "18:00"}}, Holidays: []string{"2026-12-25"}}
	must(t, d.SaveDepartment(t.Context(), sales))
	ann := person("Ann", sales.ID)
	ann.Avatar, ann.AutoAway, ann.CreatedMs, ann.Locale, ann.Preferences = "https://desk.example/ann.png", true, 5, "ru", json.RawMessage(`{"keys":false}`)
	must(t, d.SaveAgent(t.Context(), ann))
	if _, err := d.SetPresence(t.Context(), ann.ID, desk.PresenceBusy); err != nil {
		t.Fatal(err)
	}
	ann.Presence = desk.PresenceBusy

	again := openDirectory(t, store)
	if got, _ := again.Agent(ann.ID); !reflect.DeepEqual(got, ann) {
		t.Errorf("read back %+v, saved %+v", got, ann)
	}
	if got, _ := again.Department(sales.ID); !reflect.DeepEqual(got, sales) {
		t.Errorf("read back %+v, saved %+v", got, sales)
	}
	if got, ok := again.AgentByEmail("ANN@desk.example"); !ok || got.ID != ann.ID {
		t.Errorf("by address in other letters: %v", got)
	}
	must(t, again.DeleteDepartment(t.Context(), sales.ID))
	again = openDirectory(t, store)
	if got, _ := again.Agent(ann.ID); len(got.Departments) != 0 || len(again.Departments()) != 0 {
		t.Errorf("after the department is gone: %+v, %v", got, again.Departments())
	}
}

func TestDirectory_Refuses(t *testing.T) {
	d := openDirectory(t, openStore(t))
	must(t, d.SaveAgent(t.Context(), person("Ann")))
	must(t, d.SaveDepartment(t.Context(), group("Sales")))
	agent := func(change func(*desk.Agent)) func(context.Context) error {
		a := person("Bob")
		change(a)
		return func(ctx context.Context) error { return d.SaveAgent(ctx, a) }
	}
	department := func(change func(*desk.Department)) func(context.Context) error {
		dep := group("Support")
		change(dep)
		return func(ctx context.Context) error { return d.SaveDepartment(ctx, dep) }
	}
	for _, c := range []struct {
		field string
		code  session.Code
		do    func(context.Context) error
	}{
		{"id", session.CodeInvalidPayload, agent(func(a *desk.Agent) { a.ID = "7" })},
		{"email", session.CodeConflict, agent(func(a *desk.Agent) { a.Email = "aNN@desk.example" })},
		{"email", session.CodeInvalidPayload, agent(func(a *desk.Agent) { a.Email = "nobody" })},
		{"name", session.CodeInvalidPayload, agent(func(a *desk.Agent) { a.Name = " " })},
		{"name", session.CodeInvalidPayload, agent(func(a *desk.Agent) { a.Name = "a\nb" })},
		{"role", session.CodeInvalidPayload, agent(func(a *desk.Agent) { a.Role = "boss" })},
		{"presence", session.CodeInvalidPayload, agent(func(a *desk.Agent) { a.Presence = "asleep" })},
		{"capacity", session.CodeInvalidPayload, agent(func(a *desk.Agent) { a.Capacity = 101 })},
		{"preferences", session.CodeInvalidPayload, agent(func(a *desk.Agent) { a.Preferences = json.RawMessage(`[]`) })},
		{"departments", session.CodeInvalidPayload, agent(func(a *desk.Agent) { a.Departments = []string{"none"} })},
		{"name", session.CodeConflict, department(func(d *desk.Department) { d.Name = "sales" })},
		{"strategy", session.CodeInvalidPayload, department(func(d *desk.Department) { d.Strategy = "random" })},
		{"hours.time_zone", session.CodeInvalidPayload, department(func(d *desk.Department) { d.Hours = &desk.Hours{TimeZone: "Moon/Base"} })},
		{"hours.holidays", session.CodeInvalidPayload, department(func(d *desk.Department) {
			d.Hours = &desk.Hours{TimeZone: "UTC", Holidays: []string{"2026-02-30"}}
		})},
	} {
		err, _ := c.do(t.Context()).(*session.Error)
		if err == nil || err.Code != c.code || err.Field != c.field {
			t.Errorf("%s: want %s, got %v", c.field, c.code, err)
		}
	}
	if len(d.Agents()) != 1 || len(d.Departments()) != 1 {
		t.Errorf("refused writes left %d agents and %d departments", len(d.Agents()), len(d.Departments()))
	}
}

func TestDirectory_TellsListeners(t *testing.T) {
	d := openDirectory(t, openStore(t))
	ann := person("Ann")
	must(t, d.SaveAgent(t.Context(), ann))
	var heard []string
	stop := d.Listen(func(c desk.Change) {
		heard = append(heard, string(c.Agent.Presence))
		if now, _ := d.Agent(ann.ID); now.Presence != c.Agent.Presence {
			t.Errorf("told of %s while the directory says %s", c.Agent.Presence, now.Presence)
		}
	})
	for _, p := range []desk.Presence{desk.PresenceOffline, desk.PresenceOnline} {
		if _, err := d.SetPresence(t.Context(), ann.ID, p); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	_, err := d.SetPresence(t.Context(), ann.ID, desk.PresenceBusy)
	must(t, err)
	if want := []string{"offline", "online"}; !reflect.DeepEqual(heard, want) {
		t.Errorf("heard %v, want %v", heard, want)
	}
}
