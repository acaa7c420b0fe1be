package desk_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/desk"
	"parley/internal/session"
	"parley/internal/store/sqlite"
)

// office is a core with its desk and router on a real SQLite store. Its bot
// says nothing and keeps the events it heard.
type office struct {
	t       *testing.T
	store   *sqlite.Store
	core    *session.Core
	people  *desk.Directory
	router  *desk.Router
	routing desk.RouterConfig
	in      *session.Integration

	mu    sync.Mutex
	heard []string
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, store: openStore(t)}
	o.in = &session.Integration{ID: newID(), Name: "shop", Kind: session.KindCustom, Active: true}
	o.in.Settings.Desk = true
	o.in.Settings = o.in.Settings.WithDefaults(o.in.Kind)
	o.people = openDirectory(t, o.store)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	integration := func(id string) (*session.Integration, bool) { return o.in, id == o.in.ID }
	o.routing = desk.RouterConfig{
		People: o.people, Queue: o.store.Queue(), Integration: integration, Now: time.Now, Log: log,
		Assign: func(ctx context.Context, in *session.Integration, id session.ID, to session.Agent) error {
			_, err := o.core.Assign(ctx, in, id, to)
			return err
		},
		Requeue: func(ctx context.Context, in *session.Integration, id session.ID, from string) error {
			_, err := o.core.Requeue(ctx, in, id, from)
			return err
		},
	}
	o.router = desk.NewRouter(o.routing)
	o.core = session.New(session.Config{
		Store: o.store, Integration: integration, Bot: func(*session.Integration) session.Bot { return o }, Desk: o.people,
		Now: time.Now, Log: log, Committed: o.router.Committed, Retention: session.Retention{EventsMs: session.EventRetention.Milliseconds()},
	})
	must(t, o.core.Start(t.Context()))
	o.router.Start(t.Context())
	t.Cleanup(func() {
		o.router.Stop()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		o.core.Stop(ctx)
	})
	return o
}

// Run is session.Bot's.
func (o *office) Run(_ context.Context, turn *session.Turn) (*session.Decision, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if ev := turn.Input.Event; ev != nil {
		o.heard = append(o.heard, ev.Name)
	}
	return &session.Decision{Vars: *turn.Vars}, nil
}

// hand opens a session and hands it over.
func (o *office) hand(client, department string) (session.ID, *session.Standing) {
	o.t.Helper()
	made, err := o.core.Create(o.t.Context(), o.in, session.Create{ChannelUserID: client, Channel: o.in.Kind})
	must(o.t, err)
	out, err := o.core.Handover(o.t.Context(), o.in, made.Session.ID, session.Handover{Department: department}, nil)
	must(o.t, err)
	return made.Session.ID, out.Standing
}

// line hands over n sessions, oldest first, a millisecond apart.
func (o *office) line(n int, department string) (list []session.ID) {
	o.t.Helper()
	for i := range n {
		id, _ := o.hand(fmt.Sprint("client ", i), department)
		list = append(list, id)
		pass(2 * time.Millisecond)
	}
	return list
}

func (o *office) talk(id session.ID) *session.Conversation {
	o.t.Helper()
	v, err := o.core.Look(o.t.Context(), o.in, id)
	must(o.t, err)
	return v.Conversation
}

// owners names who has each conversation: an agent, or "queue".
func (o *office) owners(list []session.ID) (names []string) {
	o.t.Helper()
	for _, id := range list {
		talk := o.talk(id)
		names = append(names, string(talk.Owner))
		if talk.Owner == session.OwnerAgent {
			names[len(names)-1] = talk.Agent.Name
		}
	}
	return names
}

func (o *office) expect(list []session.ID, when string, want ...string) {
	o.t.Helper()
	synctest.Wait()
	if got := o.owners(list); !slices.Equal(got, want) {
		o.t.Errorf("%s: the owners are %v, want %v", when, got, want)
	}
}

func (o *office) hire(a *desk.Agent) *desk.Agent {
	o.t.Helper()
	must(o.t, o.people.SaveAgent(o.t.Context(), a))
	return a
}

func (o *office) say(a *desk.Agent, p desk.Presence) {
	o.t.Helper()
	_, err := o.people.SetPresence(o.t.Context(), a.ID, p)
	must(o.t, err)
}

func withCapacity(a *desk.Agent, n int) *desk.Agent {
	a.Capacity = n
	return a
}

func offline(a *desk.Agent) *desk.Agent {
	a.Presence = desk.PresenceOffline
	return a
}

func TestGuarantee14_NobodyOnlineIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		expect := func(when string, department string, want session.Availability) {
			t.Helper()
			_, st := o.hand(when, department)
			if st == nil || st.Status != want || st.Position < 1 {
				t.Errorf("%s: told %+v, want %s and a position", when, st, want)
			}
		}
		expect("no account at all", "", session.NoAgents)
		pass(time.Second)
		synctest.Wait()
		if !slices.Contains(o.heard, session.EventNobodyOnline) {
			t.Errorf("the script heard %q", o.heard)
		}
		night := group("Night")
		night.Hours = &desk.Hours{TimeZone: "UTC", Weekly: []desk.Opening{{Days: []string{"sun"}, From: "22:00", To: "23:00"}}}
		must(t, o.people.SaveDepartment(t.Context(), night))
		sales := group("Sales")
		must(t, o.people.SaveDepartment(t.Context(), sales))
		ann := o.hire(withCapacity(offline(person("Ann", sales.ID, night.ID)), 0))
		expect("offline", "sales", session.NoAgents)
		o.say(ann, desk.PresenceBusy)
		expect("busy", "sales", session.NoAgents)
		o.say(ann, desk.PresenceOnline)
		expect("online", "sales", session.Queued)
		expect("online, no department named", "", session.Queued)
		expect("online, unknown department", "Purchasing", session.Queued)
		expect("online, closed", "night", session.OutsideHours) // the bubble's clock starts on a Saturday
	})
}

// From the word "online" to the committed assignment, in waits: what the machine needs
// beside is not the router's.
func TestGuarantee14_ComingOnlineGetsTheOldestInUnderASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ann := o.hire(withCapacity(offline(person("Ann")), 1))
		list := o.line(20, "")
		view, err := o.core.Look(t.Context(), o.in, list[0])
		must(t, err)
		joined := make(chan string, 1)
		f := o.core.Follow(view.Chain.ID, view.Chain.Sequence, func(ev *session.Event) bool {
			joined <- ev.Kind
			return false
		})
		defer f.Close()
		began := time.Now()
		o.say(ann, desk.PresenceOnline)
		if kind := <-joined; kind != session.EventMemberJoin {
			t.Errorf("the oldest heard %s", kind)
		}
		if took := time.Since(began); took >= time.Second {
			t.Errorf("it took %s", took)
		}
		if got := o.owners(list)[:2]; !slices.Equal(got, []string{"Ann", "queue"}) {
			t.Errorf("the owners are %v", got)
		}
	})
}

func TestGuarantee14_OldestFirstAsCapacityFrees(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		list := o.line(6, "")
		o.expect(list, "nobody there", "queue", "queue", "queue", "queue", "queue", "queue")
		ann := o.hire(withCapacity(person("Ann"), 2))
		o.expect(list, "Ann takes two", "Ann", "Ann", "queue", "queue", "queue", "queue")
		by := ann.Public()
		_, err := o.core.CloseConversation(t.Context(), o.in, list[1], &by)
		must(t, err)
		o.expect(list, "one is resolved", "Ann", "Ann", "Ann", "queue", "queue", "queue")
		_, err = o.core.Snooze(t.Context(), o.in, list[0], by, time.Now().Add(time.Hour).UnixMilli())
		must(t, err)
		o.expect(list, "one is snoozed", "Ann", "Ann", "Ann", "Ann", "queue", "queue")
		_, err = o.people.EditAgent(t.Context(), ann.ID, func(a *desk.Agent) error {
			a.Capacity = 3
			return nil
		})
		must(t, err)
		o.expect(list, "she takes one more", "Ann", "Ann", "Ann", "Ann", "Ann", "queue")
		bob := o.hire(offline(person("Bob")))
		o.say(bob, desk.PresenceOnline)
		o.expect(list, "Bob comes", "Ann", "Ann", "Ann", "Ann", "Ann", "Bob")
		late, st := o.hand("late", "")
		if st.Status != session.Queued {
			t.Errorf("told %s", st.Status)
		}
		o.expect([]session.ID{late}, "one more", "Bob")
	})
}

func TestGuarantee14_HoursPauseAndResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		dep := group("Support") // the bubble's clock starts at midnight UTC, one o'clock in Berlin
		dep.Hours = &desk.Hours{TimeZone: "Europe/Berlin", Weekly: []desk.Opening{{Days: []string{"sat"}, From: "01:10", To: "01:20"}}}
		must(t, o.people.SaveDepartment(t.Context(), dep))
		o.hire(withCapacity(person("Ann", dep.ID), 2))
		id, st := o.hand("early", "support")
		if st.Status != session.OutsideHours {
			t.Errorf("told %s", st.Status)
		}
		list := []session.ID{id}
		opens := time.Date(2000, 1, 1, 0, 10, 0, 0, time.UTC)
		pass(time.Until(opens) - time.Second)
		o.expect(list, "a second before", "queue")
		pass(time.Second)
		o.expect(list, "open", "Ann")
		pass(10 * time.Minute)
		id, _ = o.hand("late", "support")
		o.expect([]session.ID{id}, "after closing", "queue")
	})
}

func TestGuarantee14_TransferToADepartmentFindsItsAgent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		sales, support := group("Sales"), group("Support")
		must(t, o.people.SaveDepartment(t.Context(), sales))
		must(t, o.people.SaveDepartment(t.Context(), support))
		ann, _ := o.hire(person("Ann", sales.ID, support.ID)), o.hire(person("Bob", support.ID))
		id, _ := o.hand("client", sales.ID)
		o.expect([]session.ID{id}, "handed over", "Ann")
		_, err := o.core.Transfer(t.Context(), o.in, id, ann.Public(), session.Transfer{Department: support.ID})
		must(t, err)
		o.expect([]session.ID{id}, "transferred", "Bob")
	})
}

// Agents claim by hand while the router gives away: everything has one owner,
// and what a claim won stays won.
func TestGuarantee14_RouterAndHandsRace(t *testing.T) {
	o := newOffice(t)
	list := o.line(40, "")
	cid := o.hire(offline(person("Cid")))
	var claims sync.WaitGroup
	won := make([]bool, len(list))
	for i, id := range list {
		claims.Go(func() {
			_, err := o.core.Claim(t.Context(), o.in, id, cid.Public(), false)
			if won[i] = err == nil; err != nil && session.CodeOf(err) != session.CodeConflict {
				t.Error(err)
			}
		})
	}
	o.hire(withCapacity(person("Ann"), 100))
	o.hire(withCapacity(person("Bob"), 100))
	claims.Wait()
	for i, name := range o.owners(list) {
		if (name == "Cid") != won[i] || name == "queue" {
			t.Errorf("conversation %d: Cid's claim won: %v; its owner is %s", i, won[i], name)
		}
	}
}

func TestGuarantee15_ReopenedDoesNotStickToWhoIsOffShift(t *testing.T) {
	for _, c := range []struct {
		name string
		p    desk.Presence
		want string
	}{
		{"on shift", desk.PresenceOnline, "Ann"},
		{"off shift", desk.PresenceOffline, "Bob"},
		{"busy", desk.PresenceBusy, "Bob"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				ann := o.hire(person("Ann"))
				id, _ := o.hand("client", "")
				o.expect([]session.ID{id}, "handed over", "Ann")
				by := ann.Public()
				_, err := o.core.CloseConversation(t.Context(), o.in, id, &by)
				must(t, err)
				o.hire(person("Bob"))
				o.say(ann, c.p)
				_, err = o.core.ReopenConversation(t.Context(), o.in, id, nil)
				must(t, err)
				o.expect([]session.ID{id}, "opened again", c.want)
			})
		})
	}
}

// The next talk of a client, in a new session, goes to who had him last, while
// that agent is available; otherwise to anybody.
func TestGuarantee15_StickyOnlyWhileAvailable(t *testing.T) {
	for _, c := range []struct {
		p    desk.Presence
		want string
	}{{desk.PresenceOnline, "Bob"}, {desk.PresenceOffline, "Ann"}} {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			bob := o.hire(person("Bob"))
			first, _ := o.hand("client", "")
			o.expect([]session.ID{first}, "the first talk", "Bob")
			by := bob.Public()
			_, err := o.core.CloseConversation(t.Context(), o.in, first, &by)
			must(t, err)
			_, err = o.core.Close(t.Context(), o.in, first, session.ReasonAgent)
			must(t, err)
			o.hire(person("Ann"))
			o.say(bob, c.p)
			pass(time.Second)
			next, _ := o.hand("client", "")
			o.expect([]session.ID{next}, "the next talk, Bob "+string(c.p), c.want)
		})
	}
}
