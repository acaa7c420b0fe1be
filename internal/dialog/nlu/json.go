package nlu

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// kind is the type of a JSON value.
type kind string

const (
	kindNull    kind = "null"
	kindText    kind = "a text"
	kindNumber  kind = "a number"
	kindFlag    kind = "true or false"
	kindList    kind = "a list"
	kindObject  kind = "an object"
	kindMissing kind = "nothing"
)

// value is a JSON value that knows where it stands. A missing member is a value
// of kindMissing.
type value struct {
	at, end int
	kind    kind
	text    string
	number  json.Number
	flag    bool
	list    []*value
	members map[string]*value
}

// missing tells whether there is nothing, or null.
func (v *value) missing() bool { return v.kind == kindMissing || v.kind == kindNull }

func (v *value) member(name string) *value {
	if found := v.members[name]; found != nil {
		return found
	}
	return &value{at: v.at, kind: kindMissing}
}

const maxDepth = 64

// parser builds values; the error of json.Decoder has no line.
type parser struct {
	data    []byte
	decoder *json.Decoder
}

// parseJSON reads one value; at is where an error stands.
func parseJSON(data []byte) (v *value, at int, err error) {
	p := &parser{data: data, decoder: json.NewDecoder(bytes.NewReader(data))}
	p.decoder.UseNumber()
	if v, err = p.value(0); err != nil {
		return nil, p.start(), err
	}
	at = p.start()
	if _, err := p.decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, at, errors.New("there is more after the value")
	}
	return v, 0, nil
}

// start is the offset of the next token.
func (p *parser) start() int {
	at := int(p.decoder.InputOffset())
	for at < len(p.data) && strings.IndexByte(" \t\r\n,:", p.data[at]) >= 0 {
		at++
	}
	return at
}

func (p *parser) value(depth int) (*value, error) {
	v := &value{at: p.start()}
	if depth > maxDepth {
		return nil, fmt.Errorf("values are nested deeper than %d", maxDepth)
	}
	token, err := p.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		read := p.fields
		if token == '[' {
			read = p.items
		}
		err = read(v, depth)
		v.end = int(p.decoder.InputOffset())
		return v, err
	case string:
		v.kind, v.text = kindText, token
	case json.Number:
		v.kind, v.number = kindNumber, token
	case bool:
		v.kind, v.flag = kindFlag, token
	default:
		v.kind = kindNull
	}
	return v, nil
}

func (p *parser) items(v *value, depth int) error {
	v.kind = kindList
	for p.decoder.More() {
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		v.list = append(v.list, item)
	}
	_, err := p.decoder.Token()
	return err
}

func (p *parser) fields(v *value, depth int) error {
	v.kind, v.members = kindObject, map[string]*value{}
	for p.decoder.More() {
		name, err := p.decoder.Token()
		if err != nil {
			return err
		}
		member, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		v.members[fmt.Sprint(name)] = member
	}
	_, err := p.decoder.Token()
	return err
}
