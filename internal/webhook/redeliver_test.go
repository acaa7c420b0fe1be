package webhook_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/session"
	"parley/internal/signing"
)

// A re-driven dead letter goes out at once, past the queue of its chain, with
// the bytes of the first attempts and a mark.
func TestSender_Redeliver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		status := 400
		b := newBench(t, session.Settings{WebhookSecret: "s"}, func(context.Context, hit, int) int { return status })
		chain := newChain(t)
		d := delivery("shop", chain, 1)
		b.outbox.add(d)
		b.start(t)
		synctest.Wait()
		status = 500
		b.outbox.add(delivery("shop", chain, 2)) // younger, and stuck
		wait(time.Second)

		before := len(b.receiver.seen())
		r, err := b.sender.Redeliver(t.Context(), d.ID)
		if err != nil || r.Delivered || r.Status != 500 || r.Kind != "message:brain_send" {
			t.Fatalf("got %+v, %v", r, err)
		}
		if _, dead := b.outbox.counts(); dead != 1 {
			t.Fatal("a dead letter that was not taken must stay one")
		}
		status = 200
		if r, err = b.sender.Redeliver(t.Context(), d.ID); err != nil || !r.Delivered {
			t.Fatalf("got %+v, %v", r, err)
		}
		if _, dead := b.outbox.counts(); dead != 0 {
			t.Error("a delivered dead letter must be gone")
		}
		for _, h := range b.receiver.seen()[before:] {
			if h.id != d.ID.String() {
				continue
			}
			if h.header.Get("X-Parley-Redelivery") != "1" || h.body != string(d.Body) || h.header.Get("X-Moveo-Signature") != signing.Moveo("s", d.Body) {
				t.Errorf("got %v", h)
			}
		}
		if first := b.receiver.seen()[0]; first.header.Get("X-Parley-Redelivery") != "" {
			t.Error("a first delivery is marked as a re-driven one")
		}
		_, err = b.sender.Redeliver(t.Context(), d.ID)
		if session.CodeOf(err) != session.CodeNotFound {
			t.Errorf("a second time: %v", err)
		}
	})
}

func TestSender_Ping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, session.Settings{WebhookSecret: "s"}, always(418))
		r, err := b.sender.Ping(t.Context(), "shop") // works without Start
		if err != nil || r.Delivered || r.Status != 418 || r.Fault == "" || r.Integration != "shop" {
			t.Fatalf("got %+v, %v", r, err)
		}
		h := b.receiver.seen()[0]
		var body struct {
			EventType   string `json:"event_type"`
			RequestID   string `json:"request_id"`
			Integration string `json:"integration_id"`
			Desk        string `json:"desk_id"`
			Timestamp   int64  `json:"timestamp"`
		}
		if err := json.Unmarshal([]byte(h.body), &body); err != nil {
			t.Fatal(err)
		}
		if body.EventType != "ping" || body.RequestID != h.id || body.Integration != "shop" || body.Desk == "" || body.Timestamp != h.at.UnixMilli() {
			t.Errorf("got %s with id %s", h.body, h.id)
		}
		if h.header.Get("X-Moveo-Signature") != signing.Moveo("s", []byte(h.body)) {
			t.Error("a ping is not signed like an event")
		}
		if _, err := b.sender.Ping(t.Context(), "nowhere"); session.CodeOf(err) != session.CodeIntegrationNotFound {
			t.Errorf("got %v", err)
		}
		wait(time.Hour)
		if n := len(b.receiver.seen()); n != 1 {
			t.Errorf("a ping was tried %d times", n)
		}
	})
}

func TestSender_Backlog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, session.Settings{}, always(500))
		b.outbox.add(delivery("shop", newChain(t), 1))
		b.start(t)
		wait(time.Minute)
		waiting, dead, oldest, err := b.sender.Backlog(t.Context())
		if err != nil || waiting != 1 || dead != 0 || oldest != time.Minute {
			t.Errorf("%d waiting, %d dead, oldest %s, %v", waiting, dead, oldest, err)
		}
	})
}
