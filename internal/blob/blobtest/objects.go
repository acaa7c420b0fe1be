package blobtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"parley/internal/blob"
)

// Objects runs the suite. open returns a place without objects, which it closes
// when the test ends; it is called once a subject.
func Objects(t *testing.T, open func(t *testing.T) blob.Objects) {
	for _, subject := range []struct {
		name string
		run  func(*testing.T, blob.Objects)
	}{
		{"WhatIsPutIsRead", putAndRead},
		{"Seek", seek},
		{"PutAgain", putAgain},
		{"CutUploadLeavesNothing", cutUpload},
		{"NothingIsSeenBeforeItIsWhole", whole},
		{"Delete", remove},
		{"Older", older},
	} {
		t.Run(subject.name, func(t *testing.T) { subject.run(t, open(t)) })
	}
}

// content is bytes in no order.
func content(size int) []byte {
	source := rand.NewChaCha8([32]byte{byte(size), byte(size >> 8), byte(size >> 16)})
	b := make([]byte, size)
	_, _ = source.Read(b) // it never fails
	return b
}

const name = "0198c5a2-0000-7000-8000-000000000000-0123456789abcdef"

func put(t *testing.T, o blob.Objects, name string, b []byte) {
	t.Helper()
	must(t, o.Put(context.Background(), name, bytes.NewReader(b)))
}

func read(t *testing.T, o blob.Objects, name string) []byte {
	t.Helper()
	r, err := o.Open(context.Background(), name)
	must(t, err)
	b, err := io.ReadAll(r)
	must(t, errors.Join(err, r.Close()))
	return b
}

func absent(t *testing.T, o blob.Objects) {
	t.Helper()
	if r, err := o.Open(context.Background(), name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s: %v", name, err)
		if err == nil {
			must(t, r.Close())
		}
	}
}

// putAndRead in sizes around those in which an engine may store.
func putAndRead(t *testing.T, o blob.Objects) {
	for i, size := range []int{0, 1, 1000, 256<<10 - 1, 256 << 10, 256<<10 + 1, 1<<20 + 3} {
		b := content(size)
		at := name + string(rune('0'+i))
		must(t, o.Put(context.Background(), at, iotest.HalfReader(bytes.NewReader(b))))
		if !bytes.Equal(read(t, o, at), b) {
			t.Errorf("%d bytes are read in another way", size)
		}
	}
	absent(t, o)
}

// seek reads parts in any order, as a browser asks for them.
func seek(t *testing.T, o blob.Objects) {
	want := content(700_000)
	put(t, o, name, want)
	r, err := o.Open(context.Background(), name)
	must(t, err)
	defer func() { must(t, r.Close()) }()
	if err := iotest.TestReader(r, want); err != nil {
		t.Error(err)
	}
	for _, c := range []struct{ from, n int }{{600_000, 100_000}, {0, 10}, {262_140, 8}, {262_144, 300_000}, {699_999, 1}} {
		at, err := r.Seek(int64(c.from), io.SeekStart)
		must(t, err)
		got := make([]byte, c.n)
		_, err = io.ReadFull(r, got)
		must(t, err)
		if at != int64(c.from) || !bytes.Equal(got, want[c.from:c.from+c.n]) {
			t.Errorf("other bytes from %d on", c.from)
		}
	}
	if size, err := r.Seek(0, io.SeekEnd); err != nil || size != int64(len(want)) {
		t.Errorf("its end is at %d, %v", size, err)
	}
	if n, err := r.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("after its end: %d, %v", n, err)
	}
	if _, err := r.Seek(-1, io.SeekStart); err == nil {
		t.Error("there is something before its beginning")
	}
}

// putAgain: the new bytes take the place of the old ones, as a whole.
func putAgain(t *testing.T, o blob.Objects) {
	put(t, o, name, content(600_000))
	put(t, o, name, content(100))
	if !bytes.Equal(read(t, o, name), content(100)) {
		t.Error("not what was put last")
	}
}

// cutUpload: the reader's error comes back as it is.
func cutUpload(t *testing.T, o blob.Objects) {
	broken := errors.New("broken")
	err := o.Put(context.Background(), name, io.MultiReader(bytes.NewReader(content(600_000)), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Errorf("a reader that fails: %v", err)
	}
	absent(t, o)
	differ(t, "left", 0, len(all(t, o, time.Now().Add(time.Hour))))
	put(t, o, name, content(10))
	if !bytes.Equal(read(t, o, name), content(10)) {
		t.Error("other bytes after a cut upload")
	}
}

// whole: while an upload runs, its name stands for nothing, or for what it was.
func whole(t *testing.T, o blob.Objects) {
	from, to := io.Pipe()
	var running sync.WaitGroup
	running.Go(func() { report(t, o.Put(context.Background(), name, from)) })
	_, err := to.Write(content(600_000))
	must(t, err)
	absent(t, o)
	must(t, to.Close())
	running.Wait()
	differ(t, "bytes", 600_000, len(read(t, o, name)))
}

// report is must for other goroutines.
func report(t *testing.T, err error) {
	if err != nil {
		t.Error(err)
	}
}

func remove(t *testing.T, o blob.Objects) {
	put(t, o, name, content(300_000))
	put(t, o, name+"0", content(5))
	for range 2 { // the second time it is not there
		must(t, o.Delete(context.Background(), name))
		absent(t, o)
	}
	differ(t, "another", 5, len(read(t, o, name+"0")))
}

func all(t *testing.T, o blob.Objects, before time.Time) (list []string) {
	t.Helper()
	must(t, o.Older(context.Background(), before.UnixMilli(), func(name string) error {
		list = append(list, name)
		return nil
	}))
	slices.Sort(list)
	return list
}

// older names what lies there, and may delete it meanwhile.
func older(t *testing.T, o blob.Objects) {
	put(t, o, name+"0", content(300_000))
	put(t, o, name+"1", nil)
	differ(t, "an hour ago", 0, len(all(t, o, time.Now().Add(-time.Hour))))
	later := time.Now().Add(time.Hour)
	differ(t, "all", []string{name + "0", name + "1"}, all(t, o, later))
	stop := errors.New("stop")
	if err := o.Older(context.Background(), later.UnixMilli(), func(string) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the error of each: %v", err)
	}
	must(t, o.Older(context.Background(), later.UnixMilli(), func(name string) error { return o.Delete(context.Background(), name) }))
	differ(t, "left", 0, len(all(t, o, later)))
}
