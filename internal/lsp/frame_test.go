package lsp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestFrames reads the base protocol.
func TestFrames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, want string
		err            error
	}{
		{"a frame", "Content-Length: 2\r\n\r\n{}", "{}", nil},
		{"another header, another case", "content-type: x\r\nCONTENT-LENGTH:2\r\n\r\n{}rest", "{}", nil},
		{"bare line feeds", "Content-Length: 2\n\n{}", "{}", nil},
		{"nothing", "", "", io.EOF},
		{"half a header", "Content-Le", "", errFrame},
		{"half a body", "Content-Length: 5\r\n\r\n{}", "", errFrame},
		{"no length", "X: y\r\n\r\n{}", "", errFrame},
		{"a length that is no number", "Content-Length: two\r\n\r\n{}", "", errFrame},
		{"a negative length", "Content-Length: -1\r\n\r\n{}", "", errFrame},
		{"a length over the limit", "Content-Length: 99999999999\r\n\r\n{}", "", errFrame},
		{"an endless header", "X: " + strings.Repeat("y", 1<<20), "", errFrame},
		{"endless headers", strings.Repeat("X: y\r\n", 1<<16), "", errFrame},
	} {
		got, err := readFrame(bufio.NewReader(strings.NewReader(c.in)))
		if string(got) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}

// FuzzFrames reads any bytes; what was read is written and read again.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("Content-Length: 2\r\n\r\n{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := bufio.NewReader(bytes.NewReader(data))
		for {
			body, err := readFrame(in)
			if err != nil {
				return
			}
			var again bytes.Buffer
			if err := writeFrame(&again, body); err != nil {
				t.Fatal(err)
			}
			if got, err := readFrame(bufio.NewReader(&again)); err != nil || !bytes.Equal(got, body) {
				t.Fatalf("%q became %q: %v", body, got, err)
			}
		}
	})
}
