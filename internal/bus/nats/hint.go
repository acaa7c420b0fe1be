package nats

import (
	"encoding/json"
	"fmt"

	"parley/internal/session"
)

// frame is a hint on its way. Several travel together, as a JSON array.
type frame struct {
	Kind     session.HintKind `json:"kind"`
	Chain    *session.ID      `json:"chain,omitempty"`
	Sequence int64            `json:"sequence,omitempty"`
	Client   *session.ID      `json:"client,omitempty"`
	Node     *session.ID      `json:"node,omitempty"`
	Data     []byte           `json:"data,omitempty"`
}

func frameOf(h session.Hint) frame {
	f := frame{Kind: h.Kind, Sequence: h.Sequence, Data: h.Data}
	for _, one := range []struct {
		to *(*session.ID)
		id session.ID
	}{{&f.Chain, h.Chain}, {&f.Client, h.Client}, {&f.Node, h.Node}} {
		if !one.id.IsZero() {
			*one.to = &one.id
		}
	}
	return f
}

func (f *frame) hint() session.Hint {
	return session.Hint{Kind: f.Kind, Chain: named(f.Chain), Sequence: f.Sequence, Client: named(f.Client), Node: named(f.Node), Data: f.Data}
}

func named(id *session.ID) session.ID {
	if id == nil {
		return session.ID{}
	}
	return *id
}

// encode writes hints as messages of at most maxMessage bytes each, where a
// single hint is no larger.
func encode(hints []session.Hint) (messages [][]byte) {
	var out []byte
	for _, h := range hints {
		one, err := json.Marshal(frameOf(h))
		if err != nil || len(one) > maxMessage {
			continue // plain structs always marshal; what is too large is no hint
		}
		if len(out) > 0 && len(out)+len(one)+2 > maxMessage {
			messages, out = append(messages, append(out, ']')), nil
		}
		separator := byte(',')
		if len(out) == 0 {
			separator = '['
		}
		out = append(append(out, separator), one...)
	}
	if len(out) > 0 {
		messages = append(messages, append(out, ']'))
	}
	return messages
}

// decode reads a message. What is no list of hints gives an error and none.
func decode(message []byte) ([]session.Hint, error) {
	var frames []frame
	if err := json.Unmarshal(message, &frames); err != nil {
		return nil, fmt.Errorf("a message on the bus: %w", err)
	}
	hints := make([]session.Hint, len(frames))
	for i := range frames {
		hints[i] = frames[i].hint()
	}
	return hints, nil
}

// merge keeps of hints that say the same of one chain the furthest, in order.
func merge(hints []session.Hint) []session.Hint {
	type subject struct {
		kind  session.HintKind
		chain session.ID
	}
	at := map[subject]int{}
	kept := hints[:0]
	for _, h := range hints {
		key := subject{h.Kind, h.Chain}
		mergeable := len(h.Data) == 0 && h.Client.IsZero() && !h.Chain.IsZero()
		if i, known := at[key]; known && mergeable {
			kept[i].Sequence = max(kept[i].Sequence, h.Sequence)
			continue
		}
		if mergeable {
			at[key] = len(kept)
		}
		kept = append(kept, h)
	}
	return kept
}
