package app

import "testing"

func TestPercentFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		live uint64
		want int
	}{
		{0, 100}, {1, 1200}, {4 << 20, 1100}, {12 << 20, 300}, {20 << 20, 125}, {24 << 20, 100}, {200 << 20, 100}, {1 << 40, 100},
	} {
		if got := percentFor(c.live); got != c.want {
			t.Errorf("percentFor(%d) = %d, want %d", c.live, got, c.want)
		}
		if grown := c.live + c.live*uint64(percentFor(c.live))/100; c.live > 4<<20 && c.live < heapFloor/2 && grown > heapFloor {
			t.Errorf("%d live bytes may grow to %d, over the floor", c.live, grown)
		}
	}
}

func TestRoomFor(t *testing.T) {
	t.Parallel()
	for live, want := range map[uint64]int64{0: heapRoom, 100 << 20: heapRoom, 130 << 20: 288 << 20, 1 << 30: 2<<30 + 32<<20} {
		if got := roomFor(live); got != want {
			t.Errorf("roomFor(%d) = %d, want %d", live, got, want)
		}
	}
}
