package moving

import (
	"context"
	"encoding/hex"
	"fmt"
)

// Progress hears of what was copied: after each page of a table, and after the
// last one with done.
type Progress func(table string, rows int64, done bool)

// Migrate copies all tables of a source into a target and compares counts and
// sums of both. Rows the target has from a copy that was cut are kept: each table
// goes on after its last key. The source must not change between the two; if it
// did, the sums differ, and the error names the table.
func Migrate(ctx context.Context, from Source, to Target, told Progress) (map[string]Sum, error) {
	sums := map[string]Sum{}
	err := from.Snapshot(ctx, func(tables Tables) error {
		list, err := listed(ctx, tables, to)
		if err != nil {
			return err
		}
		for _, t := range list {
			if err := fill(ctx, tables, t, to, told); err != nil {
				return err
			}
			if sums[t.Name], err = sumOf(tables, t); err != nil {
				return err
			}
		}
		return compare(ctx, list, sums, to)
	})
	return sums, err
}

// listed returns the tables to copy, all of which fit.
func listed(ctx context.Context, tables Tables, to Target) ([]Table, error) {
	list, err := tables.List()
	if err != nil {
		return nil, err
	}
	return list, to.Snapshot(ctx, func(into Tables) error {
		have, err := into.List()
		for _, t := range list {
			if err == nil {
				err = fit(t, have)
			}
		}
		return err
	})
}

func fill(ctx context.Context, tables Tables, t Table, to Target, told Progress) error {
	after, err := to.Last(ctx, t)
	if err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	var n int64
	err = each(tables, t, after, func(rows []Row) error {
		if err := insert(ctx, t, rows, to); err != nil {
			return err
		}
		n += int64(len(rows))
		told(t.Name, n, false)
		return nil
	})
	if err == nil {
		told(t.Name, n, true)
	}
	return err
}

func insert(ctx context.Context, t Table, rows []Row, to Target) error {
	if err := to.Insert(ctx, t, rows); err != nil {
		return fmt.Errorf("table %s, from the row %s on: %w", t.Name, named(t, rows[0]), err)
	}
	return nil
}

// named shows a row's key.
func named(t Table, r Row) string {
	out := ""
	for i, v := range t.key(r) {
		if b, ok := v.([]byte); ok {
			v = hex.EncodeToString(b)
		}
		out += fmt.Sprintf("%s=%v ", t.Key[i], v)
	}
	return out[:len(out)-1]
}

// compare reads everything back.
func compare(ctx context.Context, list []Table, want map[string]Sum, to Target) error {
	return to.Snapshot(ctx, func(tables Tables) error {
		for _, t := range list {
			got, err := sumOf(tables, t)
			if err != nil {
				return err
			}
			if got != want[t.Name] {
				return fmt.Errorf("table %s differs after the copy: %d rows with the sum %016x, want %d with %016x; "+
					"the source or the target was written to meanwhile", t.Name, got.Rows, got.Sum, want[t.Name].Rows, want[t.Name].Sum)
			}
		}
		return nil
	})
}
