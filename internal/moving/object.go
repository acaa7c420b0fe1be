package moving

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"math"
)

// Objects are bytes under names beside the tables: the contents of files. It is
// what a copy needs of blob.Objects.
type Objects interface {
	Open(ctx context.Context, name string) (io.ReadSeekCloser, error)
	Older(ctx context.Context, beforeMs int64, each func(name string) error) error
}

// Putter takes objects in, each whole or not at all.
type Putter interface {
	Put(ctx context.Context, name string, r io.Reader) error
}

// CopyObjects copies what the target lacks, where it can tell, and tells of it under
// the name of the folder. One that is deleted meanwhile is left out, as its row is.
func CopyObjects(ctx context.Context, folder string, from Objects, to Putter, told Progress) (n int64, err error) {
	err = from.Older(ctx, math.MaxInt64, func(name string) error {
		done, err := copyObject(ctx, from, to, name)
		if done {
			n++
			told(folder, n, false)
		}
		return err
	})
	if err == nil {
		told(folder, n, true)
	}
	return n, err
}

func copyObject(ctx context.Context, from Objects, to Putter, name string) (bool, error) {
	if have, err := has(ctx, to, name); have || err != nil {
		return false, err
	}
	r, err := from.Open(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, errors.Join(to.Put(ctx, name, r), r.Close())
}

// has tells whether a target that can be asked holds an object.
func has(ctx context.Context, to Putter, name string) (bool, error) {
	known, ok := to.(Objects)
	if !ok {
		return false, nil
	}
	r, err := known.Open(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, r.Close()
}
