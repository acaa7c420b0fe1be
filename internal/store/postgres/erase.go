package postgres

import (
	"encoding/json"

	"parley/internal/session"
)

// erase deletes what an erasure names, in the transaction that the connection is in,
// and keeps the proof. The client is locked: nobody adds to what was found.
func erase(c *conn, e *session.Erasure) error {
	p, err := personOf(c, e)
	if err != nil {
		return err
	}
	e.Rows, e.Chains = map[string]int64{}, p.chains
	var tables []string
	var steps []*step
	for _, t := range append(copiedTables(), personalTables()...) {
		if ids := p.keys(t.by); len(ids) > 0 {
			tables, steps = append(tables, t.table), append(steps, &step{name: t.erase, args: []any{ids}})
		}
	}
	if err := c.run(steps...); err != nil {
		return err
	}
	for i, s := range steps {
		if s.rows > 0 {
			e.Rows[tables[i]] += s.rows
		}
	}
	counts, err := json.Marshal(e.Rows)
	if err != nil {
		return err
	}
	_, err = c.exec("AddErasure", e.ID, e.Integration, e.AtMs, e.By, text(counts), e.BackupsMs)
	return err
}

func personOf(c *conn, e *session.Erasure) (*person, error) {
	if e.Chain.IsZero() {
		return wholePerson(c, e.Client)
	}
	return oneChain(c, e.Client, e.Chain)
}
