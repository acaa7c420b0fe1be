package lsp

import "parley/internal/dialog"

// reference is what stands at a cursor and names something else.
type reference struct {
	*cursor
	what subject
}

func referenceAt(c *cursor) (r reference, ok bool) {
	c = c.atWord()
	s, ok := c.subject()
	return reference{c, s}, ok
}

// define finds where what stands at the cursor is written.
func define(at *cursor) any {
	c, ok := referenceAt(at)
	if !ok || c.project == nil {
		return nil
	}
	list := []location{}
	for _, at := range c.places() {
		if l := c.located(c.project, at); l != nil {
			list = append(list, *l)
		}
	}
	return list
}

// places are the positions of what it names.
func (c reference) places() []dialog.Pos {
	text, p := c.text(c.what), c.loaded()
	switch c.what.kind {
	case aState:
		if state := p.States[c.state(text)]; state != nil && state.Line > 0 {
			return []dialog.Pos{state.Pos}
		}
	case aPattern:
		if pattern := c.pattern(text); pattern != nil {
			return []dialog.Pos{pattern.Pos}
		}
	case aDictionary:
		if d := c.dictionary(text); d != nil {
			return []dialog.Pos{d.Pos}
		}
	case anIntent:
		return c.intentPlaces(text)
	case aFile:
		return c.included()
	}
	return nil
}

func (c reference) pattern(name string) *dialog.NamedPattern {
	for _, p := range c.loaded().Patterns {
		if p.Name == name {
			return p
		}
	}
	return nil
}

func (c reference) dictionary(name string) *dialog.Dictionary {
	for _, d := range c.loaded().Dictionaries {
		if d.Name == name {
			return d
		}
	}
	return nil
}

func (c reference) intentPlaces(path string) []dialog.Pos {
	model := c.loaded().NLU
	if model == nil {
		return nil
	}
	for _, intent := range model.Intents {
		if intent.Path == dialog.Resolve("/", path) {
			return []dialog.Pos{{File: model.File, Line: intent.Line, Column: intent.Column}}
		}
	}
	return nil
}

// included are the files that the require tag of the line named when the project
// was looked at.
func (c reference) included() []dialog.Pos {
	var list []dialog.Pos
	for _, i := range c.loaded().Inclusions {
		if i.File == c.file && i.Line == c.number+1 {
			list = append(list, dialog.Pos{File: i.Path, Line: 1, Column: 1})
		}
	}
	return list
}
