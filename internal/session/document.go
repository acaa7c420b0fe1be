package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
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
	p := parser{dec: json.NewDecoder(bytes.NewReader(raw)), field: field}
	p.dec.UseNumber()
	v, err := p.value(nil, depth)
	if err != nil {
		return nil, err
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
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
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	doc := Document{}
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("stored context: %w", err)
	}
	return doc, nil
}

type parser struct {
	dec   *json.Decoder
	field string
	keys  int
}

func (p *parser) value(path []string, depth int) (any, error) {
	tok, err := p.dec.Token()
	if err != nil {
		return nil, p.syntax(err)
	}
	delim, ok := tok.(json.Delim)
	if !ok {
		return tok, nil
	}
	if depth > MaxDocumentDepth {
		return nil, Invalid(p.at(path), "nested deeper than %d levels", MaxDocumentDepth)
	}
	if delim == '{' {
		return p.object(path, depth)
	}
	return p.array(path, depth)
}

func (p *parser) object(path []string, depth int) (any, error) {
	m := map[string]any{}
	for p.dec.More() {
		tok, err := p.dec.Token()
		if err != nil {
			return nil, p.syntax(err)
		}
		key, _ := tok.(string)
		here := append(path, key)
		if err := p.key(m, key, here); err != nil {
			return nil, err
		}
		if m[key], err = p.value(here, depth+1); err != nil {
			return nil, err
		}
	}
	if _, err := p.dec.Token(); err != nil {
		return nil, p.syntax(err)
	}
	return m, nil
}

func (p *parser) key(m map[string]any, key string, here []string) error {
	if _, twice := m[key]; twice {
		return Invalid(p.at(here), "the key stands twice")
	}
	switch key {
	case "__proto__", "constructor", "prototype":
		return Invalid(p.at(here), "the key %q is not allowed", key)
	}
	if p.keys++; p.keys > MaxDocumentKeys {
		return Invalid(p.field, "more than %d keys", MaxDocumentKeys)
	}
	return nil
}

func (p *parser) array(path []string, depth int) (any, error) {
	list := []any{}
	for p.dec.More() {
		v, err := p.value(path, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	if _, err := p.dec.Token(); err != nil {
		return nil, p.syntax(err)
	}
	return list, nil
}

func (p *parser) at(path []string) string {
	if p.field == "" {
		return strings.Join(path, ".")
	}
	return strings.Join(append([]string{p.field}, path...), ".")
}

func (p *parser) syntax(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return Invalid(p.field, "the JSON text ends too early")
	}
	return Invalid(p.field, "broken JSON at byte %d", p.dec.InputOffset())
}

// measure counts the keys and the deepest level of a value.
func measure(v any, depth int) (keys, deepest int) {
	deepest = depth
	switch v := v.(type) {
	case map[string]any:
		keys = len(v)
		for _, x := range v {
			k, d := measure(x, depth+1)
			keys, deepest = keys+k, max(deepest, d)
		}
	case []any:
		for _, x := range v {
			k, d := measure(x, depth+1)
			keys, deepest = keys+k, max(deepest, d)
		}
	}
	return keys, deepest
}

// checkSize refuses a document over the limits of contract (f).
func (d Document) checkSize() error {
	keys, depth := measure(map[string]any(d), 0)
	if keys > MaxDocumentKeys {
		return Invalid("context", "more than %d keys after the merge", MaxDocumentKeys)
	}
	if depth > MaxDocumentDepth+1 {
		return Invalid("context", "nested deeper than %d levels after the merge", MaxDocumentDepth)
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
	for k, v := range m {
		c[k] = v
	}
	if len(path) == 1 {
		c[path[0]] = value
		return c
	}
	inner, _ := m[path[0]].(map[string]any)
	c[path[0]] = setPath(inner, value, path[1:])
	return c
}
