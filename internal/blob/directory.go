package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"parley/internal/session"
)

// Directory keeps objects as files below a directory, 256 folders wide. An
// object is written under "incoming", synced and then renamed, so a name
// never stands for a part of its bytes.
type Directory struct{ root *os.Root }

const incoming = "incoming"

// OpenDirectory opens a directory, created if absent. What an earlier process
// left half written is removed.
func OpenDirectory(dir string) (*Directory, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("directory of files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("directory of files: %w", err)
	}
	d := &Directory{root}
	if err = root.RemoveAll(incoming); err == nil {
		err = root.Mkdir(incoming, 0o700)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("directory of files: %w", err), root.Close())
	}
	return d, nil
}

// Close gives the directory back.
func (d *Directory) Close() error { return d.root.Close() }

// place returns where an object lies: its name ends in random digits.
func place(name string) string { return path.Join(name[len(name)-2:], name) }

// wellFormed tells whether a name can be one of ours.
func wellFormed(name string) bool {
	return len(name) >= 8 && strings.Trim(name, "0123456789abcdef-") == ""
}

// Put is Objects'.
func (d *Directory) Put(_ context.Context, name string, r io.Reader) (err error) {
	if !wellFormed(name) {
		return fmt.Errorf("object %q: no name of ours", name)
	}
	part := path.Join(incoming, name)
	f, err := d.root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return broken(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignore(d.root.Remove(part), fs.ErrNotExist))
		}
	}()
	from := &source{r: r}
	_, err = io.Copy(f, from)
	switch {
	case from.err != nil:
		return errors.Join(from.err, f.Close())
	case err != nil:
		return errors.Join(broken(err), f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return broken(err)
	}
	return d.publish(part, name)
}

// publish gives a synced part its name, durably.
func (d *Directory) publish(part, name string) error {
	at := place(name)
	if err := ignore(d.root.Mkdir(path.Dir(at), 0o700), fs.ErrExist); err != nil {
		return broken(err)
	}
	if err := d.root.Rename(part, at); err != nil {
		return broken(err)
	}
	for _, dir := range []string{path.Dir(at), "."} {
		if err := d.sync(dir); err != nil {
			return broken(err)
		}
	}
	return nil
}

func (d *Directory) sync(dir string) error {
	f, err := d.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// source keeps the error of what is read apart from that of the disk.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// broken is what callers learn of a full or failing disk.
func broken(err error) error {
	return session.Unavailable(fmt.Sprintf("the file cannot be stored: %v", cause(err)))
}

// cause leaves out the path.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}

func ignore(err, harmless error) error {
	if errors.Is(err, harmless) {
		return nil
	}
	return err
}

// Open is Objects'.
func (d *Directory) Open(_ context.Context, name string) (io.ReadSeekCloser, error) {
	if !wellFormed(name) {
		return nil, fs.ErrNotExist
	}
	f, err := d.root.Open(place(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		err = broken(err)
	}
	return f, err
}

// Delete is Objects'.
func (d *Directory) Delete(_ context.Context, name string) error {
	if !wellFormed(name) {
		return nil
	}
	return ignore(d.root.Remove(place(name)), fs.ErrNotExist)
}

// Older is Objects'.
func (d *Directory) Older(ctx context.Context, beforeMs int64, each func(string) error) error {
	return fs.WalkDir(d.root.FS(), ".", func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return ignore(err, fs.ErrNotExist)
		}
		if at == incoming {
			return fs.SkipDir // belongs to uploads that run
		}
		if entry.IsDir() || !wellFormed(entry.Name()) {
			return ctx.Err()
		}
		info, err := entry.Info()
		if err != nil || info.ModTime().UnixMilli() >= beforeMs {
			return ignore(err, fs.ErrNotExist)
		}
		return each(entry.Name())
	})
}
