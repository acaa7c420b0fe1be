package dialog

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
