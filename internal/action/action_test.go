package action_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"parley/internal/action"
	"parley/internal/session"
)

func reader() action.Reader {
	return action.Reader{Random: func(n int) int { return n - 1 }, Now: time.Now}
}

func list(t *testing.T, text string) []any {
	t.Helper()
	body, err := session.ParseEnvelope([]byte(`{"responses":` + text + `}`))
	if err != nil {
		t.Fatal(err)
	}
	out, err := action.Objects(body, "responses")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestReplies checks what a user sees: contract (e), b.2 and (g) 25.
func TestReplies(t *testing.T) {
	for _, test := range []struct{ name, object, want string }{
		{"text", `{"type":"text","text":"a"}`, `{"type":"text","text":"a"}`},
		{"one of the texts", `{"type":"text","texts":["a","b"]}`, `{"type":"text","text":"b"}`},
		{"texts win over text", `{"type":"text","text":"x","texts":["a"]}`, `{"type":"text","text":"a"}`},
		{"options", `{"type":"text","texts":["a"],"options":[{"label":"Yes","text":"y"},{"label":"No"},7]}`,
			`{"type":"text","text":"a","options":[{"label":"Yes","text":"y"},{"label":"No","text":"No"}]}`},
		{"image", `{"type":"image","url":"https://x","name":"n","size":1,"more":2}`, `{"type":"image","url":"https://x","name":"n","size":1}`},
		{"audio", `{"type":"audio","url":"https://x"}`, `{"type":"audio","url":"https://x"}`},
		{"video", `{"type":"video","url":"https://x"}`, `{"type":"video","url":"https://x"}`},
		{"file", `{"type":"file","url":"https://x"}`, `{"type":"file","url":"https://x"}`},
		{"url", `{"type":"url","url":"https://x"}`, `{"type":"url","url":"https://x"}`},
		{"carousel", `{"type":"carousel","cards":[{"title":"t"}]}`, `{"type":"carousel","cards":[{"title":"t"}]}`},
		{"webview", `{"type":"webview","url":"https://x","label":"l","height":"tall","trigger_node_id":"n"}`,
			`{"type":"webview","url":"https://x","label":"l","height":"tall","trigger_node_id":"n"}`},
		{"pause", `{"type":"pause","duration":5}`, `{"type":"pause","duration":5}`},
		{"handover", `{"type":"handover","external":true}`, `{"type":"handover","name":""}`},
	} {
		got, err := reader().Read(list(t, "["+test.object+"]"))
		if err != nil || len(got.Replies) != 1 || len(got.Dropped) > 0 {
			t.Errorf("%s: %+v %v", test.name, got, err)
			continue
		}
		var have, want map[string]any
		if json.Unmarshal(got.Replies[0], &have) != nil || json.Unmarshal([]byte(test.want), &want) != nil {
			t.Fatalf("%s: %s", test.name, got.Replies[0])
		}
		if _, err := session.ParseID(have["action_id"].(string)); err != nil {
			t.Errorf("%s: action_id %v", test.name, have["action_id"])
		}
		delete(have, "action_id")
		if !sameJSON(have, want) {
			t.Errorf("%s: %v, want %v", test.name, have, want)
		}
	}
	kept, err := reader().Read(list(t, `[{"type":"text","text":"a","action_id":"mine"}]`))
	if err != nil || !strings.Contains(string(kept.Replies[0]), `"action_id":"mine"`) {
		t.Errorf("%+v %v", kept, err)
	}
}

func sameJSON(a, b map[string]any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

// What is unknown or incomplete is left out, with the reason.
func TestDropped(t *testing.T) {
	for object, why := range map[string]string{
		`7`:                                `is no object`,
		`{}`:                               `unknown type ""`,
		`{"type":"hologram"}`:              `unknown type "hologram"`,
		`{"type":"text"}`:                  `has no text`,
		`{"type":"text","texts":[""," "]}`: `has no text`,
		`{"type":"image"}`:                 `has no url`,
		`{"type":"webview","label":"l"}`:   `has no url`,
		`{"type":"carousel","cards":[]}`:   `has 0 cards`,
		`{"type":"carousel","cards":[{},{},{},{},{},{},{}]}`: `has 7 cards`,
		`{"type":"event"}`:   `needs a name`,
		`{"type":"webhook"}`: `has no webhook_id`,
	} {
		got, err := reader().Read(list(t, `[{"type":"text","text":"kept"},`+object+`]`))
		if err != nil || len(got.Replies) != 1 || len(got.Dropped) != 1 || !strings.HasPrefix(got.Dropped[0], "responses[1] ") || !strings.Contains(got.Dropped[0], why) {
			t.Errorf("%s: %+v %v, want %q", object, got, err, why)
		}
	}
}

func TestLimits(t *testing.T) {
	many := "[" + strings.Repeat(`{"type":"text","text":"a"},`, session.MaxReplies) + `{"type":"text","text":"a"}]`
	long := `[{"type":"text","text":"` + strings.Repeat("a", session.MaxReplyBytes) + `"}]`
	for _, text := range []string{many, long} {
		if got, err := reader().Read(list(t, text)); err == nil || !strings.Contains(err.Error(), "limit") {
			t.Errorf("%d replies, %v", len(got.Replies), err)
		}
	}
}

// TestEffects checks what actions do to the dialog: contract b.2.
func TestEffects(t *testing.T) {
	got, err := reader().Read(list(t, `[{"type":"handover","external":true,"name":"sales"},{"type":"reset","nodeId":"/A","variables":["a","b.c"]},
		{"type":"tag","tags":["x","y"]},{"type":"event","name":"e","trigger_node_id":"n"},{"type":"webhook","webhook_id":"w","fallback":["f","g"]}]`))
	if err != nil || len(got.Dropped) > 0 {
		t.Fatalf("%+v %v", got, err)
	}
	if h := got.Handover; h.Department != "sales" || h.Attributes["external"] != "true" {
		t.Errorf("handover %+v", h)
	}
	if r := got.Reset; r.State != "/A" || len(r.Variables) != 2 || string(session.Nulls(r.Variables).JSON()) == "{}" {
		t.Errorf("reset %+v", r)
	}
	at := time.UnixMilli(5)
	if p := got.Pushes(at); len(p) != 1 || p[0].Event != "e" || p[0].DueMs != 5 || string(p[0].Data) != `{"trigger_node_id":"n"}` {
		t.Errorf("events %+v", p)
	}
	if c := got.Calls; len(c) != 1 || c[0] != (action.Call{At: 1, Name: "w", Fallback: "g"}) {
		t.Errorf("calls %+v", c)
	}
	tags := got.TagPatch(session.Document{"tags": []any{"old"}}, nil)
	if string(tags.JSON()) != `{"tags":["old","x","y"]}` {
		t.Errorf("tags %s", tags.JSON())
	}
	if own := got.TagPatch(session.Document{"tags": []any{"old"}}, session.Document{"tags": []any{"new"}}); string(own.JSON()) != `{"tags":["new","x","y"]}` {
		t.Errorf("tags %s", own.JSON())
	}
}

// Whatever comes, what is read can be sent on.
func FuzzRead(f *testing.F) {
	f.Add(`[{"type":"text","texts":["a"],"options":[{"label":"x"}]},{"type":"carousel","cards":[{}]}]`)
	f.Add(`[{"type":"reset","variables":["a..b",""]},{"type":"tag","tags":"x"},{"type":"webhook","name":"w"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		body, err := session.ParseEnvelope([]byte(`{"responses":` + text + `}`))
		if err != nil {
			return
		}
		objects, err := action.Objects(body, "responses")
		if err != nil {
			return
		}
		got, err := reader().Read(objects)
		if err != nil {
			return
		}
		for _, r := range got.Replies {
			var reply struct {
				Type string `json:"type"`
				ID   string `json:"action_id"`
			}
			if err := json.Unmarshal(r, &reply); err != nil || reply.Type == "" || reply.ID == "" {
				t.Errorf("%s: %v", r, err)
			}
		}
	})
}
