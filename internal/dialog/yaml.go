package dialog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxYAML bounds what a yaml file may grow to by its aliases, in bytes of JSON.
const maxYAML = 16 << 20

// parseYAML reads the first document of a yaml text. The library is not trusted
// with every input, so a panic of it is an error.
func parseYAML(data []byte) (document *yamlDocument, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the file cannot be read as yaml: %v", p)
		}
	}()
	parsed, err := parser.ParseBytes(withoutTypeTag(bytes.TrimPrefix(data, []byte("\ufeff"))), 0)
	if err != nil {
		return nil, err
	}
	document = &yamlDocument{anchors: map[string]ast.Node{}}
	if len(parsed.Docs) > 0 && parsed.Docs[0].Body != nil {
		document.root = parsed.Docs[0].Body
		ast.Walk(anchorVisitor(document.anchors), document.root)
	}
	return document, nil
}

// withoutTypeTag blanks a first line like `!!com.example.Type`, which dumps of
// Java objects start with; lines keep their numbers.
func withoutTypeTag(data []byte) []byte {
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	if tag := bytes.TrimSpace(first); bytes.HasPrefix(tag, []byte("!!")) && !bytes.ContainsAny(tag, " \t") {
		return append([]byte("\n"), rest...)
	}
	return data
}

// reportYAML reports an error of the yaml reader at its place.
func reportYAML(file string, err error, r *report) {
	pos := Pos{File: file, Line: 1, Column: 1}
	message := err.Error()
	if located, ok := err.(interface{ GetToken() *token.Token }); ok && located.GetToken() != nil {
		pos = tokenPos(file, located.GetToken())
	}
	if described, ok := err.(interface{ GetMessage() string }); ok {
		message = described.GetMessage()
	}
	r.errorf(pos, "bad-yaml", "%s", strings.TrimSpace(message))
}

func tokenPos(file string, t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{File: file, Line: 1, Column: 1}
	}
	return Pos{File: file, Line: max(t.Position.Line, 1), Column: max(t.Position.Column, 1)}
}

// yamlDocument writes its nodes as JSON and keeps the order of their members.
type yamlDocument struct {
	root    ast.Node // nil when the document is empty
	out     bytes.Buffer
	anchors map[string]ast.Node
	depth   int
	steps   int
}

// maxYAMLSteps bounds the values written, those of aliases each time anew.
const maxYAMLSteps = 4 << 20

type anchorVisitor map[string]ast.Node

// Visit remembers the anchors.
func (v anchorVisitor) Visit(node ast.Node) ast.Visitor {
	if anchor, ok := node.(*ast.AnchorNode); ok {
		v[anchor.Name.String()] = anchor.Value
	}
	return v
}

// encode gives the JSON of a node of the document.
func (w *yamlDocument) encode(node ast.Node) (json.RawMessage, error) {
	w.out.Reset()
	if err := w.write(node); err != nil {
		return nil, err
	}
	return bytes.Clone(w.out.Bytes()), nil
}

// enter counts a value; leave it by lowering depth.
func (w *yamlDocument) enter() error {
	w.depth++
	w.steps++
	switch {
	case w.depth > maxDepth:
		return fmt.Errorf("the values nest deeper than %d levels", maxDepth)
	case w.out.Len() > maxYAML || w.steps > maxYAMLSteps:
		return fmt.Errorf("the values take more than %d bytes", maxYAML)
	}
	return nil
}

func (w *yamlDocument) write(node ast.Node) error {
	defer func() { w.depth-- }()
	if err := w.enter(); err != nil {
		return err
	}
	switch n := node.(type) {
	case nil, *ast.NullNode:
		w.out.WriteString("null")
	case *ast.AnchorNode:
		return w.write(n.Value)
	case *ast.AliasNode:
		target, ok := w.anchors[n.Value.String()]
		if !ok {
			return fmt.Errorf("the alias *%s has no anchor", n.Value)
		}
		return w.write(target)
	case *ast.TagNode:
		return w.write(n.Value)
	case *ast.MappingNode:
		return w.object(n.Values)
	case *ast.MappingValueNode:
		return w.object([]*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		return w.array(n.Values)
	default:
		return w.scalar(node)
	}
	return nil
}

func (w *yamlDocument) array(items []ast.Node) error {
	w.out.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			w.out.WriteByte(',')
		}
		if err := w.write(item); err != nil {
			return err
		}
	}
	w.out.WriteByte(']')
	return nil
}

func (w *yamlDocument) object(members []*ast.MappingValueNode) error {
	w.out.WriteByte('{')
	count := 0
	if err := w.members(members, &count); err != nil {
		return err
	}
	w.out.WriteByte('}')
	return nil
}

// members writes members, those merged in by `<<` first, so that the own ones win.
func (w *yamlDocument) members(members []*ast.MappingValueNode, count *int) error {
	for _, m := range members {
		if _, merged := m.Key.(*ast.MergeKeyNode); merged {
			if err := w.merged(m.Value, count); err != nil {
				return err
			}
		}
	}
	for _, m := range members {
		if _, merged := m.Key.(*ast.MergeKeyNode); merged {
			continue
		}
		if *count++; *count > 1 {
			w.out.WriteByte(',')
		}
		w.string(keyName(m.Key))
		w.out.WriteByte(':')
		if err := w.write(m.Value); err != nil {
			return err
		}
	}
	return nil
}

func (w *yamlDocument) merged(node ast.Node, count *int) error {
	defer func() { w.depth-- }()
	if err := w.enter(); err != nil {
		return err
	}
	switch n := node.(type) {
	case *ast.AliasNode:
		return w.merged(w.anchors[n.Value.String()], count)
	case *ast.MappingNode:
		return w.members(n.Values, count)
	case *ast.MappingValueNode:
		return w.members([]*ast.MappingValueNode{n}, count)
	case *ast.SequenceNode:
		for _, item := range n.Values {
			if err := w.merged(item, count); err != nil {
				return err
			}
		}
		return nil
	}
	return errors.New("only a map can be merged by <<")
}

func (w *yamlDocument) scalar(node ast.Node) error {
	scalar, ok := node.(ast.ScalarNode)
	if !ok {
		return fmt.Errorf("unexpected yaml %s", node.Type())
	}
	value := scalar.GetValue()
	if block, ok := node.(*ast.LiteralNode); ok {
		value = block.Value.Value
	}
	if text, ok := value.(string); ok {
		w.string(text)
		return nil
	}
	encoded, err := json.Marshal(value)
	if err != nil { // infinity and NaN, which JSON lacks
		encoded = []byte("null")
	}
	w.out.Write(encoded)
	return nil
}

func (w *yamlDocument) string(text string) {
	encoded, _ := json.Marshal(text) // a string always can be
	w.out.Write(encoded)
}

// keyName is the name of a member.
func keyName(key ast.MapKeyNode) string {
	if s, ok := key.(*ast.StringNode); ok {
		return s.Value
	}
	if key.GetToken() != nil {
		return key.GetToken().Value
	}
	return strings.Trim(strings.TrimSpace(key.String()), `"'`)
}
