package lsp

import (
	"fmt"
	"strings"

	"parley/internal/dialog"
)

// describe tells what stands at the cursor.
func describe(at *cursor) any {
	c, ok := referenceAt(at)
	if !ok {
		return nil
	}
	s, text := c.what, c.about()
	if text == "" {
		return nil
	}
	return &hover{Contents: markup{"markdown", text}, Range: c.document.between(c.number, s.from, s.to)}
}

// about describes it in Markdown, "" for nothing to say.
func (c reference) about() string {
	text := c.text(c.what)
	switch c.what.kind {
	case aTag:
		return aboutTag(text)
	case aState:
		return c.aboutState(c.state(text))
	case aPattern:
		return c.aboutPattern(text)
	case aDictionary:
		if d := c.dictionary(text); d != nil {
			return fmt.Sprintf("dictionary `%s`: %d entries, %s", d.Name, len(d.Entries), d.File)
		}
	case anIntent:
		return c.aboutIntent(text)
	}
	return ""
}

func aboutTag(name string) string {
	doc := tagDoc(name)
	if doc == "" {
		return ""
	}
	text := "**" + name + "**: " + doc
	if params := dialog.TagParams(name); len(params) > 0 {
		text += "\n\nparameters: `" + strings.Join(params, "`, `") + "`"
	}
	return text
}

// maxTriggers is how many triggers of a state are shown.
const maxTriggers = 5

func (c reference) aboutState(path string) string {
	s := c.loaded().States[path]
	if s == nil {
		return ""
	}
	text := "state `" + s.Path + "`, " + s.Pos.String()
	for i, t := range s.Triggers {
		if i == maxTriggers {
			return text + fmt.Sprintf("\n\nand %d more", len(s.Triggers)-i)
		}
		mark := ""
		if t.Global {
			mark = "!"
		}
		text += "\n\n" + code(string(t.Kind)+mark+": "+t.Value.Text)
	}
	return text
}

func (c reference) aboutPattern(name string) string {
	for _, o := range builtIn() {
		if o.text == name {
			return "`$" + name + "`: " + o.detail
		}
	}
	p := c.pattern(name)
	if p == nil {
		return ""
	}
	text := code("$"+p.Name+" = "+p.Body.Text) + "\n\n" + p.Pos.String()
	if p.Converter != nil {
		text += "\n\nconverter: " + code(p.Converter.Text)
	}
	return text
}

// maxPhrases is how many phrases of an intent are shown.
const maxPhrases = 5

func (c reference) aboutIntent(path string) string {
	model := c.loaded().NLU
	if model == nil {
		return ""
	}
	for _, intent := range model.Intents {
		if intent.Path != dialog.Resolve("/", path) {
			continue
		}
		text := fmt.Sprintf("intent `%s`: %d phrases", intent.Path, len(intent.Phrases))
		for i, phrase := range intent.Phrases {
			if i == maxPhrases {
				break
			}
			text += "\n- " + shortened(phrase.Text)
		}
		return text
	}
	return ""
}

// code is a text as Markdown shows code; a long one is cut.
func code(text string) string { return "`" + strings.ReplaceAll(shortened(text), "`", "'") + "`" }
