package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// readFile reads a settings file: one YAML mapping of keys to plain values or
// lists of plain values. Errors carry path:line:column.
func readFile(table []Setting, path string, content []byte) (map[string]value, error) {
	tree, err := parser.ParseBytes(content, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", path, yaml.FormatError(err, false, false))
	}
	values := map[string]value{}
	var broken error
	for _, doc := range tree.Docs {
		pairs, err := pairsOf(doc.Body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, pair := range pairs {
			at := place(path, pair.Key)
			name, text, err := readPair(table, pair)
			if _, twice := values[name]; twice && err == nil {
				err = fmt.Errorf("%s stands twice", pair.Key)
			}
			if err != nil {
				broken = errors.Join(broken, fmt.Errorf("%s: %w", at, err))
				continue
			}
			values[name] = value{text, at}
		}
	}
	return values, broken
}

func pairsOf(body ast.Node) ([]*ast.MappingValueNode, error) {
	switch body := body.(type) {
	case nil, *ast.CommentGroupNode:
		return nil, nil
	case *ast.MappingNode:
		return body.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{body}, nil
	}
	return nil, errors.New("must be a mapping of settings, one to a line")
}

func place(path string, node ast.Node) string {
	at := node.GetToken().Position
	return fmt.Sprintf("%s:%d:%d", path, at.Line, at.Column)
}

func readPair(table []Setting, pair *ast.MappingValueNode) (name, text string, err error) {
	key := pair.Key.String()
	for i := range table {
		if table[i].Key() != key || key == "config" {
			continue
		}
		if text, err = plain(pair.Value); err != nil {
			return "", "", fmt.Errorf("%s %w", key, err)
		}
		return table[i].Name, text, nil
	}
	return "", "", unknownKey(table, key)
}

// plain returns a scalar, or a list of scalars joined by commas.
func plain(node ast.Node) (string, error) {
	switch node := node.(type) {
	case *ast.StringNode:
		return node.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return node.GetToken().Value, nil
	case *ast.SequenceNode:
		parts := make([]string, len(node.Values))
		for i, item := range node.Values {
			if _, nested := item.(*ast.SequenceNode); nested {
				return "", errors.New("must be a flat list")
			}
			text, err := plain(item)
			if err != nil {
				return "", err
			}
			parts[i] = text
		}
		return strings.Join(parts, ","), nil
	}
	return "", errors.New("must be a plain value or a list of them")
}
