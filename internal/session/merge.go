package session

import (
	"maps"
	"reflect"
)

// MergeMode names the two rules by which a patch changes a document.
type MergeMode int

const (
	// MergeMoveo is the rule of contract (d): objects merge, everything else
	// replaces, null is stored.
	MergeMoveo MergeMode = iota
	// MergeRFC7396 deletes where the patch says null.
	MergeRFC7396
)

// Update is a patch with the face's view of it.
type Update struct {
	Patch   Document
	Mode    MergeMode
	Face    Face
	By      Author // who wrote it: the user, the bot or an agent; "" for the integration's back end
	Agent   *Agent // of an agent's
	Exists  bool   // If-Match: *
	IfMatch *IfMatch
}

// IfMatch is a precondition: the version must be one of these, of this
// session when one is named.
type IfMatch struct {
	Session ID // zero: any of the chain
	Version int64
}

// merged is the outcome of applying an Update to a document.
type merged struct {
	doc     Document
	patch   Document // what was left of the patch
	changed bool
	ignored []string
}

// mergeInto applies the update: filters what the face may not write, checks
// the types of contract (d), merges, and checks the size. It changes neither
// argument.
func mergeInto(doc Document, u *Update, set *Settings) (merged, error) {
	patch, ignored, err := filter(doc, u, set)
	if err != nil {
		return merged{}, err
	}
	if err := checkTypes(patch, u.Mode); err != nil {
		return merged{}, err
	}
	var next map[string]any
	var changed bool
	if u.Mode == MergeRFC7396 {
		next, changed = mergeObject(doc, patch, true)
		next, changed = restoreDefaults(doc, next, changed)
	} else {
		next, changed = mergeObject(doc, prepare(patch), false)
	}
	out := merged{doc: next, patch: patch, changed: changed, ignored: ignored}
	if changed {
		err = out.doc.checkSize()
	}
	return out, err
}

// checkTypes holds the validation of contract (d).
func checkTypes(patch Document, mode MergeMode) error {
	for _, key := range []string{"user", "global", "channels"} {
		v, ok := patch[key]
		if !ok || v == nil && mode == MergeRFC7396 {
			continue
		}
		if _, isObject := v.(map[string]any); !isObject {
			return Invalid("context."+key, "must be an object")
		}
	}
	v, ok := patch["tags"]
	if !ok || v == nil {
		return checkFixed(patch, mode)
	}
	list, isList := v.([]any)
	if !isList {
		return Invalid("context.tags", "must be an array of strings")
	}
	for _, t := range list {
		if _, isText := t.(string); !isText {
			return Invalid("context.tags", "must be an array of strings")
		}
	}
	return checkFixed(patch, mode)
}

// checkFixed refuses the deletions that RFC 7396 may not make: contract (d).
func checkFixed(patch Document, mode MergeMode) error {
	if mode != MergeRFC7396 {
		return nil
	}
	for _, path := range [][]string{{"user", "user_id"}, {"user", "custom_psid"}, {"channels", "custom"}} {
		if v, ok := patch.At(path...); ok && v == nil {
			return Invalid("context."+path[0]+"."+path[1], "cannot be deleted")
		}
	}
	return nil
}

// prepare applies the exceptions for tags: null is the empty list, duplicates
// drop out, order stays.
func prepare(patch Document) Document {
	v, ok := patch["tags"]
	if !ok {
		return patch
	}
	list, _ := v.([]any)
	seen := make(map[any]bool, len(list))
	tags := make([]any, 0, len(list))
	for _, t := range list {
		if !seen[t] {
			seen[t] = true
			tags = append(tags, t)
		}
	}
	return patch.with(tags, "tags")
}

// mergeObject merges patch into old and returns old itself when nothing
// differs. Neither is changed. With deletes a null removes its key (RFC 7396),
// otherwise it is stored.
func mergeObject(old, patch map[string]any, deletes bool) (map[string]any, bool) {
	var next map[string]any
	for key, value := range patch {
		have, exists := old[key]
		if value == nil && deletes {
			if exists {
				next = own(next, old)
				delete(next, key)
			}
			continue
		}
		if now, changed := mergeValue(have, value, exists, deletes); changed {
			next = own(next, old)
			next[key] = now
		}
	}
	return settle(next, old)
}

func mergeValue(have, value any, exists, deletes bool) (now any, changed bool) {
	sub, isObject := value.(map[string]any)
	if !isObject {
		return value, !exists || !reflect.DeepEqual(have, value)
	}
	into, wasObject := have.(map[string]any)
	now, changed = mergeObject(into, sub, deletes)
	return now, changed || !wasObject
}

func own(next, old map[string]any) map[string]any {
	if next != nil {
		return next
	}
	next = make(map[string]any, len(old)+1)
	maps.Copy(next, old)
	return next
}

func settle(next, old map[string]any) (map[string]any, bool) {
	if next != nil {
		return next, true
	}
	if old == nil {
		return map[string]any{}, false
	}
	return old, false
}

// restoreDefaults puts back what RFC 7396 deleted of the four reserved keys;
// what identifies the person and the channel stays.
func restoreDefaults(old, next map[string]any, changed bool) (map[string]any, bool) {
	for key, empty := range NewDocument() {
		_, stays := next[key]
		if _, had := old[key]; stays || !had {
			continue
		}
		next = own(nil, next)
		next[key] = keep(key, old, empty)
	}
	return next, changed && !reflect.DeepEqual(old, next)
}

func keep(key string, old map[string]any, empty any) any {
	fixed := map[string][]string{"user": {"user_id", "custom_psid"}, "channels": {"custom"}}[key]
	before, _ := old[key].(map[string]any)
	into, isObject := empty.(map[string]any)
	for _, name := range fixed {
		if v, ok := before[name]; ok && isObject {
			into[name] = v
		}
	}
	return empty
}
