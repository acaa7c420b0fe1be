package nlu

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"sort"
	"strings"
	"unicode/utf8"
)

// Exports are the names of the file that holds intents and entities, in the order
// they are looked for (dialog-language 1.1).
func Exports() []string { return []string{"caila_import.json", "nlu.json"} }

// MaxExport bounds the export, in bytes.
const MaxExport = 32 << 20

// Read reads the export in the root of a project. What cannot be read is left
// out and told; the model is never nil.
func Read(files fs.FS) (*Model, []Problem) {
	r := &reader{model: &Model{System: map[string]bool{}}}
	for _, name := range Exports() {
		data, err := fs.ReadFile(files, name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			r.start(name, nil)
			r.problem(0, "nlu-unreadable", "the export cannot be read: "+err.Error(), "")
		case r.model.File != "":
			r.start(name, nil)
			r.problem(0, "nlu-second-export", r.model.File+" is the export that is used; this file is not read", "keep one of the two")
		default:
			r.export(name, data)
		}
	}
	return r.model, r.problems
}

// reader fills a model from one export.
type reader struct {
	file     string
	data     []byte
	known    []Place // at every stride
	model    *Model
	problems []Problem
}

// maxProblems bounds what one export can report.
const maxProblems = 200

func (r *reader) problem(at int, code, message, hint string) {
	if len(r.problems) >= maxProblems {
		return
	}
	place := r.place(at)
	r.problems = append(r.problems, Problem{
		File: r.file, Line: place.Line, Column: place.Column, Code: code, Message: message, Hint: hint,
	})
}

// stride is how far apart the known places of an export are, in bytes.
const stride = 4096

// start notes the place of every stride: an export may be one long line of many
// thousand phrases.
func (r *reader) start(name string, data []byte) {
	r.file, r.data, r.known = name, data, []Place{{Line: 1, Column: 1}}
	for at := stride; at < len(data); at += stride {
		r.known = append(r.known, r.known[len(r.known)-1].after(data[at-stride:at]))
	}
}

func (r *reader) place(at int) Place {
	at = min(max(at, 0), len(r.data))
	from := min(at/stride, len(r.known)-1)
	return r.known[from].after(r.data[from*stride : at])
}

// after is the place behind a part of the export. A character that a stride cuts
// is counted where it begins.
func (p Place) after(part []byte) Place {
	if lines := bytes.Count(part, []byte("\n")); lines > 0 {
		p = Place{Line: p.Line + lines, Column: 1}
		part = part[bytes.LastIndexByte(part, '\n')+1:]
	}
	for _, c := range part {
		if utf8.RuneStart(c) {
			p.Column++
		}
	}
	return p
}

func (r *reader) export(name string, data []byte) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	r.start(name, data)
	r.model.File = name
	if len(data) > MaxExport {
		r.problem(0, "nlu-too-large", fmt.Sprintf("the export has %d bytes, the limit is %d", len(data), MaxExport), "")
		return
	}
	root, at, err := parseJSON(data)
	if err != nil {
		r.problem(at, "nlu-json", "the export is no JSON: "+err.Error(), "export the project anew")
		return
	}
	if !r.is(root, kindObject, "the export") {
		return
	}
	settings := r.object(root, "settings")
	r.model.Language, r.model.Zone = r.text(settings, "language"), r.text(settings, "timezone")
	r.intents(root)
	r.answers(root)
	r.entities(root)
	r.system(root)
}

func (r *reader) intents(root *value) {
	paths := map[string]bool{}
	for _, v := range r.objects(root, "intents") {
		intent := r.intent(v)
		switch {
		case strings.Trim(intent.Path, "/ ") == "":
			r.problem(v.at, "nlu-no-path", "the intent has no path", "")
		case paths[intent.Path]:
			r.problem(v.at, "nlu-intent-again", fmt.Sprintf("the intent %q stands in the export twice; this one is left out", intent.Path), "")
		case r.enabled(v):
			paths[intent.Path] = true
			r.model.Intents = append(r.model.Intents, intent)
		}
	}
}

func (r *reader) intent(v *value) *Intent {
	intent := &Intent{
		Place: r.place(v.at), ID: int64(r.number(v, "id")), Path: r.path(v), Answer: r.text(v, "answer"),
		CustomData: r.text(v, "customData"), Priority: r.number(v, "priority"), Shared: r.flag(v, "shared"),
		Patterns: r.rules(v, "patterns"),
	}
	for _, phrase := range r.list(v, "phrases") {
		if text := r.phrase(phrase); text != "" {
			intent.Phrases = append(intent.Phrases, Phrase{Place: r.place(phrase.at), Text: text})
		}
	}
	for _, slot := range r.objects(v, "slots") {
		intent.Slots = append(intent.Slots, Slot{
			Name: r.text(slot, "name"), Entity: r.text(slot, "entity"), Required: r.flag(slot, "required"),
			Array: r.flag(slot, "array"), Prompts: r.texts(slot, "prompts"),
		})
	}
	for _, ref := range r.objects(r.object(v, "classificationRules"), "refs") {
		if name := r.text(ref, "entityName"); name != "" && r.text(ref, "predicate") == "CONTAINS" {
			intent.Needs = append(intent.Needs, name)
		}
	}
	return intent
}

func (r *reader) path(v *value) string {
	path := strings.TrimSpace(r.text(v, "path"))
	if path != "" && !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return path
}

// phrase is an example; parts marked as an entity become "@name".
func (r *reader) phrase(v *value) string {
	if v.kind == kindText {
		return html.UnescapeString(v.text)
	}
	if !r.is(v, kindObject, "a phrase") {
		return ""
	}
	text := []rune(r.text(v, "text"))
	marks := r.objects(v, "entities")
	sort.SliceStable(marks, func(i, j int) bool { return r.number(marks[i], "startPos") > r.number(marks[j], "startPos") })
	last := len(text)
	for _, mark := range marks {
		start, end := int(r.number(mark, "startPos")), int(r.number(mark, "endPos"))
		name := r.text(mark, "entity")
		if name == "" || start < 0 || start >= end || end > last {
			r.problem(mark.at, "nlu-mark", fmt.Sprintf("the entity from %d to %d is no part of the phrase of %d characters, or lies over another", start, end, len(text)), "")
			continue
		}
		last = start
		if text[start] != '@' {
			text = append(append(append([]rune{}, text[:start]...), []rune("@"+name)...), text[end:]...)
		}
	}
	return html.UnescapeString(string(text))
}

// answers gives intents the replies of the list of questions and answers.
func (r *reader) answers(root *value) {
	for _, v := range r.objects(root, "faq") {
		replies := r.objects(v, "replies")
		intent, ok := r.model.Intent(r.text(v, "intentPath"))
		if !ok || len(replies) == 0 {
			continue
		}
		list := make([]string, len(replies))
		for i, reply := range replies {
			list[i] = string(r.data[reply.at:reply.end])
		}
		intent.Replies = json.RawMessage("[" + strings.Join(list, ",") + "]")
	}
}

func (r *reader) entities(root *value) {
	names := map[string]bool{}
	for _, v := range r.objects(root, "entities") {
		body := v
		if inner := v.member("entity"); inner.kind == kindObject {
			body = inner
		}
		entity := &Entity{
			Place: r.place(v.at), Name: strings.TrimPrefix(strings.TrimSpace(r.text(body, "name")), "@"), Enabled: r.enabled(body),
			Exact: r.flag(body, "noMorph"), Fuzzy: r.flag(body, "fuzzySearch"), Client: r.flag(body, "client"),
			Priority: r.number(body, "priority"),
		}
		for _, record := range r.objects(v, "records") {
			r.record(entity, record)
		}
		switch {
		case entity.Name == "":
			r.problem(v.at, "nlu-no-name", "the entity has no name", "")
		case names[entity.Name]:
			r.problem(v.at, "nlu-entity-again", fmt.Sprintf("the entity %q stands in the export twice; this one is left out", entity.Name), "")
		default:
			names[entity.Name] = true
			r.model.Entities = append(r.model.Entities, entity)
		}
	}
}

func (r *reader) record(entity *Entity, v *value) {
	record := Record{Place: r.place(v.at), Type: RecordType(r.text(v, "type")), Rules: r.rules(v, "rule")}
	if raw := v.member("value"); raw.kind == kindText {
		record.Value = raw.text
	}
	if record.Type != Synonyms && record.Type != Patterns {
		r.problem(v.at, "nlu-record-type", fmt.Sprintf("unknown type %q of a record of the entity %q", record.Type, entity.Name), `known types are "synonyms" and "pattern"`)
		return
	}
	entity.Records = append(entity.Records, record)
}

func (r *reader) system(root *value) {
	for _, name := range r.texts(root, "enabledSystemEntities") {
		r.model.System[name] = true
	}
	for _, v := range r.objects(root, "systemEntities") {
		if r.flag(v, "enabled") {
			r.model.System[r.text(v, "name")] = true
		}
	}
}

// enabled is true unless it is switched off.
func (r *reader) enabled(v *value) bool {
	return v.member("enabled").missing() || r.flag(v, "enabled")
}
