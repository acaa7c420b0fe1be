package dialog

import "strings"

// buttonReader reads the blocks of buttons of one state.
type buttonReader struct {
	*report
	targets *targets
	holder  *State
}

// read reads one button a line: "text", "text" -> path, {...} or {...} -> path.
func (r buttonReader) read(b *block) Reaction {
	list := &Buttons{Pos: b.pos, Inline: b.name == "inlineButtons"}
	if !b.value.Empty() {
		r.button(list, b.value)
	}
	for i := 0; i < len(b.lines); {
		var item Source
		item, i = joinBrackets(b.lines, i)
		r.button(list, item)
	}
	if len(list.Items) == 0 {
		r.warnf(b.pos, "empty-buttons", "%s holds no button", b.name)
	}
	return list
}

// joinBrackets gathers lines until the brackets are closed and gives the index
// of the next.
func joinBrackets(lines []line, i int) (Source, int) {
	var g gather
	for open := 0; i < len(lines); {
		g.add("\n", lines[i].text, lines[i].pos)
		open += bracketDepth(lines[i].text)
		if i++; open <= 0 {
			break
		}
	}
	return g.source(), i
}

func (r buttonReader) button(list *Buttons, item Source) {
	end := itemEnd(item.Text)
	if end == 0 {
		r.errorf(item.Pos(), "bad-button", `a button is written as "text", "text" -> /path or {text: "..."}`)
		return
	}
	button := Button{Pos: item.Pos()}
	if item.Text[0] == '{' {
		fields, _ := parseLiteral(item.slice(0, end), r.report)
		button.Fields, _ = fields.(map[string]any)
		button.Text, _ = button.Fields["text"].(Text)
		if button.Fields != nil && button.Text.Empty() {
			r.warnf(item.Pos(), "button-without-text", "the button has no text")
		}
	} else {
		button.Text = answerText(unquote(item.slice(0, end)), r.report)
	}
	r.target(&button, item.slice(end, len(item.Text)).trim())
	list.Items = append(list.Items, button)
}

// itemEnd is the offset behind the label of a button, 0 when there is none.
func itemEnd(text string) int {
	switch {
	case quoteOf(text) != 0:
		return quoteEnd(text, 0)
	case strings.HasPrefix(text, "{"):
		s := scanner{text: text}
		for s.more() {
			if s.next(); s.depth == 0 {
				return s.at
			}
		}
	}
	return 0
}

func (r buttonReader) target(button *Button, rest Source) {
	switch arrow, isArrow := strings.CutPrefix(rest.Text, "->"); {
	case rest.Empty() || rest.Text == ",":
	case !isArrow:
		r.errorf(rest.Pos(), "bad-button", "unexpected text behind the button")
		r.hint("a target is written as -> /path")
	case strings.Trim(arrow, ","+space) == "":
		r.errorf(rest.Pos(), "missing-value", "the path behind -> is missing")
	default:
		path := rest.slice(2, len(strings.TrimRight(rest.Text, ","+space))).trim()
		target := r.targets.read(r.holder, path)
		button.Target = &target
	}
}
