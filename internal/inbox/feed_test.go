package inbox

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"parley/internal/session"
)

func threads(n int) []*Row {
	rows := make([]*Row, n)
	for i := range rows {
		rows[i] = &Row{ID: session.NewID(time.UnixMilli(int64(i + 1))), Name: "n", Email: "e"}
	}
	return rows
}

func star(r *Row) *Row {
	c := *r
	c.Email = session.Stars
	return &c
}

// TestFeed_SlowReaderGetsTheNewest: a reader that slept gets each thread once,
// as it is now, and nobody waited for it.
func TestFeed_SlowReaderGetsTheNewest(t *testing.T) {
	f := NewFeed("boot", star)
	slow, quick := f.Subscribe(0), f.Subscribe(0)
	rows := threads(3)
	for n := range 3000 {
		r := *rows[n%3]
		r.Unread = n
		f.publish([]*Row{&r}, nil)
		updates, reset, err := quick.Next(t.Context())
		if err != nil || reset || len(updates) != 1 || updates[0].Row.Unread != n {
			t.Fatalf("step %d: %v %v %v", n, updates, reset, err)
		}
	}
	updates, reset, err := slow.Next(t.Context())
	if err != nil || reset || len(updates) != 3 {
		t.Fatalf("got %d updates, reset %v, %v; want the 3 newest", len(updates), reset, err)
	}
	for i, u := range updates {
		if u.Row.Unread != 2997+i || u.Cursor != int64(2998+i) {
			t.Errorf("update %d is of step %d, cursor %d", i, u.Row.Unread, u.Cursor)
		}
	}
	if slow.After() != 3000 {
		t.Errorf("after %d, want 3000", slow.After())
	}
}

// TestFeed_Reset: a cursor that is forgotten, or of another run, asks for the list.
func TestFeed_Reset(t *testing.T) {
	f := NewFeed("boot", star)
	rows := threads(FeedThreads + 10)
	behind, just := f.Subscribe(9), f.Subscribe(10)
	f.publish(rows, nil)
	if _, reset, err := behind.Next(t.Context()); !reset || err != nil {
		t.Error("an update was forgotten, and the reader not told", err)
	}
	updates, reset, err := just.Next(t.Context())
	if err != nil || reset || len(updates) != FeedThreads {
		t.Errorf("%d updates, reset %v, %v", len(updates), reset, err)
	}
	if _, reset := f.Subscribe(f.Cursor() + 1).Pending(); !reset {
		t.Error("a cursor of the future was taken")
	}
}

func TestFeed_WaitsAndEnds(t *testing.T) {
	f := NewFeed("boot", star)
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan string)
	go func() {
		s := f.Subscribe(0)
		updates, _, err := s.Next(ctx)
		got <- fmt.Sprint(len(updates), err)
		_, _, err = s.Next(ctx)
		got <- fmt.Sprint(err)
	}()
	f.publish(nil, nil)
	f.publish(threads(2), []session.ID{{9}})
	if s := <-got; s != "3 <nil>" {
		t.Error(s)
	}
	cancel()
	if s := <-got; s != context.Canceled.Error() {
		t.Error(s)
	}
}

// TestUpdate_FrameIsRenderedOnce for all who see it alike.
func TestUpdate_FrameIsRenderedOnce(t *testing.T) {
	f := NewFeed("boot", star)
	row := threads(1)[0]
	f.publish([]*Row{row}, []session.ID{{9}})
	updates, _ := f.Subscribe(0).Pending()
	clear, hidden := updates[0].Frame(false), updates[0].Frame(true)
	if &updates[0].Frame(false)[0] != &clear[0] || &updates[0].Frame(true)[0] != &hidden[0] {
		t.Error("rendered again")
	}
	var frame struct {
		Type   string `json:"type"`
		Cursor int    `json:"cursor"`
		Thread struct {
			ID    string `json:"id"`
			Email string `json:"email"`
		} `json:"thread"`
	}
	for raw, email := range map[string]string{string(clear): "e", string(hidden): session.Stars} {
		if err := json.Unmarshal([]byte(raw), &frame); err != nil || frame.Type != "row" || frame.Cursor != 1 ||
			frame.Thread.Email != email || frame.Thread.ID != row.ID.String() {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if got := string(updates[1].Frame(true)); got != `{"type":"removed","cursor":2,"id":"09000000-0000-0000-0000-000000000000"}` {
		t.Error(got)
	}
}
