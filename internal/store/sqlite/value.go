package sqlite

import (
	"database/sql/driver"
	"unsafe"

	"parley/internal/session"
)

// row hands out the columns of a result row, left to right.
type row struct {
	values []driver.Value
	at     int
}

func (r *row) next() driver.Value {
	v := r.values[r.at]
	r.at++
	return v
}

func (r *row) int() int64 {
	v, _ := r.next().(int64)
	return v
}

func (r *row) flag() bool { return r.int() != 0 }

func (r *row) text() string {
	v, _ := r.next().(string)
	return v
}

func (r *row) blob() []byte {
	v, _ := r.next().([]byte)
	return v
}

// json returns a text column as bytes, nil when it is empty. The driver has
// allocated the string for this row alone, so the bytes are the caller's.
func (r *row) json() []byte {
	s := r.text()
	if s == "" {
		return nil
	}
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

func (r *row) id() (id session.ID) {
	copy(id[:], r.blob())
	return id
}

// text binds bytes as text. The driver copies it before exec returns.
func text(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// ref binds an id that may be absent.
func ref(id *session.ID) any {
	if id.IsZero() {
		return nil
	}
	return id[:]
}

// bytesOf binds bytes, nothing as NULL.
func bytesOf(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}
