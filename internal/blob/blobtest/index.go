package blobtest

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"parley/internal/blob"
	"parley/internal/session"
)

// Index runs the suite. open returns an index without data, which it closes when
// the test ends; it is called once a subject.
func Index(t *testing.T, open func(t *testing.T) blob.Index) {
	for _, subject := range []struct {
		name string
		run  func(*testing.T, blob.Index)
	}{
		{"Life", life},
		{"Unused", unused},
		{"Drop", drop},
		{"OfAClient", ofAClient},
	} {
		t.Run(subject.name, func(t *testing.T) { subject.run(t, open(t)) })
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func differ(t *testing.T, what string, want, got any) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(got)
		t.Errorf("%s:\nwant %s\n got %s", what, a, b)
	}
}

func newID() session.ID { return session.NewID(time.Now()) }

// file is a reserved one.
func file(client session.ID, createdMs int64) *blob.File {
	return &blob.File{
		ID: newID(), Integration: "in-1", Chain: newID(), Client: client, Name: "снимок.png", Type: "image/png", Size: 5,
		State: blob.StateReserved, CreatedMs: createdMs,
	}
}

func add(t *testing.T, x blob.Index, f *blob.File) {
	t.Helper()
	added, err := x.AddFile(context.Background(), f, 100)
	must(t, err)
	if !added {
		t.Fatal("not added")
	}
}

// finish makes a file ready.
func finish(t *testing.T, x blob.Index, f *blob.File, object string) {
	t.Helper()
	f.Size, f.SHA256, f.Object, f.State = 7, []byte{0, 1, 0xff}, object, blob.StateReady
	done, err := x.FinishFile(context.Background(), f)
	must(t, err)
	if !done {
		t.Fatal("not finished")
	}
}

// life: a state only moves forward.
func life(t *testing.T, x blob.Index) {
	ctx := context.Background()
	f, other := file(newID(), 1), file(newID(), 2)
	if _, err := x.File(ctx, f.ID); !errors.Is(err, session.ErrNoRow) {
		t.Errorf("a file that is not there: %v", err)
	}
	add(t, x, f)
	add(t, x, other)
	look := func(want *blob.File) {
		t.Helper()
		got, err := x.File(ctx, want.ID)
		must(t, err)
		differ(t, string(want.State), want, got)
	}
	look(f)
	must(t, x.UseFiles(ctx, []session.ID{f.ID}))
	look(f)
	finish(t, x, f, "object-1")
	look(f)
	late := *f
	late.Object = "object-2"
	done, err := x.FinishFile(ctx, &late)
	must(t, err)
	differ(t, "a second upload", false, done)
	must(t, x.UseFiles(ctx, []session.ID{f.ID, other.ID, newID()}))
	f.State = blob.StateUsed
	look(f)
	look(other)
	owned, err := x.Owned(ctx, []string{"object-1", "object-2", ""})
	must(t, err)
	differ(t, "owned", map[string]bool{"object-1": true, "object-2": false, "": false}, owned)
}

// unused: what no message names is bounded for each client.
func unused(t *testing.T, x blob.Index) {
	ctx := context.Background()
	client := newID()
	first := file(client, 1)
	for _, f := range []*blob.File{first, file(client, 2)} {
		added, err := x.AddFile(ctx, f, 2)
		must(t, err)
		differ(t, "added", true, added)
	}
	ask := func(what string, client session.ID, want bool) {
		t.Helper()
		f := file(client, 3)
		added, err := x.AddFile(ctx, f, 2)
		must(t, err)
		differ(t, what, want, added)
	}
	ask("one too many", client, false)
	ask("of another client", newID(), true)
	finish(t, x, first, "object")
	ask("one too many, one of them ready", client, false)
	must(t, x.UseFiles(ctx, []session.ID{first.ID}))
	ask("after one was used", client, true)
}

// drop takes the oldest that are not in use, and tells whose bytes go with them.
func drop(t *testing.T, x blob.Index) {
	ctx := context.Background()
	client := newID()
	reserved, oldest, old, young, used := file(client, 1), file(client, 2), file(client, 3), file(client, 9), file(client, 1)
	for i, f := range []*blob.File{reserved, oldest, old, young, used} {
		add(t, x, f)
		if i > 0 {
			finish(t, x, f, "object-"+string(rune('0'+i)))
		}
	}
	must(t, x.UseFiles(ctx, []session.ID{used.ID}))
	for _, c := range []struct {
		state   blob.State
		limit   int
		objects []string
		n       int
	}{
		{blob.StateReady, 1, []string{"object-1"}, 1},
		{blob.StateReady, 10, []string{"object-2"}, 1},
		{blob.StateReserved, 10, nil, 1},
		{blob.StateUsed, 10, nil, 0},
		{blob.StateReady, 10, nil, 0},
	} {
		objects, n, err := x.DropFiles(ctx, c.state, 9, c.limit)
		must(t, err)
		differ(t, "dropped "+string(c.state), c.n, n)
		if !slices.Equal(objects, c.objects) {
			t.Errorf("their objects: %v, want %v", objects, c.objects)
		}
	}
	left, err := x.ClientFiles(ctx, client)
	must(t, err)
	used.State = blob.StateUsed
	want := []*blob.File{young, used}
	slices.SortFunc(want, byID)
	differ(t, "left", want, left)
}

func byID(a, b *blob.File) int { return slices.Compare(a.ID[:], b.ID[:]) }

func ofAClient(t *testing.T, x blob.Index) {
	client := newID()
	list := []*blob.File{file(client, 1), file(client, 2), file(client, 3)}
	for _, f := range list {
		add(t, x, f)
	}
	add(t, x, file(newID(), 1))
	slices.SortFunc(list, byID)
	got, err := x.ClientFiles(context.Background(), client)
	must(t, err)
	differ(t, "of the client", list, got)
	none, err := x.ClientFiles(context.Background(), newID())
	must(t, err)
	differ(t, "of nobody", 0, len(none))
}
