package postgres

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"parley/internal/session"
)

// partBytes is the length of all parts of an object but the last.
const partBytes = 256 << 10

// objectPage is how many names are listed at once.
const objectPage = 500

// Objects is a blob.Objects that keeps the bytes in the database, so that every
// node has them. Parts are stored one by one as they come, under a name of their
// own; with the last one they get the object's name and its length, at once.
type Objects struct{ store *Store }

// Objects returns the port of the bytes of files.
func (s *Store) Objects() *Objects { return &Objects{store: s} }

// Put is blob.Objects'. An object of the same name gives way to the new one.
func (o *Objects) Put(ctx context.Context, name string, r io.Reader) error {
	incoming := name + "~" + rand.Text()
	size, err := o.putParts(ctx, incoming, r)
	if err == nil {
		err = o.store.write(ctx,
			&step{name: "DeleteObject", args: []any{name}},
			&step{name: "PutPart", args: []any{name, 0, binary.BigEndian.AppendUint64(nil, uint64(size))}},
			&step{name: "NameObject", args: []any{incoming, name}})
	}
	if err != nil {
		// What cannot be removed now is removed by the sweep.
		err = errors.Join(err, o.Delete(context.WithoutCancel(ctx), incoming))
	}
	return err
}

func (o *Objects) putParts(ctx context.Context, name string, r io.Reader) (size int64, err error) {
	part := make([]byte, partBytes)
	for number := int64(1); ; number++ {
		n, err := io.ReadFull(r, part)
		over := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !over {
			return size, err
		}
		if n > 0 || number == 1 { // an empty object has a part, too
			if err := o.store.write(ctx, &step{name: "PutPart", args: []any{name, number, part[:n]}}); err != nil {
				return size, err
			}
		}
		if size += int64(n); over {
			return size, nil
		}
	}
}

// part returns the bytes of one part; fs.ErrNotExist where it is not there.
func (o *Objects) part(ctx context.Context, name string, number int64) ([]byte, error) {
	bytes, err := found(ctx, o.store, "GetPart", func(r *row) *[]byte {
		v := r.blob()
		return &v
	}, name, number)
	if errors.Is(err, session.ErrNoRow) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, err
	}
	return *bytes, nil
}

// Open is blob.Objects'. The bytes are read while ctx lasts.
func (o *Objects) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	length, err := o.part(ctx, name, 0)
	if err != nil {
		return nil, err
	}
	if len(length) != 8 {
		return nil, fmt.Errorf("object %s: its length has %d bytes", name, len(length))
	}
	return &object{ctx: ctx, objects: o, name: name, size: int64(binary.BigEndian.Uint64(length))}, nil
}

// Delete is blob.Objects'.
func (o *Objects) Delete(ctx context.Context, name string) error {
	return o.store.write(ctx, &step{name: "DeleteObject", args: []any{name}})
}

// Older is blob.Objects'. An object is as old as its first part.
func (o *Objects) Older(ctx context.Context, beforeMs int64, each func(name string) error) error {
	last := ""
	for {
		names, err := selected(ctx, o.store, "ListObjectsOlder", func(r *row) *string {
			name := r.text()
			return &name
		}, beforeMs, last, objectPage)
		if err != nil {
			return err
		}
		for _, name := range names {
			last = *name
			if err := each(last); err != nil {
				return err
			}
		}
		if len(names) < objectPage {
			return nil
		}
	}
}

// object reads an object part by part.
type object struct {
	ctx     context.Context
	objects *Objects
	name    string
	size    int64
	at      int64
	number  int64 // of the part at hand; 0: none
	part    []byte
}

func (o *object) Read(p []byte) (int, error) {
	if o.at >= o.size {
		return 0, io.EOF
	}
	if want := o.at/partBytes + 1; want != o.number {
		part, err := o.objects.part(o.ctx, o.name, want)
		if err != nil {
			return 0, err // fs.ErrNotExist: it was deleted meanwhile
		}
		o.number, o.part = want, part
	}
	from := o.at % partBytes
	if from >= int64(len(o.part)) {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p, o.part[from:])
	o.at += int64(n)
	return n, nil
}

func (o *object) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.at
	case io.SeekEnd:
		offset += o.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning of an object")
	}
	o.at = offset
	return offset, nil
}

func (o *object) Close() error {
	o.part = nil
	o.number = 0
	return nil
}
