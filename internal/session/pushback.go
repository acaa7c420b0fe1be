package session

import (
	"context"
	"maps"
)

// A pushback lets an outside service send one client an event (script-api 2.8).
// Its id is the token: nothing else is asked for, and nothing about the client is
// told. It is a timer whose time is the end of its life, so that it is as durable
// as a pushed event, and ends by itself.

// Pushbacks are used by outside services.
type Pushbacks struct{ *Core }

// Send sends the event of a pushback to its client, as a turn of the head of
// the chain. Fields of data, a JSON object, stand beside those that the script
// gave, which win. It may be used again until it expires, but while its last
// event waits for its turn it is refused with CodeRateLimited. A token that is
// unknown or has expired is CodeNotFound.
func (c Pushbacks) Send(ctx context.Context, token ID, data Document) error {
	var s *Session
	err := c.cfg.Store.View(ctx, func(rows Rows) error {
		t, err := readPushback(NewWork(rows), token, ms(c.cfg.Now()))
		if err == nil {
			s, err = rows.Session(t.Handle)
		}
		return err
	})
	if err != nil {
		return noPushback(err)
	}
	in, ok := c.cfg.Integration(s.Integration)
	if !ok {
		return errNoPushback()
	}
	return noPushback(c.commit(ctx, "pushback", &usePushback{scope: c.scope(in), token: token, data: data}, s.ID))
}

func errNoPushback() error {
	return &Error{Code: CodeNotFound, Message: "no such pushback, or it has expired"}
}

// noPushback hides from a stranger why there is no client any more.
func noPushback(err error) error {
	if CodeOf(notFound(err)) == CodeSessionNotFound && err != nil {
		return errNoPushback()
	}
	return err
}

// readPushback gives the row of a token that has not expired.
func readPushback(w *Work, token ID, now int64) (*Timer, error) {
	t, err := w.timer(token, TimerPushback)
	if err == nil && (t == nil || t.DueMs <= now) {
		err = errNoPushback()
	}
	return t, err
}

type usePushback struct {
	scope
	token ID
	data  Document
}

func (op *usePushback) apply(w *Work) error {
	t, err := readPushback(w, op.token, op.ms())
	if err != nil {
		return err
	}
	waiting, err := w.timer(op.token, TimerPush)
	if err != nil {
		return err
	}
	if waiting != nil {
		return &Error{Code: CodeRateLimited, Message: "the last event of this pushback still waits for its turn"}
	}
	if _, _, err := w.head(op.scope, t.Handle, true); err != nil {
		return err
	}
	data, err := op.merged(t.Data)
	if err != nil {
		return err
	}
	return armPush(w, Timer{
		ID: op.newID(), Session: op.token, Client: t.Client, Kind: TimerPush, DueMs: op.ms(), Handle: t.Handle, Event: t.Event, Data: data,
	})
}

func (op *usePushback) merged(own []byte) ([]byte, error) {
	if len(op.data) == 0 {
		return own, nil
	}
	fields := Document{}
	maps.Copy(fields, op.data)
	if len(own) > 0 {
		given, err := ParseDocument(own, "eventData")
		if err != nil {
			return nil, err
		}
		maps.Copy(fields, given)
	}
	data := fields.JSON()
	if len(data) > MaxPushDataBytes {
		return nil, &Error{Code: CodePayloadTooLarge, Message: "the event's data is over 64 KiB"}
	}
	return data, nil
}
