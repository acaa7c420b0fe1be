package dialog

import "strings"

// Text is a string with `{{ expression }}` in it, already split. The runtime
// joins the parts: literals as they are, expressions evaluated at that moment.
type Text struct {
	Pos
	Parts []Part
}

// Part is either a literal or, when Expr is not nil, a JavaScript expression.
type Part struct {
	Literal string
	Expr    *Source
}

// Static gives the whole text when it holds no expression.
func (t Text) Static() (string, bool) {
	text := ""
	for _, part := range t.Parts {
		if part.Expr != nil {
			return "", false
		}
		text += part.Literal
	}
	return text, true
}

// Empty tells whether the text has no parts.
func (t Text) Empty() bool { return len(t.Parts) == 0 }

// String gives the text as it was written, for messages.
func (t Text) String() string {
	text := ""
	for _, part := range t.Parts {
		if part.Expr != nil {
			text += "{{" + part.Expr.Text + "}}"
		} else {
			text += part.Literal
		}
	}
	return text
}

// interpolate splits `{{ }}` out of a source.
func interpolate(s Source, r *report) Text {
	text := Text{Pos: s.Pos()}
	for at := 0; at < len(s.Text); {
		open := strings.Index(s.Text[at:], "{{")
		if open < 0 {
			text.literal(s.Text[at:])
			break
		}
		open += at
		end := interpolationEnd(s.Text, open+2)
		if end == 0 {
			r.errorf(s.At(open), "unbalanced-braces", "unbalanced {{: the closing }} is missing")
			text.literal(s.Text[at:])
			break
		}
		text.literal(s.Text[at:open])
		expr := s.slice(open+2, end-2).trim()
		if expr.Empty() {
			r.errorf(s.At(open), "empty-expression", "{{ }} holds no expression")
		} else {
			text.Parts = append(text.Parts, Part{Expr: &expr})
		}
		at = end
	}
	return text
}

// answerText is interpolate for what is said to the user: `\n` breaks the line.
func answerText(s Source, r *report) Text {
	text := interpolate(s, r)
	for i := range text.Parts {
		text.Parts[i].Literal = strings.ReplaceAll(text.Parts[i].Literal, `\n`, "\n")
	}
	return text
}

func (t *Text) literal(text string) {
	if text != "" {
		t.Parts = append(t.Parts, Part{Literal: text})
	}
}

// interpolationEnd is the offset behind the }} that closes an expression which
// starts at from, 0 when there is none. Braces inside the expression and its
// strings do not close it.
func interpolationEnd(text string, from int) int {
	s := scanner{text: text, at: from}
	for s.more() {
		if s.depth <= 0 && strings.HasPrefix(text[s.at:], "}}") {
			return s.at + 2
		}
		s.next()
	}
	return 0
}
