package moving

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
)

// Folder is a directory whose files are objects, by their path below it.
type Folder struct{ root *os.Root }

// OpenFolder opens a directory, which is made if absent.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	return &Folder{root}, err
}

// Close gives the directory back.
func (f *Folder) Close() error { return f.root.Close() }

// Open is Objects'.
func (f *Folder) Open(_ context.Context, name string) (io.ReadSeekCloser, error) {
	return f.root.Open(name)
}

// Older is Objects'. Every file is given, whatever its age.
func (f *Folder) Older(ctx context.Context, _ int64, each func(string) error) error {
	return fs.WalkDir(f.root.FS(), ".", func(at string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // removed meanwhile
		case err != nil:
			return err
		case !entry.Type().IsRegular():
			return ctx.Err()
		}
		return each(at)
	})
}

// Put is Putter's. A path that leads out of the directory is refused.
func (f *Folder) Put(_ context.Context, name string, r io.Reader) error {
	if !fs.ValidPath(name) || name == "." {
		return fmt.Errorf("%q is no path below a directory", name)
	}
	if err := f.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, r)
	return errors.Join(err, file.Sync(), file.Close())
}
