package moving

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
	"unicode/utf8"
)

// Format is the version of the archive.
const Format = 1

// Head is what an archive says of itself, in its first entry.
type Head struct {
	Format  int       `json:"format"`
	Program string    `json:"program"` // version of the program that wrote it
	Engine  string    `json:"engine"`
	At      time.Time `json:"at"`
}

// Manifest is the last entry: what the archive must hold. One without it was cut.
type Manifest struct {
	Tables  map[string]Sum   `json:"tables"`
	Objects map[string]int64 `json:"objects"` // how many, by folder
}

const (
	headEntry     = "parley.json"
	manifestEntry = "sums.json"
	tableEntry    = "tables/%s.ndjson"
	objectEntry   = "objects/%s/" // of a folder
)

// Backup writes a consistent copy of a source as a zip archive: for each table a
// file of JSON lines (the table, then its rows), for each object of the folders its
// bytes. The source goes on working meanwhile.
func Backup(ctx context.Context, w io.Writer, head Head, from Source, folders map[string]Objects, told Progress) (*Manifest, error) {
	z := zip.NewWriter(w)
	m := &Manifest{Tables: map[string]Sum{}, Objects: map[string]int64{}}
	head.Format = Format
	err := writeJSON(z, headEntry, head)
	if err == nil {
		err = from.Snapshot(ctx, func(tables Tables) error { return m.writeTables(z, tables, told) })
	}
	for _, name := range slices.Sorted(maps.Keys(folders)) {
		if err == nil {
			m.Objects[name], err = CopyObjects(ctx, name, folders[name], zipFolder{z, fmt.Sprintf(objectEntry, name)}, told)
		}
	}
	if err == nil {
		err = writeJSON(z, manifestEntry, m)
	}
	return m, errors.Join(err, z.Close())
}

func writeJSON(z *zip.Writer, name string, v any) error {
	e, err := z.Create(name)
	if err == nil {
		err = json.NewEncoder(e).Encode(v)
	}
	return err
}

func (m *Manifest) writeTables(z *zip.Writer, tables Tables, told Progress) error {
	list, err := tables.List()
	if err != nil {
		return err
	}
	for _, t := range list {
		if m.Tables[t.Name], err = writeTable(z, tables, t, told); err != nil {
			return err
		}
	}
	return nil
}

func writeTable(z *zip.Writer, tables Tables, t Table, told Progress) (s Sum, err error) {
	e, err := z.Create(fmt.Sprintf(tableEntry, t.Name))
	if err != nil {
		return s, err
	}
	out := json.NewEncoder(e)
	out.SetEscapeHTML(false)
	if err := out.Encode(t); err != nil {
		return s, err
	}
	err = each(tables, t, nil, func(rows []Row) error {
		for _, r := range rows {
			s.add(r)
			if err := out.Encode(line(r)); err != nil {
				return err
			}
		}
		told(t.Name, s.Rows, false)
		return nil
	})
	if err == nil {
		told(t.Name, s.Rows, true)
	}
	return s, err
}

// encoded is a value that JSON cannot hold: bytes, or a text that is no UTF-8.
type encoded struct {
	Bytes *string `json:"b,omitempty"` // base64
	Text  *string `json:"t,omitempty"`
}

// line returns a row as JSON holds it.
func line(r Row) []any {
	out := make([]any, len(r))
	for i, v := range r {
		switch v := v.(type) {
		case []byte:
			s := base64.StdEncoding.EncodeToString(v)
			out[i] = encoded{Bytes: &s}
		case string:
			if out[i] = v; !utf8.ValidString(v) {
				s := base64.StdEncoding.EncodeToString([]byte(v))
				out[i] = encoded{Text: &s}
			}
		default:
			out[i] = v
		}
	}
	return out
}

// rowOf reads a line.
func rowOf(raw []byte, columns int) (Row, error) {
	var values []json.RawMessage
	if err := json.Unmarshal(raw, &values); err != nil {
		return nil, err
	}
	if len(values) != columns {
		return nil, fmt.Errorf("%d values for %d columns", len(values), columns)
	}
	r := make(Row, columns)
	for i, v := range values {
		var err error
		if r[i], err = valueOf(v); err != nil {
			return nil, fmt.Errorf("value %d: %w", i+1, err)
		}
	}
	return r, nil
}

func valueOf(raw json.RawMessage) (any, error) {
	switch {
	case bytes.Equal(raw, []byte("null")):
		return nil, nil
	case raw[0] == '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	case raw[0] == '{':
		return decoded(raw)
	}
	var n int64
	err := json.Unmarshal(raw, &n)
	return n, err
}

func decoded(raw json.RawMessage) (any, error) {
	var b encoded
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, err
	}
	switch {
	case b.Bytes != nil:
		return base64.StdEncoding.DecodeString(*b.Bytes)
	case b.Text != nil:
		raw, err := base64.StdEncoding.DecodeString(*b.Text)
		return string(raw), err
	}
	return nil, errors.New("an object is neither bytes nor text")
}

// zipFolder writes objects into an archive.
type zipFolder struct {
	zip    *zip.Writer
	prefix string
}

func (z zipFolder) Put(_ context.Context, name string, r io.Reader) error {
	e, err := z.zip.CreateHeader(&zip.FileHeader{Name: z.prefix + name, Method: zip.Store})
	if err == nil {
		_, err = io.Copy(e, r)
	}
	return err
}

// lines is the longest line of a table: a row with its context and more.
const lines = 256 << 20

func scanner(r io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 64<<10), lines)
	return s
}
