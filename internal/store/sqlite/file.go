package sqlite

import (
	"context"
	"errors"

	"parley/internal/blob"
	"parley/internal/session"
)

// Files is a blob.Index.
type Files struct{ store *Store }

// Files returns the port of what files are.
func (s *Store) Files() *Files { return &Files{store: s} }

const selectFile = `SELECT id, integration, chain, client, name, type, size, sha256, object, state, created_ms FROM files `

func scanFile(r *row) *blob.File {
	return &blob.File{
		ID: r.id(), Integration: r.text(), Chain: r.id(), Client: r.id(), Name: r.text(), Type: r.text(), Size: r.int(),
		SHA256: r.blob(), Object: r.text(), State: blob.State(r.text()), CreatedMs: r.int(),
	}
}

// AddFile is blob.Index's.
func (f *Files) AddFile(ctx context.Context, v *blob.File, unused int) (added bool, err error) {
	err = f.store.do(ctx, func(c *conn) error {
		n, err := one(c, `SELECT count(*) FROM files WHERE client = ? AND state <> 'used'`, scanInt, v.Client[:])
		if added = err == nil && *n < int64(unused); !added {
			return err
		}
		_, err = c.exec(`INSERT INTO files (id, integration, chain, client, name, type, size, sha256, object, state, created_ms)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
			v.ID[:], v.Integration, v.Chain[:], v.Client[:], v.Name, v.Type, v.Size, bytesOf(v.SHA256), v.Object, string(v.State), v.CreatedMs)
		return err
	})
	return added, err
}

// File is blob.Index's.
func (f *Files) File(ctx context.Context, id session.ID) (found *blob.File, err error) {
	err = f.store.readers.view(ctx, func(r *rows) error {
		found, err = read(r, selectFile+`WHERE id = ?`, scanFile, id[:])
		return err
	})
	return found, err
}

// FinishFile is blob.Index's.
func (f *Files) FinishFile(ctx context.Context, v *blob.File) (done bool, err error) {
	err = f.store.do(ctx, func(c *conn) error {
		n, err := c.exec(`UPDATE files SET size = ?, sha256 = ?, object = ?, state = ? WHERE id = ? AND state = ?`,
			v.Size, bytesOf(v.SHA256), v.Object, string(blob.StateReady), v.ID[:], string(blob.StateReserved))
		done = n == 1
		return err
	})
	return done, err
}

// UseFiles is blob.Index's.
func (f *Files) UseFiles(ctx context.Context, ids []session.ID) error {
	return f.store.do(ctx, func(c *conn) error {
		for i := range ids {
			if _, err := c.exec(`UPDATE files SET state = ? WHERE id = ? AND state = ?`, string(blob.StateUsed), ids[i][:], string(blob.StateReady)); err != nil {
				return err
			}
		}
		return nil
	})
}

// DropFiles is blob.Index's.
func (f *Files) DropFiles(ctx context.Context, state blob.State, beforeMs int64, limit int) (objects []string, n int, err error) {
	objects, n, err = f.drop(ctx, `state = ? AND state <> 'used' AND created_ms < ? ORDER BY created_ms LIMIT ?`, string(state), beforeMs, bounded(limit))
	return objects, n, err
}

// ClientFiles is blob.Index's.
func (f *Files) ClientFiles(ctx context.Context, client session.ID) (list []*blob.File, err error) {
	err = f.store.readers.view(ctx, func(r *rows) error {
		list, err = readAll(r, selectFile+`WHERE client = ? ORDER BY id`, scanFile, client[:])
		return err
	})
	return list, err
}

func (f *Files) drop(ctx context.Context, where string, args ...any) (objects []string, n int, err error) {
	err = f.store.do(ctx, func(c *conn) error {
		list, err := all(c, selectFile+`WHERE `+where, scanFile, args...)
		if err != nil {
			return err
		}
		objects, n = nil, len(list)
		for _, v := range list {
			if _, err := c.exec(`DELETE FROM files WHERE id = ?`, v.ID[:]); err != nil {
				return err
			}
			if v.Object != "" {
				objects = append(objects, v.Object)
			}
		}
		return nil
	})
	return objects, n, err
}

// Owned is blob.Index's.
func (f *Files) Owned(ctx context.Context, objects []string) (map[string]bool, error) {
	owned := map[string]bool{}
	err := f.store.readers.view(ctx, func(r *rows) error {
		for _, name := range objects {
			_, err := read(r, selectFile+`WHERE object = ? AND object <> ''`, scanFile, name)
			if err != nil && !errors.Is(err, session.ErrNoRow) {
				return err
			}
			owned[name] = err == nil
		}
		return nil
	})
	return owned, err
}
