package postgres

import (
	"context"
	"time"

	"parley/internal/session"
)

// Outbox is a session.Outbox. Many nodes claim from it at one time.
type Outbox struct{ store *Store }

// Outbox returns the port of the webhook sender.
func (s *Store) Outbox() *Outbox { return &Outbox{store: s} }

func scanDelivery(r *row) *session.Delivery {
	return &session.Delivery{
		ID: r.id(), Integration: r.text(), Chain: r.id(), Session: r.id(), Sequence: r.int(), Kind: r.text(), Body: r.json(),
		CreatedMs: r.int(), DueMs: r.int(), Attempts: int(r.int()), Token: r.id(), LeaseMs: r.int(), LastError: r.text(),
	}
}

func scanClaimed(r *row) *session.Delivery {
	d := scanDelivery(r)
	d.Trace = r.text()
	return d
}

// Claim is session.Outbox's. leaseMs is the length of the lease in milliseconds,
// counted from nowMs. The row's due time becomes the end of the lease: a sender that
// dies gives it back by silence, and so does one whose claim was lost on its way back.
func (o *Outbox) Claim(ctx context.Context, nowMs, leaseMs int64, limit int, except ...string) (claimed []*session.Delivery, err error) {
	token := session.NewID(time.UnixMilli(nowMs))
	err = o.store.with(ctx, func(c *conn) error {
		claimed, err = all(c, "ClaimDeliveries", scanClaimed, nowMs, bounded(limit), token, nowMs+leaseMs, append([]string{}, except...))
		return err
	})
	if err != nil {
		return nil, err
	}
	return claimed, nil
}

// Settle is session.Outbox's. Every outcome but a delivery counts an attempt. Who runs
// it twice drops nothing: the second time the token is gone.
func (o *Outbox) Settle(ctx context.Context, settled []session.Settlement) error {
	var later, dead, over []session.Settlement
	ids := make([]session.ID, 0, len(settled))
	for _, s := range settled {
		ids = append(ids, s.ID)
		switch {
		case !s.Delivered && !s.Dead:
			later = append(later, s)
			continue
		case s.Dead:
			dead = append(dead, s)
		}
		over = append(over, s)
	}
	return o.store.within(ctx, func(c *conn) error {
		steps := []*step{{name: "LockSettled", args: []any{ids}}}
		if s := put("PostponeDeliveries", later, bindPostponed); s != nil {
			steps = append(steps, s)
		}
		if s := put("BuryDeliveries", dead, bindDead); s != nil {
			steps = append(steps, s)
		}
		finish := put("FinishDeliveries", over, func(b *columns, s session.Settlement) { b.id(s.ID); b.id(s.Token) })
		if finish == nil {
			return c.run(steps...)
		}
		var freed []outboxLine
		finish.read = func(r *row) { freed = append(freed, outboxLine{r.text(), r.id()}) }
		if err := c.run(append(steps, finish)...); err != nil || len(freed) == 0 {
			return err
		}
		return c.run(put("PromoteHeads", freed, func(b *columns, l outboxLine) { b.text(l.integration); b.id(l.chain) }))
	})
}

// outboxLine is the deliveries of a chain, which go out one after the other.
type outboxLine struct {
	integration string
	chain       session.ID
}

func bindPostponed(b *columns, s session.Settlement) {
	b.id(s.ID)
	b.id(s.Token)
	b.int(s.DueMs)
	b.text(s.LastError)
}

func bindDead(b *columns, s session.Settlement) {
	b.id(s.ID)
	b.id(s.Token)
	b.text(s.LastError)
	b.int(s.AtMs)
}

// NextDue is session.Outbox's. A claimed row counts with the end of its lease.
func (o *Outbox) NextDue(ctx context.Context) (int64, error) {
	found, err := ask(ctx, o.store.readers, &step{name: "NextDue"}, scanInt)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return *found[0], nil
}

// Backlog is session.Outbox's.
func (o *Outbox) Backlog(ctx context.Context, nowMs int64) (waiting, dead, oldestMs int64, err error) {
	_, err = ask(ctx, o.store.readers, &step{name: "Backlog"}, func(r *row) *struct{} {
		if waiting, dead, oldestMs = r.int(), r.int(), r.int(); waiting > 0 {
			oldestMs = max(0, nowMs-oldestMs)
		}
		return nil
	})
	return waiting, dead, oldestMs, err
}

func scanDead(r *row) *session.Delivery {
	d := scanDelivery(r)
	d.DiedMs = r.int()
	return d
}

// DeadLetters is session.Outbox's: newest first, those with an id below before. An
// empty integration stands for all, a zero id for the newest. A page has at most 1,000.
func (o *Outbox) DeadLetters(ctx context.Context, integration string, before session.ID, limit int) ([]*session.Delivery, error) {
	return ask(ctx, o.store.readers, &step{name: "DeadLetters", planned: true, args: []any{integration, ref(before), bounded(limit)}}, scanDead)
}

// DeadLetter is session.Outbox's. It returns session.ErrNoRow where there is none.
func (o *Outbox) DeadLetter(ctx context.Context, id session.ID) (*session.Delivery, error) {
	found, err := ask(ctx, o.store.readers, &step{name: "DeadLetter", args: []any{id}}, scanDead)
	if err == nil && len(found) == 0 {
		err = session.ErrNoRow
	}
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// Revive is session.Outbox's. It returns session.ErrNoRow where there is no such
// dead letter.
func (o *Outbox) Revive(ctx context.Context, id session.ID, delivered bool, lastError string) error {
	var changed int64
	err := o.store.within(ctx, func(c *conn) (err error) {
		if delivered {
			changed, err = c.exec("DropDeadLetter", id)
			return err
		}
		changed, err = c.exec("KeepDeadLetter", id, lastError)
		return err
	})
	if err == nil && changed == 0 {
		return session.ErrNoRow
	}
	return err
}
