package desk_test

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/desk"
	"parley/internal/session"
)

// watched is a directory with one agent who asked to be made busy.
func watched(t *testing.T) (*desk.Directory, string) {
	t.Helper()
	d := openDirectory(t, openStore(t))
	ann := person("Ann")
	ann.AutoAway = true
	must(t, d.SaveAgent(t.Context(), ann))
	w := desk.NewAbsence(d, session.AutoAwayTime, slog.New(slog.NewTextHandler(t.Output(), nil)))
	w.Start()
	t.Cleanup(w.Stop)
	return d, ann.ID
}

func expectPresence(t *testing.T, d *desk.Directory, id string, want desk.Presence, when string) {
	t.Helper()
	synctest.Wait()
	if a, _ := d.Agent(id); a.Presence != want {
		t.Errorf("%s: %s, want %s", when, a.Presence, want)
	}
}

func pass(d time.Duration) { <-time.After(d) }

func TestAbsence_MakesBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, id := watched(t)
		pass(session.AutoAwayTime - time.Second)
		expectPresence(t, d, id, desk.PresenceOnline, "just before the time")
		first, second := d.Connect(id), d.Connect(id)
		pass(time.Hour)
		expectPresence(t, d, id, desk.PresenceOnline, "connected")
		first()
		first() // twice is once
		pass(time.Hour)
		expectPresence(t, d, id, desk.PresenceOnline, "one of two connections left")
		second()
		pass(session.AutoAwayTime - time.Second)
		d.Connect(id)() // a short reconnect gives the whole time again
		pass(session.AutoAwayTime - time.Second)
		expectPresence(t, d, id, desk.PresenceOnline, "after a short reconnect")
		pass(2 * time.Second)
		expectPresence(t, d, id, desk.PresenceBusy, "away")
		leave := d.Connect(id)
		defer leave()
		expectPresence(t, d, id, desk.PresenceBusy, "back, and has not said so")
	})
}

func TestAbsence_OnlyWhoAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, id := watched(t)
		set := func(on bool) {
			_, err := d.EditAgent(t.Context(), id, func(a *desk.Agent) error {
				a.AutoAway = on
				return nil
			})
			must(t, err)
		}
		set(false)
		pass(2 * session.AutoAwayTime)
		expectPresence(t, d, id, desk.PresenceOnline, "without auto-away")
		set(true)
		pass(session.AutoAwayTime + time.Second)
		expectPresence(t, d, id, desk.PresenceBusy, "with it")
		_, err := d.SetPresence(t.Context(), id, desk.PresenceOffline)
		must(t, err)
		pass(2 * session.AutoAwayTime)
		expectPresence(t, d, id, desk.PresenceOffline, "who said offline")
	})
}
