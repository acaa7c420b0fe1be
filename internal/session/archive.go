package session

import (
	"context"
	"encoding/json"
)

// Archive is the port of what is kept about people: retention, export, proofs
// of erasure.
type Archive interface {
	// Ended returns chains of an integration that ended at or before a moment, oldest
	// first.
	Ended(ctx context.Context, integration string, endedMs int64, limit int) ([]ID, error)
	// Export calls write with every row about a client, table by table in an order
	// that does not change, as a JSON object of its columns. All rows are of one
	// moment.
	Export(ctx context.Context, client ID, write func(table string, row json.RawMessage) error) error
	// Erasures lists proofs, newest first, with an id below before (zero: the newest).
	Erasures(ctx context.Context, integration string, before ID, limit int) ([]*Erasure, error)
}
