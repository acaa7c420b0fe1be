package script

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"parley/internal/dialog"
)

// maxExpanded bounds the compiled texts that scripts gave to answer().
const maxExpanded = 1000

// expandCache keeps texts with {{ }} that were compiled while the bot runs.
type expandCache struct {
	mu    sync.Mutex
	texts map[string][]fragment
}

// expand evaluates the {{ }} of a text that a script made. An expression that
// came from outside is left as it is.
func (r *run) expand(text string) (string, error) {
	out := ""
	for _, p := range r.bot.expandable(text) {
		switch {
		case p.code == nil && p.wrong == "", r.foreign(p.text):
			out += p.text
			continue
		case p.wrong != "":
			return "", &dialogError{code: "script", message: "{{ }} in a text: " + p.wrong}
		}
		printed, err := r.print(p.code)
		if err != nil {
			return "", err
		}
		out += printed
	}
	return out, nil
}

// fragment is a part of a text that a script made: as written, with its braces,
// and what is between them.
type fragment struct {
	piece
	wrong string // why the expression does not compile
}

// foreign tells whether an expression stands in what the turn got from outside: the
// message, the context document, what earlier turns stored, what $gpt said. Nothing that a user
// types becomes code; texts of yaml files are the author's wherever they stand.
func (r *run) foreign(expression string) bool {
	if strings.Contains(r.request.Query, expression) {
		return true
	}
	if !r.looked {
		r.looked = true
		r.lookForExpressions()
	}
	return slices.ContainsFunc(r.outer, func(text string) bool { return strings.Contains(text, expression) })
}

// lookForExpressions remembers the texts from outside that hold an expression.
func (r *run) lookForExpressions() {
	documents := [][]byte{r.turn.Raw, r.turn.Document.JSON()}
	if r.turn.Vars != nil {
		documents = append(documents, r.turn.Vars.Data)
	}
	if r.turn.Client != nil {
		documents = append(documents, r.turn.Client.Data)
	}
	for _, document := range documents {
		r.distrust(document)
	}
}

// distrust remembers the texts of a JSON document that hold an expression.
func (r *run) distrust(document []byte) {
	var value any
	if json.Unmarshal(document, &value) != nil {
		return // there is none
	}
	eachText(value, func(text string) {
		if strings.Contains(text, "{{") && !r.bot.templates[text] {
			r.outer = append(r.outer, text)
		}
	})
}

// eachText visits the texts of a JSON value, names of fields included.
func eachText(value any, visit func(string)) {
	switch v := value.(type) {
	case string:
		visit(v)
	case []any:
		for _, item := range v {
			eachText(item, visit)
		}
	case map[string]any:
		for name, item := range v {
			visit(name)
			eachText(item, visit)
		}
	}
}

// expandable splits a text.
func (b *Bot) expandable(text string) []fragment {
	b.expanded.mu.Lock()
	defer b.expanded.mu.Unlock()
	if list, ok := b.expanded.texts[text]; ok {
		return list
	}
	var list []fragment
	rest := text
	for {
		open := strings.Index(rest, "{{")
		if open < 0 {
			break
		}
		end := expressionEnd(rest[open+2:])
		if end < 0 {
			break
		}
		written := rest[open : open+end+4]
		source := dialog.NewSource(strings.Trim(written[2:len(written)-2], "; \t\n"), dialog.Pos{File: "text", Line: 1, Column: 1})
		compiled, wrong := b.engine.Compile(unit{kind: codeExpression, source: source, transient: true})
		part := fragment{piece: piece{text: written, code: compiled}}
		if wrong != nil {
			part.wrong = wrong.Message
		}
		list = append(list, fragment{piece: piece{text: rest[:open]}}, part)
		rest = rest[open+end+4:]
	}
	list = append(list, fragment{piece: piece{text: rest}})
	if b.expanded.texts == nil || len(b.expanded.texts) >= maxExpanded {
		b.expanded.texts = map[string][]fragment{}
	}
	b.expanded.texts[text] = list
	return list
}

// expressionEnd is the offset of the }} that closes an expression, -1 when there
// is none. Braces and strings inside it do not close it.
func expressionEnd(text string) int {
	depth := 0
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '{':
			depth++
		case c == '}' && depth > 0:
			depth--
		case strings.HasPrefix(text[i:], "}}"):
			return i
		}
	}
	return -1
}
