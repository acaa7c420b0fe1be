package moving

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// ErrNotEmpty is returned for a target that has rows already.
var ErrNotEmpty = errors.New("the target is not empty; restore into a new one")

// Restore reads an archive into an empty target and compares counts and sums. An
// archive that is damaged, cut or of a later format is refused by name; what was
// written until then is left, in a target that is of no use.
func Restore(ctx context.Context, archive io.ReaderAt, size int64, to Target, folders map[string]Putter, told Progress) (*Head, error) {
	z, err := zip.NewReader(archive, size)
	if err != nil {
		return nil, fmt.Errorf("no archive of a backup, or one that was cut: %w", err)
	}
	a := &reading{zip: z, to: to, told: told}
	if err := a.open(ctx); err != nil {
		return nil, err
	}
	for _, t := range a.tables {
		if err := a.fill(ctx, t); err != nil {
			return nil, err
		}
	}
	if err := compare(ctx, a.tables, a.manifest.Tables, to); err != nil {
		return nil, err
	}
	return &a.head, a.restoreFolders(ctx, folders)
}

// reading is an archive on its way into a target.
type reading struct {
	zip      *zip.Reader
	head     Head
	manifest Manifest
	tables   []Table
	to       Target
	told     Progress
}

// open reads what the archive says of itself before anything is written.
func (a *reading) open(ctx context.Context) error {
	if err := a.readJSON(headEntry, &a.head); err != nil {
		return err
	}
	if a.head.Format < 1 || a.head.Format > Format {
		return fmt.Errorf("the archive has format %d, this program knows up to %d", a.head.Format, Format)
	}
	if err := a.readJSON(manifestEntry, &a.manifest); err != nil {
		return err
	}
	for _, f := range a.zip.File {
		if path.Dir(f.Name) == path.Dir(tableEntry) {
			t, err := tableOf(f)
			if err != nil {
				return err
			}
			a.tables = append(a.tables, t)
		}
	}
	if len(a.tables) != len(a.manifest.Tables) {
		return fmt.Errorf("the archive has %d tables, its list %d", len(a.tables), len(a.manifest.Tables))
	}
	return a.check(ctx)
}

// check finds out that the target is empty and takes every table.
func (a *reading) check(ctx context.Context) error {
	return a.to.Snapshot(ctx, func(into Tables) error {
		have, err := into.List()
		if err != nil {
			return err
		}
		for _, t := range have {
			rows, err := into.Page(t, nil, 1)
			if err == nil && len(rows) > 0 {
				err = fmt.Errorf("%w: table %s has rows", ErrNotEmpty, t.Name)
			}
			if err != nil {
				return err
			}
		}
		for _, t := range a.tables {
			if err := fit(t, have); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *reading) readJSON(name string, into any) error {
	f, err := a.zip.Open(name)
	if err != nil {
		return fmt.Errorf("the archive has no %s: it is no backup, or was cut", name)
	}
	if err := errors.Join(json.NewDecoder(f).Decode(into), f.Close()); err != nil {
		return fmt.Errorf("%s of the archive: %w", name, err)
	}
	return nil
}

// tableOf reads the first line of a table's entry.
func tableOf(f *zip.File) (t Table, err error) {
	r, err := f.Open()
	if err != nil {
		return t, fmt.Errorf("%s of the archive: %w", f.Name, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if err := json.NewDecoder(r).Decode(&t); err != nil {
		return t, fmt.Errorf("%s of the archive: %w", f.Name, err)
	}
	if t.Name != strings.TrimSuffix(path.Base(f.Name), ".ndjson") || !t.whole() {
		return t, fmt.Errorf("%s of the archive: the first line does not name the table, its key and its columns", f.Name)
	}
	return t, nil
}

// fill writes the rows of a table. The archive's own check value covers each entry to its end.
func (a *reading) fill(ctx context.Context, t Table) (err error) {
	name := fmt.Sprintf(tableEntry, t.Name)
	f, err := a.zip.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	in := scanner(f)
	var rows []Row
	var n int64
	flush := func(done bool) error {
		if len(rows) > 0 {
			if err := insert(ctx, t, rows, a.to); err != nil {
				return err
			}
		}
		n += int64(len(rows))
		rows = rows[:0]
		a.told(t.Name, n, done)
		return nil
	}
	for at := 1; in.Scan(); at++ {
		if at == 1 {
			continue
		}
		r, err := rowOf(in.Bytes(), len(t.Columns))
		if err != nil {
			return fmt.Errorf("%s of the archive, line %d: %w", name, at, err)
		}
		if rows = append(rows, r); len(rows) == pageRows {
			if err := flush(false); err != nil {
				return err
			}
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("%s of the archive: %w", name, err)
	}
	return flush(true)
}

// restoreFolders writes the objects of every folder of the archive.
func (a *reading) restoreFolders(ctx context.Context, folders map[string]Putter) error {
	for name, want := range a.manifest.Objects {
		to := folders[name]
		if to == nil && want > 0 {
			return fmt.Errorf("the archive has a folder %s with %d objects, the target has no place for it", name, want)
		}
		got, err := a.restoreFolder(ctx, name, to)
		if err == nil && got != want {
			err = fmt.Errorf("the archive has %d objects in %s, its list %d", got, name, want)
		}
		if err != nil {
			return err
		}
		a.told(name, got, true)
	}
	return nil
}

func (a *reading) restoreFolder(ctx context.Context, folder string, to Putter) (n int64, err error) {
	for _, f := range a.zip.File {
		name, ok := strings.CutPrefix(f.Name, fmt.Sprintf(objectEntry, folder))
		if !ok {
			continue
		}
		r, err := f.Open()
		if err == nil {
			err = errors.Join(to.Put(ctx, name, r), r.Close())
		}
		if err != nil {
			return n, fmt.Errorf("%s of the archive: %w", f.Name, err)
		}
		n++
		a.told(folder, n, false)
	}
	return n, nil
}
