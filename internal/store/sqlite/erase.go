package sqlite

import (
	"encoding/json"

	"parley/internal/session"
)

// writeErasures deletes what the batch erases and keeps the proofs.
func writeErasures(c *conn, b *session.Batch) error {
	for _, e := range b.Erasures {
		if err := erase(c, e); err != nil {
			return err
		}
	}
	return nil
}

func erase(c *conn, e *session.Erasure) error {
	p, err := personOf(c, e)
	if err != nil {
		return err
	}
	e.Rows, e.Chains = map[string]int64{}, p.chains
	for _, t := range append(copiedTables(), personalTables()...) {
		for _, id := range p.keys(t.by) {
			n, err := c.exec(`DELETE FROM `+t.table+` WHERE `+t.where, id)
			if err != nil {
				return err
			}
			if n > 0 {
				e.Rows[t.table] += n
			}
		}
	}
	counts, err := json.Marshal(e.Rows)
	if err != nil {
		return err
	}
	_, err = c.exec(`INSERT INTO erasures (id, integration, at_ms, by_whom, counts, backups_ms) VALUES (?, ?, ?, ?, ?, ?)`,
		e.ID[:], e.Integration, e.AtMs, e.By, text(counts), e.BackupsMs)
	return err
}

func personOf(c *conn, e *session.Erasure) (*person, error) {
	if e.Chain.IsZero() {
		return wholePerson(c, e.Client)
	}
	return oneChain(c, e.Client, e.Chain)
}

// scrub empties the log of writes, which still holds what was deleted. A reader
// may keep it from that; then the next checkpoint does it.
func (c *conn) scrub() {
	_ = c.each("PRAGMA wal_checkpoint(TRUNCATE)", func(*row) {}) // the erasure itself is committed
}
