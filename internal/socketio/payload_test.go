package socketio

import (
	"bytes"
	"errors"
	"testing"
)

func TestDecodePayload(t *testing.T) {
	var got []enginePacket
	for p, err := range decodePayload([]byte("4hello\x1e3\x1ebAQIDBA==\x1e4")) {
		must(t, err)
		got = append(got, p)
	}
	want := []enginePacket{
		{kind: packetMessage, data: []byte("hello")},
		{kind: packetPong},
		{kind: packetMessage, data: []byte{1, 2, 3, 4}, binary: true},
		{kind: packetMessage},
	}
	if len(got) != len(want) {
		t.Fatalf("got %d packets, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i].kind != want[i].kind || got[i].binary != want[i].binary || !bytes.Equal(got[i].data, want[i].data) {
			t.Errorf("packet %d: got %v, want %v", i, got[i], want[i])
		}
	}
}

func TestDecodePayloadStopsAtTheFirstError(t *testing.T) {
	for body, want := range map[string]error{
		"":               errEmptyPacket,
		"abc":            errUnknownPacket,
		"7":              errUnknownPacket,
		"\x1e4a":         errEmptyPacket,
		"b*\x1e4a":       errBadBase64,
		"4\xff\x1e4a":    errNotUTF8,
		"4a\x1e\x1e4a":   errEmptyPacket,
		"4a\x1ebA\x1e4a": errBadBase64,
	} {
		var last error
		packets := 0
		for _, err := range decodePayload([]byte(body)) {
			packets, last = packets+1, err
		}
		if !errors.Is(last, want) || packets > 2 {
			t.Errorf("%q: %d packets, then %v; want %v", body, packets, last, want)
		}
	}
}

func FuzzDecodePayload(f *testing.F) {
	for _, seed := range []string{"4hello", "4a\x1e4b", "bAQIDBA==\x1e3", "2probe", "\x1e", "b=", "4\xc3"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var frames []frame
		for p, err := range decodePayload(body) {
			if err != nil {
				return
			}
			if p.binary {
				frames = append(frames, frame{data: p.data, binary: true})
			} else {
				frames = append(frames, frame{data: append([]byte{p.kind}, p.data...)})
			}
		}
		i := 0
		for p, err := range decodePayload(encodePayload(frames)) {
			must(t, err)
			text := p.data
			if !p.binary {
				text = append([]byte{p.kind}, p.data...)
			}
			if p.binary != frames[i].binary || !bytes.Equal(text, frames[i].data) {
				t.Fatalf("packet %d of %q became %v", i, body, p)
			}
			i++
		}
		if i != len(frames) {
			t.Fatalf("%q: %d packets became %d", body, len(frames), i)
		}
	})
}
