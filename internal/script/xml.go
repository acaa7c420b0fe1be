package script

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// element is one element of a test file.
type element struct {
	name     string
	line     int
	attrs    map[string]string
	text     string
	children []*element
}

// attr gives an attribute; ok is false when it is not written.
func (e *element) attr(name string) (string, bool) {
	v, ok := e.attrs[name]
	return v, ok
}

// says reports an attribute that is "true".
func (e *element) says(name string) bool {
	return strings.EqualFold(strings.TrimSpace(e.attrs[name]), "true")
}

// child is the first child of a name, nil for none.
func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// maxXMLDepth bounds the nesting of a test file.
const maxXMLDepth = 64

// parseXML reads a test file; the error tells the line.
func parseXML(content []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(content))
	d.Strict = true
	root := &element{}
	open := []*element{root}
	for {
		token, err := d.Token()
		line, _ := d.InputPos()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %s", line, strings.TrimPrefix(err.Error(), fmt.Sprintf("XML syntax error on line %d: ", line)))
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			if len(open) > maxXMLDepth {
				return nil, fmt.Errorf("line %d: elements nest too deep", line)
			}
			e := &element{name: token.Name.Local, line: line, attrs: map[string]string{}}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			top.children = append(top.children, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.text += string(token)
		}
	}
	if len(root.children) != 1 {
		return nil, errors.New("line 1: the file holds no element")
	}
	return root.children[0], nil
}
