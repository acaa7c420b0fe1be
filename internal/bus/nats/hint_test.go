package nats

import (
	"bytes"
	"testing"
	"time"

	"parley/internal/session"
)

func TestMerge(t *testing.T) {
	a, b := session.NewID(time.Now()), session.NewID(time.Now())
	got := merge([]session.Hint{
		{Kind: session.HintEvents, Chain: a, Sequence: 3},
		{Kind: session.HintEvents, Chain: b, Sequence: 9},
		{Kind: session.HintTyping, Chain: a, Data: []byte("x")},
		{Kind: session.HintTyping, Chain: a, Data: []byte("y")},
		{Kind: session.HintThread, Chain: a, Sequence: 1},
		{Kind: session.HintEvents, Chain: a, Sequence: 5},
		{Kind: session.HintWork, Client: a, Node: b},
		{Kind: session.HintWork, Client: b, Node: b},
		{Kind: session.HintEvents, Chain: a, Sequence: 4},
	})
	if len(got) != 7 {
		t.Fatalf("%d hints: %+v", len(got), got)
	}
	if got[0].Sequence != 5 || got[1].Sequence != 9 || string(got[3].Data) != "y" {
		t.Errorf("the furthest of each chain is not what stays: %+v", got)
	}
}

func TestEncode_SplitsLongLists(t *testing.T) {
	hints := make([]session.Hint, 2000)
	for i := range hints {
		hints[i] = session.Hint{Kind: session.HintEvents, Chain: session.NewID(time.Now()), Sequence: int64(i)}
	}
	messages := encode(hints)
	if len(messages) < 2 {
		t.Fatalf("%d messages", len(messages))
	}
	var all []session.Hint
	for _, m := range messages {
		if len(m) > maxMessage+1 {
			t.Errorf("a message has %d bytes", len(m))
		}
		part, err := decode(m)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, part...)
	}
	if len(all) != len(hints) {
		t.Fatalf("%d of %d hints came through", len(all), len(hints))
	}
	for i, h := range all {
		if h.Chain != hints[i].Chain || h.Sequence != hints[i].Sequence || h.Kind != hints[i].Kind || !h.Client.IsZero() {
			t.Fatalf("hint %d: %+v, not %+v", i, h, hints[i])
		}
	}
}

func TestEncode_LeavesOutWhatIsTooLarge(t *testing.T) {
	large := session.Hint{Kind: session.HintTyping, Data: bytes.Repeat([]byte("x"), maxMessage)}
	small := session.Hint{Kind: session.HintTyping, Data: []byte("y")}
	messages := encode([]session.Hint{large, small})
	if len(messages) != 1 {
		t.Fatalf("%d messages", len(messages))
	}
	if got, err := decode(messages[0]); err != nil || len(got) != 1 || string(got[0].Data) != "y" {
		t.Errorf("%+v, %v", got, err)
	}
}

// FuzzDecode: whatever is on the subject, a node survives it, and what it
// understands it says again in the same words.
func FuzzDecode(f *testing.F) {
	for _, h := range []session.Hint{
		{Kind: session.HintEvents, Chain: session.ID{1}, Sequence: 7},
		{Kind: session.HintWork, Client: session.ID{2}, Node: session.ID{3}, Data: []byte(`{"a":1}`)},
	} {
		f.Add(encode([]session.Hint{h})[0])
	}
	f.Add([]byte(`[{"kind":"events","chain":"","sequence":-1},{}]`))
	f.Add([]byte(`{"kind":1}`))
	f.Fuzz(func(t *testing.T, message []byte) {
		hints, err := decode(message)
		if err != nil && len(hints) > 0 {
			t.Fatalf("an error and %d hints", len(hints))
		}
		var again []session.Hint
		for _, m := range encode(hints) {
			part, err := decode(m)
			if err != nil {
				t.Fatalf("%s: %v", m, err)
			}
			again = append(again, part...)
		}
		if len(again) > len(hints) {
			t.Fatalf("%d hints became %d", len(hints), len(again))
		}
	})
}
