//go:build e2e

package program

import (
	"net/http"
	"testing"
	"time"
)

// What takes its time in the contract takes it here: nothing moves a clock.

// slack is what a machine that does much else may add. That timers are right to a
// second is told by e2e/history, which measures the machine beside.
const slack = 25 * time.Second

// A receiver that says nothing for more than 30 s is tried again.
func TestAcceptance21RealTimeHang(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	hook.answers(func(_ http.ResponseWriter, r *http.Request, _ hit, n int) {
		if n > 0 {
			return
		}
		select {
		case <-r.Context().Done(): // the server hangs up
		case <-time.After(time.Minute):
		}
	})
	p := spawn(t, directory(t))
	shop := p.shop(hook.settings(nil), "--bot", bot(t, "shop"))
	id := shop.open(nil)
	shop.say(id, "hello")
	first := hook.want("message:brain_send", 1)
	shop.talk(id, "behind the hanging one")
	eventually(t, "the second attempt", func() bool { return len(hook.all()) >= 2 })
	second := hook.all()[1]
	same(t, "the same bytes", second.raw == first.raw, true)
	if gap := second.at.Sub(first.at); gap < 30*time.Second || gap > 33*time.Second+slack {
		t.Errorf("tried again after %s", gap)
	}
	same(t, "the next one comes after it", text(hook.want("message:brain_send", 3).body, "output", "responses", 0, "text"), "You said: behind the hanging one")
}

// After the first stage comes the second: 30 s after the sixth attempt.
func TestAcceptance21RealTimeSecondStage(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	hook.statuses(500, 500, 500, 500, 500, 500)
	p := spawn(t, directory(t))
	shop := p.shop(hook.settings(nil), "--bot", bot(t, "shop"))
	shop.say(shop.open(nil), "hello")
	hook.want("message:brain_send", 6)
	eventually(t, "the seventh attempt", func() bool { return len(hook.all()) >= 7 })
	list := hook.all()
	if gap := list[6].at.Sub(list[5].at); gap < 27*time.Second || gap > 35*time.Second+slack {
		t.Errorf("the seventh attempt came after %s", gap)
	}
	same(t, "the same bytes", count(list, list[0].raw), 7)
}

// With strict_retries the sixth attempt is the last.
func TestAcceptance21RealTimeStrictRetries(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	hook.statuses(500, 500, 500, 500, 500, 500)
	p := spawn(t, directory(t))
	shop := p.shop(hook.settings(object{"strict_retries": true}), "--bot", bot(t, "shop"))
	id := shop.open(nil)
	shop.say(id, "hello")
	shop.talk(id, "the next")
	hook.want("message:brain_send", 6)
	eventually(t, "the next webhook", func() bool {
		list := hook.all()
		return len(list) == 7 && list[6].raw != list[0].raw
	})
	dead, _ := (&server{t: t, dir: p.dir}).ask("webhook", "list").([]any)
	if len(dead) != 1 || at(dead[0], "attempts") != 6.0 {
		t.Errorf("dead letters %v", dead)
	}
}

// A session of 60 s expires 60 s after its last message, and not before.
func TestAcceptance23RealTimeExpiry(t *testing.T) {
	t.Parallel()
	hook := newReceiver(t)
	p := spawn(t, directory(t))
	shop := p.shop(hook.settings(object{"session_timeout": 60}), "--bot", bot(t, "shop"))
	id := shop.open(nil)
	shop.say(id, "hello")
	last := time.Now()
	eventually(t, "the expiry", func() bool { return len(hook.all("session:expired")) > 0 })
	expired := hook.all("session:expired")[0]
	if took := expired.at.Sub(last); took < 60*time.Second-50*time.Millisecond || took > 62*time.Second+slack {
		t.Errorf("expired after %s", took)
	}
	same(t, "session", expired.body["session_id"], id)
	shop.call(404, "POST", shop.at(id, "/messages"), object{"input": object{"text": "too late"}})
}
