package session

import (
	"encoding/json"
	"fmt"
	"maps"
)

// Document is the context of a session: contract (d). Documents are immutable:
// a merge returns a new one that shares what did not change. Numbers are
// json.Number, so that nothing is rounded on the way.
type Document map[string]any

// NewDocument returns the default context of a new session.
func NewDocument() Document {
	return Document{"user": map[string]any{}, "global": map[string]any{}, "channels": map[string]any{}, "tags": []any{}}
}

// ParseDocument reads a JSON object and refuses duplicate keys, reserved
// JavaScript keys and what is over the depth and key limits of contract (f).
// field is the name used in errors, "" for a whole body.
func ParseDocument(raw []byte, field string) (Document, error) { return parseObject(raw, field, 1) }

// ParseEnvelope reads an object that holds a document in one of its fields,
// which may be as deep as a document alone.
func ParseEnvelope(raw []byte) (Document, error) { return parseObject(raw, "", 0) }

func parseObject(raw []byte, field string, depth int) (Document, error) {
	p := parser{text: raw, field: field}
	v, err := p.value(depth)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(p.text) {
		return nil, Invalid(field, "text after the JSON value")
	}
	doc, ok := v.(map[string]any)
	if !ok {
		return nil, Invalid(field, "must be a JSON object")
	}
	return doc, nil
}

// loadDocument reads a stored document, which was checked when it was written.
func loadDocument(raw []byte) (Document, error) {
	doc, err := parseObject(raw, "", -MaxDocumentDepth)
	if err != nil {
		return nil, fmt.Errorf("stored context: %w", err)
	}
	return doc, nil
}

// extent is what a document measures.
type extent struct{ keys, depth, bytes int }

// measure walks a value. bytes is never less than its text takes: a character
// may become an escape of six.
func (e *extent) measure(v any, depth int) {
	e.depth = max(e.depth, depth)
	const punctuation = 4 // quotes, colon, comma
	switch v := v.(type) {
	case map[string]any:
		e.keys += len(v)
		e.bytes += 2
		for k, x := range v {
			e.bytes += 6*len(k) + punctuation
			e.measure(x, depth+1)
		}
	case []any:
		e.bytes += 2 + len(v)
		for _, x := range v {
			e.measure(x, depth+1)
		}
	case string:
		e.bytes += 6*len(v) + punctuation
	case json.Number:
		e.bytes += len(v)
	default:
		e.bytes += len("false")
	}
}

// checkSize refuses a document over the limits of contract (f). Its text is
// made only where the measure leaves a doubt.
func (d Document) checkSize() error {
	var e extent
	e.measure(map[string]any(d), 0)
	if e.keys > MaxDocumentKeys {
		return Invalid("context", "more than %d keys after the merge", MaxDocumentKeys)
	}
	if e.depth > MaxDocumentDepth+1 {
		return Invalid("context", "nested deeper than %d levels after the merge", MaxDocumentDepth)
	}
	if e.bytes <= MaxDocumentBytes {
		return nil
	}
	if n := len(d.JSON()); n > MaxDocumentBytes {
		return &Error{Code: CodePayloadTooLarge, Field: "context", Message: fmt.Sprintf("%d bytes after the merge, the limit is %d", n, MaxDocumentBytes)}
	}
	return nil
}

// At returns the value at a dotted path.
func (d Document) At(path ...string) (any, bool) {
	var v any = map[string]any(d)
	for _, key := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = m[key]; !ok {
			return nil, false
		}
	}
	return v, true
}

// with returns a copy of the document with one path set.
func (d Document) with(value any, path ...string) Document {
	return Document(setPath(map[string]any(d), value, path))
}

func setPath(m map[string]any, value any, path []string) map[string]any {
	c := make(map[string]any, len(m)+1)
	maps.Copy(c, m)
	if len(path) == 1 {
		c[path[0]] = value
		return c
	}
	inner, _ := m[path[0]].(map[string]any)
	c[path[0]] = setPath(inner, value, path[1:])
	return c
}
