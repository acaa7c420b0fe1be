package app

import (
	"context"
	"encoding/json"
	"time"

	"parley/internal/session"
	"parley/internal/webhook"
)

type deliveryRecord struct {
	ID          string          `json:"request_id"`
	Integration string          `json:"integration_id"`
	Session     string          `json:"session_id"`
	Kind        string          `json:"event_type"`
	Sequence    int64           `json:"sequence"`
	Attempts    int             `json:"attempts"`
	CreatedAt   time.Time       `json:"created_at"`
	DiedAt      time.Time       `json:"died_at"`
	LastError   string          `json:"last_error"`
	Body        json.RawMessage `json:"body,omitempty"`
}

func showDelivery(d *session.Delivery) deliveryRecord {
	return deliveryRecord{
		ID: d.ID.String(), Integration: d.Integration, Session: d.Session.String(), Kind: d.Kind, Sequence: d.Sequence,
		Attempts: d.Attempts, CreatedAt: time.UnixMilli(d.CreatedMs).UTC(), DiedAt: time.UnixMilli(d.DiedMs).UTC(), LastError: d.LastError,
	}
}

func listDeadLetters(ctx context.Context, n *Node, args named) (any, error) {
	if args.Limit == 0 {
		args.Limit = defaultListed
	}
	found, err := n.store.outbox.DeadLetters(ctx, args.Integration, session.ID{}, args.Limit)
	list := []deliveryRecord{}
	for _, d := range found {
		list = append(list, showDelivery(d))
	}
	return list, err
}

func deliveryID(args named) (session.ID, error) {
	id, err := session.ParseID(args.ID)
	if err != nil {
		return id, session.Invalid("id", "is not the id of a webhook")
	}
	return id, nil
}

func showDeadLetter(ctx context.Context, n *Node, args named) (any, error) {
	id, err := deliveryID(args)
	if err != nil {
		return nil, err
	}
	d, err := n.store.outbox.DeadLetter(ctx, id)
	if err != nil {
		return nil, &session.Error{Code: session.CodeNotFound, Field: "id", Message: "there is no such dead letter"}
	}
	r := showDelivery(d)
	r.Body = d.Body
	return r, nil
}

func redeliver(ctx context.Context, n *Node, args named) (any, error) {
	id, err := deliveryID(args)
	if err != nil {
		return nil, err
	}
	report, err := n.sender.Redeliver(ctx, id)
	if err != nil {
		return nil, err
	}
	return showAttempt(report), nil
}

func ping(ctx context.Context, n *Node, args named) (any, error) {
	if _, err := n.integration(args.Integration); err != nil {
		return nil, err
	}
	report, err := n.sender.Ping(ctx, args.Integration)
	if err != nil {
		return nil, err
	}
	return showAttempt(report), nil
}

// attemptRecord says how one attempt went.
type attemptRecord struct {
	Integration string `json:"integration_id"`
	Kind        string `json:"event_type"`
	Delivered   bool   `json:"delivered"`
	Status      int    `json:"http_status,omitempty"`
	Fault       string `json:"fault,omitempty"`
	TookMs      int64  `json:"took_ms"`
}

func showAttempt(r webhook.Report) attemptRecord {
	return attemptRecord{r.Integration, r.Kind, r.Delivered, r.Status, r.Fault, r.Took.Milliseconds()}
}
