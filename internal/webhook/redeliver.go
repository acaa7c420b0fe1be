package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"parley/internal/session"
)

// Redeliver sends a dead letter at once, out of order, marked
// X-Parley-Redelivery: 1. A delivered one leaves the dead letters, another
// keeps its place there. The error is session.CodeNotFound for an id that is
// no dead letter; a receiver that does not take it is told by the report.
func (s *Sender) Redeliver(ctx context.Context, id session.ID) (Report, error) {
	d, err := s.o.Outbox.DeadLetter(ctx, id)
	if errors.Is(err, session.ErrNoRow) {
		return Report{}, &session.Error{Code: session.CodeNotFound, Field: "webhook", Message: "no dead letter has this id"}
	}
	if err != nil {
		return Report{}, err
	}
	in, err := s.recipient(d.Integration)
	if err != nil {
		return Report{}, err
	}
	r := s.send(ctx, letter{id: d.ID.String(), kind: d.Kind, body: d.Body, redriven: true, recipient: in})
	// The receiver has it or not, whatever became of the caller.
	return r, s.o.Outbox.Revive(context.WithoutCancel(ctx), id, r.Delivered, r.Fault)
}

func (s *Sender) recipient(id string) (*session.Integration, error) {
	in, ok := s.o.Integration(id)
	if !ok {
		return nil, &session.Error{Code: session.CodeIntegrationNotFound, Message: "no such integration"}
	}
	return in, nil
}

// pingKind is the event_type of a test ping.
const pingKind = "ping"

type pingBody struct {
	EventType   string `json:"event_type"`
	RequestID   string `json:"request_id"`
	Integration string `json:"integration_id"`
	Desk        string `json:"desk_id"`
	Timestamp   int64  `json:"timestamp"`
}

// Ping sends one signed test event to the integration's webhook, past the
// outbox: it is tried once, waits for nothing and is stored nowhere. The error
// is session.CodeIntegrationNotFound; everything else is in the report.
func (s *Sender) Ping(ctx context.Context, integrationID string) (Report, error) {
	in, err := s.recipient(integrationID)
	if err != nil {
		return Report{}, err
	}
	now := s.o.Now()
	id := session.NewID(now).String()
	body, err := json.Marshal(pingBody{pingKind, id, in.ID, session.DefaultDesk, now.UnixMilli()})
	if err != nil {
		return Report{}, err
	}
	return s.send(ctx, letter{id: id, kind: pingKind, body: body, recipient: in}), nil
}

// Backlog counts the waiting and the dead webhooks and says how long the
// oldest waiting one has waited.
func (s *Sender) Backlog(ctx context.Context) (waiting, dead int64, oldest time.Duration, err error) {
	waiting, dead, age, err := s.o.Outbox.Backlog(ctx, s.o.Now().UnixMilli())
	return waiting, dead, time.Duration(age) * time.Millisecond, err
}
