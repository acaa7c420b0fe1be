package desk

import (
	"slices"
	"testing"
	"testing/synctest"
)

func TestOutbox_FeedsWaitAndOffersAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOutbox()
		for i := range feedRoom {
			if !o.feed([]byte{byte(i)}) {
				t.Fatalf("frame %d was not taken", i)
			}
		}
		fed := make(chan bool, 1)
		go func() { fed <- o.feed([]byte("late")) }()
		synctest.Wait()
		select {
		case <-fed:
			t.Fatal("a feed did not wait for room")
		default:
		}
		for i := feedRoom; i < offeredRoom; i++ {
			if !o.offer([]byte("now")) {
				t.Fatalf("offer %d was refused", i)
			}
		}
		if o.offer([]byte("one too many")) {
			t.Fatal("there is no bound")
		}
		for range offeredRoom - feedRoom + 1 {
			o.take()
		}
		if !<-fed {
			t.Fatal("the feed was not taken when there was room")
		}
		var last []byte
		for range feedRoom {
			last, _ = o.take()
		}
		if !slices.Equal(last, []byte("late")) {
			t.Fatalf("the last frame is %q", last)
		}
	})
}

func TestOutbox_CloseWakesWhoWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		empty, full := newOutbox(), newOutbox()
		for range feedRoom {
			full.feed(nil)
		}
		taken, fed := make(chan bool, 1), make(chan bool, 1)
		go func() { _, ok := empty.take(); taken <- ok }()
		go func() { fed <- full.feed(nil) }()
		synctest.Wait()
		empty.close()
		full.close()
		if <-taken || <-fed {
			t.Fatal("a closed outbox goes on")
		}
		if !full.offer(nil) {
			t.Fatal("an offer to a page that is gone counts as slow")
		}
	})
}
