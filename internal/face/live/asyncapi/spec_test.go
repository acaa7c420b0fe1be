package asyncapi

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const file = "../../../../api/asyncapi.yaml"

func load(t *testing.T) *Spec {
	t.Helper()
	s, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The file names every message three times: component, channel, operation.
func TestFileIsWhole(t *testing.T) {
	s := load(t)
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := yaml.YAMLToJSON(source)
	if err != nil {
		t.Fatal(err)
	}
	var doc document
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Version != "3.0.0" {
		t.Errorf("asyncapi %q", doc.Version)
	}
	used := map[string]bool{}
	for place, channel := range doc.Channels {
		for key, ref := range channel.Messages {
			id := strings.TrimPrefix(ref.Ref, "#/components/messages/")
			used[id] = true
			name := doc.Components.Messages[id].Name
			// An event that goes both ways with other fields each way has two messages.
			if key != strings.ReplaceAll(name, ":", ".") && key != strings.ReplaceAll(name, ":", ".")+".shown" {
				t.Errorf("channel %s: the message %s stands under %s", place, name, key)
			}
			directions := []Direction{Heard, Told}
			if place == "webhook" {
				directions = []Direction{Notified}
			}
			if !slices.ContainsFunc(directions, func(d Direction) bool { return s.messages[d][name] != nil }) {
				t.Errorf("channel %s: no operation has %s", place, name)
			}
		}
	}
	for id := range maps.Keys(doc.Components.Messages) {
		if !used[id] {
			t.Errorf("no channel has the message %s", id)
		}
	}
}

const id = `"0197f0a0-0000-7000-8000-000000000000"`

func TestCheckRefuses(t *testing.T) {
	s := load(t)
	right := `{"session_id":` + id + `,"sequence":3,"timestamp":1764000000000,"reason":"user"}`
	if err := s.Check(Told, "session:closed", []byte(right)); err != nil {
		t.Fatal(err)
	}
	for what, bad := range map[string]struct{ name, from, to string }{
		"an unknown event":       {"session:ended", "", ""},
		"a webhook's name":       {"message:brain_send", "", ""},
		"a missing field":        {"session:closed", `,"reason":"user"`, ""},
		"a field not described":  {"session:closed", `"reason"`, `"more":1,"reason"`},
		"a wrong type":           {"session:closed", `"sequence":3`, `"sequence":"3"`},
		"an unknown reason":      {"session:closed", `"user"`, `"bored"`},
		"seconds":                {"session:closed", `1764000000000`, `1764000000`},
		"a missing stamp":        {"session:closed", `"sequence":3,`, ""},
		"broken JSON":            {"session:closed", `}`, ""},
		"an id of another shape": {"session:closed", `0197f0a0-`, `0197F0A0-`},
	} {
		if err := s.Check(Told, bad.name, []byte(strings.Replace(right, bad.from, bad.to, 1))); err == nil {
			t.Errorf("%s passes", what)
		}
	}
	if unseen := s.Unseen(Told); slices.Contains(unseen, "session:closed") || len(unseen) != len(s.Names(Told))-1 {
		t.Errorf("unseen: %v", unseen)
	}
}

func TestCheckAckRefuses(t *testing.T) {
	s := load(t)
	right := `{"session_id":` + id + `,"message_id":` + id + `}`
	if err := s.CheckAck("message:send", []byte(right)); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{`{"session_id":` + id + `}`, `{}`, `null`} {
		if err := s.CheckAck("message:send", []byte(bad)); err == nil {
			t.Errorf("%s passes", bad)
		}
	}
}

func TestCheckWebhookRefuses(t *testing.T) {
	s := load(t)
	right := `{"event_type":"ping","request_id":` + id + `,"integration_id":"a","desk_id":"default","timestamp":1764000000000}`
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("webhook-id", strings.Trim(id, `"`))
	header.Set("webhook-timestamp", "1764000000")
	if err := s.CheckWebhook(header, []byte(right)); err != nil {
		t.Fatal(err)
	}
	if err := s.CheckWebhook(header, []byte(strings.Replace(right, "ping", "pong", 1))); err == nil {
		t.Error("an unknown event_type passes")
	}
	header.Set("X-Moveo-Signature", strings.Repeat("0", 64))
	if err := s.CheckWebhook(header, []byte(right)); err == nil {
		t.Error("one signature without the other passes")
	}
	header.Set("webhook-signature", "v1,x")
	header.Set("X-Moveo-Signature", "sha256="+strings.Repeat("0", 57))
	if err := s.CheckWebhook(header, []byte(right)); err == nil {
		t.Error("a signature with a prefix passes")
	}
	header.Del("webhook-id")
	if err := s.CheckWebhook(header, []byte(right)); err == nil {
		t.Error("a webhook without an id passes")
	}
}
