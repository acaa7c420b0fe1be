package postgres

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/internal/session"
)

// row hands out the columns of a result row, left to right, copied from the
// connection's buffer.
type row struct {
	values [][]byte
	fields []pgconn.FieldDescription
	at     int
}

func (r *row) next() []byte {
	v := r.values[r.at]
	r.at++
	return v
}

// int reads a number of any width; NULL is 0.
func (r *row) int() int64 {
	switch v := r.next(); len(v) {
	case 8:
		return int64(binary.BigEndian.Uint64(v))
	case 4:
		return int64(int32(binary.BigEndian.Uint32(v)))
	case 1: // a boolean
		return int64(v[0])
	}
	return 0
}

func (r *row) flag() bool { return r.int() != 0 }

func (r *row) text() string { return Unescape(string(r.next())) }

// null is a text that may be absent.
func (r *row) null() (string, bool) {
	v := r.next()
	return Unescape(string(v)), v != nil
}

func (r *row) blob() []byte {
	v := r.next()
	if v == nil {
		return nil
	}
	return append([]byte{}, v...)
}

// json returns a text column as bytes, nil when it is empty.
func (r *row) json() []byte {
	v := r.next()
	if len(v) == 0 {
		return nil
	}
	if strings.IndexByte(string(v), escape) < 0 {
		return append([]byte(nil), v...)
	}
	return []byte(Unescape(string(v)))
}

func (r *row) id() (id session.ID) {
	copy(id[:], r.next())
	return id
}

// escape begins what stands for a byte that a text column of PostgreSQL refuses.
const escape = '\x1a'

// Escape makes text that PostgreSQL stores out of any bytes: 0x00, what is not
// UTF-8 and the escape itself (0x1A) become 0x1A and two hexadecimal digits. Other
// text, and that is nearly all, stays as it is; equal texts stay equal.
func Escape(s string) string {
	if strings.IndexByte(s, 0) < 0 && strings.IndexByte(s, escape) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == 0 || r == escape || r == utf8.RuneError && n == 1 {
			b.WriteByte(escape)
			b.WriteString(hex.EncodeToString([]byte{s[i]}))
		} else {
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// Unescape is the way back from Escape.
func Unescape(s string) string {
	if strings.IndexByte(s, escape) < 0 {
		return s
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, string(escape))
		b.WriteString(before)
		if !found {
			return b.String()
		}
		raw, err := hex.DecodeString(after[:min(2, len(after))])
		if err != nil || len(raw) != 1 { // not written by Escape
			b.WriteByte(escape)
			s = after
			continue
		}
		b.WriteByte(raw[0])
		s = after[2:]
	}
}
