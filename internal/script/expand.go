package script

import (
	"strings"
	"sync"

	"parley/internal/dialog"
)

// maxExpanded bounds the compiled texts that scripts gave to answer().
const maxExpanded = 1000

// expandCache keeps texts with {{ }} that were compiled while the bot runs.
type expandCache struct {
	mu    sync.Mutex
	texts map[string][]piece
}

// expand evaluates the {{ }} of a text that a script made. An expression that
// the user typed is left as it is.
func (r *run) expand(text string) (string, error) {
	pieces, err := r.bot.expandable(text)
	if err != nil {
		return "", err
	}
	out := ""
	for _, p := range pieces {
		if p.code == nil || strings.Contains(r.request.Query, p.text) {
			out += p.text
			continue
		}
		printed, err := r.print(p.code)
		if err != nil {
			return "", err
		}
		out += printed
	}
	return out, nil
}

// expandable splits a text; the text of a piece with code is as written, with
// its braces.
func (b *Bot) expandable(text string) ([]piece, error) {
	b.expanded.mu.Lock()
	defer b.expanded.mu.Unlock()
	if pieces, ok := b.expanded.texts[text]; ok {
		return pieces, nil
	}
	var pieces []piece
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
		if wrong != nil {
			return nil, &dialogError{code: "script", message: "{{ }} in a text: " + wrong.Message}
		}
		pieces = append(pieces, piece{text: rest[:open]}, piece{text: written, code: compiled})
		rest = rest[open+end+4:]
	}
	pieces = append(pieces, piece{text: rest})
	if b.expanded.texts == nil || len(b.expanded.texts) >= maxExpanded {
		b.expanded.texts = map[string][]piece{}
	}
	b.expanded.texts[text] = pieces
	return pieces, nil
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
