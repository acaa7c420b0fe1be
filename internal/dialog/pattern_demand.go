package dialog

import "slices"

func (e sequenceExpr) demands() bool { return slices.ContainsFunc(e.items, expression.demands) }

func (e choiceExpr) demands() bool {
	return !slices.ContainsFunc(e.alternatives, func(a expression) bool { return !a.demands() })
}

func (e permutationExpr) demands() bool {
	return !slices.ContainsFunc(e.alternatives, func(members []expression) bool {
		return !slices.ContainsFunc(members, expression.demands)
	})
}

func (e wordExpr) demands() bool {
	return slices.ContainsFunc((tokenizer{}).split(e.text), func(t Token) bool { return !t.Punctuation })
}

func (e valueExpr) demands() bool { return e.item.demands() }

func (optionExpr) demands() bool  { return false }
func (weightExpr) demands() bool  { return false }
func (lemmaExpr) demands() bool   { return true }
func (anyExpr) demands() bool     { return true }
func (garbageExpr) demands() bool { return true }
func (refExpr) demands() bool     { return true }
func (regexpExpr) demands() bool  { return true }
func (morphExpr) demands() bool   { return true }
func (entityExpr) demands() bool  { return true }
func (nluExpr) demands() bool     { return true }
func (neverExpr) demands() bool   { return true }
