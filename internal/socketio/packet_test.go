package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
)

func TestDecodePacket(t *testing.T) {
	for text, want := range map[string]packet{
		`0`:                        {kind: typeConnect, namespace: "/"},
		`0{"token":"123"}`:         {kind: typeConnect, namespace: "/", data: json.RawMessage(`{"token":"123"}`)},
		`0/random`:                 {kind: typeConnect, namespace: "/random"},
		`0/custom,{"a":1}`:         {kind: typeConnect, namespace: "/custom", data: json.RawMessage(`{"a":1}`)},
		`0/v1/web/abc/ws,`:         {kind: typeConnect, namespace: "/v1/web/abc/ws"},
		`1/custom`:                 {kind: typeDisconnect, namespace: "/custom"},
		`2["a",1,{"b":[true]}]`:    {kind: typeEvent, namespace: "/", event: "a", args: raws(`1`, `{"b":[true]}`)},
		`212["a"]`:                 {kind: typeEvent, namespace: "/", event: "a", args: raws(), ack: 12, hasAck: true},
		`2/n,7["a", "x" ]`:         {kind: typeEvent, namespace: "/n", event: "a", args: raws(`"x"`), ack: 7, hasAck: true},
		`2["",1]`:                  {kind: typeEvent, namespace: "/", event: "", args: raws(`1`)},
		`30[]`:                     {kind: typeAck, namespace: "/", hasAck: true, args: raws()},
		`52-/n,1["a",{"num":0}]`:   {kind: typeBinaryEvent, namespace: "/n", attachments: 2, event: "a", args: raws(`{"num":0}`), ack: 1, hasAck: true},
		`61-9[{"_placeholder":1}]`: {kind: typeBinaryAck, namespace: "/", attachments: 1, args: raws(`{"_placeholder":1}`), ack: 9, hasAck: true},
	} {
		got, err := decodePacket([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if !samePacket(got, want) {
			t.Errorf("%s: got %+v, want %+v", text, got, want)
		}
	}
}

func raws(texts ...string) []json.RawMessage {
	raw := make([]json.RawMessage, len(texts))
	for i, text := range texts {
		raw[i] = json.RawMessage(text)
	}
	return raw
}

func samePacket(a, b packet) bool {
	if len(a.args) != len(b.args) {
		return false
	}
	for i := range a.args {
		if !bytes.Equal(a.args[i], b.args[i]) {
			return false
		}
	}
	return a.kind == b.kind && a.attachments == b.attachments && a.namespace == b.namespace && a.ack == b.ack &&
		a.hasAck == b.hasAck && bytes.Equal(a.data, b.data) && a.event == b.event
}

func TestDecodePacketRefuses(t *testing.T) {
	for text, want := range map[string]error{
		``:                               errPacketType,
		`abc`:                            errPacketType,
		`7["a"]`:                         errPacketType,
		`4{"message":"x"}`:               errPacketType,
		`0[]`:                            errPayload,
		`0"x"`:                           errPayload,
		`0{`:                             errPayload,
		`03{}`:                           errPayload,
		`1{}`:                            errPayload,
		`11`:                             errPayload,
		`2`:                              errPayload,
		`2{}`:                            errPayload,
		`2[`:                             errPayload,
		`2["a"]x`:                        errPayload,
		`2abc["a"]`:                      errPayload,
		`2null`:                          errPayload,
		`2[]`:                            errEventName,
		`2[1,2]`:                         errEventName,
		`2[null]`:                        errEventName,
		`2["disconnect"]`:                errEventName,
		`2["connect_error",{}]`:          errEventName,
		`299999999999999999999["a"]`:     errAckID,
		`3["a"]`:                         errAckID,
		`31`:                             errPayload,
		`5["a"]`:                         errAttachments,
		`5-["a"]`:                        errAttachments,
		`5x-["a"]`:                       errAttachments,
		`511-["a"]`:                      errAttachments,
		`599999999999999999999999-["a"]`: errAttachments,
	} {
		if _, err := decodePacket([]byte(text)); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", text, err, want)
		}
	}
}

func TestEncodeArgs(t *testing.T) {
	body, binary, err := encodeEvent("a", []any{json.RawMessage(`{"x":1}`), "<b>", nil, Attachments{{1}, {2}}, map[string]int{"n": 2}})
	if err != nil {
		t.Fatal(err)
	}
	if want := `["a",{"x":1},"<b>",null,{"n":2}]`; string(body) != want {
		t.Errorf("got %s, want %s", body, want)
	}
	if len(binary) != 2 {
		t.Errorf("got %d attachments, want 2", len(binary))
	}
	if _, _, err := encodeArgs([]any{func() {}}); err == nil {
		t.Error("a function was encoded")
	}
}

func FuzzDecodePacket(f *testing.F) {
	for _, seed := range []string{`0`, `0/a,{"b":1}`, `1/a`, `2["a",1]`, `2/a,12["b"]`, `31[]`, `52-/a,3["b",{"_placeholder":true,"num":0}]`, `2[`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := decodePacket(text)
		if err != nil {
			return
		}
		again, err := decodePacket(encodePacket(t, p))
		if err != nil {
			t.Fatalf("%q decoded to %+v, which encodes to %q: %v", text, p, encodePacket(t, p), err)
		}
		if !samePacket(p, again) {
			t.Fatalf("%q: %+v became %+v", text, p, again)
		}
	})
}

// encodePacket is the inverse of decodePacket.
func encodePacket(t *testing.T, p packet) []byte {
	t.Helper()
	var ack *uint64
	if p.hasAck {
		ack = &p.ack
	}
	text := appendHeader(nil, p.kind, p.attachments, p.namespace, ack)[1:]
	args := make([]any, 0, len(p.args))
	for _, arg := range p.args {
		args = append(args, arg)
	}
	var body json.RawMessage
	var err error
	switch p.kind {
	case typeEvent, typeBinaryEvent:
		body, _, err = encodeEvent(p.event, args)
	case typeAck, typeBinaryAck:
		body, _, err = encodeArgs(args)
	default:
		body = p.data
	}
	must(t, err)
	return append(text, body...)
}
