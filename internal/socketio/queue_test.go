package socketio

import "testing"

func TestQueueLimit(t *testing.T) {
	var q queue
	if !q.add(4, textFrame("longer than the limit")) {
		t.Fatal("an empty queue refused a frame")
	}
	if q.add(4, textFrame("x")) {
		t.Fatal("a full queue took a frame")
	}
	f := q.batch()[0]
	if !q.empty() || q.add(4, textFrame("x")) {
		t.Fatal("a frame on its way does not count")
	}
	q.written(f)
	if !q.add(4, textFrame("ab"), textFrame("cd")) || q.size != 4 {
		t.Fatalf("size %d after the frame was written", q.size)
	}
	if q.add(5, textFrame("e"), textFrame("f")) || len(q.frames) != 2 {
		t.Fatal("took a part of what goes over the limit")
	}
	if frames := q.drain(); len(frames) != 2 || q.size != 0 || !q.empty() {
		t.Fatalf("drained %d frames, left %d bytes", len(frames), q.size)
	}
}
