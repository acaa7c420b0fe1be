package dialog

import (
	"fmt"
	"strings"
)

// patternParser reads the brackets, alternatives and values of one pattern from
// left to right.
type patternParser struct {
	*patternCursor
	depth int
}

// whole reads everything; a closing bracket too many is reported and skipped.
func (p *patternParser) whole() expression {
	body := p.choice()
	for p.at < len(p.text) {
		p.fail(p.at, "pattern-unexpected", fmt.Sprintf("%q closes nothing", p.text[p.at]), "remove it or open the bracket")
		p.at++
		p.choice()
	}
	return body
}

// choice reads alternatives up to a closing bracket or the end.
func (p *patternParser) choice() expression {
	var choice choiceExpr
	for {
		choice.alternatives = append(choice.alternatives, sequenceExpr{items: p.sequence()})
		if !p.skip("|/") {
			break
		}
	}
	if len(choice.alternatives) == 1 {
		return choice.alternatives[0]
	}
	return choice
}

// sequence reads items up to a separator, a closing bracket or the end.
func (p *patternParser) sequence() []expression {
	var items []expression
	for {
		p.skipBlanks()
		if p.at == len(p.text) || p.looking("|/)]}") {
			return items
		}
		if item := p.item(); item != nil {
			items = append(items, item)
		}
	}
}

func (p *patternParser) item() expression {
	element := p.element()
	if element == nil {
		return nil
	}
	return p.value(element)
}

func (p *patternParser) element() expression {
	switch p.text[p.at] {
	case '(':
		return p.bracket(')', p.choice)
	case '[':
		return p.bracket(']', p.option)
	case '{':
		start := p.at
		return p.bracket('}', func() expression { return p.permutation(start) })
	case '~':
		return p.lemma()
	case '$':
		return referenceReader{p.patternCursor}.dollar()
	case '@':
		return referenceReader{p.patternCursor}.nlu()
	}
	return p.word()
}

// bracket reads the inside of a bracket and its end.
func (p *patternParser) bracket(closer byte, inside func() expression) expression {
	start := p.at
	p.at++
	if p.depth == MaxPatternDepth {
		p.fail(start, "pattern-depth", fmt.Sprintf("brackets nest deeper than %d", MaxPatternDepth),
			"split the pattern into named patterns")
		p.at = len(p.text)
		return nil
	}
	p.depth++
	body := inside()
	p.depth--
	if p.at < len(p.text) && p.text[p.at] == closer {
		p.at++
		return body
	}
	p.unclosed(start, closer)
	return body
}

func (p *patternParser) unclosed(start int, closer byte) {
	if p.at == len(p.text) {
		if !HasErrors(p.found) {
			p.fail(start, "pattern-unclosed", fmt.Sprintf("%q is not closed", p.text[start]), fmt.Sprintf("add %q", closer))
		}
		return
	}
	p.fail(p.at, "pattern-unexpected", fmt.Sprintf("expected %q, found %q", closer, p.text[p.at]),
		fmt.Sprintf("the bracket was opened at line %d, column %d", p.source.At(start).Line, p.source.At(start).Column))
	p.at++
}

func (p *patternParser) option() expression { return optionExpr{body: p.choice()} }

func (p *patternParser) permutation(start int) expression {
	var permutation permutationExpr
	for {
		members := p.sequence()
		if len(members) > MaxPermutation {
			p.fail(start, "pattern-permutation", fmt.Sprintf("{ } has %d members, at most %d are allowed", len(members), MaxPermutation),
				"group members that keep their order with ( )")
		}
		permutation.alternatives = append(permutation.alternatives, members)
		if !p.skip("|/") {
			return permutation
		}
	}
}

func (p *patternParser) lemma() expression {
	start := p.at
	p.at++
	if p.at == len(p.text) || p.blank() || p.looking("|/()[]{}:$@~*") {
		p.fail(start, "pattern-lemma", "~ needs a word", "write ~word without a blank")
		return nil
	}
	word := p.word()
	if strings.Contains(word.text, "*") {
		p.warn(start, "pattern-lemma", "a lemma cannot hold *", "the lemma is taken as a plain word with *")
		return word
	}
	return lemmaExpr{pos: p.source.At(start), text: word.text}
}

// value reads ":value" behind an element. A colon without a value is text.
func (p *patternParser) value(item expression) expression {
	start := p.at
	p.skipBlanks()
	if p.at == len(p.text) || p.text[p.at] != ':' {
		p.at = start
		return item
	}
	colon := p.at
	p.at++
	if p.looking(":") {
		p.fail(colon, "pattern-alias", "only a $Name or @entity can have an alias", "write $Name::Alias without blanks")
		p.at++
	}
	p.skipBlanks()
	from := p.at
	if p.looking("*$~@") {
		return sequenceExpr{items: []expression{item, wordExpr{text: ":"}}}
	}
	for p.at < len(p.text) && !p.looking("|/()[]{}") && !p.blank() {
		p.at++
	}
	if p.at == from {
		p.warn(colon, "pattern-value", "no value stands behind the colon", "write word:value, or remove the colon")
		return item
	}
	return valueExpr{item: item, value: p.text[from:p.at]}
}
