package postgres

import (
	"context"

	"parley/internal/blob"
	"parley/internal/session"
)

// Files is a blob.Index.
type Files struct{ store *Store }

// Files returns the port of what files are.
func (s *Store) Files() *Files { return &Files{store: s} }

func scanFile(r *row) *blob.File {
	return &blob.File{
		ID: r.id(), Integration: r.text(), Chain: r.id(), Client: r.id(), Name: r.text(), Type: r.text(), Size: r.int(),
		SHA256: r.blob(), Object: r.text(), State: blob.State(r.text()), CreatedMs: r.int(),
	}
}

// AddFile is blob.Index's.
func (f *Files) AddFile(ctx context.Context, v *blob.File, unused int) (added bool, err error) {
	add := &step{name: "AddFile", args: []any{
		v.ID, v.Integration, v.Chain, v.Client, v.Name, v.Type, v.Size, bytesOf(v.SHA256), v.Object, string(v.State), v.CreatedMs, unused,
	}}
	err = f.store.write(ctx, &step{name: "LockFilesOfClient", args: []any{v.Client}}, add)
	return err == nil && add.rows > 0, err
}

// File is blob.Index's.
func (f *Files) File(ctx context.Context, id session.ID) (*blob.File, error) {
	return found(ctx, f.store, "GetFile", scanFile, id)
}

// FinishFile is blob.Index's.
func (f *Files) FinishFile(ctx context.Context, v *blob.File) (done bool, err error) {
	s := &step{name: "FinishFile", args: []any{v.ID, v.Size, bytesOf(v.SHA256), v.Object}}
	err = f.store.write(ctx, s)
	return err == nil && s.rows == 1, err
}

// UseFiles is blob.Index's.
func (f *Files) UseFiles(ctx context.Context, ids []session.ID) error {
	return f.store.write(ctx, &step{name: "UseFiles", args: []any{ids}})
}

// DropFiles is blob.Index's.
func (f *Files) DropFiles(ctx context.Context, state blob.State, beforeMs int64, limit int) (objects []string, n int, err error) {
	err = f.store.within(ctx, func(c *conn) error {
		objects, n = nil, 0
		return c.each("DropFiles", func(r *row) {
			n++
			if name := r.text(); name != "" {
				objects = append(objects, name)
			}
		}, string(state), beforeMs, bounded(limit))
	})
	return objects, n, err
}

// ClientFiles is blob.Index's.
func (f *Files) ClientFiles(ctx context.Context, client session.ID) ([]*blob.File, error) {
	return selected(ctx, f.store, "ListFilesOfClient", scanFile, client)
}

// Owned is blob.Index's.
func (f *Files) Owned(ctx context.Context, objects []string) (map[string]bool, error) {
	owned := map[string]bool{}
	for _, name := range objects {
		owned[name] = false
	}
	err := f.store.reading(ctx, func(c *conn) error {
		return c.each("OwnedObjects", func(r *row) { owned[r.text()] = true }, objects)
	})
	return owned, err
}
