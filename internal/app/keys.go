package app

import (
	"context"
	"time"

	"parley/internal/session"
)

type keyRecord struct {
	ID          string     `json:"key_id"`
	Integration string     `json:"integration_id"`
	CreatedAt   time.Time  `json:"created_at"`
	RevokedAt   *time.Time `json:"revoked_at,omitempty"`
	Key         string     `json:"api_key,omitempty"` // only in the answer to create
}

func showKey(k *session.Key) keyRecord {
	r := keyRecord{ID: k.ID.String(), Integration: k.Integration, CreatedAt: time.UnixMilli(k.CreatedMs).UTC()}
	if k.RevokedMs > 0 {
		at := time.UnixMilli(k.RevokedMs).UTC()
		r.RevokedAt = &at
	}
	return r
}

func createKey(ctx context.Context, n *Node, args named) (any, error) {
	if _, err := n.integration(args.Integration); err != nil {
		return nil, err
	}
	text, key, err := n.directory.IssueKey(ctx, args.Integration, n.now())
	if err != nil {
		return nil, err
	}
	r := showKey(key)
	r.Key = text
	return r, nil
}

func listKeys(ctx context.Context, n *Node, args named) (any, error) {
	keys, err := n.store.registry.Keys(ctx)
	list := []keyRecord{}
	for _, k := range keys {
		if args.Integration == "" || args.Integration == k.Integration {
			list = append(list, showKey(k))
		}
	}
	return list, err
}

func revokeKey(ctx context.Context, n *Node, args named) (any, error) {
	id, err := session.ParseID(args.ID)
	if err != nil {
		return nil, session.Invalid("id", "is not the id of a key")
	}
	if err := n.directory.RevokeKey(ctx, id, n.now()); err != nil {
		return nil, err
	}
	return map[string]string{"key_id": args.ID, "status": "revoked"}, nil
}
