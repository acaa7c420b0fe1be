package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
)

// Socket.IO packet types.
const (
	typeConnect      = '0'
	typeDisconnect   = '1'
	typeEvent        = '2'
	typeAck          = '3'
	typeConnectError = '4'
	typeBinaryEvent  = '5'
	typeBinaryAck    = '6'
)

// maxAttachments bounds the binary attachments of one packet, as the reference parser does.
const maxAttachments = 10

var (
	errPacketType  = errors.New("socket.io: unknown packet type")
	errAttachments = errors.New("socket.io: bad number of attachments")
	errAckID       = errors.New("socket.io: bad ack id")
	errPayload     = errors.New("socket.io: payload does not fit the packet type")
	errEventName   = errors.New("socket.io: event name missing or reserved")
)

// packet is one Socket.IO packet without the bytes of its attachments.
type packet struct {
	kind        byte
	attachments int
	namespace   string
	ack         uint64
	hasAck      bool
	data        json.RawMessage // CONNECT: the auth object or nil
	event       string
	args        []json.RawMessage // EVENT without its name, ACK
}

// decodePacket reads a packet from the text of an Engine.IO message. The packet shares no memory with text.
func decodePacket(text []byte) (packet, error) {
	if len(text) == 0 || text[0] < typeConnect || text[0] > typeBinaryAck {
		return packet{}, errPacketType
	}
	p := packet{kind: text[0], namespace: "/"}
	rest := text[1:]
	if p.kind == typeBinaryEvent || p.kind == typeBinaryAck {
		count, after, found := bytes.Cut(rest, []byte{'-'})
		n, err := strconv.ParseUint(string(count), 10, 8)
		if !found || err != nil || n > maxAttachments {
			return packet{}, errAttachments
		}
		p.attachments, rest = int(n), after
	}
	if len(rest) > 0 && rest[0] == '/' {
		name, after, _ := bytes.Cut(rest, []byte{','})
		p.namespace, rest = string(name), after
	}
	digits := 0
	for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
		digits++
	}
	if digits > 0 {
		id, err := strconv.ParseUint(string(rest[:digits]), 10, 63)
		if err != nil {
			return packet{}, errAckID
		}
		p.ack, p.hasAck, rest = id, true, rest[digits:]
	}
	return p, p.decodeData(rest)
}

// decodeData reads the JSON at the end of a packet by the rules of its type.
func (p *packet) decodeData(text []byte) error {
	switch p.kind {
	case typeConnect:
		return p.decodeAuth(text)
	case typeDisconnect:
		if len(text) > 0 || p.hasAck {
			return errPayload
		}
		return nil
	case typeEvent, typeBinaryEvent:
		return p.decodeEvent(text)
	case typeAck, typeBinaryAck:
		if !p.hasAck {
			return errAckID
		}
		return p.decodeArgs(text)
	}
	return errPacketType // CONNECT_ERROR is the server's to send
}

func (p *packet) decodeAuth(text []byte) error {
	if p.hasAck {
		return errPayload
	}
	if len(text) == 0 {
		return nil
	}
	if text[0] != '{' || !json.Valid(text) {
		return errPayload
	}
	p.data = bytes.Clone(text)
	return nil
}

func (p *packet) decodeArgs(text []byte) error {
	if len(text) == 0 || text[0] != '[' || json.Unmarshal(text, &p.args) != nil {
		return errPayload
	}
	return nil
}

func (p *packet) decodeEvent(text []byte) error {
	if err := p.decodeArgs(text); err != nil {
		return err
	}
	if len(p.args) == 0 || p.args[0][0] != '"' || json.Unmarshal(p.args[0], &p.event) != nil || reservedEvent(p.event) {
		return errEventName
	}
	p.args = p.args[1:]
	return nil
}

// reservedEvent tells the names that client libraries use for events of their own.
func reservedEvent(name string) bool {
	switch name {
	case "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener":
		return true
	}
	return false
}

// appendHeader begins an Engine.IO message with a packet: types, attachments, namespace and ack id.
func appendHeader(b []byte, kind byte, attachments int, namespace string, ack *uint64) []byte {
	b = append(b, packetMessage, kind)
	if kind == typeBinaryEvent || kind == typeBinaryAck {
		b = strconv.AppendInt(b, int64(attachments), 10)
		b = append(b, '-')
	}
	if namespace != "/" {
		b = append(b, namespace...)
		b = append(b, ',')
	}
	if ack != nil {
		b = strconv.AppendUint(b, *ack, 10)
	}
	return b
}

// Attachments among the arguments of an emit or an ack are no argument of their own: they are sent as binary data, and the other
// arguments refer to them by placeholders, {"_placeholder":true,"num":0} being the first.
type Attachments [][]byte

// encodeEvent writes the JSON array of an event.
func encodeEvent(name string, args []any) (json.RawMessage, Attachments, error) {
	return encodeArgs(append([]any{name}, args...))
}

// encodeArgs writes arguments as a JSON array, and returns the attachments among them.
func encodeArgs(args []any) (json.RawMessage, Attachments, error) {
	var binary Attachments
	size := 128
	for _, arg := range args {
		if raw, ok := arg.(json.RawMessage); ok {
			size += len(raw)
		}
	}
	b := bytes.NewBuffer(make([]byte, 0, size))
	encoder := json.NewEncoder(b)
	encoder.SetEscapeHTML(false)
	b.WriteByte('[')
	for _, arg := range args {
		if attached, ok := arg.(Attachments); ok {
			binary = append(binary, attached...)
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		if err := encodeValue(b, encoder, arg); err != nil {
			return nil, nil, err
		}
	}
	b.WriteByte(']')
	return b.Bytes(), binary, nil
}

func encodeValue(b *bytes.Buffer, encoder *json.Encoder, value any) error {
	if raw, ok := value.(json.RawMessage); ok && len(raw) > 0 {
		b.Write(raw)
		return nil
	}
	if err := encoder.Encode(value); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the encoder ends with a newline
	return nil
}
