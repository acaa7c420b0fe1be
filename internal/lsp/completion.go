package lsp

import (
	"maps"
	"slices"
	"strings"

	"parley/internal/dialog"
	"parley/internal/script"
)

// maxCompletions bounds one answer; the editor asks again when more is typed.
const maxCompletions = 1000

// completer finds what may be written at a cursor.
type completer struct{ *cursor }

// complete lists what may be written at the cursor.
func complete(c *cursor) any {
	list := &completionList{Items: []completion{}}
	s, ok := c.subject()
	if !ok || s.from > c.at {
		return list
	}
	offers := completer{c}.offers(s)
	if len(offers) > maxCompletions {
		offers, list.Incomplete = offers[:maxCompletions], true
	}
	for _, o := range offers {
		list.Items = append(list.Items, completion{
			Label: o.text, Kind: kindOf(s.kind), Detail: o.detail, FilterText: o.text,
			TextEdit: edit{Range: c.document.between(c.number, s.from, s.to), NewText: o.text + o.tail},
		})
	}
	return list
}

// offer is one thing that may be written; tail follows it in the text.
type offer struct{ text, detail, tail string }

func kindOf(k kind) int {
	switch k {
	case aTag, anElement:
		return kindKeyword
	case aParam:
		return kindProperty
	case aState, aFile:
		return kindReference
	case anEvent:
		return kindEvent
	}
	return kindVariable
}

func (c completer) offers(s subject) []offer {
	switch s.kind {
	case aTag:
		return c.tags(s)
	case aParam:
		return c.params(s)
	case aState:
		return c.states(c.line[s.from:c.at])
	case aPattern:
		return c.patterns()
	case aDictionary:
		return named(c.loaded().Dictionaries, func(d *dialog.Dictionary) offer { return offer{text: d.Name, detail: d.File} })
	case anEntity:
		return c.entities()
	case anIntent:
		return c.intents()
	case anEvent:
		return c.events()
	case aGroup:
		return texts(c.loaded().GroupNames())
	case anElement:
		return texts(append(script.CaseElements(), "test", "test-case"))
	}
	return nil
}

func texts(list []string) []offer {
	return named(list, func(text string) offer { return offer{text: text} })
}

// named makes sorted offers, each text once.
func named[T any](list []T, offerOf func(T) offer) []offer {
	byText := map[string]offer{}
	for _, one := range list {
		if o := offerOf(one); o.text != "" {
			byText[o.text] = o
		}
	}
	return slices.SortedFunc(maps.Values(byText), func(a, b offer) int { return strings.Compare(a.text, b.text) })
}

// tags are those that may begin in the line.
func (c completer) tags(s subject) []offer {
	tail := ":"
	if strings.HasPrefix(strings.TrimLeft(c.line[s.to:], " \t"), ":") {
		tail = ""
	}
	return named(c.spot.Tags, func(name string) offer { return offer{name, tagDoc(name), tail} })
}

func (c completer) params(s subject) []offer {
	tail := " = "
	if strings.HasPrefix(strings.TrimLeft(c.line[s.to:], " \t"), "=") {
		tail = ""
	}
	return named(dialog.TagParams(c.parameterTag()), func(name string) offer { return offer{text: name, tail: tail} })
}

// states are paths in the form in which the typed one begins: from the root, or
// from a place that is written already.
func (c completer) states(typed string) []offer {
	folder := typed[:strings.LastIndexByte(typed, '/')+1]
	base := c.state(folder)
	if folder == "" {
		base = c.state(".")
	}
	var list []offer
	for _, path := range c.paths() {
		if folder == "" && path != "/" {
			list = append(list, offer{text: path})
		}
		if inner, below := strings.CutPrefix(path, strings.TrimSuffix(base, "/")+"/"); below && inner != "" && (folder != "" || base != "/") {
			list = append(list, offer{text: folder + inner, detail: path})
		}
	}
	return named(list, func(o offer) offer { return o })
}

// paths are the states of the project and of the text as it is now.
func (c completer) paths() []string {
	paths := slices.Collect(maps.Keys(c.loaded().States))
	if !c.isScript() {
		return paths
	}
	var visit func([]*dialog.Heading)
	visit = func(list []*dialog.Heading) {
		for _, h := range list {
			paths = append(paths, h.Path)
			visit(h.Children)
		}
	}
	visit(dialog.Headings(c.file, []byte(c.document.text)))
	return paths
}

func (c completer) patterns() []offer {
	list := named(c.loaded().Patterns, func(p *dialog.NamedPattern) offer { return offer{text: p.Name, detail: shortened(p.Body.Text)} })
	for _, o := range builtIn() {
		if o.text == "entity" || o.text == "regexp" || o.text == "regexp_i" || o.text == "morph" || o.text == "repeat" || o.text == "weight" {
			o.tail = "<"
		}
		list = append(list, o)
	}
	return list
}

// builtIn are the elements of patterns that begin with a dollar: dialog-language 4.2.
func builtIn() []offer {
	return []offer{
		{text: "entity", detail: "a name of a dictionary: $entity<Name>"}, {text: "morph", detail: "a word with grammatical tags"},
		{text: "nonEmptyGarbage", detail: "one or more words"}, {text: "oneWord", detail: "any word"},
		{text: "regexp", detail: "a regular expression"}, {text: "regexp_i", detail: "a regular expression without regard to case"},
		{text: "repeat", detail: "a named pattern, one or more times"}, {text: "weight", detail: "changes the score"},
	}
}

func (c completer) entities() []offer {
	model := c.loaded().NLU
	if model == nil {
		return nil
	}
	var names []string
	for _, e := range model.Entities {
		names = append(names, e.Name)
	}
	return texts(append(names, slices.Collect(maps.Keys(model.System))...))
}

// intents are the paths of intents, for a group those that others lie below.
func (c completer) intents() []offer {
	model := c.loaded().NLU
	if model == nil {
		return nil
	}
	var list []string
	for _, intent := range model.Intents {
		path := intent.Path
		if !strings.HasPrefix(c.tag, "intentGroup") {
			list = append(list, path)
			continue
		}
		for i := strings.LastIndexByte(path, '/'); i > 0; i = strings.LastIndexByte(path[:i], '/') {
			list = append(list, path[:i])
		}
	}
	return texts(list)
}

// events are those that the project waits for and those of the engine.
func (c completer) events() []offer {
	list := []string{dialog.EventNoMatch, dialog.EventMatch, dialog.EventLengthLimit, dialog.EventTimeLimit}
	for _, t := range c.loaded().Triggers {
		if t.Kind == dialog.TriggerEvent {
			list = append(list, t.Value.Text)
		}
	}
	return texts(list)
}

// shortened is the beginning of a text in one line.
func shortened(text string) string {
	const limit = 120 // characters
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return text
}
