package lsp

import (
	"path"
	"strings"

	"parley/internal/dialog"
)

// symbols is the outline of a .sc file: its themes and states.
func (s *Server) symbols(m *message) (any, *rpcError) {
	p, wrong := paramsOf[documentParams](m)
	d := s.documents[p.Document.URI]
	if wrong != nil || d == nil || !strings.EqualFold(path.Ext(d.uri), ".sc") {
		return []symbol{}, wrong
	}
	return symbolsOf(d, dialog.Headings("", []byte(d.text))), nil
}

func symbolsOf(d *document, list []*dialog.Heading) []symbol {
	symbols := []symbol{}
	for _, h := range list {
		line, last := d.line(h.Line-1), d.line(h.End-1)
		from := byteOf(line, h.Column)
		one := symbol{
			Name: h.Name, Detail: h.Path, Kind: symbolClass, Selection: d.between(h.Line-1, from, len(line)),
			Range: span{d.between(h.Line-1, from, from).Start, position{h.End - 1, units(last)}}, Children: symbolsOf(d, h.Children),
		}
		if h.Tag == "theme" {
			one.Kind = symbolNamespace
		}
		if one.Name == "" { // which editors refuse
			one.Name = h.Path
		}
		symbols = append(symbols, one)
	}
	return symbols
}
