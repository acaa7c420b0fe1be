package wire

import (
	"encoding/json"
	"reflect"
	"testing"
)

func parse(t testing.TB, raw string) []map[string]any {
	t.Helper()
	var list []map[string]any
	if err := json.Unmarshal([]byte(raw), &list); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return list
}

// written is what a receiver of the wire reads, with an action_id on each.
func written(t testing.TB, replies []Reply) []Object {
	t.Helper()
	w := &Writer{}
	for _, reply := range replies {
		w.Add(reply)
	}
	for _, object := range w.Objects {
		object["action_id"] = "1"
	}
	raw, err := json.Marshal(w.Objects)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(raw))
}

// script-api 3: every type of reply comes back from the wire as it was said.
func TestRoundTrip(t *testing.T) {
	for _, c := range []struct{ name, said, back string }{
		{"text", `[{"type":"text","text":"Hi","state":"/A"}]`, ""},
		{"text with renderings", `[{"type":"text","text":"Hi","tts":"hai","markup":"html","lang":"en"}]`, ""},
		{"empty text", `[{"type":"text","text":""}]`, ""},
		{"buttons", `[{"type":"text","text":"Choose"},{"type":"buttons","buttons":[{"text":"a"},{"text":"b"}],"state":"/A"}]`,
			`[{"type":"text","text":"Choose"},{"type":"buttons","buttons":[{"text":"a"},{"text":"b"}]}]`},
		{"buttons of the same state", `[{"type":"text","text":"Choose","state":"/A"},{"type":"buttons","buttons":[{"text":"a"}],"state":"/A"}]`, ""},
		{"buttons alone", `[{"type":"buttons","buttons":[{"text":"a"}],"state":"/A"}]`, ""},
		{"buttons that lead somewhere", `[{"type":"buttons","buttons":[{"text":"a","transition":"/B"}]}]`, `[{"type":"buttons","buttons":[{"text":"a"}]}]`},
		{"two rows of buttons", `[{"type":"text","text":"?"},{"type":"buttons","buttons":[{"text":"a"}]},{"type":"buttons","buttons":[{"text":"b"}]}]`,
			`[{"type":"text","text":"?"},{"type":"buttons","buttons":[{"text":"a"},{"text":"b"}]}]`},
		{"inline buttons", `[{"type":"inlineButtons","buttons":[{"text":"a","url":"https://a.test"},{"text":"b","url":"https://b.test"}],"state":"/A"}]`, ""},
		{"five inline buttons", `[{"type":"inlineButtons","buttons":[{"text":"a","url":"u"},{"text":"b","url":"u"},{"text":"c","url":"u"},{"text":"d","url":"u"},{"text":"e","url":"u"}]}]`, ""},
		{"inline buttons without a link", `[{"type":"inlineButtons","buttons":[{"text":"a","callback_data":"x"}]}]`, `[{"type":"buttons","buttons":[{"text":"a"}]}]`},
		{"image", `[{"type":"image","imageUrl":"https://a.test/i.png","text":"A cat","state":"/A"}]`, ""},
		{"image without a caption", `[{"type":"image","imageUrl":"https://a.test/i.png"}]`, ""},
		{"audio", `[{"type":"audio","audioUrl":"https://a.test/a.mp3","audioName":"A song"}]`, ""},
		{"video", `[{"type":"video","videoUrl":"https://a.test/v.mp4","size":12}]`, ""},
		{"file", `[{"type":"file","fileUrl":"https://a.test/f.pdf","fileName":"f.pdf","size":7}]`, ""},
		{"document", `[{"type":"document","fileUrl":"https://a.test/f.pdf"}]`, `[{"type":"file","fileUrl":"https://a.test/f.pdf"}]`},
		{"location", `[{"type":"location","lat":59.9,"lon":30.3,"state":"/A"}]`, ""},
		{"carousel", `[{"type":"carousel","text":"Take one","content":[{"title":"A","description":"the first","image":"https://a.test/1","url":"https://a.test","btnText":"Open"},{"title":"B","btnText":"Say B"}]}]`, ""},
		{"empty carousel", `[{"type":"carousel","text":"","content":[]}]`, ""},
		{"raw", `[{"type":"raw","body":{"chat_id":1},"method":"sendMessage"}]`, ""},
		{"hangup", `[{"type":"hangup"}]`, ""},
		{"crmIntegration", `[{"type":"crmIntegration","channelType":"x","task":"y","parameters":{}}]`, ""},
		{"context-switch", `[{"type":"context-switch","targetBotId":"b","targetState":"/S","parameters":{"a":1}}]`, ""},
		{"unknown", `[{"type":"my-own","x":[1,2]}]`, ""},
		{"text, image, buttons", `[{"type":"text","text":"A"},{"type":"image","imageUrl":"u"},{"type":"buttons","buttons":[{"text":"x"}]}]`,
			`[{"type":"text","text":"A"},{"type":"buttons","buttons":[{"text":"x"}]},{"type":"image","imageUrl":"u"}]`},
	} {
		want := c.back
		if want == "" {
			want = c.said
		}
		if got := Replies(written(t, parse(t, c.said))); !reflect.DeepEqual(got, parse(t, want)) {
			raw, _ := json.Marshal(got)
			t.Errorf("%s: %s\nwant %s", c.name, raw, want)
		}
	}
}

// script-api 5.1: what remains of a switch on the wire.
func TestHandover(t *testing.T) {
	got := Replies(parse(t, `[{"type":"handover","action_id":"1","name":"sales","options":[{"label":"End","text":"/close"}],"state":"/A"}]`))
	want := parse(t, `[{"type":"switch","destination":"sales","appendCloseChatButton":true,"closeChatPhrases":["/close"],"state":"/A"}]`)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Whatever a script says, the second journey changes nothing any more.
func FuzzRoundTrip(f *testing.F) {
	f.Add(`[{"type":"text","text":"a"},{"type":"buttons","buttons":[{"text":"b"},1]}]`)
	f.Add(`[{"type":"carousel","content":[{"title":"b"}, null]},{"type":"image"},{}]`)
	f.Fuzz(func(t *testing.T, raw string) {
		var said []Reply
		if json.Unmarshal([]byte(raw), &said) != nil {
			return
		}
		for _, one := range said {
			if one == nil {
				return
			}
		}
		once := Replies(written(t, said))
		clean, err := json.Marshal(once)
		if err != nil {
			t.Fatal(err)
		}
		twice := Replies(written(t, parse(t, string(clean))))
		if again, _ := json.Marshal(twice); string(again) != string(clean) {
			t.Errorf("%s became %s", clean, again)
		}
	})
}
