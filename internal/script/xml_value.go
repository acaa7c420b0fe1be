package script

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// xmlValue is an XML text as an object that holds the root under its name.
// Attributes and child elements are fields, a repeated child is a list, an
// element of text alone is a text; text beside fields stands under content.
func xmlValue(source []byte) (any, error) {
	d := xml.NewDecoder(bytes.NewReader(source))
	d.CharsetReader = decoded
	d.Strict = true
	root := &xmlNode{fields: map[string]any{}}
	open := []*xmlNode{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			if len(open) > maxXMLDepth {
				return nil, fmt.Errorf("elements nest deeper than %d", maxXMLDepth)
			}
			node := &xmlNode{name: token.Name.Local, fields: map[string]any{}}
			for _, a := range token.Attr {
				node.add(a.Name.Local, a.Value)
			}
			open = append(open, node)
		case xml.EndElement:
			open = open[:len(open)-1]
			open[len(open)-1].add(top.name, top.value())
		case xml.CharData:
			top.text.Write(token)
		}
	}
	if len(root.fields) == 0 {
		return nil, errors.New("there is no element")
	}
	return root.fields, nil
}

type xmlNode struct {
	name   string
	fields map[string]any
	text   strings.Builder
}

func (n *xmlNode) add(name string, value any) {
	switch old := n.fields[name].(type) {
	case nil:
		n.fields[name] = value
	case []any:
		n.fields[name] = append(old, value)
	default:
		n.fields[name] = []any{old, value}
	}
}

func (n *xmlNode) value() any {
	text := strings.TrimSpace(n.text.String())
	if len(n.fields) == 0 {
		return text
	}
	if text != "" {
		n.add("content", text)
	}
	return n.fields
}

// decoded reads a text in another character set than UTF-8.
func decoded(charset string, in io.Reader) (io.Reader, error) {
	e, err := htmlindex.Get(charset)
	if err != nil {
		return nil, fmt.Errorf("the character set %q is not known", charset)
	}
	return e.NewDecoder().Reader(in), nil
}

// inUTF8 is a body in the character set that its headers name. One that names
// none, or an unknown one, is taken as it is.
func inUTF8(contentType string, body []byte) []byte {
	_, parameters, _ := mime.ParseMediaType(contentType)
	charset := strings.ToLower(parameters["charset"])
	if charset == "" || charset == "utf-8" {
		return body
	}
	in, err := decoded(charset, bytes.NewReader(body))
	if err != nil {
		return body
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return body
	}
	return text
}
