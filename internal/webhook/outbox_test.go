package webhook_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/internal/session"
)

// outbox is the port in memory, by the contract of session.Outbox.
type outbox struct {
	mu       sync.Mutex
	waiting  []*session.Delivery // by chain in order of sequence
	dead     []*session.Delivery
	refusing error // answered by Settle while set
	claims   int
}

func (o *outbox) add(d *session.Delivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting = append(o.waiting, d)
}

// heads returns the first row of each integration and chain.
func (o *outbox) heads() []*session.Delivery {
	type key struct {
		integration string
		chain       session.ID
	}
	first := map[key]*session.Delivery{}
	for _, d := range o.waiting {
		k := key{d.Integration, d.Chain}
		if h := first[k]; h == nil || d.Sequence < h.Sequence {
			first[k] = d
		}
	}
	var list []*session.Delivery
	for _, d := range o.waiting {
		if first[key{d.Integration, d.Chain}] == d {
			list = append(list, d)
		}
	}
	return list
}

func (o *outbox) Claim(_ context.Context, nowMs, leaseMs int64, limit int, except ...string) ([]*session.Delivery, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.claims++
	var claimed []*session.Delivery
	for _, d := range o.heads() {
		if len(claimed) < limit && !slices.Contains(except, d.Integration) && d.DueMs <= nowMs && d.LeaseMs <= nowMs {
			d.Token, d.LeaseMs = session.NewID(time.UnixMilli(nowMs)), nowMs+leaseMs
			row := *d
			claimed = append(claimed, &row)
		}
	}
	return claimed, nil
}

func (o *outbox) Settle(_ context.Context, settled []session.Settlement) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.refusing != nil {
		return o.refusing
	}
	for _, s := range settled {
		i := slices.IndexFunc(o.waiting, func(d *session.Delivery) bool { return d.ID == s.ID && d.Token == s.Token })
		if i < 0 {
			continue
		}
		d := o.waiting[i]
		d.Token, d.LeaseMs, d.LastError = session.ID{}, 0, s.LastError
		if s.Delivered || s.Dead {
			o.waiting = slices.Delete(o.waiting, i, i+1)
		}
		if !s.Delivered {
			d.Attempts++
			d.DueMs = s.DueMs
		}
		if s.Dead {
			d.DiedMs = s.AtMs
			o.dead = append(o.dead, d)
		}
	}
	return nil
}

func (o *outbox) NextDue(context.Context) (int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var due int64
	for _, d := range o.heads() {
		if at := max(d.DueMs, d.LeaseMs); due == 0 || at < due {
			due = at
		}
	}
	return due, nil
}

func (o *outbox) DeadLetters(_ context.Context, integration string, _ session.ID, _ int) ([]*session.Delivery, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(o.dead), func(d *session.Delivery) bool { return d.Integration != integration }), nil
}

func (o *outbox) DeadLetter(_ context.Context, id session.ID) (*session.Delivery, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := slices.IndexFunc(o.dead, func(d *session.Delivery) bool { return d.ID == id })
	if i < 0 {
		return nil, session.ErrNoRow
	}
	row := *o.dead[i]
	return &row, nil
}

func (o *outbox) Revive(_ context.Context, id session.ID, delivered bool, lastError string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := slices.IndexFunc(o.dead, func(d *session.Delivery) bool { return d.ID == id })
	if i < 0 {
		return session.ErrNoRow
	}
	o.dead[i].LastError = lastError
	if delivered {
		o.dead = slices.Delete(o.dead, i, i+1)
	}
	return nil
}

func (o *outbox) Backlog(_ context.Context, nowMs int64) (waiting, dead, oldestMs int64, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, d := range o.waiting {
		oldestMs = max(oldestMs, nowMs-d.CreatedMs)
	}
	return int64(len(o.waiting)), int64(len(o.dead)), oldestMs, nil
}

func (o *outbox) counts() (waiting, dead int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.waiting), len(o.dead)
}

// delivery makes a row that is due now.
func delivery(integration string, chain session.ID, sequence int64) *session.Delivery {
	now := time.Now()
	id := session.NewID(now)
	body := fmt.Appendf(nil, `{"event_type":"message:brain_send","request_id":%q,"sequence":%d,"text":"Grüße <&>"}`, id, sequence)
	return &session.Delivery{
		ID: id, Integration: integration, Chain: chain, Session: chain, Sequence: sequence,
		Kind: "message:brain_send", Body: body, CreatedMs: now.UnixMilli(), DueMs: now.UnixMilli(),
	}
}

// integrations is the func the sender asks.
type integrations map[string]session.Settings

func (list integrations) find(id string) (*session.Integration, bool) {
	settings, ok := list[id]
	return &session.Integration{ID: id, Name: id, Kind: session.KindCustom, Active: true, Settings: settings}, ok
}

func newChain(t *testing.T) session.ID {
	t.Helper()
	return session.NewID(time.Now())
}
