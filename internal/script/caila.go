package script

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"parley/internal/dialog"
	"parley/internal/dialog/nlu"
)

// bindCaila binds $caila: script-api 2.6. The first argument of what looks into a
// text is the JSON of $client, which holds the client's own records.
func (m *vm) bindCaila() {
	m.Bind("cailaLookup", func(args []any) (any, error) {
		return caila{m.run}.lookup(text(args, 0), text(args, 1), len(args) > 2 && args[2] == true), nil
	})
	m.Bind("cailaInference", func(args []any) (any, error) {
		return caila{m.run}.inference(text(args, 0), text(args, 1))
	})
	m.Bind("cailaEntity", func(args []any) (any, error) { return caila{m.run}.entity(text(args, 0)) })
	m.Bind("cailaLanguage", func(args []any) (any, error) { return language(text(args, 0)), nil })
	m.Bind("cailaKnows", func(args []any) (any, error) {
		return m.bot.project.Understanding().KnowsWord(text(args, 0)), nil
	})
}

// caila answers for one turn.
type caila struct{ *run }

func (r caila) understanding(client string) *dialog.Understanding {
	return r.bot.project.Understanding().For(clientRecords(client))
}

// cailaFound is an entity as entitiesLookup shows it: Value is JSON as a text.
type cailaFound struct {
	Entity   string `json:"entity"`
	Slot     string `json:"slot"`
	StartPos int    `json:"startPos"`
	EndPos   int    `json:"endPos"`
	Text     string `json:"text"`
	Value    string `json:"value"`
	Default  bool   `json:"default"`
	System   bool   `json:"system"`
}

type cailaLookup struct {
	Text         string       `json:"text"`
	Entities     []cailaFound `json:"entities"`
	PhraseMarkup []any        `json:"phraseMarkup"`
}

func (r caila) lookup(client, text string, all bool) string {
	u := r.understanding(client)
	found := u.Entities(text, r.turn.Now())
	if !all {
		found = u.Resolve(found)
	}
	answer := cailaLookup{Text: text, Entities: []cailaFound{}, PhraseMarkup: []any{}}
	for _, e := range newEntities(found, nil) {
		answer.Entities = append(answer.Entities, cailaFound{
			Entity: e.Entity, Slot: e.Entity, StartPos: e.StartPos, EndPos: e.EndPos, Text: e.Text, Value: e.Value, System: e.System,
		})
	}
	return marshal(answer)
}

// cailaRequest is the argument of inference.
type cailaRequest struct {
	Phrase struct {
		Text string `json:"text"`
	} `json:"phrase"`
	NBest      int             `json:"nBest"`
	KnownSlots []nlu.SlotValue `json:"knownSlots"`
}

type cailaVariant struct {
	Intent     cailaIntent     `json:"intent"`
	Confidence float64         `json:"confidence"`
	Slots      []nlu.SlotValue `json:"slots"`
	Debug      struct{}        `json:"debug"`
}

type cailaIntent struct {
	ID         int64      `json:"id"`
	Path       string     `json:"path"`
	Answer     string     `json:"answer"`
	CustomData string     `json:"customData"`
	Slots      []nlu.Slot `json:"slots"`
}

// inference gives the best intents; slots that are known already come first.
func (r caila) inference(client, request string) (string, error) {
	var asked cailaRequest
	if err := json.Unmarshal([]byte(request), &asked); err != nil {
		return "", fmt.Errorf("$caila.inference takes {phrase: {text}, nBest, knownSlots}: %w", err)
	}
	list, err := r.understanding(client).Classify(r.ctx, asked.Phrase.Text, r.turn.Now(), max(asked.NBest, 1))
	if err != nil {
		return "", err
	}
	variants := []cailaVariant{}
	for _, h := range list {
		slots := slices.Clone(asked.KnownSlots)
		for _, slot := range h.Slots {
			if !slices.ContainsFunc(slots, func(s nlu.SlotValue) bool { return s.Name == slot.Name }) {
				slots = append(slots, slot)
			}
		}
		variants = append(variants, cailaVariant{
			Intent: cailaIntent{
				ID: h.Intent.ID, Path: h.Intent.Path, Answer: h.Intent.Answer, CustomData: h.Intent.CustomData,
				Slots: append([]nlu.Slot{}, h.Intent.Slots...),
			},
			Confidence: h.Score, Slots: append([]nlu.SlotValue{}, slots...),
		})
	}
	return marshal(map[string]any{"phrase": map[string]string{"text": asked.Phrase.Text}, "variants": variants}), nil
}

// cailaRecord is a record of an entity as scripts see it.
type cailaRecord struct {
	Type  nlu.RecordType `json:"type"`
	Rule  []string       `json:"rule"`
	Value string         `json:"value"`
}

func (r caila) entity(name string) (string, error) {
	e, ok := r.bot.project.NLU.Entity(name)
	if !ok {
		return "", fmt.Errorf("$caila.getEntity: the project has no entity %q", name)
	}
	records := []cailaRecord{}
	for _, record := range e.Records {
		rules := []string{}
		for _, rule := range record.Rules {
			rules = append(rules, rule.Text)
		}
		records = append(records, cailaRecord{Type: record.Type, Rule: rules, Value: record.Value})
	}
	return marshal(map[string]any{
		"entity":  map[string]any{"name": e.Name, "enabled": e.Enabled, "priority": e.Priority, "client": e.Client},
		"records": records,
	}), nil
}

// clientEntitiesField is where $client keeps the client's own records, by entity.
const clientEntitiesField = "cailaEntities"

// clientRecords are the records in the JSON of $client; what a script has put
// there in another shape is no record.
func clientRecords(client string) map[string][]nlu.Record {
	if !strings.Contains(client, `"`+clientEntitiesField+`"`) {
		return nil
	}
	var held map[string]json.RawMessage
	var entities map[string][]cailaRecord
	if json.Unmarshal([]byte(client), &held) != nil || json.Unmarshal(held[clientEntitiesField], &entities) != nil {
		return nil
	}
	records := map[string][]nlu.Record{}
	for name, list := range entities {
		for _, one := range list {
			record := nlu.Record{Type: one.Type, Value: one.Value}
			for _, rule := range one.Rule {
				record.Rules = append(record.Rules, nlu.Rule{Text: rule})
			}
			records[name] = append(records[name], record)
		}
	}
	return records
}

// language tells Russian from English and Ukrainian by letters; "" for a text
// without letters of theirs.
func language(text string) string {
	cyrillic, latin, ukrainian := 0, 0, 0
	for _, r := range strings.ToLower(text) {
		switch {
		case strings.ContainsRune("іїєґ", r):
			ukrainian++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		case unicode.Is(unicode.Latin, r):
			latin++
		}
	}
	switch {
	case ukrainian > 0 && ukrainian+cyrillic > latin:
		return "uk"
	case cyrillic > latin:
		return "ru"
	case latin > 0:
		return "en"
	}
	return ""
}
