package desk_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/desk"
	"parley/internal/session"
)

// ledger is a queue whose whole history is known: what waits, who has what.
type ledger struct {
	mu      sync.Mutex // held by the port's methods; a test reads while the router rests
	waiting []*entry
	held    map[string]int
	given   []*entry
	to      []string // agents, beside given
	refuse  func(*entry) error
}

type entry struct {
	desk.Waiting
	line desk.Line
}

func (l *ledger) Lines(context.Context) ([]desk.Line, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var lines []desk.Line
	for _, e := range l.waiting {
		if !slices.Contains(lines, e.line) {
			lines = append(lines, e.line)
		}
	}
	return lines, nil
}

func (l *ledger) Waiting(_ context.Context, line desk.Line, after desk.Place, limit int) ([]*desk.Waiting, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []*desk.Waiting
	for _, e := range l.waiting {
		if e.line == line && comparePlace(e.Place, after) > 0 {
			list = append(list, &e.Waiting)
		}
	}
	slices.SortFunc(list, func(a, b *desk.Waiting) int { return comparePlace(a.Place, b.Place) })
	return list[:min(limit, len(list))], nil
}

func comparePlace(a, b desk.Place) int {
	return cmp.Or(cmp.Compare(a.SinceMs, b.SinceMs), slices.Compare(a.ID[:], b.ID[:]))
}

func (l *ledger) Load(context.Context) (map[string]int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.held), nil
}

// Held is desk.Queue's: nobody waits for an agent of a ledger.
func (l *ledger) Held(context.Context) ([]*desk.Held, error) { return nil, nil }

func (l *ledger) assign(_ context.Context, _ *session.Integration, id session.ID, to session.Agent) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.IndexFunc(l.waiting, func(e *entry) bool { return e.Session == id })
	if at < 0 {
		return &session.Error{Code: session.CodeConflict, Message: "it does not wait"}
	}
	e := l.waiting[at]
	if l.refuse != nil {
		if err := l.refuse(e); err != nil {
			return err
		}
	}
	l.waiting = slices.Delete(l.waiting, at, at+1)
	l.held[to.ID]++
	l.given, l.to = append(l.given, e), append(l.to, to.ID)
	return nil
}

func (l *ledger) gave() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.given)
}

func (l *ledger) add(line desk.Line, sinceMs int64, last string) {
	l.waiting = append(l.waiting, &entry{desk.Waiting{
		Place: desk.Place{SinceMs: sinceMs, ID: session.NewID(time.Now())}, Session: session.NewID(time.Now()), LastAgent: last,
	}, line})
}

// router starts one on the ledger, for integrations of the given names.
func (l *ledger) router(t *testing.T, d *desk.Directory) *desk.Router {
	t.Helper()
	r := desk.NewRouter(desk.RouterConfig{
		People: d, Queue: l, Assign: l.assign, Now: time.Now, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Integration: func(id string) (*session.Integration, bool) {
			return &session.Integration{ID: id, Settings: session.Settings{Desk: id != "elsewhere"}}, id != "gone"
		},
	})
	r.Start(t.Context())
	t.Cleanup(r.Stop)
	synctest.Wait()
	return r
}

// Whatever the people and the lines are: nobody is over capacity, every line
// is served oldest first, and nothing waits that a free agent could take.
func TestRouter_Properties(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { routeRandom(t, rand.New(rand.NewPCG(seed, 4))) })
		})
	}
}

func routeRandom(t *testing.T, rng *rand.Rand) {
	d := openDirectory(t, openStore(t))
	strategies := []desk.Strategy{desk.StrategyLongestWaiting, desk.StrategyRoundRobin, desk.StrategyLeastBusy}
	names := []string{""}
	for i := range rng.IntN(4) {
		dep := group(fmt.Sprint("Group ", i))
		dep.Strategy, dep.Sticky, dep.Default = strategies[rng.IntN(3)], rng.IntN(2) == 0, rng.IntN(4) == 0
		if rng.IntN(3) == 0 {
			dep.Integrations = []string{"one"}
		}
		must(t, d.SaveDepartment(t.Context(), dep))
		names = append(names, dep.ID, dep.Name)
	}
	l := &ledger{held: map[string]int{}}
	for i := range 1 + rng.IntN(6) {
		a := person(fmt.Sprint("agent", i))
		a.Capacity, a.Presence = rng.IntN(6), []desk.Presence{desk.PresenceOnline, desk.PresenceOnline, desk.PresenceBusy, desk.PresenceOffline}[rng.IntN(4)]
		for _, dep := range d.Departments() {
			if rng.IntN(2) == 0 {
				a.Departments = append(a.Departments, dep.ID)
			}
		}
		must(t, d.SaveAgent(t.Context(), a))
		l.held[a.ID] = rng.IntN(4)
	}
	before := maps.Clone(l.held)
	for range rng.IntN(130) {
		last := ""
		if people := d.Agents(); rng.IntN(2) == 0 {
			last = people[rng.IntN(len(people))].ID
		}
		l.add(desk.Line{Integration: []string{"one", "two", "elsewhere", "gone"}[rng.IntN(4)], Department: names[rng.IntN(len(names))]}, rng.Int64N(20), last)
	}
	l.router(t, d)
	l.check(t, d, before)
}

func (l *ledger) check(t *testing.T, d *desk.Directory, before map[string]int) {
	t.Helper()
	last := map[desk.Line]desk.Place{}
	for i, e := range l.given {
		a, _ := d.Agent(l.to[i])
		in := &session.Integration{ID: e.line.Integration}
		if comparePlace(last[e.line], e.Place) > 0 {
			t.Errorf("%v: %v was served after a younger one", e.line, e.Place)
		}
		if last[e.line] = e.Place; !d.Available(in, a.ID, e.line.Department) {
			t.Errorf("%v went to %s, who does not take it", e.line, a.Name)
		}
	}
	for _, a := range d.Agents() {
		if l.held[a.ID] > max(a.Capacity, before[a.ID]) {
			t.Errorf("%s has %d conversations, had %d, and takes %d", a.Name, l.held[a.ID], before[a.ID], a.Capacity)
		}
	}
	for _, e := range l.waiting {
		if e.line.Integration == "elsewhere" || e.line.Integration == "gone" {
			continue
		}
		for _, a := range d.Agents() {
			if l.held[a.ID] < a.Capacity && d.Available(&session.Integration{ID: e.line.Integration}, a.ID, e.line.Department) {
				t.Errorf("%v waits while %s is free", e.line, a.Name)
			}
		}
	}
}

// staffed is a department of three online agents, in the order of their ids.
func staffed(t *testing.T, strategy desk.Strategy, sticky bool) (*desk.Directory, *desk.Department, []*desk.Agent) {
	t.Helper()
	d := openDirectory(t, openStore(t))
	dep := group("Sales")
	dep.Strategy, dep.Sticky = strategy, sticky
	must(t, d.SaveDepartment(t.Context(), dep))
	staff := []*desk.Agent{person("Ann", dep.ID), person("Bob", dep.ID), person("Cid", dep.ID)}
	slices.SortFunc(staff, func(a, b *desk.Agent) int { return cmp.Compare(a.ID, b.ID) })
	for _, a := range staff {
		must(t, d.SaveAgent(t.Context(), a))
	}
	return d, dep, staff
}

// order returns who got the conversations, as indexes of the staff.
func (l *ledger) order(staff []*desk.Agent) (list []int) {
	for _, id := range l.to {
		list = append(list, slices.IndexFunc(staff, func(a *desk.Agent) bool { return a.ID == id }))
	}
	return list
}

func TestRouter_Strategies(t *testing.T) {
	for _, c := range []struct {
		strategy desk.Strategy
		held     []int
		want     []int
	}{
		{desk.StrategyRoundRobin, []int{0, 0, 0}, []int{0, 1, 2, 0, 1}},
		{desk.StrategyRoundRobin, []int{4, 5, 0}, []int{0, 2, 2, 2, 2}}, // full ones are left out
		{desk.StrategyLeastBusy, []int{3, 1, 2}, []int{1, 2, 1, 0, 2}},
	} {
		synctest.Test(t, func(t *testing.T) {
			d, dep, staff := staffed(t, c.strategy, true)
			l := &ledger{held: map[string]int{}}
			for i, n := range c.held {
				l.held[staff[i].ID] = n
			}
			for i := range c.want {
				l.add(desk.Line{Integration: "one", Department: dep.ID}, int64(i), "")
			}
			l.router(t, d)
			if got := l.order(staff); !slices.Equal(got, c.want) {
				t.Errorf("%s with %v: given to %v, want %v", c.strategy, c.held, got, c.want)
			}
		})
	}
}

// Under longest waiting, nobody is given a second one while another has had
// none.
func TestRouter_LongestWaitingAgent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, dep, staff := staffed(t, desk.StrategyLongestWaiting, true)
		l := &ledger{held: map[string]int{staff[0].ID: 3, staff[1].ID: 1}}
		for i := range 6 {
			l.add(desk.Line{Integration: "one", Department: dep.Name}, int64(i), "")
		}
		l.router(t, d)
		got := l.order(staff)
		if first := slices.Sorted(slices.Values(got[:3])); !slices.Equal(first, []int{0, 1, 2}) {
			t.Errorf("the first three went to %v", first)
		}
	})
}

func TestRouter_Sticky(t *testing.T) {
	for _, c := range []struct {
		name   string
		sticky bool
		change func(*desk.Agent)
		want   bool
	}{
		{"available", true, func(*desk.Agent) {}, true},
		{"the department is not sticky", false, func(*desk.Agent) {}, false},
		{"off shift", true, func(a *desk.Agent) { a.Presence = desk.PresenceOffline }, false},
		{"busy", true, func(a *desk.Agent) { a.Presence = desk.PresenceBusy }, false},
		{"full", true, func(a *desk.Agent) { a.Capacity = 1 }, false},
		{"left the department", true, func(a *desk.Agent) { a.Departments = nil }, false},
		{"the account is closed", true, func(a *desk.Agent) { a.Active = false }, false},
		{"only reads now", true, func(a *desk.Agent) { a.Role = desk.RoleViewer }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, dep, staff := staffed(t, desk.StrategyLeastBusy, c.sticky)
				_, err := d.EditAgent(t.Context(), staff[1].ID, func(a *desk.Agent) error {
					c.change(a)
					return nil
				})
				must(t, err)
				l := &ledger{held: map[string]int{staff[1].ID: 1}} // the least busy is another
				l.add(desk.Line{Integration: "one", Department: dep.ID}, 1, staff[1].ID)
				l.router(t, d)
				if len(l.to) != 1 || (l.to[0] == staff[1].ID) != c.want {
					t.Errorf("went to %v, the last agent is 1", l.order(staff))
				}
			})
		})
	}
}

// A conversation that somebody took by hand, or that ended, keeps nobody else
// waiting; a store that fails is asked again.
func TestRouter_GoesOnAfterRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, dep, _ := staffed(t, desk.StrategyRoundRobin, true)
		faults := []error{
			&session.Error{Code: session.CodeConflict, Message: "taken"}, &session.Error{Code: session.CodeSessionNotFound, Message: "over"},
			session.Unavailable("the disk is full"),
		}
		l := &ledger{held: map[string]int{}}
		l.refuse = func(*entry) error {
			if len(faults) == 0 {
				return nil
			}
			err := faults[0]
			faults = faults[1:]
			return err
		}
		for i := range 4 {
			l.add(desk.Line{Integration: "one", Department: dep.ID}, int64(i), "")
		}
		l.router(t, d)
		if n := l.gave(); n != 0 {
			t.Fatalf("given %d beside a full disk", n)
		}
		pass(2 * time.Second)
		synctest.Wait()
		if n := l.gave(); n != 4 {
			t.Errorf("given %d of 4 after the disk came back", n)
		}
	})
}
