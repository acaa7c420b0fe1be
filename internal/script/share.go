package script

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Shelves is where the nodes of a cluster have the releases of bots in common.
// Who writes it is alone.
type Shelves interface {
	// States returns what each shelf remembers, by bot directory.
	States(ctx context.Context) (map[string][]byte, error)
	// Numbers returns the releases of a bot whose archive is there.
	Numbers(ctx context.Context, source string) ([]int, error)
	Fetch(ctx context.Context, source string, number int) ([]byte, error)
	// Save replaces the state of a shelf, adds archives and takes others away, in one
	// transaction.
	Save(ctx context.Context, source string, state []byte, added map[int][]byte, gone []int) error
}

// Adopt brings the shelves of this node to what the nodes have in common: what
// another one deployed or rolled back is in service here then.
func (b *Bots) Adopt(ctx context.Context, from Shelves) error {
	states, err := from.States(ctx)
	if err != nil {
		return err
	}
	for source, state := range states {
		if err := b.adopt(ctx, from, source, state); err != nil {
			return fmt.Errorf("the releases of %s: %w", source, err)
		}
	}
	return nil
}

func (b *Bots) adopt(ctx context.Context, from Shelves, source string, state []byte) error {
	b.mu.Lock()
	have, err := b.releases.shelf(source)
	b.mu.Unlock()
	if err != nil {
		return err
	}
	next := &shelf{dir: have.dir}
	if err := json.Unmarshal(state, &next.shelfState); err != nil {
		return err
	}
	if next.Source != source {
		return errors.New("what is kept is of another bot")
	}
	for _, r := range next.Releases {
		if err := next.receive(ctx, from, r.Number); err != nil {
			return err
		}
	}
	if same, err := sameState(have, next); same || err != nil {
		return err
	}
	if err := os.MkdirAll(next.dir, 0o700); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := next.save(); err != nil {
		return err
	}
	b.releases.shelves[source] = next
	for key := range b.releases.loaded {
		if key.source == source && !next.has(key.number) {
			delete(b.releases.loaded, key)
		}
	}
	return nil
}

func sameState(a, b *shelf) (bool, error) {
	left, err := json.Marshal(a.shelfState)
	if err != nil {
		return false, err
	}
	right, err := json.Marshal(b.shelfState)
	return bytes.Equal(left, right), err
}

// receive unpacks a release that is not here, whole or not at all.
func (s *shelf) receive(ctx context.Context, from Shelves, number int) error {
	if _, err := os.Stat(s.folder(number)); err == nil {
		return nil
	}
	archive, err := from.Fetch(ctx, s.Source, number)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	part, err := os.MkdirTemp(s.dir, ".part-*")
	if err != nil {
		return err
	}
	if err = unpack(part, archive); err == nil {
		err = os.Rename(part, s.folder(number))
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(part))
	}
	return nil
}

// Offer gives the other nodes the shelf of a bot directory as it is here.
func (b *Bots) Offer(ctx context.Context, to Shelves, source string) error {
	b.mu.Lock()
	s, err := b.releases.shelf(source)
	b.mu.Unlock()
	if err != nil || s.Current == 0 {
		return err
	}
	state, err := json.Marshal(s.shelfState)
	if err != nil {
		return err
	}
	there, err := to.Numbers(ctx, source)
	if err != nil {
		return err
	}
	added := map[int][]byte{}
	for _, r := range s.Releases {
		if slices.Contains(there, r.Number) {
			continue
		}
		if added[r.Number], err = pack(s.folder(r.Number)); err != nil {
			return err
		}
	}
	gone := slices.DeleteFunc(there, s.has)
	return to.Save(ctx, source, state, added, gone)
}

// Sources are the bot directories that were deployed here, whether loaded or not.
func (b *Bots) Sources() ([]string, error) {
	found, err := filepath.Glob(filepath.Join(b.releases.root, "*", "state.json"))
	var list []string
	for _, path := range found {
		var state shelfState
		text, wrong := os.ReadFile(path)
		if wrong == nil {
			wrong = json.Unmarshal(text, &state)
		}
		if wrong != nil {
			return nil, fmt.Errorf("%s: %w", path, wrong)
		}
		list = append(list, state.Source)
	}
	return list, err
}

// pack makes an archive of a folder.
func pack(dir string) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	if err := errors.Join(w.AddFS(os.DirFS(dir)), w.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// unpack writes an archive into an empty folder, and nothing beside it.
func unpack(dir string, archive []byte) error {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(r, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || name == ".":
			return err
		case entry.IsDir():
			return root.Mkdir(name, 0o700)
		}
		return unpackFile(root, r, name)
	})
}

func unpackFile(root *os.Root, from fs.FS, name string) error {
	in, err := from.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
