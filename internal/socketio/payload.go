package socketio

import (
	"bytes"
	"encoding/base64"
	"errors"
	"iter"
	"unicode/utf8"
)

// Engine.IO packet types.
const (
	packetOpen    = '0'
	packetClose   = '1'
	packetPing    = '2'
	packetPong    = '3'
	packetMessage = '4'
	packetUpgrade = '5'
	packetNoop    = '6'
	// packetBinary marks a binary message where only text can be sent: the rest is base64.
	packetBinary = 'b'
)

const packetSeparator = 0x1e

var (
	errEmptyPacket   = errors.New("engine.io: empty packet")
	errUnknownPacket = errors.New("engine.io: unknown packet type")
	errBadBase64     = errors.New("engine.io: binary packet is not base64")
	errNotUTF8       = errors.New("engine.io: text is not UTF-8")
)

// enginePacket is one packet of a client. Its data may share memory with what it was decoded from.
type enginePacket struct {
	kind   byte
	data   []byte
	binary bool // a message whose data are bytes rather than text
}

// decodeEnginePacket reads one packet in text form.
func decodeEnginePacket(text []byte) (enginePacket, error) {
	switch {
	case len(text) == 0:
		return enginePacket{}, errEmptyPacket
	case text[0] == packetBinary:
		data, err := base64.StdEncoding.AppendDecode(nil, text[1:])
		if err != nil {
			return enginePacket{}, errBadBase64
		}
		return enginePacket{kind: packetMessage, data: data, binary: true}, nil
	case text[0] < packetOpen || text[0] > packetNoop:
		return enginePacket{}, errUnknownPacket
	case !utf8.Valid(text):
		return enginePacket{}, errNotUTF8
	}
	return enginePacket{kind: text[0], data: text[1:]}, nil
}

// decodePayload goes through the packets of a polling request. It stops after the first error.
func decodePayload(body []byte) iter.Seq2[enginePacket, error] {
	return func(yield func(enginePacket, error) bool) {
		for more := true; more; {
			var text []byte
			text, body, more = bytes.Cut(body, []byte{packetSeparator})
			p, err := decodeEnginePacket(text)
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// encodePayload writes frames as the body of a polling response.
func encodePayload(frames []frame) []byte {
	size := 0
	for _, f := range frames {
		size += 2 + len(f.data)
		if f.binary {
			size += base64.StdEncoding.EncodedLen(len(f.data)) - len(f.data)
		}
	}
	body := make([]byte, 0, size)
	for i, f := range frames {
		if i > 0 {
			body = append(body, packetSeparator)
		}
		if f.binary {
			body = append(body, packetBinary)
			body = base64.StdEncoding.AppendEncode(body, f.data)
		} else {
			body = append(body, f.data...)
		}
	}
	return body
}
