package desk_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/desk"
	"parley/internal/session"
)

// atTheDesk is an office in which Ann has three conversations of a department,
// whose clients wait for at most a minute when she is away.
func atTheDesk(t *testing.T, after int64) (o *office, ann *desk.Agent, list []session.ID) {
	t.Helper()
	o = newOffice(t)
	dep := group("Support")
	dep.RequeueAfter = after
	must(t, o.people.SaveDepartment(t.Context(), dep))
	ann = o.hire(person("Ann", dep.ID))
	list = o.line(3, "Support")
	o.expect(list, "at first", "Ann", "Ann", "Ann")
	return o, ann, list
}

// Nobody is in limbo: what waits for an agent who went off goes back to the
// queue in time, and to who comes, the longest waiting first.
func TestRequeue_AgentGoesOffline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, ann, list := atTheDesk(t, 60)
		_, err := o.core.AgentMessage(t.Context(), o.in, list[1], ann.Public(), session.Input{Text: "hello"}, "")
		must(t, err)
		o.say(ann, desk.PresenceOffline)
		pass(58 * time.Second)
		o.expect(list, "before the time", "Ann", "Ann", "Ann")
		pass(3 * time.Second)
		o.expect(list, "after it; one was answered", "queue", "Ann", "queue")
		if c := o.talk(list[0]); c.Reason != session.ReasonAgentAway {
			t.Errorf("reason %q", c.Reason)
		}
		o.hire(withCapacity(person("Bob", ann.Departments...), 1))
		o.expect(list, "Bob comes", "Bob", "Ann", "queue")
		if kinds := o.kinds(list[0]); !slices.Equal(kinds, []string{
			session.EventMemberJoin, session.EventMemberLeave, session.EventHandover, session.EventMemberJoin,
		}) {
			t.Errorf("events %v", kinds)
		}
	})
}

// kinds are those of the last four events of a session.
func (o *office) kinds(id session.ID) (kinds []string) {
	o.t.Helper()
	events, err := o.core.Events(o.t.Context(), id, 0, 100)
	must(o.t, err)
	for _, ev := range events[max(0, len(events)-4):] {
		kinds = append(kinds, ev.Kind)
	}
	return kinds
}

// The longest-waiting one is counted from when its client began to wait: for who
// has waited too long already it is at once. 0 is never.
func TestRequeue_CountsFromTheClient(t *testing.T) {
	for after, want := range map[int64]string{60: "queue", 0: "Ann"} {
		synctest.Test(t, func(t *testing.T) {
			o, ann, list := atTheDesk(t, after)
			pass(10 * time.Minute)
			o.expect(list, "while she is there", "Ann", "Ann", "Ann")
			o.say(ann, desk.PresenceOffline)
			o.expect(list, "when she goes", want, want, want)
		})
	}
}

// Whom auto-away takes is away, and one who is busy by his own word is not.
func TestRequeue_AutoAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, ann, list := atTheDesk(t, 60)
		o.say(ann, desk.PresenceBusy)
		pass(10 * time.Minute)
		o.expect(list, "busy", "Ann", "Ann", "Ann")
		_, err := o.people.EditAgent(t.Context(), ann.ID, func(a *desk.Agent) error {
			a.AutoAway = true
			return nil
		})
		must(t, err)
		o.expect(list, "away", "queue", "queue", "queue")
	})
}

// A restart forgets nothing: what was due meanwhile goes back at the start.
func TestRequeue_AfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, ann, list := atTheDesk(t, 60)
		o.router.Stop()
		o.say(ann, desk.PresenceOffline)
		pass(2 * time.Minute)
		o.expect(list, "no router runs", "Ann", "Ann", "Ann")
		again := desk.NewRouter(o.routing)
		again.Start(t.Context())
		defer again.Stop()
		o.expect(list, "after the start", "queue", "queue", "queue")
	})
}

// The core takes nothing from an agent who has answered, or has it no more.
func TestRequeue_RefusesWhatIsNotItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, ann, list := atTheDesk(t, 0)
		_, err := o.core.Requeue(context.Background(), o.in, list[0], "somebody")
		if session.CodeOf(err) != session.CodeConflict {
			t.Errorf("from another: %v", err)
		}
		_, err = o.core.AgentMessage(t.Context(), o.in, list[0], ann.Public(), session.Input{Text: "hello"}, "")
		must(t, err)
		if _, err = o.core.Requeue(t.Context(), o.in, list[0], ann.ID); session.CodeOf(err) != session.CodeConflict {
			t.Errorf("nobody waits: %v", err)
		}
		o.expect(list, "nothing changed", "Ann", "Ann", "Ann")
	})
}
