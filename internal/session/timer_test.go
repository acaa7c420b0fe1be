package session_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/session"
)

func TestTimer_SessionExpiresOnItsDeadlineAndIsPushedByMessages(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h := newHouse(t, func(in *session.Integration) { in.Settings.SessionTimeout = session.Duration(time.Minute) })
		defer h.core.Stop(context.Background())
		id := h.create("ada")
		sleep(50 * time.Second)
		h.mustSend(id, "hi")
		sleep(59 * time.Second)
		if v := h.look(id); !v.Session.Open() {
			t.Fatalf("expired %d ms after the last message", v.Session.EndedMs-v.Session.LastUserMs)
		}
		if _, err := h.patch(id, `{"k":1}`, 0); err != nil { // does not push
			t.Fatal(err)
		}
		sleep(2 * time.Second)
		v := h.look(id)
		if v.Session.Status != session.StatusExpired || v.Session.Reason != session.ReasonTimeout {
			t.Fatalf("status %s, reason %q", v.Session.Status, v.Session.Reason)
		}
		if late := v.Session.EndedMs - v.Session.LastUserMs - 60_000; late < 0 || late > 1000 {
			t.Errorf("ended %d ms after its deadline", late)
		}
		_, err := h.send(id, "late")
		wantCode(t, err, session.CodeSessionNotFound)
	})
}

func TestTimer_NoExpiryOverAnAcceptedMessage(t *testing.T) {
	t.Parallel()
	for _, turn := range []time.Duration{60_001 * time.Millisecond, 60_090 * time.Millisecond, 60_500 * time.Millisecond, 2 * time.Minute} {
		bubble(t, func(t *testing.T) {
			h := newHouse(t, func(in *session.Integration) { in.Settings.SessionTimeout = session.Duration(time.Minute) })
			defer h.core.Stop(context.Background())
			h.bot = func(ctx context.Context, tn *session.Turn) (*session.Decision, error) {
				<-time.After(turn)
				return counting(ctx, tn)
			}
			id := h.create("ada")
			sleep(33 * time.Millisecond) // the worker's tick and the turn fall apart
			h.mustSend(id, "slow")
			sleep(turn - time.Millisecond)
			if v := h.look(id); !v.Session.Open() {
				t.Fatal("expired while its message waited")
			}
			sleep(2 * time.Second)
			h.expect(id, "session:created", "user:slow", "bot:echo slow", "session:closed")
			s := h.look(id).Session
			// A second is promised; a real machine's ticks and commits need a part.
			if late := s.EndedMs - s.LastUserMs - turn.Milliseconds(); late < 0 || late > 700 {
				t.Errorf("a turn of %v: ended %d ms after it", turn, late)
			}
		})
	}
}

func TestTimer_Warning(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h := newHouse(t, func(in *session.Integration) {
			in.Settings.SessionTimeout, in.Settings.ExpiryWarning = session.Duration(time.Minute), session.Duration(10*time.Second)
		})
		defer h.core.Stop(context.Background())
		id := h.create("ada")
		sleep(51 * time.Second)
		h.expect(id, "session:created", "session:expiring")
		h.mustSend(id, "still here")
		sleep(51 * time.Second)
		h.expect(id, "session:created", "session:expiring", "user:still here", "bot:echo still here", "session:expiring")
		sleep(10 * time.Second)
		if v := h.look(id); v.Session.Open() {
			t.Error("still open after its deadline")
		}
	})
}

func TestTimer_ScriptTimeoutFiresOnceUnlessTheUserWrites(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h := newHouse(t)
		defer h.core.Stop(context.Background())
		h.bot = switching
		id := h.create("ada")
		h.mustSend(id, "arm")
		sleep(59 * time.Second)
		h.mustSend(id, "hi") // cancels
		sleep(3 * time.Minute)
		h.mustSend(id, "arm")
		sleep(3 * time.Minute)
		h.expect(id, "session:created", "user:arm", "bot:echo arm", "user:hi", "bot:echo hi", "user:arm", "bot:echo arm", "bot:late")
	})
}

func TestTimer_ScriptTimeoutSurvivesARestart(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h := newHouse(t)
		defer func() { h.core.Stop(context.Background()) }()
		h.bot = switching
		id := h.create("ada")
		h.mustSend(id, "arm")
		synctest.Wait()
		h.rest()
		h.close()
		sleep(3 * time.Minute)
		h.open()
		sleep(time.Second)
		h.expect(id, "session:created", "user:arm", "bot:echo arm", "bot:late")
	})
}

func TestTimer_ScriptTimeoutWithoutABotIsDropped(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h := newHouse(t)
		defer func() { h.core.Stop(context.Background()) }()
		again := func(bot botFunc) {
			synctest.Wait()
			h.rest()
			h.close()
			h.bot = bot
			h.open()
			sleep(3 * time.Minute)
		}
		h.bot = switching
		id := h.create("ada")
		h.mustSend(id, "arm")
		again(nil)
		timers, _, err := h.store.Due(t.Context(), time.Now().UnixMilli(), 10)
		if err != nil || len(timers) > 0 {
			t.Errorf("%d timers are due, %v", len(timers), err)
		}
		again(switching)
		h.expect(id, "session:created", "user:arm", "bot:echo arm")
	})
}

func TestTimer_KeepAliveWindow(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h := newHouse(t, func(in *session.Integration) { in.Kind = session.KindWeb })
		defer h.core.Stop(context.Background())
		h.bot = switching
		id := h.create("ada")
		h.mustSend(id, "resolve")
		sleep(299 * time.Second)
		if _, err := h.core.ReopenConversation(t.Context(), h.in, id, nil); err != nil {
			t.Fatal(err)
		}
		sleep(10 * time.Second)
		h.mustSend(id, "resolve")
		sleep(301 * time.Second)
		h.expect(id, "session:created", "user:resolve", "bot:echo resolve", "conversation:closed", "conversation:reopened",
			"user:resolve", "bot:echo resolve", "conversation:closed", "session:closed")
		if v := h.look(id); v.Session.Reason != session.ReasonResolved {
			t.Errorf("reason %s", v.Session.Reason)
		}
	})
}

func TestTimer_DialogTimerReturnsToTheRoot(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h := newHouse(t, func(in *session.Integration) { in.Settings.DialogTimeout = session.Duration(time.Minute) })
		defer h.core.Stop(context.Background())
		var position string
		h.bot = func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
			position = turn.Vars.Position
			d, err := switching(ctx, turn)
			d.Vars.Position = "/deep"
			return d, err
		}
		id := h.create("ada")
		h.mustSend(id, "one")
		sleep(50 * time.Second)
		h.mustSend(id, "two")
		sleep(50 * time.Second)
		if position != "/deep" {
			t.Errorf("position %q before the timer", position)
		}
		sleep(11 * time.Second)
		h.mustSend(id, "three")
		synctest.Wait()
		h.rest()
		if position != "/" {
			t.Errorf("position %q after the timer", position)
		}
		if v := h.look(id); string(v.Client.Data) != `{"n":3}` {
			t.Errorf("$client %s", v.Client.Data)
		}
	})
}

func TestTimer_HumanPhaseHasItsOwnTimeout(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		h := newHouse(t, func(in *session.Integration) {
			in.Settings.SessionTimeout, in.Settings.HumanTimeout = session.Duration(time.Minute), session.Duration(3*time.Minute)
		})
		defer h.core.Stop(context.Background())
		id := h.create("ada")
		kim := session.Agent{ID: "kim"}
		if _, err := h.core.Claim(t.Context(), h.in, id, kim, false); err != nil {
			t.Fatal(err)
		}
		sleep(170 * time.Second)
		if _, err := h.core.AgentMessage(t.Context(), h.in, id, kim, session.Input{Text: "still looking"}, ""); err != nil {
			t.Fatal(err)
		}
		sleep(170 * time.Second)
		if v := h.look(id); !v.Session.Open() {
			t.Fatal("expired while the human talks")
		}
		sleep(20 * time.Second)
		if v := h.look(id); v.Session.Open() {
			t.Error("still open 3 minutes after the last message")
		}
	})
}

// A turn that never commits is tried three times, counted before it starts,
// and then ends as failed.
func TestRecovery_CountedAttempts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var attempts []int
	started := make(chan struct{}, 1)
	h.bot = func(ctx context.Context, turn *session.Turn) (*session.Decision, error) {
		attempts = append(attempts, turn.Attempt)
		started <- struct{}{}
		<-ctx.Done() // the process dies in the middle of the turn
		return nil, ctx.Err()
	}
	id := h.create("ada")
	h.mustSend(id, "poison")
	h.mustSend(id, "behind")
	for range session.TurnAttempts {
		<-started
		cut, cancel := context.WithCancel(context.Background())
		cancel()
		h.core.Stop(cut)
		if err := h.store.Close(); err != nil {
			t.Fatal(err)
		}
		if len(attempts) == session.TurnAttempts {
			h.bot = counting
		}
		h.open()
	}
	h.rest()
	h.expect(id, "session:created", "user:poison", "turn:failed", "bot:", "user:behind", "bot:echo behind")
	if len(attempts) != 3 || attempts[0] != 1 || attempts[1] != 2 || attempts[2] != 3 {
		t.Errorf("attempts %v, want 1 2 3", attempts)
	}
}
