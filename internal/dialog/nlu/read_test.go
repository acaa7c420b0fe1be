package nlu_test

import (
	"encoding/json"
	"testing"
	"testing/fstest"

	"parley/internal/dialog/nlu"
)

func exportFiles(text string) fstest.MapFS {
	return fstest.MapFS{"caila_import.json": {Data: []byte(text)}}
}

func read(t *testing.T, text string) (*nlu.Model, []nlu.Problem) {
	t.Helper()
	return nlu.Read(exportFiles(text))
}

// dialog-language 1.1: the export of a project.
const export = `{
  "settings": {"language": "ru", "timezone": "Europe/Moscow"},
  "intents": [
    {"id": 7, "path": "/Order", "answer": "Записал", "customData": "{\"a\":1}", "priority": 2, "enabled": true,
     "phrases": [{"text": "хочу @duckling.number чая"}, {"text": "пять чашек", "entities": [{"entity": "duckling.number", "startPos": 0, "endPos": 4}]}],
     "patterns": ["* чай *"], "classificationRules": {"refs": [{"entityName": "drink", "predicate": "CONTAINS"}]},
     "slots": [{"name": "count", "entity": "duckling.number", "required": true, "prompts": ["Сколько?"], "array": true}]},
    {"path": "/Off", "enabled": false, "phrases": [{"text": "x"}]},
    {"path": "NoSlash", "answer": null, "phrases": [{"text": "a &quot;b&quot;", "entities": null}], "slots": null}
  ],
  "entities": [{"entity": {"name": "drink", "enabled": true, "noMorph": true, "client": true, "priority": 3},
    "records": [{"type": "synonyms", "rule": ["чай", "tea"], "value": "{\"id\":1}"}, {"type": "pattern", "rule": ["(кофе|латте)"], "value": ""}]}],
  "enabledSystemEntities": ["duckling.number"],
  "systemEntities": [{"name": "mystem.geo", "enabled": true}, {"name": "duckling.time", "enabled": false}],
  "faq": [{"intentPath": "/Order", "replies": [{"type": "text", "text": "Хорошо"}]}]
}`

func TestRead(t *testing.T) {
	m, problems := read(t, export)
	if len(problems) != 0 {
		t.Fatalf("problems: %v", problems)
	}
	if m.Language != "ru" || m.Zone != "Europe/Moscow" || m.File != "caila_import.json" || len(m.Intents) != 2 {
		t.Fatalf("model: %+v", m)
	}
	order := m.Intents[0]
	if order.ID != 7 || order.Path != "/Order" || order.Answer != "Записал" || order.CustomData != `{"a":1}` || order.Priority != 2 || order.Line != 4 || order.Column != 5 {
		t.Errorf("intent: %+v", order)
	}
	if order.Phrases[0].Text != "хочу @duckling.number чая" || order.Phrases[1].Text != "@duckling.number чашек" {
		t.Errorf("phrases: %+v", order.Phrases)
	}
	if order.Patterns[0].Text != "* чай *" || order.Patterns[0].Line != 6 || order.Needs[0] != "drink" {
		t.Errorf("patterns: %+v, needs: %v", order.Patterns, order.Needs)
	}
	if s := order.Slots[0]; s.Name != "count" || !s.Required || !s.Array || s.Prompts[0] != "Сколько?" {
		t.Errorf("slot: %+v", s)
	}
	if string(order.Replies) != `[{"type": "text", "text": "Хорошо"}]` || !json.Valid(order.Replies) {
		t.Errorf("replies: %s", order.Replies)
	}
	if m.Intents[1].Path != "/NoSlash" || m.Intents[1].Phrases[0].Text != `a "b"` {
		t.Errorf("second intent: %+v", m.Intents[1])
	}
	drink, ok := m.Entity("drink")
	if !ok || !drink.Exact || !drink.Client || drink.Priority != 3 || drink.Records[0].Value != `{"id":1}` || drink.Records[1].Type != nlu.Patterns {
		t.Errorf("entity: %+v", drink)
	}
	if !m.System["duckling.number"] || !m.System["mystem.geo"] || m.System["duckling.time"] {
		t.Errorf("system entities: %v", m.System)
	}
}

func TestReadReportsProblems(t *testing.T) {
	for name, c := range map[string]struct {
		text         string
		code         string
		line, column int
	}{
		"no JSON":       {"{\n \"intents\": [}", "nlu-json", 2, 14},
		"cut off":       {"{\"intents\": [\n", "nlu-json", 2, 1},
		"more":          {"{}\n{}", "nlu-json", 2, 1},
		"no object":     {"[]", "nlu-shape", 1, 1},
		"wrong list":    {"{\"intents\": 5}", "nlu-shape", 1, 13},
		"wrong text":    {"{\"intents\": [\n{\"path\": \"/a\",\n  \"answer\": 5}]}", "nlu-shape", 3, 13},
		"no path":       {"{\"intents\": [\n {}]}", "nlu-no-path", 2, 2},
		"twice":         {"{\"intents\": [{\"path\": \"/a\"},\n {\"path\": \"/a\"}]}", "nlu-intent-again", 2, 2},
		"mark":          {"{\"intents\": [{\"path\": \"/a\", \"phrases\": [{\"text\": \"a\", \"entities\": [\n{\"entity\": \"x\", \"startPos\": 0, \"endPos\": 2}]}]}]}", "nlu-mark", 2, 1},
		"record type":   {"{\"entities\": [{\"entity\": {\"name\": \"a\"}, \"records\": [\n{\"type\": \"x\"}]}]}", "nlu-record-type", 2, 1},
		"entity name":   {"{\"entities\": [\n{\"entity\": {}}]}", "nlu-no-name", 2, 1},
		"entity twice":  {"{\"entities\": [{\"name\": \"a\"},\n{\"name\": \"a\"}]}", "nlu-entity-again", 2, 1},
		"wrong number":  {"{\"intents\": [{\"path\": \"/a\", \"priority\": 1e999}]}", "nlu-shape", 1, 41},
		"wrong setting": {"{\"settings\": {\"language\": []}}", "nlu-shape", 1, 27},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := read(t, c.text)
			if len(problems) != 1 || problems[0].Code != c.code || problems[0].Line != c.line || problems[0].Column != c.column {
				t.Errorf("got %+v, want %s at %d:%d", problems, c.code, c.line, c.column)
			}
		})
	}
}

func TestReadTakesOneExport(t *testing.T) {
	m, problems := nlu.Read(fstest.MapFS{
		"nlu.json":          {Data: []byte(`{"intents": [{"path": "/b"}]}`)},
		"caila_import.json": {Data: []byte(`{"intents": [{"path": "/a"}]}`)},
	})
	if len(m.Intents) != 1 || m.Intents[0].Path != "/a" || len(problems) != 1 || problems[0].Code != "nlu-second-export" || problems[0].File != "nlu.json" {
		t.Errorf("model %+v, problems %+v", m, problems)
	}
	if m, problems := nlu.Read(fstest.MapFS{}); len(problems) != 0 || m.File != "" {
		t.Errorf("no export: %+v, %+v", m, problems)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(export)
	f.Add(`{"intents": [{"path": "/a", "phrases": ["x", {"text": "абв", "entities": [{"entity": "e", "startPos": 1, "endPos": 2}]}]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		m, problems := nlu.Read(fstest.MapFS{"nlu.json": {Data: []byte(text)}})
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Code == "" || p.File == "" {
				t.Errorf("a problem without a place: %+v", p)
			}
		}
		for _, intent := range m.Intents {
			if intent.Replies != nil && !json.Valid(intent.Replies) {
				t.Errorf("replies are no JSON: %s", intent.Replies)
			}
		}
	})
}
