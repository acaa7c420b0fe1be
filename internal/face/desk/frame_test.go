package desk

import (
	"strings"
	"testing"

	"parley/internal/session"
)

const someThread = "01890a5d-ac96-774b-bcce-b302099a8057"

func TestParseFrame(t *testing.T) {
	t.Parallel()
	good := map[string]frame{
		`{"type":"pong"}`:                                                 {kind: framePong},
		`{"type":"list"}`:                                                 {kind: frameList},
		`{"type":"list","after":null}`:                                    {kind: frameList},
		`{"type":"list","after":7,"boot":"b","more":[1]}`:                 {kind: frameList, after: 7, given: true, boot: "b"},
		`{"type":"open","thread":"` + someThread + `","after":0}`:         {kind: frameOpen, given: true},
		`{"type":"shut","thread":"` + someThread + `"}`:                   {kind: frameShut},
		`{"type":"typing","thread":"` + someThread + `","action":"stop"}`: {kind: frameTyping, action: "stop"},
	}
	for text, want := range good {
		got, err := parseFrame([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if strings.Contains(text, someThread) {
			want.thread, _ = session.ParseID(someThread)
		}
		if got != want {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
}

func TestParseFrame_RefusesByName(t *testing.T) {
	t.Parallel()
	for _, bad := range []struct{ text, field string }{
		{``, ""}, {`[]`, ""}, {`"list"`, ""}, {`{"type":"list"`, ""}, {`{"type":"list"} x`, ""},
		{`{}`, "type"}, {`{"type":null}`, "type"}, {`{"type":7}`, "type"}, {`{"type":"reboot"}`, "type"}, {`{"Type":"list"}`, "type"},
		{`{"type":"list","type":"pong"}`, "type"}, {`{"type":"list","__proto__":{}}`, "__proto__"},
		{`{"type":"list","after":-1}`, "after"}, {`{"type":"list","after":1.5}`, "after"}, {`{"type":"list","after":"1"}`, "after"},
		{`{"type":"list","after":1e999}`, "after"}, {`{"type":"list","after":9223372036854775808}`, "after"}, {`{"type":"list","boot":1}`, "boot"},
		{`{"type":"open"}`, "thread"}, {`{"type":"open","thread":7}`, "thread"}, {`{"type":"open","thread":"x"}`, "thread"},
		{`{"type":"shut","thread":{}}`, "thread"}, {`{"type":"typing","action":"start"}`, "thread"},
		{`{"type":"typing","thread":"` + someThread + `","action":"write"}`, "action"},
	} {
		_, err := parseFrame([]byte(bad.text))
		e, ok := err.(*session.Error)
		if !ok || e.Code != session.CodeInvalidPayload || e.Field != bad.field || e.Message == "" {
			t.Errorf("%s: %#v, want a refusal of %q", bad.text, err, bad.field)
		}
	}
	_, err := parseFrame([]byte(`{"type":"` + strings.Repeat("x", session.MaxDeskFrame) + `"}`))
	if session.CodeOf(err) != session.CodePayloadTooLarge {
		t.Errorf("a huge frame: %v", err)
	}
}

// Whatever a page sends, a frame is used or refused with a message.
func FuzzParseFrame(f *testing.F) {
	for _, seed := range []string{
		`{"type":"list","after":7}`, `{"type":"open","thread":"` + someThread + `","after":1}`, `{"type":"typing","thread":"` + someThread + `","action":"start"}`,
		`{"type":"pong"}`, `{"type":{"a":[1,2,{"b":null}]}}`, `{"type":"list","after":1e5}`, "\xff{", `{"type":"\ud800"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := parseFrame(raw)
		if err != nil {
			if e, ok := err.(*session.Error); !ok || e.Message == "" {
				t.Fatalf("%q: %#v", raw, err)
			}
			return
		}
		switch got.kind {
		case frameOpen, frameShut, frameTyping:
			if got.thread.IsZero() && !strings.Contains(string(raw), "00000000-0000-0000-0000-000000000000") {
				t.Fatalf("%q names no thread", raw)
			}
		case frameList, framePong:
		default:
			t.Fatalf("%q: kind %q", raw, got.kind)
		}
		if got.after < 0 || got.kind == frameTyping && got.action != "start" && got.action != "stop" {
			t.Fatalf("%q: %+v", raw, got)
		}
	})
}
